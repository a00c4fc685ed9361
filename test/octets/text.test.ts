import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  asciiDecode,
  isAscii,
  isPrintableAscii,
  isomorphicDecode,
  isomorphicEncode,
  toIsomorphic,
  toText,
  utf8Decode,
  utf8DecodeByHand,
  utf8Encode,
  utf8Length,
} from "../../src/octets/text.ts";
import { codePoint } from "../support/code-point.ts";
import { isomorphic } from "../support/transfer.ts";
import { detachable } from "../support/detachable.ts";

/** `decodeURIComponent()` decodes UTF-8 and throws for anything else, in every engine. */
function utf8Oracle(octets: readonly number[]): string | undefined {
  try {
    return decodeURIComponent(octets.map((octet) => `%${octet.toString(16).padStart(2, "0")}`).join(""));
  } catch {
    return undefined;
  }
}

function expectDecoded(octets: readonly number[]): boolean {
  const expected = utf8Oracle(octets);
  const chunk = Uint8Array.from(octets);
  const decoded = [utf8DecodeByHand(chunk), utf8Decode(chunk)];
  if (decoded[0] !== expected || decoded[1] !== expected)
    expect({ octets, decoded }).toEqual({ octets, decoded: [expected, expected] });
  return expected !== undefined;
}

const everyOctet = Array.from({ length: 256 }, (_, octet) => octet);
/** One octet of each kind that UTF-8 tells apart, and its neighbours. */
const edges = [
  0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee,
  0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff,
];

describe("UTF-8 is decoded, with TextDecoder and by hand", () => {
  test("in every sequence of up to two octets", () => {
    let valid = 0;
    for (const first of everyOctet) {
      if (expectDecoded([first])) valid++;
      for (const second of everyOctet) if (expectDecoded([first, second])) valid++;
    }
    // ASCII alone, pairs of it, and the code points from U+0080 to U+07FF.
    expect(valid).toBe(128 + 128 ** 2 + 0x780);
  });

  test("in every sequence of three and four of its edges", () => {
    let valid = 0;
    for (const lead of edges) {
      for (const second of edges) {
        for (const third of [0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xed]) {
          if (expectDecoded([lead, second, third])) valid++;
          for (const fourth of [0x41, 0x7f, 0x80, 0xbf, 0xc0])
            if (expectDecoded([lead, second, third, fourth])) valid++;
        }
      }
    }
    expect(valid).toBe(474);
  });

  test.each([
    ["overlong forms", [0xc0, 0x80]],
    ["overlong forms of three octets", [0xe0, 0x9f, 0xbf]],
    ["overlong forms of four octets", [0xf0, 0x8f, 0xbf, 0xbf]],
    ["surrogates", [0xed, 0xa0, 0x80]],
    ["pairs of surrogates (CESU-8)", [0xed, 0xa0, 0xbd, 0xed, 0xba, 0x80]],
    ["code points above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["sequences that are cut off", [0x41, 0xe2, 0x82]],
    ["continuations alone", [0x80]],
    ["octets that are nowhere in UTF-8", [0xff]],
  ])("but not %s", (_, octets) => {
    expect(utf8Oracle(octets)).toBeUndefined();
    expectDecoded(octets);
  });

  test.each(["", "\0", "café", "€", "\u{10ffff}", "\ud7ff\ue000", "\uffff", "🚀".repeat(5000)])(
    "%#: and back",
    (text) => {
      const octets = utf8Encode(text);
      expect(utf8DecodeByHand(octets)).toBe(text);
      expect(utf8Decode(octets)).toBe(text);
    },
  );

  test("in any octets", () => {
    const almostUtf8 = fc
      .tuple(fc.string({ unit: codePoint }), fc.nat(), fc.nat({ max: 255 }))
      .map(([text, at, octet]) => {
        const octets = [...utf8Encode(text)];
        octets[at % (octets.length + 1)] = octet;
        return octets;
      });
    fc.assert(
      fc.property(almostUtf8, (octets) => void expectDecoded(octets)),
      { numRuns: 400 },
    );
  });

  test("UTF-8 is decoded from a buffer that may be resized, which decoders of browsers refuse", () => {
    const decode = (...octets: number[]): string | undefined =>
      utf8Decode(detachable(Uint8Array.from(octets)).chunk);
    expect(decode(0x61, 0xc3, 0xbc)).toBe("aü");
    expect(decode(0x61, 0xc3)).toBeUndefined();
  });

  test("with its byte order mark, which is an octet like any others here", () => {
    expect(utf8Decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe("\ufeffA");
    expect(utf8DecodeByHand(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe("\ufeffA");
  });
});

test("ASCII is decoded from a buffer that may be resized, which browsers' decoders refuse", () => {
  expect(asciiDecode(detachable(Uint8Array.of(0x2d, 0x61, 0x62, 0x2d)).chunk, 1, 3)).toBe("ab");
});

describe("UTF-8 is encoded", () => {
  test("from any string; a lone surrogate becomes U+FFFD", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        const encoded = encodeURIComponent(text);
        expect(isomorphic(utf8Encode(text))).toBe(
          encoded.replaceAll(/%(..)/g, (_, digits: string) =>
            String.fromCharCode(Number.parseInt(digits, 16)),
          ),
        );
      }),
    );
    for (const lone of ["\ud800", "\udfff", "a\udc00b", "\ud83d\ud83d\ude80"]) {
      const expected = lone.replaceAll(/[\ud800-\udfff]/gu, "\ufffd");
      expect([...utf8Encode(lone)]).toEqual([...utf8Encode(expected)]);
    }
  });
});

