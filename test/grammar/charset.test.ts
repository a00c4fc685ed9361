import { afterEach, describe, expect, test } from "vitest";
import { charsetDecoder } from "../../src/grammar/charset.ts";
import { replaceGlobal } from "../support/globals.ts";

const allOctets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
const ascii = allOctets.subarray(0, 0x80);

describe("The charsets of both modes", () => {
  test.each([
    "iso-8859-1",
    "ISO_8859-1",
    "iso_8859-1:1987",
    "latin1",
    "L1",
    "cp819",
    "IBM819",
    "csISOLatin1",
  ])("%s is one character an octet, not windows-1252", (label) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      const text = charsetDecoder(label, tolerance)?.(allOctets);
      expect(Array.from(text ?? "", (character) => character.codePointAt(0))).toEqual([...allOctets]);
    }
  });

  test.each(["us-ascii", "ASCII", "ANSI_X3.4-1968"])("%s ends at 0x7f", (label) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      const decode = charsetDecoder(label, tolerance);
      expect(decode?.(ascii)).toBe(String.fromCharCode(...ascii));
      expect(decode?.(allOctets.subarray(0x80, 0x81))).toBeUndefined();
    }
  });

  test.each(["utf-8", "UTF-8", "utf8"])(
    "%s keeps a byte order mark and refuses what is not valid",
    (label) => {
      for (const tolerance of ["strict", "lenient"] as const) {
        const decode = charsetDecoder(label, tolerance);
        expect(decode?.(Uint8Array.of(0xef, 0xbb, 0xbf, 0xe2, 0x82, 0xac))).toBe("\ufeff€");
        expect(decode?.(Uint8Array.of(0xe2, 0x82))).toBeUndefined();
      }
    },
  );

  test.each(["", " utf-8", "utf-8 ", "utf-7", "x-none", "utf-16\0"])("%j is not known", (label) => {
    expect(charsetDecoder(label, "strict")).toBeUndefined();
    expect(charsetDecoder(label, "lenient")).toBeUndefined();
  });
});

describe("The charsets of the engine", () => {
  let restore: (() => void) | undefined;
  const installDecoder = (value: unknown): void => {
    restore = replaceGlobal("TextDecoder", value);
  };
  afterEach(() => {
    restore?.();
    restore = undefined;
  });

  test("are for lenient mode, and refuse what is not valid", () => {
    installDecoder(
      class {
        constructor(label: string, options: unknown) {
          expect(options).toEqual({ fatal: true, ignoreBOM: true });
          if (label !== "koi8-r") throw new RangeError(label);
        }
        decode([octet]: Uint8Array): string {
          if (octet === 0xff) throw new TypeError();
          return "decoded";
        }
      },
    );
    expect(charsetDecoder("koi8-r", "strict")).toBeUndefined();
    expect(charsetDecoder("koi8-r", "lenient")?.(Uint8Array.of(1))).toBe("decoded");
    expect(charsetDecoder("koi8-r", "lenient")?.(Uint8Array.of(0xff))).toBeUndefined();
    expect(charsetDecoder("x-none", "lenient")).toBeUndefined();
  });

  test("are none without a TextDecoder", () => {
    installDecoder(undefined);
    expect(charsetDecoder("koi8-r", "lenient")).toBeUndefined();
    expect(charsetDecoder("latin1", "lenient")?.(Uint8Array.of(0x80))).toBe("\u0080");
  });
});
