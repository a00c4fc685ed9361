import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchwireError } from "../../src/errors.ts";
import type { ErrorCode } from "../../src/errors.ts";
import { formatMediaType, parseMediaType } from "../../src/grammar/media-type.ts";
import { codePoint } from "../support/code-point.ts";

/** Code and offset of what `run` throws. */
function thrown(run: () => unknown): [code: ErrorCode, offset: number] | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof BatchwireError) return [error.code, error.offset];
    throw error;
  }
  return undefined;
}

describe("parseMediaType", () => {
  test("gives type, subtype and essence in lower case, and values as they are", () => {
    expect(parseMediaType("Multipart/Mixed; Boundary=ABC; charset=UTF-8")).toEqual({
      type: "multipart",
      subtype: "mixed",
      essence: "multipart/mixed",
      parameters: new Map([
        ["boundary", "ABC"],
        ["charset", "UTF-8"],
      ]),
    });
  });

  test.each([
    [" a/b ", "a/b"],
    ["\ta/b\r\n ;x=1", "a/b"],
    ["a/*", "a/*"],
    ["application/vnd.api+json", "application/vnd.api+json"],
    ["a!#$%&'*+-.^_`|~/0", "a!#$%&'*+-.^_`|~/0"],
  ])("takes every token: %j", (value, essence) => {
    expect(parseMediaType(value).essence).toBe(essence);
  });

  test.each([
    ["", 0],
    [" \t", 2],
    ["/", 0],
    ["/b", 0],
    ["a/", 2],
    ["a/;x=1", 2],
    ["a/b/c", 3],
    ["a/b/;", 3],
    ["a /b", 1],
    ["a/ b", 2],
    ["a/b c", 3],
    ["a/b, c/d", 3],
    ["a/b<x>", 3],
    ["<a>", 0],
    ['"a/b"', 0],
    ["ä/b", 0],
    ["a/ä", 2],
    ["a/b\u0000", 3],
    ["x=1", 1],
  ])("refuses %j in both modes", (value, offset) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      expect(thrown(() => parseMediaType(value, { tolerance }))).toEqual(["malformed-media-type", offset]);
    }
  });

  test.each([
    ["text", 4, { type: "text", subtype: "", essence: "text" }],
    ["text ;x=1", 4, { type: "text", subtype: "", essence: "text" }],
    [";x=1", 0, { type: "", subtype: "", essence: "" }],
  ])("reports that there is no type or no subtype in lenient mode: %j", (value, offset, expected) => {
    const deviations: unknown[] = [];
    const onDeviation = (deviation: unknown): void => void deviations.push(deviation);
    expect(parseMediaType(value, { tolerance: "lenient", onDeviation })).toMatchObject(expected);
    expect(deviations).toEqual([{ code: "malformed-media-type", offset, offsetBase: "input", path: "" }]);
    expect(thrown(() => parseMediaType(value))).toEqual(["malformed-media-type", offset]);
  });

  test("decodes encoded-words in plain parameters on request, in lenient mode", () => {
    const value = 'a/b; name="=?UTF-8?Q?caf=C3=A9?="';
    const name = (options: object): string | undefined =>
      parseMediaType(value, options).parameters.get("name");
    expect(name({ decodeWords: true, tolerance: "lenient" })).toBe("café");
    expect(name({ decodeWords: true })).toBe("=?UTF-8?Q?caf=C3=A9?=");
    expect(name({ tolerance: "lenient" })).toBe("=?UTF-8?Q?caf=C3=A9?=");
  });

  test("never decodes what looks like an encoded-word in a boundary, which is itself", () => {
    const value = 'multipart/mixed; boundary="=?utf-8?Q?b?="';
    const { parameters } = parseMediaType(value, { decodeWords: true, tolerance: "lenient" });
    expect(parameters.get("boundary")).toBe("=?utf-8?Q?b?=");
  });
});

