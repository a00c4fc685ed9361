import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Tolerance } from "../../src/deviation.ts";
import { BatchwireError } from "../../src/errors.ts";
import { parseContentDisposition } from "../../src/grammar/content-disposition.ts";
import { parseMediaType } from "../../src/grammar/media-type.ts";
import { utf8Encode } from "../../src/octets/text.ts";
import { codePoint } from "../support/code-point.ts";

type Pairs = [name: string, value: string][];

function read(parameters: string, tolerance: Tolerance): { pairs: Pairs; deviations: string[] } {
  const deviations: string[] = [];
  const disposition = parseContentDisposition(`a; ${parameters}`, {
    tolerance,
    onDeviation: ({ code, offset }) => void deviations.push(`${code}@${offset - 3}`),
  });
  return { pairs: [...disposition.parameters], deviations };
}

describe("What both modes decode", () => {
  test.each<[string, Pairs]>([
    ["x*=utf-8''caf%C3%A9", [["x", "café"]]],
    ["x*=UTF-8'fr-FR'caf%c3%a9", [["x", "café"]]],
    ["x*=iso-8859-1''caf%E9%80", [["x", "café\u0080"]]],
    ["x*=US-ASCII''a%2Ab", [["x", "a*b"]]],
    ["x*=utf-8''", [["x", ""]]],
    ["x*=utf-8''%2541", [["x", "%41"]]],
    ["x*=utf-8''it's", [["x", "it's"]]],
    ["x*=\"utf-8''caf%C3%A9 bar\"", [["x", "café bar"]]],
    [
      "X*=utf-8''1; Y*0=2",
      [
        ["x", "1"],
        ["y", "2"],
      ],
    ],
    ['x*0=a; x*1="b c"; x*2=d', [["x", "ab cd"]]],
    ["x*1=b; x*0=a; x*2=c", [["x", "abc"]]],
    ["x*10=k; x*0=a; x*1=b; x*2=c; x*3=d; x*4=e; x*5=f; x*6=g; x*7=h; x*8=i; x*9=j", [["x", "abcdefghijk"]]],
    ["x*0=%41; x*1=%42", [["x", "%41%42"]]],
    ["x*0*=utf-8''%41; x*1=%42; x*2*=%43", [["x", "A%42C"]]],
    ["x*0*=utf-8''%E2%82; x*1*=%AC", [["x", "€"]]],
    ["x*0*=iso-8859-1'de'%FC; x*1=ü", [["x", "üü"]]],
    [
      "__proto__*=utf-8''1; constructor*0=2",
      [
        ["__proto__", "1"],
        ["constructor", "2"],
      ],
    ],
  ])("%j", (parameters, pairs) => {
    const quoted = parameters.replace("=ü", '="ü"');
    for (const tolerance of ["strict", "lenient"] as const) {
      expect(read(quoted, tolerance)).toEqual({ pairs, deviations: [] });
    }
  });
});

describe("Of several forms of one attribute", () => {
  test.each<[string, string]>([
    ["x=plain; x*=utf-8''extended", "extended"],
    ["x*=utf-8''extended; x=plain", "extended"],
    ["x*0=sections; x=plain", "sections"],
    ["x*0=sections; x*=utf-8''extended; x=plain", "extended"],
  ])("name* goes before sections, and sections before the plain form: %j", (parameters, value) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      expect(read(parameters, tolerance)).toEqual({ pairs: [["x", value]], deviations: [] });
    }
  });

  test("the first one decides on the place in the order", () => {
    expect(read("x=1; y=2; x*=utf-8''3", "strict").pairs).toEqual([
      ["x", "3"],
      ["y", "2"],
    ]);
  });

  test("one that cannot be decoded leaves the field to the next, and stays visible", () => {
    expect(read("x=plain; x*=utf-8''%FF; y=2", "strict").pairs).toEqual([
      ["x", "plain"],
      ["x*", "utf-8''%FF"],
      ["y", "2"],
    ]);
  });
});

