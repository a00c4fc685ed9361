import type { OctetPool } from "./octet-pool.ts";

/**
 * Octets to short strings and back. Two string forms are used:
 * - *isomorphic*: each code unit is one octet (WHATWG Infra "isomorphic decode"); lossless, and
 *   offsets in the string are offsets in the octets.
 * - *text*: what people read; UTF-8 where the octets are valid UTF-8, else the isomorphic form.
 */

/**
 * `TextDecoder` and `TextEncoder` are standard, but neither ECMAScript nor in every engine that runs
 * the sans-I/O door (QuickJS has neither), so they are looked up, and both have an equal in here.
 */
interface TextCodec {
  TextDecoder?: new (
    label?: string,
    options?: { fatal?: boolean; ignoreBOM?: boolean },
  ) => {
    decode(octets: Uint8Array): string;
  };
  TextEncoder?: new () => {
    encode(text: string): Uint8Array<ArrayBuffer>;
    encodeInto(text: string, octets: Uint8Array): { read: number; written: number };
  };
}
const { TextDecoder, TextEncoder } = globalThis as TextCodec;

// `ignoreBOM` keeps a byte order mark as U+FEFF: this floor never drops octets.
let asciiDecoder: { decode(octets: Uint8Array): string } | undefined;
let fatalDecoder: { decode(octets: Uint8Array): string } | undefined;
let encoder: InstanceType<NonNullable<TextCodec["TextEncoder"]>> | undefined;

/** Above this many arguments `String.fromCharCode` may overflow an engine's stack. */
const MAX_ARGUMENTS = 4096;

/** Up to here a loop over the characters, 1.8 ns each on Node 20, is faster than `encodeInto()`, which takes 80 ns. */
const SHORT_TEXT = 40;

/** Isomorphic decode of any octets. */
export function isomorphicDecode(octets: Uint8Array, start = 0, end: number = octets.length): string {
  if (end - start <= MAX_ARGUMENTS) {
    return String.fromCharCode.apply(null, octets.subarray(start, end) as unknown as number[]);
  }
  let text = "";
  for (let i = start; i < end; i += MAX_ARGUMENTS) {
    text += isomorphicDecode(octets, i, Math.min(i + MAX_ARGUMENTS, end));
  }
  return text;
}

/** Decodes octets each of which is one UTF-16 code unit, that of `table`. */
export function tableDecode(octets: Uint8Array, table: Uint16Array): string {
  const units = new Uint16Array(Math.min(octets.length, MAX_ARGUMENTS));
  let text = "";
  for (let at = 0; at < octets.length; at += MAX_ARGUMENTS) {
    const length = Math.min(octets.length - at, MAX_ARGUMENTS);
    for (let i = 0; i < length; i++) units[i] = table[octets[at + i]!]!;
    text += String.fromCharCode.apply(null, units.subarray(0, length) as unknown as number[]);
  }
  return text;
}

/**
 * Decodes octets that are known to be below 0x80. One `TextDecoder` call costs about 90 ns for any
 * length up to 200 octets on Node 20, `String.fromCharCode` 10 ns an octet. The label is UTF-8: on
 * ASCII it gives the isomorphic form, and `"latin1"` means windows-1252 on some runtimes.
 */
export function asciiDecode(octets: Uint8Array, start: number, end: number): string {
  if (TextDecoder === undefined) return isomorphicDecode(octets, start, end);
  asciiDecoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
  try {
    return asciiDecoder.decode(octets.subarray(start, end));
  } catch {
    // Web IDL lets a decoder refuse resizable buffers, and Chromium does.
    return isomorphicDecode(octets, start, end);
  }
}

/** Octets of an isomorphic string; without a `pool` in a buffer of their own. */
export function isomorphicEncode(text: string, pool?: OctetPool): Uint8Array<ArrayBuffer> {
  const octets = pool === undefined ? new Uint8Array(text.length) : pool.take(text.length);
  if (TextEncoder !== undefined && text.length > SHORT_TEXT) {
    // Native, and right for ASCII, which gives an octet a character: anything else does not fit.
    if ((encoder ??= new TextEncoder()).encodeInto(text, octets).read === text.length) return octets;
  }
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

/** An isomorphic string by itself: engines keep the whole of a text, however long, for a piece that was cut from it. */
export function copyOf(isomorphic: string): string {
  return isomorphicDecode(isomorphicEncode(isomorphic));
}

/** Whether a string holds only U+0000 to U+007F. */
export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Whether a string holds only characters from `least` to `~`: such a one is its isomorphic form, and harmless. */
export function isPrintableAscii(text: string, least: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < least || code > 0x7e) return false;
  }
  return true;
}

/** UTF-8 octets of a string; a lone surrogate becomes U+FFFD, as `TextEncoder` does. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  if (TextEncoder !== undefined) return (encoder ??= new TextEncoder()).encode(text);
  const octets: number[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0)!;
    const c = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
    if (c < 0x80) octets.push(c);
    else if (c < 0x800) octets.push(0xc0 | (c >> 6), 0x80 | (c & 0x3f));
    else if (c < 0x10000) octets.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f));
    else
      octets.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 0x3f), 0x80 | ((c >> 6) & 0x3f), 0x80 | (c & 0x3f));
  }
  return new Uint8Array(octets);
}

/** Octets that {@link utf8Encode} makes of a string, without making them. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    length += code < 0x800 ? 1 : 2;
    // Two code units, four octets.
    if (text.codePointAt(i)! > 0xffff) i++;
  }
  return length;
}

/** The string of valid UTF-8 (RFC 3629), a byte order mark kept; `undefined` if it is not valid. */
export function utf8Decode(octets: Uint8Array): string | undefined {
  if (TextDecoder === undefined) return utf8DecodeByHand(octets);
  fatalDecoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return fatalDecoder.decode(octets);
  } catch {
    // Invalid; or of a resizable buffer, which a decoder may refuse (see `asciiDecode`).
    const { resizable } = octets.buffer as { resizable?: boolean };
    return resizable === true ? utf8DecodeByHand(octets) : undefined;
  }
}

/** {@link utf8Decode} for engines without `TextDecoder`. Exported for the test that compares the two. */
export function utf8DecodeByHand(octets: Uint8Array): string | undefined {
  let text = "";
  for (let i = 0; i < octets.length;) {
    const lead = octets[i++]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    // Octets that follow, and the least code point that needs so many (overlong forms are invalid).
    const [following, least] = lead >= 0xf0 ? [3, 0x10000] : lead >= 0xe0 ? [2, 0x800] : [1, 0x80];
    if (lead < 0xc2 || lead > 0xf4) return undefined;
    let codePoint = lead & (0x3f >> following);
    for (let n = 0; n < following; n++) {
      const octet = octets[i++];
      if (octet === undefined || (octet & 0xc0) !== 0x80) return undefined;
      codePoint = (codePoint << 6) | (octet & 0x3f);
    }
    if (codePoint < least || codePoint > 0x10ffff || (codePoint >= 0xd800 && codePoint <= 0xdfff))
      return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

/** Isomorphic form to text: UTF-8 where valid, else unchanged. */
export function toText(isomorphic: string): string {
  return isAscii(isomorphic) ? isomorphic : (utf8Decode(isomorphicEncode(isomorphic)) ?? isomorphic);
}

/** Text to the isomorphic form of its UTF-8 octets. */
export function toIsomorphic(text: string): string {
  return isAscii(text) ? text : isomorphicDecode(utf8Encode(text));
}