describe("formatMediaType", () => {
  test.each<[[string, string][], string]>([
    [[], "Text/X"],
    [[["charset", "UTF-8"]], "Text/X; charset=UTF-8"],
    [
      [
        ["B", "2"],
        ["a", "1"],
      ],
      "Text/X; B=2; a=1",
    ],
    [[["x", ""]], 'Text/X; x=""'],
    [[["x", "a b"]], 'Text/X; x="a b"'],
    [[["x", "gc0y0pkb9ex'()+_,-./:=?"]], `Text/X; x="gc0y0pkb9ex'()+_,-./:=?"`],
    [[["x", "{}"]], 'Text/X; x="{}"'],
    [[["x", String.raw`say "a\b"`]], String.raw`Text/X; x="say \"a\\b\""`],
    [[["x", "tab\t"]], 'Text/X; x="tab\t"'],
    [[["x", "50% 'é'*€"]], "Text/X; x*=UTF-8''50%25%20%27%C3%A9%27%2A%E2%82%AC"],
    [[["x", "\u0001"]], "Text/X; x*=UTF-8''%01"],
    [[["x", "\u007f"]], "Text/X; x*=UTF-8''%7F"],
    [
      [
        ["x*", "utf-8'fr'caf%C3%A9"],
        ["y*0", "1 2"],
      ],
      `Text/X; x*=utf-8'fr'caf%C3%A9; y*0="1 2"`,
    ],
  ])("%j", (parameters, text) => {
    expect(formatMediaType({ type: "Text", subtype: "X", parameters })).toBe(text);
  });

  test("writes what parseMediaType read", () => {
    const mediaType = parseMediaType("A/B; x*=utf-8''%E2%82%AC; y*=utf-8''%FF; z=\"1\"");
    expect(formatMediaType(mediaType)).toBe("a/b; x*=UTF-8''%E2%82%AC; y*=utf-8''%FF; z=1");
  });

  test.each([
    [{ type: "", subtype: "b" }, 'Type "" is not a token'],
    [{ type: "a b", subtype: "c" }, 'Type "a b" is not a token'],
    [{ type: "a", subtype: "" }, 'Subtype "" is not a token'],
    [{ type: "a", subtype: "b;c" }, 'Subtype "b;c" is not a token'],
    [{ type: "a", subtype: "b", parameters: [["", "1"]] }, 'Parameter name "" is not a token'],
    [{ type: "a", subtype: "b", parameters: [["x y", "1"]] }, 'Parameter name "x y" is not a token'],
    [
      {
        type: "a",
        subtype: "b",
        parameters: [
          ["x", "1"],
          ["X", "2"],
        ],
      },
      'Parameter "X" is given twice',
    ],
    [{ type: "a", subtype: "b", parameters: [["x", "1\r"]] }, 'Value of parameter "x" holds CR, LF or NUL'],
    [{ type: "a", subtype: "b", parameters: [["x", "1\n"]] }, 'Value of parameter "x" holds CR, LF or NUL'],
    [{ type: "a", subtype: "b", parameters: [["x", "é\0"]] }, 'Value of parameter "x" holds CR, LF or NUL'],
    [
      { type: "a", subtype: "b", parameters: [["x*", "é"]] },
      'Value of parameter "x*" holds characters that an encoded value cannot have',
    ],
  ] as [Parameters<typeof formatMediaType>[0], string][])("throws a TypeError for %j", (init, message) => {
    expect(() => formatMediaType(init)).toThrow(new TypeError(message));
  });

  test("gives what both modes read back, without a deviation", () => {
    const token = fc.string({ unit: fc.constantFrom(..."abAB01!#$&-^_.+"), minLength: 1, maxLength: 8 });
    const value = fc
      .oneof(
        fc.string(),
        fc.string({ unit: codePoint }),
        fc.string({ unit: fc.constantFrom(..."\"\\ ;='%*aé\t") }),
      )
      .map((text) => text.replaceAll(/[\r\n\0]/g, ""));
    const parameters = fc.uniqueArray(fc.tuple(token, value), { selector: ([name]) => name.toLowerCase() });
    fc.assert(
      fc.property(token, token, parameters, (type, subtype, pairs) => {
        const text = formatMediaType({ type, subtype, parameters: pairs });
        const expected = {
          type: type.toLowerCase(),
          subtype: subtype.toLowerCase(),
          essence: `${type}/${subtype}`.toLowerCase(),
          parameters: new Map(pairs.map(([name, given]) => [name.toLowerCase(), given])),
        };
        expect(parseMediaType(text, { profile: "mime" })).toEqual(expected);
        const onDeviation = (): void => expect.unreachable();
        expect(parseMediaType(text, { profile: "mime", tolerance: "lenient", onDeviation })).toEqual(
          expected,
        );
      }),
    );
  });
});
