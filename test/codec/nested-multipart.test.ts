/** A body in a part of another: what is true of it that is not true of one alone. */
import { describe, expect, test } from "vitest";
import type { MultipartParserOptions } from "../../src/codec/multipart-options.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { multipartLog } from "../support/event-log.ts";

const origin = { offset: 0, offsetBase: "input", path: "1", depth: 1 } as const;

/** The log, the same in every chunking. */
function logOf(input: string, options: Partial<MultipartParserOptions>): string[] {
  const logs = [...chunkings(octets(input))].map(({ chunks }) =>
    multipartLog(chunks, { boundary: "b", origin, ...options }),
  );
  const [log = ""] = logs;
  expect(logs).toEqual(logs.map(() => log));
  return log.split("\n");
}

describe("a nested body without close-delimiter", () => {
  test.each<[what: string, input: string, log: string[], offset: number, part: string]>([
    ["in content", "--b\r\n\r\nx", ["part @7", 'data @7 "x"'], 8, "1.1"],
    ["in what could be a delimiter", "--b\r\n\r\nx\r\n--b \t", ["part @7", 'data @7 "x'], 15, "1.1"],
    ["behind a line end", "--b\r\n\r\nx\r\n", ["part @7", 'data @7 "x'], 10, "1.1"],
    ["behind a header section", "--b\r\nA: 1\r\n\r\n", ["part @13", "  A: 1"], 13, "1.1"],
  ])("that ends %s is an error in strict mode", (_, input, log, offset, part) => {
    const strict = logOf(input, {});
    expect(strict.slice(0, log.length).map((line, index) => line.startsWith(log[index]!))).toEqual(
      log.map(() => true),
    );
    expect(strict.at(-1)).toBe(`!unclosed-multipart @${offset} part ${part}, 400`);
  });

  test.each<[what: string, input: string, log: string[]]>([
    [
      "in content",
      "--b\r\n\r\nx",
      ["part @7", 'data @7 "x"', "~unclosed-multipart @8 part 1.1", "part-end @8", "end @8"],
    ],
    [
      "in what could be a delimiter, which is content then",
      "--b\r\n\r\nx\r\n--",
      [
        "part @7",
        'data @7 "x"',
        "~unclosed-multipart @12 part 1.1",
        'data @8 "␍␊--"',
        "part-end @12",
        "end @12",
      ],
    ],
    [
      "in a delimiter and a CR, which are content, too",
      "--b\r\n\r\nx\r\n--b\r",
      [
        "part @7",
        'data @7 "x"',
        "~unclosed-multipart @14 part 1.1",
        'data @8 "␍␊--b␍"',
        "part-end @14",
        "end @14",
      ],
    ],
    [
      "in a delimiter line, whose line end is the outer delimiter's",
      "--b\r\n\r\nx\r\n--b \t",
      ["part @7", 'data @7 "x"', "~unclosed-multipart @15 part 1.1", "part-end @15", "end @15"],
    ],
    [
      "behind a part",
      "--b\r\n\r\nx\r\n--b\r\n",
      ["part @7", 'data @7 "x"', "part-end @15", "~unclosed-multipart @15 part 1.2", "end @15"],
    ],
    [
      "in a header section, which makes a part without a body",
      "--b\r\n\r\nx\r\n--b\r\nA: 1\r\n",
      [
        "part @7",
        'data @7 "x"',
        "part-end @15",
        "~unclosed-multipart @21 part 1.2",
        "~unterminated-header-section @21 part 1.2",
        "part @21",
        "  A: 1",
        "part-end @21",
        "end @21",
      ],
    ],
    [
      "in a field line, which is judged but for its line end",
      "--b\nA: 1\nB 2",
      [
        "~bare-lf @3 part 1",
        "~missing-colon @9 part 1.1",
        "~unclosed-multipart @12 part 1.1",
        "~unterminated-header-section @12 part 1.1",
        "part @12",
        "  A: 1",
        "part-end @12",
        "end @12",
      ],
    ],
    [
      "in a delimiter line behind field lines, whose line end is the outer delimiter's",
      "--b\r\nA: 1\r\n--b \t",
      [
        "~unterminated-header-section @11 part 1.1",
        "~unclosed-multipart @16 part 1.1",
        "part @16",
        "  A: 1",
        "part-end @16",
        "end @16",
      ],
    ],
    [
      "in a delimiter line behind field lines that end in LF",
      "--b\nA: 1\n--b",
      [
        "~bare-lf @3 part 1",
        "~unterminated-header-section @9 part 1.1",
        "~unclosed-multipart @12 part 1.1",
        "part @12",
        "  A: 1",
        "part-end @12",
        "end @12",
      ],
    ],
    [
      "in a delimiter line behind another",
      "--b\r\n--b",
      ["~repeated-delimiter @5 part 1.1", "~unclosed-multipart @8 part 1.1", "end @8"],
    ],
    ["before its first delimiter", "x", ["~unclosed-multipart @1 part 1", "end @1"]],
    ["before it began", "", ["~unclosed-multipart @0 part 1", "end @0"]],
  ])("that ends %s is ended by the outer delimiter in lenient mode", (_, input, log) => {
    expect(logOf(input, { tolerance: "lenient" })).toEqual(log);
    const first = log.find((line) => line.startsWith("~"))!;
    expect(logOf(input, {}).at(-1)).toBe(`!${first.slice(1)}, 400`);
  });

  test("is cut off by its limits all the same, and what came before is delivered", () => {
    const log = logOf("--b\r\n\r\nx\r\n-", { tolerance: "lenient", limits: { maxPartBytes: 2 } });
    expect(log).toEqual([
      "part @7",
      'data @7 "x"',
      "~unclosed-multipart @11 part 1.1",
      'data @8 "␍"',
      "!limit-exceeded @9 part 1.1, 413, maxPartBytes 2",
    ]);
  });
});

describe("the preamble of a nested body without a delimiter", () => {
  const nested = { tolerance: "lenient", preamble: true } as const;

  test("is all that there is, but for a delimiter line whose line end is the outer delimiter's", () => {
    expect(logOf("note\r\n--", nested)).toEqual([
      'preamble @0 "note"',
      "~unclosed-multipart @8 part 1",
      'preamble @4 "␍␊--"',
      "end @8",
    ]);
    expect(logOf("note\r\n--b", nested)).toEqual([
      'preamble @0 "note"',
      "~unclosed-multipart @9 part 1",
      "end @9",
    ]);
  });

  test("has its limit, wanted or not", () => {
    const limits = { maxPreambleBytes: 4 };
    const told = ["~unclosed-multipart @8 part 1", "!limit-exceeded @4 part 1, 413, maxPreambleBytes 4"];
    expect(logOf("note\r\n--", { ...nested, limits })).toEqual(['preamble @0 "note"', ...told]);
    expect(logOf("note\r\n--", { ...nested, limits, preamble: false })).toEqual(told);
  });
});

test("the outermost body has no other that could end it: both modes refuse", () => {
  const top = { offset: 0, offsetBase: "input", path: "", depth: 0 } as const;
  for (const tolerance of ["strict", "lenient"] as const)
    expect(logOf("--b\r\n\r\nx", { origin: top, tolerance }).at(-1)).toBe("!unexpected-end @8 part 1, 400");
});
