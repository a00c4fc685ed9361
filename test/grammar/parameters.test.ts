import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Deviation, Tolerance } from "../../src/deviation.ts";
import { BatchwireError } from "../../src/errors.ts";
import { parseContentDisposition } from "../../src/grammar/content-disposition.ts";
import { parseMediaType } from "../../src/grammar/media-type.ts";

type Pairs = [name: string, value: string][];
/** What a reader made of a value: its parameters, or `code@offset` of the error; and the deviations. */
interface Outcome {
  parameters: Pairs;
  error: string | undefined;
  deviations: string[];
}

const readers = { "Content-Type": parseMediaType, "Content-Disposition": parseContentDisposition };

function read(field: keyof typeof readers, value: string, tolerance: Tolerance): Outcome {
  const deviations: string[] = [];
  const onDeviation = ({ code, offset }: Deviation): void => void deviations.push(`${code}@${offset}`);
  try {
    const { parameters } = readers[field](value, { tolerance, onDeviation });
    return { parameters: [...parameters], error: undefined, deviations };
  } catch (error) {
    if (!(error instanceof BatchwireError)) throw error;
    return { parameters: [], error: `${error.code}@${error.offset}`, deviations };
  }
}

describe("What both modes accept", () => {
  test.each<[string, Pairs]>([
    ["a/b", []],
    ["a/b;", []],
    ["a/b ; \t", []],
    ["a/b;x=1", [["x", "1"]]],
    [
      " a/b ; x=1 ; y=2 ",
      [
        ["x", "1"],
        ["y", "2"],
      ],
    ],
    [
      "a/b;\r\n\tx=1;\n y=2",
      [
        ["x", "1"],
        ["y", "2"],
      ],
    ],
    ["a/b;X=Y", [["x", "Y"]]],
    [
      "a/b; y=1; x=2",
      [
        ["y", "1"],
        ["x", "2"],
      ],
    ],
    ["a/b;x={1}", [["x", "{1}"]]],
    ["a/b;x='1'", [["x", "'1'"]]],
    ['a/b;x=""', [["x", ""]]],
    ['a/b;x=" 1;y=2 "', [["x", " 1;y=2 "]]],
    [
      'a/b;x="1" ;y=2',
      [
        ["x", "1"],
        ["y", "2"],
      ],
    ],
    [String.raw`a/b;x="\"1\\2\""`, [["x", String.raw`"1\2"`]]],
    [String.raw`a/b;x="\1\2"`, [["x", "12"]]],
    ['a/b;x="tab\there"', [["x", "tab\there"]]],
    ['a/b;x="Grüße 🎉"', [["x", "Grüße 🎉"]]],
    [
      "a/b;__proto__=1;constructor=2",
      [
        ["__proto__", "1"],
        ["constructor", "2"],
      ],
    ],
  ])("%j", (value, parameters) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      expect(read("Content-Type", value, tolerance)).toEqual({
        parameters,
        error: undefined,
        deviations: [],
      });
    }
  });
});

