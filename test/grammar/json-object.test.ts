import { describe, expect, test } from "vitest";
import { jsonMembers } from "../../src/grammar/json-object.ts";

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

  test.each(["", "{", '{"a":}', '{"a":1,}', "{a:1}", "{}x", '{"a":"\\x"}', "\ufeff{}"])(
    "%j is no JSON",
    (text) => {
      expect(() => jsonMembers(text)).toThrow(SyntaxError);
    },
  );
});