describe("isomorphic strings", () => {
  const octetsOf = (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => (index * 7) % 256);

  test.each([0, 1, 255, 256, 4095, 4096, 4097, 8192, 8193, 300_000])(
    "of %i octets go both ways",
    (length) => {
      const octets = octetsOf(length);
      const text = isomorphicDecode(octets);
      expect(text.length).toBe(length);
      expect(text === Array.from(octets, (octet) => String.fromCharCode(octet)).join("")).toBe(true);
      expect(isomorphicEncode(text).every((octet, index) => octet === octets[index])).toBe(true);
    },
  );

  test("of a part of the octets", () => {
    const octets = octetsOf(10_000);
    for (const [start, end] of [
      [0, 0],
      [5, 5],
      [1, 4098],
      [3, 10_000],
      [9_999, 10_000],
    ] as const)
      expect(isomorphicDecode(octets, start, end) === isomorphicDecode(octets).slice(start, end)).toBe(true);
    const ascii = octets.map((octet) => octet & 0x7f);
    for (const [start, end] of [
      [0, 0],
      [2, 300],
      [0, 10_000],
    ] as const)
      expect(asciiDecode(ascii, start, end) === isomorphicDecode(ascii, start, end)).toBe(true);
  });

  test("are text where they are UTF-8, and themselves where they are not", () => {
    expect(toText("caf\xc3\xa9")).toBe("café");
    expect(toText("caf\xe9")).toBe("caf\xe9");
    expect(toText("\xc3\xa9 \xe9")).toBe("\xc3\xa9 \xe9");
    expect(toIsomorphic("café €")).toBe("caf\xc3\xa9 \xe2\x82\xac");
    expect(toIsomorphic("plain")).toBe("plain");
  });

  test("of text are text again", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        expect(toText(toIsomorphic(text))).toBe(text);
        expect(toIsomorphic(text)).toBe(isomorphicDecode(utf8Encode(text)));
        expect(utf8Length(text)).toBe(utf8Encode(text).length);
      }),
    );
  });

  test("Printable ASCII", () => {
    const answer = (text: string): string =>
      [0x20, 0x21].map((least) => (isPrintableAscii(text, least) ? 1 : 0)).join("");
    expect(["", "!~", "a b", "a\tb", "a\x7f", "\x80", "é", "a\x1f"].map(answer)).toEqual([
      "11",
      "11",
      "10",
      "00",
      "00",
      "00",
      "00",
      "00",
    ]);
  });

  test("are ASCII or not by their every character", () => {
    expect([isAscii(""), isAscii("\0\x7f"), isAscii("\x80"), isAscii(`${"a".repeat(5000)}é`)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
