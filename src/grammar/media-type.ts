import { Verdict } from "../deviation.ts";
import { SEMICOLON } from "../octets/ascii.ts";
import type { Parameter } from "./extended-parameters.ts";
import { formatParameters } from "./format-parameters.ts";
import type { ParametersInit } from "./format-parameters.ts";
import { parseParameters } from "./parameters.ts";
import type { ParameterOptions } from "./parameters.ts";
import { isToken, skipToken, skipWhiteSpace } from "./token.ts";

const SLASH = 0x2f;

/** A media type with its parameters (RFC 2045 §5.1, RFC 9110 §8.3.1). */
export interface MediaType {
  /** Lower case. */
  type: string;
  /** Lower case; empty where a lenient reader let pass that there is none. */
  subtype: string;
  /** `type/subtype` in lower case, without parameters; `type` alone where there is no subtype. */
  essence: string;
  /**
   * Values by lower-case name, in order. A name with "*" is an extended or continued parameter that
   * could not be decoded, with its value as it was sent.
   */
  parameters: Map<string, string>;
}

/** What {@link formatMediaType} writes; a {@link MediaType} is one. */
export interface MediaTypeInit {
  type: string;
  subtype: string;
  parameters?: ParametersInit | undefined;
}

/**
 * Parses a Content-Type.
 *
 * Extended and continued parameters (RFC 2231) are decoded and put together; the language is not
 * kept. Lenient mode also takes `"text"` and `"; a=b"` for media types, and reports them; beside
 * that it skips or cuts what is broken among the parameters.
 *
 * @param value - Text, as a header list gives it; offsets are indexes into it.
 * @throws {BatchwireError} `malformed-media-type`; in strict mode also `malformed-parameter` and
 * `repeated-parameter`.
 *
 * @example
 * ```ts
 * import { parseMediaType } from "batchwire/codec";
 *
 * const { essence, parameters } = parseMediaType('Multipart/Mixed; boundary="batch_1"');
 * console.log(essence, parameters.get("boundary")); // multipart/mixed batch_1
 * ```
 */
export function parseMediaType(value: string, options: ParameterOptions = {}): MediaType {
  const { parameters: read, ...mediaType } = readMediaType(
    value,
    new Verdict(options, options.origin),
    options,
  );
  const parameters = new Map<string, string>();
  for (const [name, parameter] of read) parameters.set(name, parameter.value);
  return { ...mediaType, parameters };
}

/** {@link parseMediaType} with the offsets of the parameters. */
export function readMediaType(
  value: string,
  verdict: Verdict,
  { profile, decodeWords = false }: ParameterOptions,
): Omit<MediaType, "parameters"> & { parameters: Map<string, Parameter> } {
  const start = skipWhiteSpace(value, 0);
  const typeEnd = skipToken(value, start);
  const hasSubtype = typeEnd > start && value.charCodeAt(typeEnd) === SLASH;
  const essenceEnd = hasSubtype ? skipToken(value, typeEnd + 1) : typeEnd;
  const end = skipWhiteSpace(value, essenceEnd);

  const isComplete = end === value.length || value.charCodeAt(end) === SEMICOLON;
  const isBlank = start === value.length;
  if (!isComplete || isBlank || essenceEnd === typeEnd + 1) {
    throw verdict.error("malformed-media-type", essenceEnd);
  }
  if (!hasSubtype) verdict.tolerate("malformed-media-type", essenceEnd);

  const type = value.slice(start, typeEnd).toLowerCase();
  const subtype = hasSubtype ? value.slice(typeEnd + 1, essenceEnd).toLowerCase() : "";
  const essence = hasSubtype ? `${type}/${subtype}` : type;
  const parameters = parseParameters(value, end, verdict, {
    profile: profile ?? (essence === "multipart/form-data" ? "form-data" : "mime"),
    spaceAroundEquals: false,
    decodeWords,
  });
  return { type, subtype, essence, parameters };
}

/**
 * Writes a Content-Type. Type, subtype and names are written as they are spelled; a value is quoted
 * only where it must be, and extended (`name*=UTF-8''…`, RFC 8187) if it is not printable ASCII.
 *
 * @throws {TypeError} Type, subtype or a parameter name is not a token, a name is given twice, or a
 * value holds CR, LF or NUL.
 *
 * @example
 * ```ts
 * import { formatMediaType } from "batchwire/codec";
 *
 * const mediaType = { type: "application", subtype: "http", parameters: [["msgtype", "request"]] } as const;
 * console.log(formatMediaType(mediaType)); // application/http; msgtype=request
 * ```
 */
export function formatMediaType({ type, subtype, parameters = [] }: MediaTypeInit): string {
  if (!isToken(type)) throw new TypeError(`Type ${JSON.stringify(type)} is not a token`);
  if (!isToken(subtype)) throw new TypeError(`Subtype ${JSON.stringify(subtype)} is not a token`);
  return `${type}/${subtype}${formatParameters(parameters, "mime")}`;
}
