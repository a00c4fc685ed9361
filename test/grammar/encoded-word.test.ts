import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeWord, decodeWords, encodeWords } from "../../src/grammar/encoded-word.ts";
import { codePoint } from "../support/code-point.ts";

describe("decodeWord", () => {
  test.each([
    ["=?utf-8?Q?caf=C3=A9?=", "café"],
    ["=?UTF-8?q?caf=c3=a9?=", "café"],
    ["=?utf-8?Q?a_b=5Fc?=", "a b_c"],
    ["=?utf-8?Q??=", ""],
    ["=?utf-8?Q?a=3F=3Db?=", "a?=b"],
    ["=?iso-8859-1?Q?=80=E9?=", "\u0080é"],
    ["=?us-ascii*en-US?Q?color?=", "color"],
    ["=?utf-8?B?Y2Fmw6k=?=", "café"],
    ["=?utf-8?b?YQ==?=", "a"],
    ["=?utf-8?B?YWI=?=", "ab"],
    ["=?utf-8?B?YWJj?=", "abc"],
    ["=?utf-8?B?Pz8/fn5+?=", "???~~~"],
    ["=?utf-8?B??=", ""],
  ])("%j is %j", (word, text) => {
    expect(decodeWord(word)).toBe(text);
    expect(decodeWord(word, { tolerance: "lenient" })).toBe(text);
  });

  test.each([
    "",
    "=?",
    "=?=",
    "=????=",
    "=?utf-8?=",
    "=?utf-8?Q",
    "=?utf-8?Q?",
    "=?utf-8?Q?=",
    "=?utf-8?Q?a?",
    "=?utf-8??a?=",
    "=?utf-8?X?a?=",
    "=?utf-8?QQ?a?=",
    "=??Q?a?=",
    "=?utf 8?Q?a?=",
    "=?utf-8?Q?a b?=",
    "=?utf-8?Q?a\tb?=",
    "=?utf-8?Q?é?=",
    "=?utf-8?Q?a?b?=",
    "=?utf-8?Q?=4?=",
    "=?utf-8?Q?=?=",
    "=?utf-8?Q?=GG?=",
    "=?utf-8?Q?=C3?=",
    "=?us-ascii?Q?=C3?=",
    "=?x-none?Q?a?=",
    "=?utf-8?B?Y?=",
    "=?utf-8?B?Y===?=",
    "=?utf-8?B?YQ===?=",
    "=?utf-8?B?Y=Q=?=",
    "=?utf-8?B?Y-_Q?=",
    " =?utf-8?Q?a?=",
    "=?utf-8?Q?a?= ",
    "=?utf-8?Q?a?==?utf-8?Q?b?=",
  ])("%j is no encoded-word", (word) => {
    expect(decodeWord(word)).toBeUndefined();
    expect(decodeWord(word, { tolerance: "lenient" })).toBeUndefined();
  });

  test("reads base64 without its padding in lenient mode", () => {
    expect(decodeWord("=?utf-8?B?YQ?=")).toBeUndefined();
    expect(decodeWord("=?utf-8?B?YQ?=", { tolerance: "lenient" })).toBe("a");
    expect(decodeWord("=?utf-8?B?YWI?=", { tolerance: "lenient" })).toBe("ab");
  });

  test("knows the charsets of the engine in lenient mode", () => {
    const word = "=?windows-1251?Q?=CF=F0?=";
    expect(decodeWord(word)).toBeUndefined();
    expect(decodeWord(word, { tolerance: "lenient" })).toBe("TextDecoder" in globalThis ? "Пр" : undefined);
  });
});

