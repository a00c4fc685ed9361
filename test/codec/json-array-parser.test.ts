import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonArrayParserOptions } from "../../src/codec/json-array-options.ts";
import { JsonArrayParser } from "../../src/codec/json-array-parser.ts";
import type { BatchwireError } from "../../src/errors.ts";
import { codePoint } from "../support/code-point.ts";
import { arbitraryCuts, chunkings, cut, octets } from "../support/chunkings.ts";
import { jsonArrayLog } from "../support/event-log.ts";
import { drive } from "../support/outcome.ts";
import { utf8, utf8Text } from "../support/transfer.ts";

type Row = [input: string, strict: string[], lenient?: string[]];

/** Each row in both modes and in every chunking; `lenient` is the log of lenient mode where it differs. */
function replay(options: JsonArrayParserOptions, rows: Row[]): void {
  test.each(rows)("%j", (input, strict, lenient = strict) => {
    for (const [tolerance, log] of [["strict", strict] as const, ["lenient", lenient] as const]) {
      for (const { name, chunks } of chunkings(octets(input)))
        expect(jsonArrayLog(chunks, { ...options, tolerance }), `${tolerance}, ${name}`).toBe(log.join("\n"));
    }
  });
}

describe("An array without an envelope", () => {
  replay({}, [
    ["[]", ["end @2"]],
    [" \t\r\n[ \t\r\n] \t\r\n", ["end @10"]],
    ["[1]", ["element 1 @1 1", "end @3"]],
    [
      "[ -1.5e+3 ,true\n,null,false]",
      ["element 1 @2 -1.5e+3", "element 2 @11 true", "element 3 @17 null", "element 4 @22 false", "end @28"],
    ],
    [
      '["a",{"b":[1 , 2]},[[ ],{ }]]',
      ['element 1 @1 "a"', 'element 2 @5 {"b":[1 , 2]}', "element 3 @19 [[ ],{ }]", "end @29"],
    ],
    [
      String.raw`["\"]","\\",{"\\\"}":"\u005d\/"}]`,
      [
        String.raw`element 1 @1 "\x5c"]"`,
        String.raw`element 2 @7 "\x5c\x5c"`,
        String.raw`element 3 @12 {"\x5c\x5c\x5c"}":"\x5cu005d\x5c/"}`,
        "end @33",
      ],
    ],
    ['["\xc3\xa9\xf0\x9f\x98\x80"]', [String.raw`element 1 @1 "\xc3\xa9\xf0\x9f\x98\x80"`, "end @10"]],
  ]);

  describe("behind a byte order mark", () => {
    replay({}, [
      ["\xef\xbb\xbf[1]", ["element 1 @4 1", "end @6"]],
      ["\xef\xbb\xbf []", ["end @6"]],
      ["\xef\xbb[]", ["!invalid-json @2, 400"]],
      ["\xef\xbb", ["!unexpected-end @2, 400"]],
      [" \xef\xbb\xbf[]", ["!invalid-json @1, 400"]],
      ["\xef\xbb\xbf\xef\xbb\xbf[]", ["!invalid-json @3, 400"]],
      ["[\xef\xbb\xbf]", ["!invalid-json @1, 400"]],
    ]);
  });

  describe("that is none", () => {
    replay({}, [
      ["{}", ["!missing-batch-array @0, 400"]],
      ['{"value":[]}', ["!missing-batch-array @0, 400"]],
      [" null", ["!missing-batch-array @1, 400"]],
      ['"["', ["!missing-batch-array @0, 400"]],
      ["1", ["!missing-batch-array @0, 400"]],
      ["]", ["!invalid-json @0, 400"]],
      ["<html>", ["!invalid-json @0, 400"]],
      ["\0", ["!invalid-json @0, 400"]],
      ["\xff\xfe[", ["!invalid-json @0, 400"]],
    ]);
  });

  describe("that is malformed", () => {
    const [one, oneThen] = ["element 1 @1 1", (error: string) => ["element 1 @1 1", error]];
    replay({}, [
      ["[,]", ["!invalid-json @1, 400"]],
      ["[1,]", oneThen("!invalid-json @3 part 1, 400")],
      ["[1,,1]", oneThen("!invalid-json @3 part 1, 400")],
      ["[1 2]", oneThen("!invalid-json @3 part 1, 400")],
      ["[1{}]", oneThen("!invalid-json @2 part 1, 400")],
      ['[1"a"]', oneThen("!invalid-json @2 part 1, 400")],
      ["[1:2]", oneThen("!invalid-json @2 part 1, 400")],
      ["[1}", oneThen("!invalid-json @2 part 1, 400")],
      ["[1\xa0]", oneThen("!invalid-json @2 part 1, 400")],
      ["[+1]", ["!invalid-json @1, 400"]],
      ["[.5]", ["!invalid-json @1, 400"]],
      ["['a']", ["!invalid-json @1, 400"]],
      ["[}", ["!invalid-json @1, 400"]],
      ["[1]]", [one, "end @3", "!invalid-json @3, 400"]],
      ["[1] \nx", [one, "end @3", "!invalid-json @5, 400"]],
      ["[][]", ["end @2", "!invalid-json @2, 400"]],
      ["[]\0", ["end @2", "!invalid-json @2, 400"]],
    ]);
  });

  describe("whose element is malformed", () => {
    replay({}, [
      ["[[}]", ["!invalid-json @2 part 1, 400"]],
      ["[1,{]}]", ["element 1 @1 1", "!invalid-json @4 part 2, 400"]],
      ['[{"a":[{}}]', ["!invalid-json @9 part 1, 400"]],
      ['["\n"]', ["!invalid-json @2 part 1, 400"]],
      ['[{"a\x1f"}]', ["!invalid-json @4 part 1, 400"]],
      // What only JSON.parse tells is told by whoever calls it.
      ["[01,truth,1..2]", ["element 1 @1 01", "element 2 @4 truth", "element 3 @10 1..2", "end @15"]],
      ['[{:},["a""b"]]', ["element 1 @1 {:}", 'element 2 @5 ["a""b"]', "end @14"]],
      [
        String.raw`["\x","\u12"]`,
        [String.raw`element 1 @1 "\x5cx"`, String.raw`element 2 @6 "\x5cu12"`, "end @13"],
      ],
      ['["\xff"]', [String.raw`element 1 @1 "\xff"`, "end @5"]],
    ]);
  });

  describe("that is cut off", () => {
    replay({}, [
      ["", ["!unexpected-end @0, 400"]],
      [" ", ["!unexpected-end @1, 400"]],
      ["[", ["!unexpected-end @1, 400"]],
      ["[1", ["!unexpected-end @2 part 1, 400"]],
      ["[1 ", ["element 1 @1 1", "!unexpected-end @3 part 1, 400"]],
      ["[1,", ["element 1 @1 1", "!unexpected-end @3 part 1, 400"]],
      ['["a', ["!unexpected-end @3 part 1, 400"]],
      ['["a\\', ["!unexpected-end @4 part 1, 400"]],
      ['["a\\"]', ["!unexpected-end @6 part 1, 400"]],
      ['["\xc3', ["!unexpected-end @3 part 1, 400"]],
      ["[{}", ["element 1 @1 {}", "!unexpected-end @3 part 1, 400"]],
      ["[[1]", ["element 1 @1 [1]", "!unexpected-end @4 part 1, 400"]],
      ["[[1", ["!unexpected-end @3 part 1, 400"]],
    ]);
  });
});