describe("What strict mode leaves under its own name and lenient mode decodes and reports", () => {
  test.each<[string, Pairs, Pairs]>([
    // 1. No charset.
    ["x*=''caf%C3%A9", [["x*", "''caf%C3%A9"]], [["x", "café"]]],
    ["x*=''caf%E9", [["x*", "''caf%E9"]], [["x", "café"]]],
    ["x*=caf%C3%A9", [["x*", "caf%C3%A9"]], [["x", "café"]]],
    ["x*=Frank's", [["x*", "Frank's"]], [["x", "Frank's"]]],
    // 2. Numbering.
    [
      "x*1=b; x*2=c",
      [
        ["x*1", "b"],
        ["x*2", "c"],
      ],
      [["x", "bc"]],
    ],
    [
      "x*0=a; x*2=c",
      [
        ["x", "a"],
        ["x*2", "c"],
      ],
      [["x", "ac"]],
    ],
    [
      "x*0=a; x*01=b",
      [
        ["x", "a"],
        ["x*01", "b"],
      ],
      [["x", "ab"]],
    ],
    [
      "x*00=a; x*01=b",
      [
        ["x*00", "a"],
        ["x*01", "b"],
      ],
      [["x", "ab"]],
    ],
    // 3. Quotes.
    [
      "x*0*=\"utf-8''%41\"; x*1=b",
      [
        ["x*0*", "utf-8''%41"],
        ["x*1", "b"],
      ],
      [["x", "Ab"]],
    ],
    [
      "x*0*=utf-8''%41; x*1*=\"%42 c\"",
      [
        ["x*0*", "utf-8''%41"],
        ["x*1*", "%42 c"],
      ],
      [["x", "AB c"]],
    ],
    // 4. A first section that is not marked.
    [
      "x*0=utf-8''a%41; x*1*=%C3%A9",
      [
        ["x*0", "utf-8''a%41"],
        ["x*1*", "%C3%A9"],
      ],
      [["x", "a%41é"]],
    ],
    [
      "x*0=\"it's a 'b\"; x*1*=%C3%A9",
      [
        ["x*0", "it's a 'b"],
        ["x*1*", "%C3%A9"],
      ],
      [["x", "it's a 'bé"]],
    ],
  ])("%j", (parameters, strict, lenient) => {
    expect(read(parameters, "strict")).toEqual({ pairs: strict, deviations: [] });
    expect(read(parameters, "lenient")).toEqual({
      pairs: lenient,
      deviations: ["malformed-extended-parameter@0"],
    });
  });

  test("5. ASCII in a charset that is not supported", () => {
    expect(read("x*=x-none''%41b", "strict")).toEqual({ pairs: [["x*", "x-none''%41b"]], deviations: [] });
    expect(read("x*=x-none''%41b", "lenient")).toEqual({
      pairs: [["x", "Ab"]],
      deviations: ["unsupported-charset@0"],
    });
  });

  test("a charset that the engine's TextDecoder knows is no deviation", () => {
    const decoded: Pairs = [["x", "Привет"]];
    const expected =
      "TextDecoder" in globalThis
        ? { pairs: decoded, deviations: [] }
        : { pairs: [["x*", "windows-1251''%CF%F0%E8%E2%E5%F2"]], deviations: ["unsupported-charset@0"] };
    expect(read("x*=windows-1251''%CF%F0%E8%E2%E5%F2", "lenient")).toEqual(expected);
  });
});

describe("What both modes leave under its own name", () => {
  test.each<[string, Pairs, string[]]>([
    ["x*=utf-8''%C3", [["x*", "utf-8''%C3"]], ["malformed-extended-parameter@0"]],
    ["x*=utf-8''%ED%A0%80", [["x*", "utf-8''%ED%A0%80"]], ["malformed-extended-parameter@0"]],
    ["x*=us-ascii''%E9", [["x*", "us-ascii''%E9"]], ["malformed-extended-parameter@0"]],
    ["x*=utf-8''f%oo", [["x*", "utf-8''f%oo"]], ["malformed-extended-parameter@0"]],
    ["x*=utf-8''100%", [["x*", "utf-8''100%"]], ["malformed-extended-parameter@0"]],
    ["x*=utf-8''1%4", [["x*", "utf-8''1%4"]], ["malformed-extended-parameter@0"]],
    ["x*=\"utf-8''é\"", [["x*", "utf-8''é"]], ["malformed-extended-parameter@0"]],
    ["x*=\"iso-8859-1''é\"", [["x*", "iso-8859-1''é"]], ["malformed-extended-parameter@0"]],
    ["x*=x-none''%E9", [["x*", "x-none''%E9"]], ["unsupported-charset@0"]],
    ["*=1", [["*", "1"]], ["malformed-extended-parameter@0"]],
    ["*0=1", [["*0", "1"]], ["malformed-extended-parameter@0"]],
    ["x**=1", [["x**", "1"]], ["malformed-extended-parameter@0"]],
    ["x*a=1", [["x*a", "1"]], ["malformed-extended-parameter@0"]],
    ["x*0*0=1", [["x*0*0", "1"]], ["malformed-extended-parameter@0"]],
    ["x*1234567890=1", [["x*1234567890", "1"]], ["malformed-extended-parameter@0"]],
    [
      "x*0*=utf-8''a; x*1*=%",
      [
        ["x*0*", "utf-8''a"],
        ["x*1*", "%"],
      ],
      ["malformed-extended-parameter@0"],
    ],
  ])("%j", (parameters, pairs, deviations) => {
    expect(read(parameters, "strict")).toEqual({ pairs, deviations: [] });
    expect(read(parameters, "lenient")).toEqual({ pairs, deviations });
  });

  test("two names of one section: the first in order of names counts in lenient mode", () => {
    expect(read("x*0=a; x*1=b; x*01=c", "lenient")).toEqual({
      pairs: [
        ["x", "ab"],
        ["x*01", "c"],
      ],
      deviations: ["malformed-extended-parameter@14"],
    });
  });
});

