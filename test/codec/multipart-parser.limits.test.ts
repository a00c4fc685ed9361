import { describe, expect, test } from "vitest";
import type { MultipartParserOptions } from "../../src/codec/multipart-options.ts";
import type { Limits } from "../../src/limits.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { multipartLog } from "../support/event-log.ts";
import type { EventLog } from "../support/event-log.ts";
import { expectExact } from "../support/limits.ts";
import type { LimitRow } from "../support/limits.ts";

describe("limits of a multipart body", () => {
  const twoParts = "--b\r\nA: 1\r\n\r\nx\r\n--b\r\nA: 2\r\nB: 3\r\n\r\ny\r\n--b--\r\n";
  const firstPart = ["part @13", "  A: 1", 'data "x"', "part-end @21"];
  const rows: LimitRow<MultipartParserOptions>[] = [
    ["parts", "maxParts", 1, twoParts, [...firstPart, "!limit-exceeded @21 part 2, 413, maxParts 1"]],
    [
      "parts that a delimiter ended",
      "maxParts",
      0,
      "--b\r\nA: 1\r\n--b--",
      ["~unterminated-header-section @11 part 1", "!limit-exceeded @5 part 1, 413, maxParts 0"],
      { tolerance: "lenient" },
    ],
    [
      "field lines",
      "maxHeaderCount",
      1,
      twoParts,
      [...firstPart, "!limit-exceeded @27 part 2, 413, maxHeaderCount 1"],
    ],
    [
      "field lines, of which folds are part",
      "maxHeaderCount",
      1,
      "--b\r\nA: 1\r\n 2\r\n 3\r\nB: 4\r\n\r\n\r\n--b--",
      ["!limit-exceeded @19 part 1, 413, maxHeaderCount 1"],
    ],
    [
      "field lines that are skipped",
      "maxHeaderCount",
      1,
      "--b\r\nA\r\nB: 4\r\n\r\n\r\n--b--",
      ["~missing-colon @5 part 1", "!limit-exceeded @8 part 1, 413, maxHeaderCount 1"],
      { tolerance: "lenient" },
    ],
    [
      "a header section",
      "maxHeaderBytes",
      13,
      twoParts,
      [...firstPart, "!limit-exceeded @34 part 2, 413, maxHeaderBytes 13"],
    ],
    [
      "an empty header section",
      "maxHeaderBytes",
      1,
      "--b\r\n\r\n--b--",
      ["!limit-exceeded @6 part 1, 413, maxHeaderBytes 1"],
    ],
    [
      "all header sections",
      "maxTotalHeaderBytes",
      21,
      twoParts,
      [...firstPart, "!limit-exceeded @34 part 2, 413, maxTotalHeaderBytes 21"],
    ],
    [
      "a body",
      "maxPartBytes",
      4,
      "--b\r\n\r\nx\r\n--b\r\n\r\n12345\r\n--b--",
      [
        "part @7",
        'data "x"',
        "part-end @15",
        "part @17",
        'data "1234"',
        "!limit-exceeded @21 part 2, 413, maxPartBytes 4",
      ],
    ],
    [
      "a body that ends in what looked like a delimiter",
      "maxPartBytes",
      5,
      "--b\r\n\r\nx\r\n--a\r\n--b--",
      ["part @7", 'data "x␍␊--"', "!limit-exceeded @12 part 1, 413, maxPartBytes 5"],
    ],
    [
      "a body of nothing",
      "maxPartBytes",
      0,
      "--b\r\n\r\nx\r\n--b--",
      ["part @7", "!limit-exceeded @7 part 1, 413, maxPartBytes 0"],
    ],
    [
      "the whole input, with its epilogue",
      "maxTotalBytes",
      6,
      "--b--\r\n",
      ["end @5", "!limit-exceeded @6, 413, maxTotalBytes 6"],
    ],
    [
      "a preamble",
      "maxPreambleBytes",
      5,
      "x\r\n--a\r\n--b--",
      ["!limit-exceeded @5, 413, maxPreambleBytes 5"],
    ],
    [
      "a preamble that is asked for",
      "maxPreambleBytes",
      2,
      "abc\r\n--b--",
      ['preamble "ab"', "!limit-exceeded @2, 413, maxPreambleBytes 2"],
      { preamble: true },
    ],
    [
      "an epilogue, line end and all",
      "maxEpilogueBytes",
      4,
      "--b-- \r\nab",
      ["end @5", "!limit-exceeded @9, 413, maxEpilogueBytes 4"],
    ],
    [
      "an epilogue that is asked for",
      "maxEpilogueBytes",
      4,
      "--b-- \r\nab",
      ["end @5", 'epilogue "a"', "!limit-exceeded @9, 413, maxEpilogueBytes 4"],
      { epilogue: true },
    ],
    [
      "padding of the first delimiter",
      "maxPaddingBytes",
      2,
      "--b \t \r\n\r\n--b--",
      ["!limit-exceeded @5, 413, maxPaddingBytes 2"],
    ],
    [
      "padding of a later delimiter",
      "maxPaddingBytes",
      2,
      "--b\r\n\r\nx\r\n--b \t \r\n\r\n--b--",
      ["part @7", 'data "x"', "!limit-exceeded @15 part 1, 413, maxPaddingBytes 2"],
    ],
    [
      "padding of the close-delimiter",
      "maxPaddingBytes",
      2,
      "--b-- \t \r\n",
      ["end @5", "!limit-exceeded @7, 413, maxPaddingBytes 2"],
    ],
    [
      "padding of a delimiter in a header section",
      "maxPaddingBytes",
      2,
      "--b\r\n--b \t \r\n\r\n--b--",
      ["~repeated-delimiter @5 part 1", "!limit-exceeded @10 part 1, 413, maxPaddingBytes 2"],
      { tolerance: "lenient" },
    ],
  ];
  test.each(rows)("%s: %s exactly", (_, name, value, input, log, options) => {
    const logOf = (chunks: readonly Uint8Array[], limits: Partial<Limits>): EventLog =>
      multipartLog(chunks, { boundary: "b", limits, ...options } as MultipartParserOptions);
    expectExact(logOf, name, value, input, log);
  });

  test("the whole input may be cut off anywhere", () => {
    const input = octets("p\r\n--b \r\nA: 1\r\n\r\nx\r\n--b-\r\n--b\r\n\r\n--b--");
    for (let maxTotalBytes = 0; maxTotalBytes < input.length; maxTotalBytes++) {
      const cutOff = multipartLog([input.subarray(0, maxTotalBytes)], { boundary: "b" });
      const expected = cutOff
        .replace("!unexpected-end", "!limit-exceeded")
        .replace(/400$/, `413, maxTotalBytes ${maxTotalBytes}`);
      expect(expected).toContain("!limit-exceeded");
      for (const { name, chunks } of chunkings(input))
        expect(multipartLog(chunks, { boundary: "b", limits: { maxTotalBytes } }), name).toBe(expected);
    }
    expect(multipartLog([input], { boundary: "b", limits: { maxTotalBytes: input.length } })).toContain(
      "end @",
    );
  });

  test("each delimiter may have as much padding as the limit says", () => {
    const input = octets("--b  \r\n\r\nx\r\n--b  \r\n\r\ny\r\n--b--  \r\n");
    expect(multipartLog([input], { boundary: "b", limits: { maxPaddingBytes: 2 } })).not.toContain("!");
  });
});
