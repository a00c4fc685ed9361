import { Verdict } from "../deviation.ts";
import type { Tolerance } from "../deviation.ts";
import { BCHAR, SP, TCHAR } from "../octets/ascii.ts";
import { isAscii, utf8Encode } from "../octets/text.ts";
import { readMediaType } from "./media-type.ts";
import type { ParameterOptions } from "./parameters.ts";

/** `boundary = 0*69<bchars> bcharsnospace` (RFC 2046 §5.1.1). */
const MAX_LENGTH = 70;
/** The longest that lenient mode takes; delimiters are held back in whole, so there must be an end. */
const MAX_LENIENT_LENGTH = 256;
/** 128 bits: two boundaries never meet, and nobody can guess one to put it into content. */
const RANDOM_OCTETS = 16;

/** `crypto` is standard, but not in ECMAScript nor in every engine that runs the sans-I/O door. */
interface RandomSource {
  crypto?: { getRandomValues(octets: Uint8Array<ArrayBuffer>): unknown };
}

/**
 * Whether `text` can delimit a multipart body.
 *
 * Strict: 1 to 70 ASCII characters without CTL, the last not a space. More than the `bchars` of
 * RFC 2046 §5.1.1 is fine: real bodies have backslashes, and no reader minds. Lenient: up to 256
 * octets of UTF-8, and a space at the end.
 *
 * @example
 * ```ts
 * import { isBoundary } from "batchwire/codec";
 *
 * console.log(isBoundary("a b"), isBoundary("a b "), isBoundary("a b ", "lenient")); // true false true
 * ```
 */
export function isBoundary(text: string, tolerance: Tolerance = "strict"): boolean {
  const lenient = tolerance === "lenient";
  const maxLength = lenient ? MAX_LENIENT_LENGTH : MAX_LENGTH;
  if (text.length === 0 || text.length > maxLength) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < SP || c === 0x7f) return false;
  }
  if (isAscii(text)) return lenient || text.charCodeAt(text.length - 1) !== SP;
  return lenient && utf8Encode(text).length <= maxLength;
}

/**
 * A new boundary that nobody can guess: `prefix` and 128 bits from `crypto.getRandomValues()` as
 * hexadecimal digits. It needs no quotes in a Content-Type.
 *
 * @param prefix - At most 38 characters, each both a `bchar` and a `tchar`: letters, digits and
 * `'+_-.`.
 * @throws {TypeError} A character of `prefix` would need quotes.
 * @throws {RangeError} The boundary would be longer than 70 characters.
 * @throws {Error} The engine has no `crypto.getRandomValues()`.
 *
 * @example
 * ```ts
 * import { createBoundary } from "batchwire/codec";
 *
 * const boundary = createBoundary("batch_");
 * console.log(boundary.length); // 38
 * ```
 */
export function createBoundary(prefix = ""): string {
  for (let i = 0; i < prefix.length; i++) {
    const c = prefix.charCodeAt(i);
    if (BCHAR[c] !== 1 || TCHAR[c] !== 1) {
      throw new TypeError(`Boundary prefix ${JSON.stringify(prefix)} holds a character that needs quotes`);
    }
  }
  if (prefix.length > MAX_LENGTH - 2 * RANDOM_OCTETS) {
    throw new RangeError(
      `Boundary prefix is ${prefix.length} characters, more than ${MAX_LENGTH - 2 * RANDOM_OCTETS}`,
    );
  }
  const { crypto } = globalThis as RandomSource;
  if (typeof crypto?.getRandomValues !== "function") {
    throw new Error("createBoundary() needs crypto.getRandomValues(): pass a boundary of your own");
  }
  const octets = new Uint8Array(RANDOM_OCTETS);
  crypto.getRandomValues(octets);
  let boundary = prefix;
  for (const octet of octets) boundary += (octet < 16 ? "0" : "") + octet.toString(16);
  return boundary;
}

/**
 * The boundary that a multipart Content-Type names.
 *
 * @param contentType - Text, as a header list gives it; offsets are indexes into it.
 * @throws {BatchwireError} `malformed-media-type`, `not-multipart`, `missing-boundary`,
 * `invalid-boundary`; in strict mode also `malformed-parameter` and `repeated-parameter`.
 *
 * @example
 * ```ts
 * import { boundaryOf } from "batchwire/codec";
 *
 * console.log(boundaryOf('multipart/mixed; boundary="gc0p4Jq0M:2Yt08j"')); // gc0p4Jq0M:2Yt08j
 * ```
 */
export function boundaryOf(contentType: string, options: ParameterOptions = {}): string {
  const verdict = new Verdict(options, options.origin);
  const { type, subtype, essence, parameters } = readMediaType(contentType, verdict, options);
  if (type !== "multipart" || subtype === "")
    throw verdict.error("not-multipart", 0, `Content-Type "${essence}" is not multipart`);
  const boundary = parameters.get("boundary");
  if (boundary === undefined) throw verdict.error("missing-boundary", contentType.length);
  if (!isBoundary(boundary.value, "lenient")) throw verdict.error("invalid-boundary", boundary.offset);
  if (!isBoundary(boundary.value)) verdict.tolerate("invalid-boundary", boundary.offset);
  return boundary.value;
}