describe("The form-data profile", () => {
  const parameters = "name=a; name*=utf-8''b; filename*=utf-8''c; x*0=d";

  test("leaves extended and continued parameters out, in both modes", () => {
    for (const tolerance of ["strict", "lenient"] as const) {
      const mediaType = parseMediaType(`a/b; ${parameters}`, { tolerance, profile: "form-data" });
      expect([...mediaType.parameters]).toEqual([["name", "a"]]);
    }
  });

  test("goes with multipart/form-data and with the disposition form-data", () => {
    expect([...parseMediaType(`Multipart/Form-Data; ${parameters}`).parameters]).toEqual([["name", "a"]]);
    expect([...parseContentDisposition(`Form-Data; ${parameters}`).parameters]).toEqual([["name", "a"]]);
  });

  test("gives way to the profile that is asked for", () => {
    expect(parseContentDisposition(`form-data; ${parameters}`, { profile: "mime" }).name).toBe("b");
  });
});

describe("Every sequence of up to four forms of one attribute", () => {
  const forms = [
    "x=plain",
    "x*=utf-8''%41",
    "x*=%41",
    "x*0=0",
    "x*0*=utf-8''%C3",
    "x*1=1",
    "x*1*=%A9",
    "x*2=2",
    "x*01=one",
  ];
  const sequences = (length: number): string[][] =>
    length === 0
      ? [[]]
      : sequences(length - 1).flatMap((head) => [head, ...forms.map((form) => [...head, form])]);
  const all = [...new Set(sequences(4).map((sequence) => sequence.join("; ")))].filter((text) => text !== "");

  const strict = {
    "0": 141,
    "01": 92,
    "012": 78,
    "A": 729,
    "plain": 481,
    "repeated-parameter": 5343,
    "undefined": 346,
    "é": 92,
    "é2": 78,
  };
  const lenient = {
    "0": 58,
    "1": 112,
    "2": 26,
    "01": 183,
    "012": 102,
    "02": 97,
    "0one": 183,
    "0one2": 102,
    "0©": 183,
    "0©2": 102,
    "12": 138,
    "A": 4580,
    "one": 112,
    "one2": 138,
    "plain": 305,
    "undefined": 424,
    "©": 112,
    "©2": 138,
    "é": 183,
    "é2": 102,
  };

  test.each([
    ["strict", strict],
    ["lenient", lenient],
  ] as const)("in %s mode", (tolerance, expected) => {
    const counts: Record<string, number> = {};
    for (const parameters of all) {
      let outcome: string;
      try {
        outcome = String(read(parameters, tolerance).pairs.find(([name]) => name === "x")?.[1]);
      } catch (error) {
        if (!(error instanceof BatchwireError)) throw error;
        outcome = error.code;
      }
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    expect(counts).toEqual(expected);
  });

  test("reads the same whatever the order, unless something is repeated", () => {
    for (const parameters of all) {
      const parts = parameters.split("; ");
      const reversed = [...parts].reverse().join("; ");
      const [forward, backward] = [parameters, reversed].map((text) => {
        try {
          return read(text, "strict").pairs.map(String).sort().join();
        } catch (error) {
          if (error instanceof BatchwireError) return error.code;
          throw error;
        }
      });
      expect(backward).toBe(forward);
    }
  });
});

test("Any text survives, cut into sections between any two octets, extended or quoted", () => {
  const percentEncode = (text: string): string[] =>
    Array.from(utf8Encode(text), (octet) => `%${octet.toString(16).padStart(2, "0")}`);
  const run = fc.record({ text: fc.string({ unit: codePoint }), extended: fc.boolean(), cut: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(run, { maxLength: 8 }), fc.boolean(), (runs, reverse) => {
      const sections = ["x*0*=utf-8''"];
      for (const { text, extended, cut } of runs) {
        // A quoted-string cannot hold controls. Not every engine knows \p{Cc}.
        if (!extended && !/[^ -~\xa0-\u{10ffff}]/u.test(text)) {
          sections.push(`x*${sections.length}="${text.replaceAll(/["\\]/g, "\\$&")}"`);
          continue;
        }
        const triplets = percentEncode(text);
        for (const piece of [triplets.slice(0, cut), triplets.slice(cut)]) {
          if (piece.length > 0) sections.push(`x*${sections.length}*=${piece.join("")}`);
        }
      }
      if (reverse) sections.reverse();
      const text = runs.map((piece) => piece.text).join("");
      expect(read(sections.join("; "), "strict")).toEqual({ pairs: [["x", text]], deviations: [] });
    }),
  );
});
