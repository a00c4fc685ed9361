import type { Tolerance } from "../deviation.ts";
import { isAscii, isomorphicDecode, utf8Decode } from "../octets/text.ts";

/** Decodes octets of one charset; `undefined` if they are not valid in it. */
export type CharsetDecoder = (octets: Uint8Array) => string | undefined;

interface Decoders {
  TextDecoder?: new (
    label: string,
    options: { fatal: boolean; ignoreBOM: boolean },
  ) => { decode(octets: Uint8Array): string };
}

/** US-ASCII: octets from 0x80 on are not valid. */
export function usAsciiDecode(octets: Uint8Array): string | undefined {
  const text = isomorphicDecode(octets);
  return isAscii(text) ? text : undefined;
}

/**
 * The decoder of a charset named as in the IANA registry, in any case; `undefined` if there is none.
 * Strict mode knows UTF-8, US-ASCII and ISO-8859-1, on every engine; lenient mode also what a
 * `TextDecoder` of the engine knows.
 */
export function charsetDecoder(label: string, tolerance: Tolerance): CharsetDecoder | undefined {
  switch (label.toLowerCase()) {
    case "utf-8":
    case "utf8":
      return utf8Decode;
    // A TextDecoder takes each label below for windows-1252 (WHATWG Encoding §4.2), hence by hand.
    case "us-ascii":
    case "ascii":
    case "ansi_x3.4-1968":
      return usAsciiDecode;
    case "iso-8859-1":
    case "iso_8859-1":
    case "iso_8859-1:1987":
    case "iso8859-1":
    case "iso88591":
    case "iso-ir-100":
    case "latin1":
    case "l1":
    case "ibm819":
    case "cp819":
    case "csisolatin1":
      return (octets) => isomorphicDecode(octets);
  }
  return tolerance === "lenient" ? platformDecoder(label) : undefined;
}

function platformDecoder(label: string): CharsetDecoder | undefined {
  const { TextDecoder } = globalThis as Decoders;
  // A TextDecoder trims its label, so that " latin1" would be windows-1252 again.
  if (TextDecoder === undefined || label.trim() !== label) return undefined;
  try {
    const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
    return (octets) => {
      try {
        return decoder.decode(octets);
      } catch {
        return undefined;
      }
    };
  } catch {
    return undefined;
  }
}