describe("What strict mode refuses and lenient mode reports", () => {
  test.each<[string, string, Pairs]>([
    // Empty or without a value.
    ["a/b;;x=1", "malformed-parameter@4", [["x", "1"]]],
    ["a/b; ; x=1", "malformed-parameter@5", [["x", "1"]]],
    ["a/b;x", "malformed-parameter@5", []],
    ["a/b;x;y=1", "malformed-parameter@5", [["y", "1"]]],
    ["a/b;x y;z=1", "malformed-parameter@5", [["z", "1"]]],
    ["a/b;=1;y=2", "malformed-parameter@4", [["y", "2"]]],
    ["a/b;x=", "malformed-parameter@6", [["x", ""]]],
    [
      "a/b;x=;y=1",
      "malformed-parameter@6",
      [
        ["x", ""],
        ["y", "1"],
      ],
    ],
    // A name that is no token; its value is still read as one.
    ['a/b;(x)=";y=1";z=2', "malformed-parameter@4", [["z", "2"]]],
    ["a/b;ü=1;y=2", "malformed-parameter@4", [["y", "2"]]],
    ['a/b;";y=1', "malformed-parameter@4", [["y", "1"]]],
    // A value that needs quotes.
    [
      "a/b;x=batch_a=_b=;y=1",
      "malformed-parameter@13",
      [
        ["x", "batch_a=_b="],
        ["y", "1"],
      ],
    ],
    [
      "a/b;x=(1) 2 ;y=1",
      "malformed-parameter@6",
      [
        ["x", "(1) 2"],
        ["y", "1"],
      ],
    ],
    ["a/b;x=1 y=2", "malformed-parameter@8", [["x", "1 y=2"]]],
    ["a/b;x=ü", "malformed-parameter@6", [["x", "ü"]]],
    ['a/b;x=1"', "malformed-parameter@7", [["x", '1"']]],
    // A quoted-string that does not end, or ends early.
    ['a/b;x="', "malformed-parameter@7", [["x", ""]]],
    ['a/b;x="1;y=2', "malformed-parameter@12", [["x", "1;y=2"]]],
    [String.raw`a/b;x="1\"`, "malformed-parameter@10", [["x", '1"']]],
    ['a/b;x="1\\', "malformed-parameter@9", [["x", "1\\"]]],
    [
      'a/b;x="1"2;y=3',
      "malformed-parameter@9",
      [
        ["x", "1"],
        ["y", "3"],
      ],
    ],
    [
      'a/b;x="1" y="2";z=3',
      "malformed-parameter@10",
      [
        ["x", "1"],
        ["z", "3"],
      ],
    ],
    // Controls are worth no guess.
    ['a/b;x="1\u0000";y=2', "malformed-parameter@8", [["y", "2"]]],
    [
      'a/b;x="1\\\u007f";y=2',
      "malformed-parameter@9",
      [
        ["x", "1\u007f"],
        ["y", "2"],
      ],
    ],
    ['a/b;x="1\r\n 2";y=2', "malformed-parameter@8", [["y", "2"]]],
    [
      "a/b;x=1\u001f;y=2",
      "malformed-parameter@7",
      [
        ["x", "1\u001f"],
        ["y", "2"],
      ],
    ],
    // Repeated: the first counts, unless it was skipped.
    ["a/b;x=1;X=2", "repeated-parameter@8", [["x", "1"]]],
    ["a/b;x*=utf-8''1;x*=utf-8''2", "repeated-parameter@16", [["x", "1"]]],
    ["a/b;x*0=1;x*0*=utf-8''2", "repeated-parameter@10", [["x", "1"]]],
    ["a/b;x*0*=utf-8''1;x*0=2", "repeated-parameter@18", [["x", "1"]]],
  ])("%j", (value, deviation, parameters) => {
    expect(read("Content-Type", value, "strict")).toEqual({
      parameters: [],
      error: deviation,
      deviations: [],
    });
    expect(read("Content-Type", value, "lenient")).toEqual({
      parameters,
      error: undefined,
      deviations: [deviation],
    });
  });

  test("a skipped parameter does not stand in the way of a good one", () => {
    expect(read("Content-Type", 'a/b;x="\u0000";x=2', "lenient").parameters).toEqual([["x", "2"]]);
  });

  test("every deviation is reported once, in the order of the input", () => {
    const value = "a/b;;x*=%C3%A9;y;x*1=2;z=1;z=(2";
    expect(read("Content-Type", value, "lenient").deviations).toEqual([
      "malformed-parameter@4",
      "malformed-extended-parameter@5",
      "malformed-parameter@16",
      "malformed-extended-parameter@17",
      "repeated-parameter@27",
      "malformed-parameter@29",
    ]);
  });
});

