import { Verdict } from "../deviation.ts";
import { SEMICOLON } from "../octets/ascii.ts";
import { formatParameters } from "./format-parameters.ts";
import type { ParametersInit } from "./format-parameters.ts";
import { parseParameters } from "./parameters.ts";
import type { ParameterOptions, Profile } from "./parameters.ts";
import { isToken, skipToken, skipWhiteSpace } from "./token.ts";

/** A Content-Disposition (RFC 2183, RFC 6266, RFC 7578 §4.2). */
export interface ContentDisposition {
  /** Disposition type in lower case, such as `"form-data"` or `"attachment"`. */
  type: string;
  /**
   * Values by lower-case name, in order. A name with "*" is an extended or continued parameter that
   * could not be decoded, with its value as it was sent.
   */
  parameters: Map<string, string>;
  /** The parameter `name`. */
  name: string | undefined;
  /** The parameter `filename`: the sender's choice, so not safe as a path, even as a base name. */
  filename: string | undefined;
}

/** How {@link parseContentDisposition} reads. */
export interface ContentDispositionOptions extends ParameterOptions {
  /** Whether `filename` is cut to what follows the last "/" or "\\". Default `false`. */
  basename?: boolean | undefined;
  /**
   * Whether `%22`, `%0D` and `%0A` in a plain `name` and `filename` become the characters that
   * browsers escape so. Default `false`: other senders mean them literally.
   */
  percentDecode?: boolean | undefined;
}

/** What {@link formatContentDisposition} writes; a {@link ContentDisposition} is one. */
export interface ContentDispositionInit {
  type: string;
  parameters?: ParametersInit | undefined;
}

/**
 * Parses a Content-Disposition.
 *
 * @param value - Text, as a header list gives it; offsets are indexes into it.
 * @throws {BatchwireError} `malformed-content-disposition`; in strict mode also
 * `malformed-parameter` and `repeated-parameter`.
 *
 * @example
 * ```ts
 * import { parseContentDisposition } from "batchwire/codec";
 *
 * const { type, filename } = parseContentDisposition("attachment; filename*=UTF-8''na%C3%AFve.txt");
 * console.log(type, filename); // attachment naïve.txt
 * ```
 */
export function parseContentDisposition(
  value: string,
  options: ContentDispositionOptions = {},
): ContentDisposition {
  const verdict = new Verdict(options, options.origin);
  const start = skipWhiteSpace(value, 0);
  const typeEnd = skipToken(value, start);
  const end = skipWhiteSpace(value, typeEnd);
  if (typeEnd === start || (end < value.length && value.charCodeAt(end) !== SEMICOLON)) {
    throw verdict.error("malformed-content-disposition", typeEnd);
  }

  const type = value.slice(start, typeEnd).toLowerCase();
  const { basename = false, percentDecode = false, decodeWords = false } = options;
  const read = parseParameters(value, end, verdict, {
    profile: options.profile ?? defaultProfile(type),
    spaceAroundEquals: true,
    decodeWords,
    ...(percentDecode && { unescape: decodeFormEscapes }),
  });
  const parameters = new Map<string, string>();
  for (const [name, parameter] of read) {
    parameters.set(name, basename && name === "filename" ? lastSegment(parameter.value) : parameter.value);
  }
  return { type, parameters, name: parameters.get("name"), filename: parameters.get("filename") };
}

/**
 * Writes a Content-Disposition.
 *
 * The disposition `form-data` is written as browsers do (RFC 7578, WHATWG HTML §4.10.22.8): every
 * value is quoted UTF-8, with `"`, CR and LF as `%22`, `%0D` and `%0A`, and line ends of `name` as
 * CRLF. A backslash stands for itself there, which a reader of quoted-pairs takes for an escape.
 * Any other is written by RFC 6266: what a quoted-string cannot hold as `name*=UTF-8''…`.
 *
 * @param options - `profile` writes by the other rules than those of the disposition type.
 * @throws {TypeError} The type or a parameter name is not a token, a name is given twice, or a
 * value holds NUL, or outside form data CR or LF.
 *
 * @example
 * ```ts
 * import { formatContentDisposition } from "batchwire/codec";
 *
 * console.log(formatContentDisposition({ type: "form-data", parameters: [["name", 'say "hi"']] }));
 * // form-data; name="say %22hi%22"
 * console.log(formatContentDisposition({ type: "attachment", parameters: [["filename", "€.txt"]] }));
 * // attachment; filename*=UTF-8''%E2%82%AC.txt
 * ```
 */
export function formatContentDisposition(
  { type, parameters = [] }: ContentDispositionInit,
  options: { profile?: Profile | undefined } = {},
): string {
  if (!isToken(type)) throw new TypeError(`Disposition type ${JSON.stringify(type)} is not a token`);
  const { profile = defaultProfile(type.toLowerCase()) } = options;
  return type + formatParameters(parameters, profile);
}

function defaultProfile(type: string): Profile {
  return type === "form-data" ? "form-data" : "mime";
}

function lastSegment(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function decodeFormEscapes(name: string, value: string): string {
  if (name !== "name" && name !== "filename") return value;
  let text = "";
  let runStart = 0;
  for (let at = value.indexOf("%"); at !== -1; at = value.indexOf("%", at + 1)) {
    const character = formEscape(value.slice(at + 1, at + 3));
    if (character === undefined) continue;
    text += value.slice(runStart, at) + character;
    runStart = at + 3;
  }
  return text + value.slice(runStart);
}

function formEscape(digits: string): string | undefined {
  switch (digits.toUpperCase()) {
    case "22":
      return '"';
    case "0D":
      return "\r";
    case "0A":
      return "\n";
    default:
      return undefined;
  }
}