describe("decodeWords", () => {
  test.each([
    ["", ""],
    ["plain", "plain"],
    ["a =?utf-8?Q?b?= c", "a b c"],
    ["=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"],
    ["=?utf-8?Q?a?=\r\n\t =?utf-8?Q?b?=  =?utf-8?Q?c?=", "abc"],
    ["=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"],
    ["=?utf-8?Q?a?= - =?utf-8?Q?b?=", "a - b"],
    [" =?utf-8?Q?a?= ", " a "],
    ['"=?utf-8?Q?a?=" <a@b>', '"a" <a@b>'],
    ["=?utf-8?Q?a?= =?x-none?Q?b?= =?utf-8?Q?c?=", "a =?x-none?Q?b?= c"],
    ["=?=?utf-8?Q?a?=", "=?a"],
    ["=?utf-8?Q?=?utf-8?Q?a?=", "=?utf-8?Q?a"],
    ["1 =? 2 ?= 3", "1 =? 2 ?= 3"],
    ["=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=", "=?utf-8?Q?a?="],
  ])("%j is %j", (text, decoded) => {
    expect(decodeWords(text)).toBe(decoded);
  });
});

describe("encodeWords", () => {
  test.each<[string, Parameters<typeof encodeWords>[1], string]>([
    ["", {}, ""],
    ["plain ~ text\t", {}, "plain ~ text\t"],
    ["café au lait", {}, "=?utf-8?Q?caf=C3=A9_au_lait?="],
    ["a_b?=é", {}, "=?utf-8?Q?a=5Fb=3F=3D=C3=A9?="],
    ["=?", {}, "=?utf-8?Q?=3D=3F?="],
    ["\u007f", {}, "=?utf-8?Q?=7F?="],
    ["é", { charset: "iso-8859-1" }, "=?iso-8859-1?Q?=E9?="],
    ["é", { encoding: "B" }, "=?utf-8?B?w6k=?="],
    ["éa", { encoding: "B" }, "=?utf-8?B?w6lh?="],
    ["é", { charset: "iso-8859-1", encoding: "B" }, "=?iso-8859-1?B?6Q==?="],
    ["é".repeat(11), {}, `=?utf-8?Q?${"=C3=A9".repeat(10)}?= =?utf-8?Q?=C3=A9?=`],
    [
      "🎉".repeat(12),
      { encoding: "B" },
      `=?utf-8?B?${"8J+OifCfjonwn46J".repeat(3)}8J+OifCfjok=?= =?utf-8?B?8J+OiQ==?=`,
    ],
  ])("%j with %j", (text, options, encoded) => {
    expect(encodeWords(text, options)).toBe(encoded);
  });

  test("takes charset and encoding in any case, and no others", () => {
    const given = (charset: string, encoding: string) => ({ charset, encoding }) as never;
    expect(encodeWords("é€", given("UTF-8", "q"))).toBe("=?utf-8?Q?=C3=A9=E2=82=AC?=");
    expect(encodeWords("é", given("Iso-8859-1", "b"))).toBe("=?iso-8859-1?B?6Q==?=");
    expect(() => encodeWords("€", given("ISO-8859-1", "Q"))).toThrow(RangeError);
    expect(() => encodeWords("plain", given("windows-1252", "Q"))).toThrow(TypeError);
    expect(() => encodeWords("plain", given("utf-8", "X"))).toThrow(TypeError);
  });

  test("refuses line ends, NUL, and what the charset does not have", () => {
    for (const character of "\r\n\0") expect(() => encodeWords(`a${character}`)).toThrow(TypeError);
    expect(() => encodeWords("€", { charset: "iso-8859-1" })).toThrow(RangeError);
  });

  test("gives words of at most 75 characters, each decodable alone, that decode to the text", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: codePoint, maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(..."=?_ Q=?\té🎉"), maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom("Q", "B"), fc.boolean(), (given, encoding, latin1) => {
        // oxlint-disable-next-line no-control-regex
        const safe = given.replaceAll(latin1 ? /[\r\n\0]|[^\u0000-\u00ff]/gu : /[\r\n\0]/g, "");
        const encoded = encodeWords(safe, { charset: latin1 ? "iso-8859-1" : "utf-8", encoding });
        expect(decodeWords(encoded)).toBe(safe);
        if (encoded === safe) return;
        for (const word of encoded.split(" ")) {
          expect(word.length).toBeLessThanOrEqual(75);
          expect(decodeWord(word)).toBeDefined();
        }
      }),
    );
  });
});
