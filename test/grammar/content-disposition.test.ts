import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchwireError } from "../../src/errors.ts";
import { formatContentDisposition, parseContentDisposition } from "../../src/grammar/content-disposition.ts";
import { codePoint } from "../support/code-point.ts";

describe("parseContentDisposition", () => {
  test("gives the type in lower case, the parameters, and the two that everybody asks for", () => {
    expect(parseContentDisposition('Form-Data; Name="a"; FileName="b.txt"; size=3')).toEqual({
      type: "form-data",
      parameters: new Map([
        ["name", "a"],
        ["filename", "b.txt"],
        ["size", "3"],
      ]),
      name: "a",
      filename: "b.txt",
    });
  });

  test("tells an empty file name from none", () => {
    expect(parseContentDisposition('form-data; filename=""').filename).toBe("");
    expect(parseContentDisposition("form-data").filename).toBeUndefined();
  });

  test.each([
    ["", 0],
    [" ", 1],
    ["; name=a", 0],
    [": inline", 0],
    ['"attachment"', 0],
    ["attachment filename=a", 10],
    ["name=a; attachment", 4],
    ["attachment, inline", 10],
    ["a/b", 1],
    ["ä", 0],
  ])("refuses %j in both modes", (value, offset) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      const parse = (): unknown => parseContentDisposition(value, { tolerance });
      expect(parse).toThrow(BatchwireError);
      expect(parse).toThrow(expect.objectContaining({ code: "malformed-content-disposition", offset }));
    }
  });

  test.each([
    ["dir/file.txt", "file.txt"],
    [String.raw`C:\\dir\\file.txt`, "file.txt"],
    [String.raw`a/b\\c`, "c"],
    [String.raw`a\\b/c`, "c"],
    ["file.txt", "file.txt"],
    ["dir/", ""],
    ["..", ".."],
  ])("cuts the file name %j to its last path segment on request", (quoted, filename) => {
    const value = `attachment; name="a/b"; filename="${quoted}"`;
    expect(parseContentDisposition(value, { basename: true })).toMatchObject({ name: "a/b", filename });
    expect(parseContentDisposition(value).filename).toBe(quoted.replaceAll("\\\\", "\\"));
  });

  test("cuts an extended file name too", () => {
    const value = "attachment; filename*=utf-8''%2Fetc%2Fpasswd";
    expect(parseContentDisposition(value, { basename: true }).filename).toBe("passwd");
  });

  test.each([
    ["a%22b", 'a"b'],
    ["a%0D%0Ab", "a\r\nb"],
    ["a%0d%0ab", "a\r\nb"],
    ["%2522", "%2522"],
    ["%%22", '%"'],
    ["%41%20%2", "%41%20%2"],
    ["100%", "100%"],
  ])("undoes the escapes of browsers in %j on request, and no other", (escaped, decoded) => {
    const value = `form-data; name="${escaped}"; filename="${escaped}"; other="${escaped}"`;
    const { parameters } = parseContentDisposition(value, { percentDecode: true });
    expect([...parameters.values()]).toEqual([decoded, decoded, escaped]);
    expect(parseContentDisposition(value).name).toBe(escaped);
  });

  test("does not undo them in an extended file name, which is decoded already", () => {
    const value = "attachment; filename*=utf-8''%2522";
    expect(parseContentDisposition(value, { percentDecode: true }).filename).toBe("%22");
  });
});

