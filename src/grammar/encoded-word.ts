import type { Tolerance } from "../deviation.ts";
import { CR, EQUALS, HEX_VALUE, LF, NUL, SP } from "../octets/ascii.ts";
import { isomorphicDecode, isomorphicEncode, utf8Encode } from "../octets/text.ts";
import { charsetDecoder } from "./charset.ts";
import { isControl, skipToken, skipWhiteSpace } from "./token.ts";

/** How {@link decodeWords} reads. */
export interface DecodeWordsOptions {
  /**
   * `"strict"` (default) knows UTF-8, US-ASCII and ISO-8859-1; `"lenient"` also the charsets of the
   * engine's `TextDecoder`, and base64 without its padding.
   */
  tolerance?: Tolerance | undefined;
}

/** How {@link encodeWords} writes; either name may be in any case. */
export interface EncodeWordsOptions {
  /** Default `"utf-8"`. */
  charset?: "utf-8" | "iso-8859-1" | undefined;
  /** `"Q"` (default) leaves ASCII letters legible, `"B"` is shorter for other scripts. */
  encoding?: "Q" | "B" | undefined;
}

const QUESTION_MARK = 0x3f;
const UNDERSCORE = 0x5f;

/** `encoded-word` is at most so long (RFC 2047 §2). */
const MAX_WORD_LENGTH = 75;
/** What stands around charset and encoded-text: `=?` `?Q?` `?=`. */
const FRAME_LENGTH = 7;

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64 = `${ALPHANUMERIC}+/`;
/** Octets that stand for themselves in a "Q" word: those that every place takes (RFC 2047 §5). */
const Q_LITERAL: ReadonlySet<number> = /* @__PURE__ */ new Set(
  Array.from(`${ALPHANUMERIC}!*+-/`, (character) => character.charCodeAt(0)),
);

interface Word {
  text: string;
  end: number;
}

/**
 * Decodes the encoded-words in an unstructured field value or a phrase (RFC 2047), and drops the
 * white space between neighbouring ones. What is malformed, or in a charset that is not known, stays
 * as it is. Nothing in this library decodes words unasked.
 *
 * The result may hold any character, CR and LF included: it is for people, not for a field again.
 *
 * @example
 * ```ts
 * import { decodeWords } from "batchwire/codec";
 *
 * console.log(decodeWords("=?UTF-8?Q?caf=C3=A9?= =?ISO-8859-1?Q?_cr=E8me?=")); // café crème
 * ```
 */
export function decodeWords(text: string, { tolerance = "strict" }: DecodeWordsOptions = {}): string {
  let decoded = "";
  /** End of what is decoded; after the first word, the end of a word. */
  let done = 0;
  let at = text.indexOf("=?");
  while (at !== -1) {
    const word = readWord(text, at, tolerance);
    if (word === undefined) {
      at = text.indexOf("=?", at + 2);
      continue;
    }
    const isAdjacent = done > 0 && skipWhiteSpace(text, done) === at;
    decoded += isAdjacent ? word.text : text.slice(done, at) + word.text;
    done = word.end;
    at = text.indexOf("=?", done);
  }
  return decoded + text.slice(done);
}

/**
 * Decodes one encoded-word; `undefined` if `word` is not exactly that.
 *
 * @example
 * ```ts
 * import { decodeWord } from "batchwire/codec";
 *
 * console.log(decodeWord("=?utf-8?B?Y2Fmw6k=?="), decodeWord("tea")); // café undefined
 * ```
 */
export function decodeWord(
  word: string,
  { tolerance = "strict" }: DecodeWordsOptions = {},
): string | undefined {
  const decoded = word.startsWith("=?") ? readWord(word, 0, tolerance) : undefined;
  return decoded?.end === word.length ? decoded.text : undefined;
}

/**
 * `encoded-word = "=?" charset [ "*" language ] "?" encoding "?" encoded-text "?="` (RFC 2047 §2,
 * RFC 2231 §5) at `start`. No "?" is looked at from more than four starts, so that all of a text is
 * read in linear time.
 */
function readWord(text: string, start: number, tolerance: Tolerance): Word | undefined {
  const charsetEnd = skipToken(text, start + 2);
  const textStart = charsetEnd + 3;
  if (text.charCodeAt(charsetEnd) !== QUESTION_MARK || text.charCodeAt(textStart - 1) !== QUESTION_MARK) {
    return undefined;
  }
  let textEnd = textStart;
  for (let c; (c = text.charCodeAt(textEnd)) !== QUESTION_MARK; textEnd++) {
    if (!(c > SP && c < 0x7f)) return undefined;
  }
  if (text.charCodeAt(textEnd + 1) !== EQUALS) return undefined;

  const encoding = text.charAt(charsetEnd + 1).toUpperCase();
  const encoded = text.slice(textStart, textEnd);
  let octets: Uint8Array | undefined;
  if (encoding === "Q") octets = qDecode(encoded);
  else if (encoding === "B") octets = base64Decode(encoded, tolerance);
  if (octets === undefined) return undefined;

  const label = text.slice(start + 2, charsetEnd);
  const asterisk = label.indexOf("*");
  const charset = asterisk === -1 ? label : label.slice(0, asterisk);
  const decoded = charsetDecoder(charset, tolerance)?.(octets);
  return decoded === undefined ? undefined : { text: decoded, end: textEnd + 2 };
}

