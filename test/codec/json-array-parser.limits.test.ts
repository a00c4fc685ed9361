import { describe, expect, test } from "vitest";
import type { JsonArrayParserOptions } from "../../src/codec/json-array-options.ts";
import { JsonArrayParser } from "../../src/codec/json-array-parser.ts";
import { Budget } from "../../src/limits.ts";
import type { Limits } from "../../src/limits.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { jsonArrayLog } from "../support/event-log.ts";
import type { EventLog } from "../support/event-log.ts";
import { expectExact } from "../support/limits.ts";
import type { LimitRow } from "../support/limits.ts";
import { drive } from "../support/outcome.ts";

describe("limits of a JSON envelope", () => {
  const rows: LimitRow<JsonArrayParserOptions>[] = [
    [
      "elements",
      "maxParts",
      1,
      '{"value":[1, {"a":2}]}',
      ["element 1 @10 1", "!limit-exceeded @13 part 2, 413, maxParts 1"],
    ],
    ["no elements", "maxParts", 0, '{"value":[ 1]}', ["!limit-exceeded @11 part 1, 413, maxParts 0"]],
    [
      "the octets of an object",
      "maxBufferedBytes",
      6,
      '{"value":[1, {"a":2} ]}',
      ["element 1 @10 1", "!limit-exceeded @19 part 2, 413, maxBufferedBytes 6"],
    ],
    [
      "the octets of a string",
      "maxBufferedBytes",
      3,
      '{"value":["","ab"]}',
      ['element 1 @10 ""', "!limit-exceeded @16 part 2, 413, maxBufferedBytes 3"],
    ],
    [
      "the octets of a number, whose end only the next octet tells",
      "maxBufferedBytes",
      1,
      '{"value":[1,22,3 ]}',
      ["element 1 @10 1", "!limit-exceeded @13 part 2, 413, maxBufferedBytes 1"],
    ],
    [
      "any octet of an element",
      "maxBufferedBytes",
      0,
      '{"value":[7]}',
      ["!limit-exceeded @10 part 1, 413, maxBufferedBytes 0"],
    ],
    [
      "other members",
      "maxHeaderCount",
      1,
      '{"a":1,"value":[],"b":2}',
      ["member a @5 1", "!limit-exceeded @18, 413, maxHeaderCount 1"],
    ],
    [
      "other members, those of a name that is repeated too",
      "maxHeaderCount",
      1,
      '{"a":1,"a":2,"value":[]}',
      ["member a @5 1", "~repeated-member @7", "!limit-exceeded @7, 413, maxHeaderCount 1"],
      { tolerance: "lenient" },
    ],
    [
      "the octets of a member's name and value, white space aside",
      "maxHeaderBytes",
      8,
      '{"value":[],"ab" : [1,2] }',
      ["!limit-exceeded @23, 413, maxHeaderBytes 8"],
    ],
    [
      "those of a number",
      "maxHeaderBytes",
      7,
      '{"value":[],"a":12345,"b":1}',
      ["!limit-exceeded @20, 413, maxHeaderBytes 7"],
    ],
    ["those of a name", "maxHeaderBytes", 6, '{"value":[]}', ["!limit-exceeded @7, 413, maxHeaderBytes 6"]],
    [
      "the whole input, with the white space behind it",
      "maxTotalBytes",
      13,
      '{"value":[]}  ',
      ["end @12", "!limit-exceeded @13, 413, maxTotalBytes 13"],
    ],
  ];
  test.each(rows)("%s: %s exactly", (_, name, value, input, log, options) => {
    const logOf = (chunks: readonly Uint8Array[], limits: Partial<Limits>): EventLog =>
      jsonArrayLog(chunks, { key: "value", limits, ...options } as JsonArrayParserOptions);
    expectExact(logOf, name, value, input, log);
  });

  test("the octets of every element and member count anew", () => {
    const log = jsonArrayLog([octets('{"a":12,"b":34,"value":[12345,"abc",[[]]]}')], {
      key: "value",
      limits: { maxHeaderBytes: 7, maxBufferedBytes: 5 },
    });
    expect(log.split("\n").length).toBe(6);
    expect(log).toMatch(/end @42$/);
  });

  test("the whole input may be cut off anywhere", () => {
    const input = octets('\xef\xbb\xbf{ "a":[1],"value":[12 ,"\xc3\xa9"]}');
    for (let maxTotalBytes = 0; maxTotalBytes < input.length; maxTotalBytes++) {
      const cutOff = jsonArrayLog([input.subarray(0, maxTotalBytes)], { key: "value" });
      const expected = cutOff
        .replace("!unexpected-end", "!limit-exceeded")
        .replace(/400$/, `413, maxTotalBytes ${maxTotalBytes}`);
      expect(expected).toContain("!limit-exceeded");
      for (const { name, chunks } of chunkings(input))
        expect(jsonArrayLog(chunks, { key: "value", limits: { maxTotalBytes } }), name).toBe(expected);
    }
    const whole = jsonArrayLog([input], { key: "value", limits: { maxTotalBytes: input.length } });
    expect(whole).toContain("end @");
  });

  test("elements count together with the parts of an enclosing input", () => {
    const budget = new Budget({ maxParts: 3 });
    budget.parts = 1;
    expect(drive(new JsonArrayParser({ budget }), [octets("[1,2]")], () => {})).toBeUndefined();
    expect(budget.parts).toBe(3);
    expect(drive(new JsonArrayParser({ budget }), [octets("[3]")], () => {})).toMatchObject({
      code: "limit-exceeded",
      offset: 1,
      limit: { name: "maxParts", value: 3 },
    });
  });
});