describe("An envelope with a key", () => {
  replay({ key: "value" }, [
    ['{"value":[]}', ["end @12"]],
    [' { "value" : [ ] } ', ["end @18"]],
    ['{"value":[1]}', ["element 1 @10 1", "end @13"]],
    [
      '{"@odata.context":"x","value":[{"id":1},2],"@nextLink":"y"}',
      [
        'member @odata.context @18 "x"',
        'element 1 @31 {"id":1}',
        "element 2 @40 2",
        'member @nextLink @55 "y"',
        "end @59",
      ],
    ],
    [
      '{ "a" :-0.5 , "b":[ 1 ],"c":{"value":[7]} , "value":[] , "d":null}',
      [
        "member a @7 -0.5",
        "member b @18 [ 1 ]",
        'member c @28 {"value":[7]}',
        "member d @61 null",
        "end @66",
      ],
    ],
    [String.raw`{"v\u0061l\u0075e":[1]}`, ["element 1 @20 1", "end @23"]],
    [
      String.raw`{"\"\\é":"\n\u00e9","value":[]}`.replaceAll("é", "\xc3\xa9"),
      [String.raw`member "\x5cé @10 "\x5cn\x5cu00e9"`, "end @32"],
    ],
    [
      '{"__proto__":1,"constructor":2,"value":[]}',
      ["member __proto__ @13 1", "member constructor @29 2", "end @42"],
    ],
    ['{"Value":1,"":2,"value":[]}', ["member Value @9 1", "member  @14 2", "end @27"]],
    ['\xef\xbb\xbf{"value":[]}', ["end @15"]],
  ]);

  describe("that has no such array", () => {
    replay({ key: "value" }, [
      ["{}", ["!missing-batch-array @1, 400"]],
      ['{"a":[1] }', ["member a @5 [1]", "!missing-batch-array @9, 400"]],
      ['{"a":{"value":[]}}', ['member a @5 {"value":[]}', "!missing-batch-array @17, 400"]],
      ['{"VALUE":[]}', ["member VALUE @9 []", "!missing-batch-array @11, 400"]],
      ['{"value":{}}', ["!missing-batch-array @9, 400"]],
      ['{"value": null}', ["!missing-batch-array @10, 400"]],
      ['{"value":"[]"}', ["!missing-batch-array @9, 400"]],
      ['{"value":}', ["!invalid-json @9, 400"]],
      ["[]", ["!missing-batch-array @0, 400"]],
      ["true", ["!missing-batch-array @0, 400"]],
    ]);
  });

  describe("that is malformed", () => {
    replay({ key: "value" }, [
      ["{,", ["!invalid-json @1, 400"]],
      ["{value:[]}", ["!invalid-json @1, 400"]],
      ["{1:[]}", ["!invalid-json @1, 400"]],
      ['{"value"[]}', ["!invalid-json @8, 400"]],
      ['{"value",', ["!invalid-json @8, 400"]],
      ['{"value"::[]}', ["!invalid-json @9, 400"]],
      ['{"value":[]]', ["!invalid-json @11, 400"]],
      ['{"value":[],}', ["!invalid-json @12, 400"]],
      ['{"value":[];', ["!invalid-json @11, 400"]],
      ['{"value":[]"a":1}', ["!invalid-json @11, 400"]],
      ['{"value":[]}}', ["end @12", "!invalid-json @12, 400"]],
      ['{"value":[1}', ["element 1 @10 1", "!invalid-json @11 part 1, 400"]],
    ]);
  });

  describe("whose other member is malformed", () => {
    replay({ key: "value" }, [
      ['{"a":,', ["!invalid-json @5, 400"]],
      ['{"a":]', ["!invalid-json @5, 400"]],
      ['{"a":[}', ["!invalid-json @6, 400"]],
      ['{"a":"\t"', ["!invalid-json @6, 400"]],
      ['{"a\n"', ["!invalid-json @3, 400"]],
      ['{"a":1 2', ["member a @5 1", "!invalid-json @7, 400"]],
      // Only JSON.parse tells these, at the start of the name or value.
      ['{"a": 01,', ["!invalid-json @6, 400"]],
      ['{"a":truth}', ["!invalid-json @5, 400"]],
      ['{"a":{1}}', ["!invalid-json @5, 400"]],
      [String.raw`{"a":"\x"}`, ["!invalid-json @5, 400"]],
      [String.raw`{ "\x":1}`, ["!invalid-json @2, 400"]],
      ['{"a":"\xff"}', ["!invalid-json @5, 400"]],
      ['{"a":"\xed\xa0\x80"}', ["!invalid-json @5, 400"]],
      ['{ "\xc3":1}', ["!invalid-json @2, 400"]],
    ]);
  });

  describe("in which a member is given again", () => {
    replay({ key: "value" }, [
      [
        '{"a":1,"a":2,"value":[]}',
        ["member a @5 1", "!repeated-member @7, 400"],
        ["member a @5 1", "~repeated-member @7", "member a @11 2", "end @24"],
      ],
      [
        String.raw`{"a":1,"\u0061":2,"value":[],"a":3}`,
        ["member a @5 1", "!repeated-member @7, 400"],
        [
          "member a @5 1",
          "~repeated-member @7",
          "member a @16 2",
          "~repeated-member @29",
          "member a @33 3",
          "end @35",
        ],
      ],
      [
        '{"value":[1],"value":null}',
        ["element 1 @10 1", "!repeated-member @13, 400"],
        ["element 1 @10 1", "~repeated-member @13", "member value @21 null", "end @26"],
      ],
      [
        '{"value":[1], "value": [2]}',
        ["element 1 @10 1", "!repeated-member @14, 400"],
        ["element 1 @10 1", "~repeated-member @14", "!missing-batch-array @23, 400"],
      ],
      [
        '{"value":[],"__proto__":1,"__proto__":2}',
        ["member __proto__ @24 1", "!repeated-member @26, 400"],
        ["member __proto__ @24 1", "~repeated-member @26", "member __proto__ @38 2", "end @40"],
      ],
    ]);
  });

  describe("that is cut off", () => {
    replay({ key: "value" }, [
      ["{", ["!unexpected-end @1, 400"]],
      ['{"val', ["!unexpected-end @5, 400"]],
      ['{"value"', ["!unexpected-end @8, 400"]],
      ['{"value":', ["!unexpected-end @9, 400"]],
      ['{"value":[', ["!unexpected-end @10, 400"]],
      ['{"value":[]', ["!unexpected-end @11, 400"]],
      ['{"value":[],', ["!unexpected-end @12, 400"]],
      ['{"value":[],"a":1', ["!unexpected-end @17, 400"]],
      ['{"value":[],"a":{"b"', ["!unexpected-end @20, 400"]],
    ]);
  });
});