/** The "Q" encoding (RFC 2047 §4.2). */
function qDecode(encoded: string): Uint8Array | undefined {
  const octets = new Uint8Array(encoded.length);
  let length = 0;
  for (let i = 0; i < encoded.length; i++) {
    let octet = encoded.charCodeAt(i);
    if (octet === UNDERSCORE) {
      octet = SP;
    } else if (octet === EQUALS) {
      const high = HEX_VALUE[encoded.charCodeAt(i + 1)] ?? 0xff;
      const low = HEX_VALUE[encoded.charCodeAt(i + 2)] ?? 0xff;
      if (high === 0xff || low === 0xff) return undefined;
      octet = (high << 4) | low;
      i += 2;
    }
    octets[length++] = octet;
  }
  return octets.subarray(0, length);
}

/**
 * The "B" encoding (RFC 2047 §4.1). Words are short and white space cannot stand in them, so this
 * is not the streaming decoder of bodies, which is a floor above.
 */
function base64Decode(encoded: string, tolerance: Tolerance): Uint8Array | undefined {
  let digits = encoded.length;
  while (digits > 0 && encoded.length - digits < 2 && encoded.charCodeAt(digits - 1) === EQUALS) digits--;
  if (digits % 4 === 1 || (tolerance === "strict" && encoded.length % 4 !== 0)) return undefined;
  const octets = new Uint8Array((digits * 3) >> 2);
  let length = 0;
  let bits = 0;
  for (let i = 0; i < digits; i++) {
    const value = BASE64.indexOf(encoded.charAt(i));
    if (value === -1) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    // Digits 1 to 3 of a quantum complete an octet each, with 4, 2 and 0 bits left over.
    if (i % 4 > 0) octets[length++] = (bits >> (6 - 2 * (i % 4))) & 0xff;
  }
  return octets;
}

/**
 * Writes text as encoded-words of at most 75 characters, with a space between them. Printable ASCII
 * that no reader would take for an encoded-word stays as it is.
 *
 * @throws {TypeError} The text holds CR, LF or NUL; the charset or the encoding is another.
 * @throws {RangeError} The text holds a character that the charset does not have.
 *
 * @example
 * ```ts
 * import { encodeWords } from "batchwire/codec";
 *
 * console.log(encodeWords("café")); // =?utf-8?Q?caf=C3=A9?=
 * ```
 */
export function encodeWords(text: string, options: EncodeWordsOptions = {}): string {
  const charset = oneOf(["utf-8", "iso-8859-1"], (options.charset ?? "utf-8").toLowerCase());
  const encoding = oneOf(["Q", "B"], (options.encoding ?? "Q").toUpperCase());
  let needsWords = text.includes("=?");
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === CR || c === LF || c === NUL) throw new TypeError("Text holds CR, LF or NUL");
    if (c > 0xff && charset === "iso-8859-1") {
      throw new RangeError(`Character ${JSON.stringify(text.charAt(i))} is not in ISO-8859-1`);
    }
    if (c > 0x7e || isControl(c)) needsWords = true;
  }
  if (!needsWords) return text;

  const capacity = MAX_WORD_LENGTH - FRAME_LENGTH - charset.length;
  const limit = encoding === "Q" ? capacity : Math.floor(capacity / 4) * 3;
  const words: string[] = [];
  let word = "";
  // A character is never cut: each word must be decodable alone (RFC 2047 §5).
  for (const character of text) {
    const octets = charset === "utf-8" ? utf8Encode(character) : isomorphicEncode(character);
    const piece = encoding === "Q" ? qEncode(octets) : isomorphicDecode(octets);
    if (word.length + piece.length > limit) {
      words.push(word);
      word = "";
    }
    word += piece;
  }
  words.push(word);
  return words
    .map((piece) => `=?${charset}?${encoding}?${encoding === "Q" ? piece : base64Encode(piece)}?=`)
    .join(" ");
}

function oneOf<Name extends string>(names: readonly Name[], name: string): Name {
  const known = names.find((one) => one === name);
  if (known === undefined) throw new TypeError(`${JSON.stringify(name)} is none of ${names.join(", ")}`);
  return known;
}

/** Leaves only what may stand in a phrase too (RFC 2047 §5 (3)). */
function qEncode(octets: Uint8Array): string {
  let encoded = "";
  for (const octet of octets) {
    if (octet === SP) encoded += "_";
    else if (Q_LITERAL.has(octet)) encoded += String.fromCharCode(octet);
    else encoded += `=${octet < 16 ? "0" : ""}${octet.toString(16).toUpperCase()}`;
  }
  return encoded;
}

function base64Encode(isomorphic: string): string {
  let encoded = "";
  for (let i = 0; i < isomorphic.length; i += 3) {
    const left = isomorphic.length - i;
    const octet = (n: number): number => (n < left ? isomorphic.charCodeAt(i + n) : 0);
    const quantum = (octet(0) << 16) | (octet(1) << 8) | octet(2);
    for (let digit = 0; digit < 4; digit++) {
      encoded += digit > left ? "=" : BASE64.charAt((quantum >> (18 - 6 * digit)) & 0x3f);
    }
  }
  return encoded;
}