describe('White space around "="', () => {
  test.each<[string, Pairs]>([
    [
      "a; x =1; y= 2; z = 3",
      [
        ["x", "1"],
        ["y", "2"],
        ["z", "3"],
      ],
    ],
    [
      'a; x = "1" ; y=2',
      [
        ["x", "1"],
        ["y", "2"],
      ],
    ],
    ["a; x* = utf-8''1", [["x", "1"]]],
  ])("may stand in a Content-Disposition: %j", (value, parameters) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      expect(read("Content-Disposition", value, tolerance)).toEqual({
        parameters,
        error: undefined,
        deviations: [],
      });
    }
  });

  test.each<[string, string, Pairs]>([
    ["a/b; x =1; y=2", "malformed-parameter@6", [["y", "2"]]],
    [
      "a/b; x= 1; y=2",
      "malformed-parameter@7",
      [
        ["x", " 1"],
        ["y", "2"],
      ],
    ],
    [
      'a/b; x= "1"; y=2',
      "malformed-parameter@7",
      [
        ["x", ' "1"'],
        ["y", "2"],
      ],
    ],
  ])("belongs to the name or the value in a Content-Type: %j", (value, deviation, parameters) => {
    expect(read("Content-Type", value, "strict").error).toBe(deviation);
    expect(read("Content-Type", value, "lenient")).toEqual({
      parameters,
      error: undefined,
      deviations: [deviation],
    });
  });

  test("does not stand inside a name", () => {
    expect(read("Content-Disposition", "a; x *=utf-8''1", "strict").error).toBe("malformed-parameter@5");
  });
});

describe("A backslash in a quoted file name", () => {
  const path = String.raw`a; filename="C:\dir\new.txt"; name="C:\dir"`;

  test("is a quoted-pair in strict mode", () => {
    expect(read("Content-Disposition", path, "strict").parameters).toEqual([
      ["filename", "C:dirnew.txt"],
      ["name", "C:dir"],
    ]);
  });

  test("is itself in lenient mode, for a file name only", () => {
    expect(read("Content-Disposition", path, "lenient")).toEqual({
      parameters: [
        ["filename", String.raw`C:\dir\new.txt`],
        ["name", "C:dir"],
      ],
      error: undefined,
      deviations: [],
    });
  });

  test.each([
    [String.raw`a; FileName="a\"b\\c"`, String.raw`a"b\c`],
    [String.raw`a; filename="\\server\x"`, String.raw`\server\x`],
    [String.raw`a; filename*0="C:\d"; filename*1="\e"`, String.raw`C:\d\e`],
    ['a; filename="a\\', "a\\"],
  ])("still escapes a quote and a backslash: %j", (value, filename) => {
    expect(read("Content-Disposition", value, "lenient").parameters).toEqual([["filename", filename]]);
  });
});

/** Every string of up to `length` characters of `alphabet`. */
function forEachString(alphabet: string, length: number, visit: (text: string) => void): void {
  const grow = (text: string): void => {
    visit(text);
    if (text.length < length) for (const character of alphabet) grow(text + character);
  };
  grow("");
}

/** Deviations that RFC 2231 brings: strict mode leaves such a parameter undecoded instead. */
const isExtended = (deviation: string): boolean =>
  /^(malformed-extended-parameter|unsupported-charset)@/.test(deviation);

/** What must hold between the two modes, whatever the value. */
function expectModesToAgree(strict: Outcome, lenient: Outcome): void {
  const reported = lenient.deviations.filter((deviation) => !isExtended(deviation));
  const first = lenient.error === undefined ? reported[0] : (reported[0] ?? lenient.error);
  if (strict.error !== first) expect(strict.error).toBe(first);
  if (strict.error === undefined && lenient.deviations.length === 0) {
    if (String(strict.parameters) !== String(lenient.parameters)) expect(lenient).toEqual(strict);
  }
}