describe("An envelope with one key of several", () => {
  replay({ key: ["requests", "responses"] }, [
    ['{"responses":[1]}', ["element 1 @14 1", "end @17"]],
    ['{"requests":[1],"responses":2}', ["element 1 @13 1", "member responses @28 2", "end @30"]],
    ['{"requests":[1],"responses":[2]}', ["element 1 @13 1", "!missing-batch-array @28, 400"]],
    ['{"responses":1,"requests":[]}', ["!missing-batch-array @13, 400"]],
    ['{"value":[]}', ["member value @9 []", "!missing-batch-array @11, 400"]],
  ]);
});

describe("Brackets that are open at once", () => {
  const deep = (count: number): string => "[".repeat(count) + "]".repeat(count);

  test("may be 512 in each element and in each member", () => {
    const log = jsonArrayLog([octets(`{"a":${deep(512)},"value":[${deep(512)},${deep(512)}]}`)], {
      key: "value",
    });
    expect(log.split("\n").map((line) => line.slice(0, 12))).toEqual([
      "member a @5 ",
      "element 1 @1",
      "element 2 @2",
      "end @3090",
    ]);
  });

  test.each([
    ["an element", `[1,${deep(513)}]`, 3 + 512, "2"],
    ["a member", `{"a":${deep(513)}}`, 5 + 512, ""],
  ])("may not be 513 in %s", (_, input, offset, path) => {
    const key = input.startsWith("{") ? "value" : undefined;
    for (const { name, chunks } of chunkings(octets(input))) {
      const error = drive(new JsonArrayParser({ key }), chunks, () => {});
      expect(error, name).toMatchObject({ code: "invalid-json", offset, path });
      expect(error!.message).toMatch(/^More than 512 brackets are open at octet/);
    }
  });
});

