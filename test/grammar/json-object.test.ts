import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonItems, jsonMembers } from "../../src/grammar/json-object.ts";
import { codePoint } from "../support/code-point.ts";

describe("the members of a JSON object", () => {
  const rows: [text: string, members: [name: string, text: string, offset: number][]][] = [
    ["{}", []],
    [" {\t} ", []],
    ['{"a":1}', [["a", "1", 5]]],
    [
      '\n{ "a" :\t-1.5e+3 , "b":null}',
      [
        ["a", "-1.5e+3", 9],
        ["b", "null", 23],
      ],
    ],
    [
      '{"a":"}\\",","b":{"c":["]",{}]} }',
      [
        ["a", '"}\\","', 5],
        ["b", '{"c":["]",{}]}', 16],
      ],
    ],
    [
      '{"a":1,"a":2,"\\u0061":3}',
      [
        ["a", "1", 5],
        ["a", "2", 11],
        ["a", "3", 22],
      ],
    ],
    [
      '{"__proto__":[ ],"":"\\\\"}',
      [
        ["__proto__", "[ ]", 13],
        ["", '"\\\\"', 20],
      ],
    ],
    ['{"\\"é😀":"\\ud83d\\ude00"}', [['"é😀', '"\\ud83d\\ude00"', 9]]],
    [
      '{"n":9007199254740993,"d":0.10}',
      [
        ["n", "9007199254740993", 5],
        ["d", "0.10", 26],
      ],
    ],
  ];
  test.each(rows)("of %j", (text, members) => {
    expect(jsonMembers(text)?.map(({ name, text: value, offset }) => [name, value, offset])).toEqual(members);
  });

  test.each(["[]", "1", " null", '"{}"', '[{"a":1}]'])("%j is no object", (text) => {
    expect(jsonMembers(text)).toBeUndefined();
  });

  test.each([
    "",
    "{",
    '{"a":}',
    '{"a":1,}',
    "{a:1}",
    "{}x",
    '{"a":"\\x"}',
    '{"a\\',
    '{"a":[}}',
    '{"a":1 "b":2}',
    "\ufeff{}",
  ])("%j is no JSON", (text) => {
    expect(() => jsonMembers(text)).toThrow(SyntaxError);
  });

  test("are one more than the most that are wanted, if there are more: what follows is not looked at", () => {
    const found = (max: number): (string | undefined)[] =>
      jsonMembers('{"a":1,"b":2,"c":?', max)!.map(({ name }) => name);
    expect(found(0)).toEqual(["a"]);
    expect(found(1)).toEqual(["a", "b"]);
    expect(() => found(3)).toThrow(SyntaxError);
    expect(jsonMembers('{"a":1,"b":2}', 2)).toHaveLength(2);
  });

  test("are looked for in any text, to its end, and found in an object alone", () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ a1-') });
    const outcome = (read: () => unknown): unknown => {
      try {
        return read() !== undefined;
      } catch (error) {
        return (error as Error).name;
      }
    };
    fc.assert(
      fc.property(
        fc.constantFrom("", "{", '{"a":'),
        text,
        fc.constantFrom("", "}"),
        (before, within, after) => {
          const all = before + within + after;
          const isObject = (): unknown => {
            const parsed: unknown = JSON.parse(all);
            return typeof parsed === "object" && !Array.isArray(parsed) ? (parsed ?? undefined) : undefined;
          };
          expect(outcome(() => jsonMembers(all))).toBe(outcome(isObject));
        },
      ),
      { numRuns: 3000 },
    );
  });

  const value = fc.jsonValue({ maxDepth: 3, stringUnit: codePoint });

  test("make what JSON.parse makes of the object", () => {
    const entries = fc.array(
      fc.tuple(fc.string({ unit: codePoint }), value, fc.constantFrom("", " ", "\n\t")),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(entries, fc.constantFrom(undefined, 2), (members, indent) => {
        const written = members.map(([name, it, gap]) => {
          const json = JSON.stringify(it, null, indent);
          return { text: `${gap}${JSON.stringify(name)}${gap}:${gap}${json}${gap}`, name, json };
        });
        const text = `{${written.map((member) => member.text).join()}}`;
        const found = jsonMembers(text)!;
        expect(found.map(({ name, text: json }) => [name, json])).toEqual(
          written.map(({ name, json }) => [name, json]),
        );
        for (const { offset, text: json } of found) expect(text.startsWith(json, offset)).toBe(true);
        // The last of repeated names, as JSON.parse has it; a Map keeps `__proto__` apart.
        const parsed = new Map(Object.entries(JSON.parse(text) as object));
        expect(new Map(found.map(({ name, text: json }) => [name, JSON.parse(json)]))).toEqual(parsed);
      }),
      { numRuns: 1000 },
    );
  });

  test("keep numbers as they are written", () => {
    const digits = fc.stringMatching(/^-?[1-9][0-9]{15,40}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?$/);
    fc.assert(
      fc.property(fc.array(digits, { minLength: 1 }), (numbers) => {
        const text = `{${numbers.map((number, i) => `"n${i}": ${number}`).join()}}`;
        expect(jsonMembers(text)!.map((member) => member.text)).toEqual(numbers);
      }),
    );
  });
});

describe("the items of a JSON array", () => {
  test.each<[string, string[] | undefined]>([
    ["[]", []],
    ["[ ]", []],
    ["[1]", ["1"]],
    ['[ "a" ,9007199254740993,\t-0.10\n]', ['"a"', "9007199254740993", "-0.10"]],
    ['["]",[[1],"["],{"a":[2]},null]', ['"]"', '[[1],"["]', '{"a":[2]}', "null"]],
    ["{}", undefined],
    ['"[1]"', undefined],
    ["1", undefined],
  ])("of %j", (text, items) => {
    expect(jsonItems(text)).toEqual(items);
  });

  test("are one more than the most that are wanted, if there are more", () => {
    expect(jsonItems("[1,2,3]", 1)).toEqual(["1", "2"]);
    expect(jsonItems("[1,2,3]", 3)).toEqual(["1", "2", "3"]);
  });

  test("make what JSON.parse makes of the array", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(undefined, 2), (items, indent) => {
        const texts = jsonItems(JSON.stringify(items, undefined, indent))!;
        expect(texts.map((text): unknown => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(items)));
      }),
    );
  });
});