describe("formatContentDisposition", () => {
  test.each<[string, [string, string][], string]>([
    ["attachment", [], "attachment"],
    ["Attachment", [["filename", "a.txt"]], "Attachment; filename=a.txt"],
    ["attachment", [["filename", 'a "b".txt']], String.raw`attachment; filename="a \"b\".txt"`],
    ["attachment", [["filename", "€.txt"]], "attachment; filename*=UTF-8''%E2%82%AC.txt"],
    ["form-data", [["name", "a"]], 'form-data; name="a"'],
    [
      "form-data",
      [
        ["name", ""],
        ["filename", ""],
      ],
      'form-data; name=""; filename=""',
    ],
    ["form-data", [["name", 'a"b']], 'form-data; name="a%22b"'],
    ["form-data", [["name", "a%22b"]], 'form-data; name="a%22b"'],
    ["form-data", [["name", "á\\'b"]], `form-data; name="á\\'b"`],
    ["form-data", [["name", "\ra\r\nb\n\rc\n"]], 'form-data; name="%0D%0Aa%0D%0Ab%0D%0A%0D%0Ac%0D%0A"'],
    ["form-data", [["filename", "\ra\r\nb\n"]], 'form-data; filename="%0Da%0D%0Ab%0A"'],
    ["Form-Data", [["NAME", "\n"]], 'Form-Data; NAME="%0D%0A"'],
  ])("%s %j", (type, parameters, text) => {
    expect(formatContentDisposition({ type, parameters })).toBe(text);
  });

  test("takes a profile, a Map, and what was parsed", () => {
    const parameters = new Map([["name", "é"]]);
    expect(formatContentDisposition({ type: "form-data", parameters }, { profile: "mime" })).toBe(
      "form-data; name*=UTF-8''%C3%A9",
    );
    expect(formatContentDisposition({ type: "file", parameters }, { profile: "form-data" })).toBe(
      'file; name="é"',
    );
    const parsed = parseContentDisposition("Attachment; filename = a; x=1");
    expect(formatContentDisposition(parsed)).toBe("attachment; filename=a; x=1");
  });

  test.each([
    [{ type: "" }, 'Disposition type "" is not a token'],
    [{ type: "form data" }, 'Disposition type "form data" is not a token'],
    [{ type: "a", parameters: [["x", "1\n"]] }, 'Value of parameter "x" holds CR, LF or NUL'],
    [{ type: "form-data", parameters: [["x", "\0"]] }, 'Value of parameter "x" holds NUL'],
    [{ type: "form-data", parameters: [["x\n", "1"]] }, 'Parameter name "x\\n" is not a token'],
    [
      {
        type: "form-data",
        parameters: [
          ["x", "1"],
          ["X", "1"],
        ],
      },
      'Parameter "X" is given twice',
    ],
  ] as [Parameters<typeof formatContentDisposition>[0], string][])(
    "throws a TypeError for %j",
    (init, message) => {
      expect(() => formatContentDisposition(init)).toThrow(new TypeError(message));
    },
  );

  test.each(["attachment", "form-data"])("throws a TypeError for a record, with %s", (type) => {
    const parameters = { name: "colour" } as never;
    expect(() => formatContentDisposition({ type, parameters })).toThrow(TypeError);
  });

  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: codePoint }),
    fc.string({ unit: fc.constantFrom(...'"\\%é2D0\r\n') }),
  );
  const parameters = fc.tuple(text, text).map(([name, filename]): [string, string][] => [
    ["name", name],
    ["filename", filename],
  ]);

  test("gives what both modes read back, without a deviation", () => {
    const pairs = parameters.map((given) =>
      given.map(([name, value]): [string, string] => [name, value.replaceAll(/[\r\n\0]/g, "")]),
    );
    fc.assert(
      fc.property(pairs, (given) => {
        const formatted = formatContentDisposition({ type: "attachment", parameters: given });
        const onDeviation = (): void => expect.unreachable();
        expect([...parseContentDisposition(formatted).parameters]).toEqual(given);
        expect([
          ...parseContentDisposition(formatted, { tolerance: "lenient", onDeviation }).parameters,
        ]).toEqual(given);
      }),
    );
  });

  test("gives form data that is read back with percentDecode, unless it holds escapes or backslashes", () => {
    const pairs = parameters.map((given) =>
      given.map(([name, value]): [string, string] => [
        name,
        // The controls are in the complement. Not every engine knows \p{Cc}.
        value.replaceAll(/[%\\]|[^ -~\xa0-\u{10ffff}]/gu, (c) =>
          name === "filename" && (c === "\r" || c === "\n") ? c : "",
        ),
      ]),
    );
    fc.assert(
      fc.property(pairs, (given) => {
        const formatted = formatContentDisposition({ type: "form-data", parameters: given });
        expect([...parseContentDisposition(formatted, { percentDecode: true }).parameters]).toEqual(given);
      }),
    );
  });

  test("never writes a line end", () => {
    fc.assert(
      fc.property(fc.constantFrom("form-data", "attachment"), parameters, (type, given) => {
        let formatted = "";
        try {
          formatted = formatContentDisposition({ type, parameters: given });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
        expect(formatted).not.toMatch(/[\r\n\0]/);
      }),
    );
  });
});