test("Errors say what is wrong, with the engine's own error as the cause", () => {
  const failed = (input: string): BatchwireError | undefined =>
    drive(new JsonArrayParser({ key: "value" }), [octets(input)], () => {});
  expect(failed('{"a":tru}')).toMatchObject({
    message: "Body is not JSON at octet 5",
    cause: expect.any(SyntaxError),
  });
  expect(failed('{"a":"\xff"}')?.message).toBe("Body is not UTF-8 at octet 5");
  expect(failed('{"value":[]}x')?.message).toBe("Text follows the JSON text at octet 12");
  expect(failed("{}")?.message).toBe("Envelope has no array of operations at octet 1");
  expect(failed('{"value":[],"value":[]}')?.message).toBe("Member is given more than once at octet 12");
});

test("Offsets and paths count from the origin of an enclosing input", () => {
  const origin = { offset: 100, offsetBase: "input", path: "3", depth: 1 } as const;
  expect(jsonArrayLog([octets("[1,[}]")], { origin })).toBe(
    "element 3.1 @1 1\n!invalid-json @104 part 3.2, 400",
  );
});

test.each([[[]], [[1]], [1], [null], [{}]])("%j is no key", (key) => {
  expect(() => new JsonArrayParser({ key: key as unknown as string })).toThrow(TypeError);
});