describe("Strict mode throws what lenient mode reports first, and else both read the same", () => {
  /**
   * How often each outcome occurs in both modes, over every string of up to 5 characters after
   * `prefix`. What strict mode accepts is checked against `grammar`.
   */
  function histogram(field: keyof typeof readers, prefix: string, alphabet: string, grammar: RegExp) {
    const counts: Record<string, number> = {};
    const count = (outcome: string): void => void (counts[outcome] = (counts[outcome] ?? 0) + 1);
    forEachString(alphabet, 5, (text) => {
      const strict = read(field, prefix + text, "strict");
      const lenient = read(field, prefix + text, "lenient");
      expectModesToAgree(strict, lenient);
      const accepted = strict.error === undefined;
      // A repetition is no question of grammar, and is thrown before its value is looked at.
      if (strict.error?.startsWith("repeated") !== true && accepted !== grammar.test(prefix + text)) {
        expect([prefix + text, accepted]).toEqual([prefix + text, !accepted]);
      }
      count(`strict: ${strict.error?.split("@")[0] ?? `${strict.parameters.length} parameters`}`);
      count(`lenient: ${lenient.parameters.length} parameters`);
      for (const deviation of lenient.deviations) count(`reported: ${deviation.split("@")[0]}`);
    });
    return counts;
  }

  // Spaces that the rules allow, tokens and quoted-strings over the alphabets below.
  const contentType = /^a\/b *(; *[a*']+=([a*']+|"([^"\\]|\\.)*") *)*(; *)?$/;
  const disposition = /^a *(; *[a*0]+ *= *([a*0]+|"([^"\\]|\\.)*") *)*(; *)?$/;

  test("for every Content-Type of up to 5 characters after the first semicolon", () => {
    expect(histogram("Content-Type", "a/b;", `a;="\\*' `, contentType)).toEqual({
      "lenient: 0 parameters": 33489,
      "lenient: 1 parameters": 3954,
      "lenient: 2 parameters": 6,
      "reported: malformed-extended-parameter": 1672,
      "reported: malformed-parameter": 53847,
      "reported: repeated-parameter": 3,
      "strict: 0 parameters": 6,
      "strict: 1 parameters": 588,
      "strict: malformed-parameter": 36855,
    });
  });

  test("for every Content-Type of up to 5 characters after the first equals sign", () => {
    expect(histogram("Content-Type", "a/b;*=", `a;="\\*' `, contentType)).toEqual({
      "lenient: 1 parameters": 36849,
      "lenient: 2 parameters": 600,
      "reported: malformed-extended-parameter": 37553,
      "reported: malformed-parameter": 49005,
      "reported: repeated-parameter": 210,
      "strict: 1 parameters": 1273,
      "strict: 2 parameters": 18,
      "strict: malformed-parameter": 36115,
      "strict: repeated-parameter": 43,
    });
  });

  test("for every Content-Disposition of up to 5 characters after the first semicolon", () => {
    expect(histogram("Content-Disposition", "a;", `a;="\\*0 `, disposition)).toEqual({
      "lenient: 0 parameters": 33015,
      "lenient: 1 parameters": 4428,
      "lenient: 2 parameters": 6,
      "reported: malformed-extended-parameter": 1836,
      "reported: malformed-parameter": 53609,
      "reported: repeated-parameter": 3,
      "strict: 0 parameters": 6,
      "strict: 1 parameters": 801,
      "strict: malformed-parameter": 36642,
    });
  });

  test("for every Content-Disposition of up to 5 characters after the first equals sign", () => {
    expect(histogram("Content-Disposition", "a;a*0=", `a;="\\*0 `, disposition)).toEqual({
      "lenient: 1 parameters": 36825,
      "lenient: 2 parameters": 624,
      "reported: malformed-extended-parameter": 334,
      "reported: malformed-parameter": 48122,
      "reported: repeated-parameter": 1,
      "strict: 1 parameters": 1699,
      "strict: 2 parameters": 18,
      "strict: malformed-parameter": 35732,
    });
  });

  test("for any text", () => {
    const noise = fc.string({ unit: fc.constantFrom(...'ab;;==""\\**01\'% \t\r\n\u0000ü') });
    fc.assert(
      fc.property(noise, (text) => {
        for (const field of ["Content-Type", "Content-Disposition"] as const) {
          const value = field === "Content-Type" ? `a/b;${text}` : `a;${text}`;
          expectModesToAgree(read(field, value, "strict"), read(field, value, "lenient"));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