describe("Any JSON in any chunking", () => {
  const space = fc.constantFrom("", "", "", " ", "\n", "\t\r\n  ");
  const value = fc.jsonValue({ maxDepth: 4, stringUnit: codePoint });
  /** As its serializer might have written it: compact, or on lines; escaped, or not. */
  const text = fc
    .tuple(value, fc.constantFrom(undefined, 1, "\t"), fc.boolean())
    .map(([it, indent, escaped]) => {
      const json = JSON.stringify(it, null, indent);
      if (!escaped) return json;
      return Array.from({ length: json.length }, (_, i) => {
        const c = json.charCodeAt(i);
        return c < 0x7f ? json[i]! : `\\u${c.toString(16).padStart(4, "0")}`;
      }).join("");
    });
  const member = fc.tuple(fc.string({ unit: codePoint }), text);
  const list = (items: readonly string[], gap: string): string => items.join(`${gap},${gap}`);

  test("comes out as it went in", () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 5 }),
        fc.uniqueArray(member, { maxLength: 4, selector: ([name]) => name }),
        fc.nat({ max: 4 }),
        space,
        fc.array(fc.nat({ max: 400 }), { maxLength: 20 }),
        (elements, members, before, gap, cuts) => {
          const others = members.filter(([name]) => name !== "value");
          const parts = others.map(([name, json]) => `${JSON.stringify(name)}${gap}:${gap}${json}`);
          parts.splice(before, 0, `"value"${gap}:${gap}[${gap}${list(elements, gap)}${gap}]`);
          const input = utf8(`${gap}{${gap}${list(parts, gap)}${gap}}${gap}`);
          const positions = cuts.map((at) => at % (input.length + 1)).sort((one, other) => one - other);
          const seen: { elements: string[]; members: [string, string][]; ended: number } = {
            elements: [],
            members: [],
            ended: 0,
          };
          const error = drive(new JsonArrayParser({ key: "value" }), cut(input, positions), (event) => {
            if (event.type === "element") seen.elements.push(utf8Text(event.data));
            else if (event.type === "member") seen.members.push([event.name, event.text]);
            else seen.ended++;
          });
          expect(error).toBeUndefined();
          expect(seen).toEqual({ elements, members: others, ended: 1 });
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("that is cut off ends in unexpected-end, where it is cut off", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), fc.nat(), (elements, at) => {
        const input = utf8(`[${elements.join()}]`);
        const length = at % input.length;
        const error = drive(new JsonArrayParser(), [input.subarray(0, length)], () => {});
        expect(error).toMatchObject({ code: "unexpected-end", offset: length });
      }),
      { numRuns: 300 },
    );
  });

  test("with any octet changed is read the same in any chunking, and refused if it is no longer JSON", () => {
    const change = fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\ 1\n\xff'));
    const isJson = (data: Uint8Array): boolean => {
      try {
        JSON.parse(utf8Text(data));
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), change, arbitraryCuts(60), (elements, [at, by], cuts) => {
        const input = utf8(`{"a":${elements[0] ?? 0},"value":[${elements.join()}]}`);
        input[at % input.length] = by.charCodeAt(0);
        const whole = jsonArrayLog([input], { key: "value" });
        const positions = cuts.map((position) => Math.min(position, input.length));
        expect(jsonArrayLog(cut(input, positions), { key: "value" })).toBe(whole);

        let areJson = true;
        const error = drive(new JsonArrayParser({ key: "value" }), [input], (event) => {
          if (event.type === "element") areJson &&= isJson(event.data);
        });
        // The change may have hit a name.
        if (error?.code === "missing-batch-array" || error?.code === "repeated-member") return;
        expect(error === undefined && areJson).toBe(isJson(input));
      }),
      { numRuns: 1000 },
    );
  });
});
