import { describe, expect, test } from "vitest";
import { DelimiterScanner, Found } from "../../src/codec/delimiter-scanner.ts";
import { cut, octets } from "../support/chunkings.ts";
import { visible } from "../support/documents.ts";
import { isomorphic } from "../support/transfer.ts";

const nameOf = Object.fromEntries(Object.entries(Found).map(([name, value]) => [value, name]));

/** A scanner that has left its start behind, so that a delimiter needs its line end. */
function scannerInBody(lineFeeds = false, maxPadding = 4): DelimiterScanner {
  const scanner = new DelimiterScanner(octets("b"), maxPadding);
  scanner.lineFeeds = lineFeeds;
  scanner.scan(octets("x"), 0, 1);
  scanner.scan(octets("x"), 1, 1);
  return scanner;
}

/** What `chunks` are, in order: content as it is, all else by its name; ends at what no scan goes on from. */
function found(scanner: DelimiterScanner, chunks: readonly Uint8Array[]): string[] {
  const log: string[] = [];
  for (const chunk of chunks) {
    for (let at = 0; ;) {
      const answer = scanner.scan(chunk, at, chunk.length);
      if (answer === Found.CHUNK_END) {
        expect(scanner.next).toBe(chunk.length);
        break;
      }
      if (answer === Found.CONTENT) log.push(visible(isomorphic(chunk.subarray(at, scanner.next))));
      else if (answer === Found.REPLAY) log.push(`replay ${visible(isomorphic(scanner.replay))}`);
      else log.push(nameOf[answer]!);
      if (answer > Found.CLOSE_DELIMITER) return log;
      at = scanner.next;
    }
  }
  return log;
}

describe("a delimiter scanner", () => {
  test.each<[what: string, chunks: string[], log: string[]]>([
    ["content alone", ["abc"], ["abc"]],
    ["content before a delimiter line", ["abc\r\n--b\r\nd"], ["abc", "DELIMITER", "d"]],
    ["a close-delimiter at its second dash", ["abc\r\n--b--"], ["abc", "CLOSE_DELIMITER"]],
    ["what could be a delimiter, withheld", ["abc\r\n--b \t"], ["abc"]],
    [
      "what was withheld and is content, as one copy",
      ["abc\r\n-", "-b ", "\td"],
      ["abc", "replay ␍␊--b ", "\\x09d"],
    ],
    ["what was withheld octet by octet", [..."\r\n--b \rx"], ["BARE_CR"]],
    [
      "a delimiter in what was withheld and did not match",
      ["a\r", "\r\n--b\r\n"],
      ["a", "replay ␍", "DELIMITER"],
    ],
    ["two delimiter lines in a row, which need two line ends", ["\r\n--b\r\n--b\r\n"], ["DELIMITER", "--b"]],
    ["LF behind a delimiter", ["a\r\n--b\n"], ["a", "BARE_LF"]],
    ["padding over its limit", ["a\r\n--b    ", " "], ["a", "TOO_MUCH_PADDING"]],
    ["padding over its limit before text", ["a\r\n--b     x"], ["a", "TOO_MUCH_PADDING"]],
    ["padding within its limit before text", ["a\r\n--b    x"], ["a␍␊--b    x"]],
  ])("tells %s", (_, chunks, log) => {
    expect(found(scannerInBody(), chunks.map(octets))).toEqual(log);
  });

  test.each<[what: string, chunks: string[], log: string[]]>([
    ["LF before a delimiter", ["a\n--b\n"], ["a", "DELIMITER"]],
    ["the CR before that LF, in one chunk", ["a\r\n--b\r\n"], ["a", "DELIMITER"]],
    ["the CR before that LF, in the chunk before", ["a\r", "\n--b\r\n"], ["a", "DELIMITER"]],
    ["that CR, where no delimiter follows", ["a\r", "\n-", "c"], ["a", "replay ␍␊-", "c"]],
    ["LF, where no delimiter follows", ["a\n", "-", "c"], ["a", "replay ␊-", "c"]],
    ["one CR of two", ["a\r\r", "\n--b--"], ["a␍", "CLOSE_DELIMITER"]],
    ["a CR that ends no delimiter line", ["\n--b\r", "-"], ["BARE_CR"]],
  ])("that takes LF tells %s", (_, chunks, log) => {
    expect(found(scannerInBody(true), chunks.map(octets))).toEqual(log);
  });

  test("counts the line end before a start as seen, and never hands it out", () => {
    const chunks = (text: string): Uint8Array[] => [octets(text)];
    const starting = (): DelimiterScanner => new DelimiterScanner(octets("b"), 4);
    expect(found(starting(), chunks("--b\r\n"))).toEqual(["DELIMITER"]);
    expect(found(starting(), chunks("--a"))).toEqual(["--a"]);
    expect(found(starting(), ["-", "-", "b", "x"].map(octets))).toEqual(["replay --b", "x"]);
    const scanner = scannerInBody();
    found(scanner, chunks("a\r\n--b "));
    scanner.start();
    expect(found(scanner, chunks("--b--"))).toEqual(["CLOSE_DELIMITER"]);
    expect(scanner.lineEndBefore).toBe(0);
  });

  test("tells the lengths of padding and line ends, in any chunking", () => {
    const cases: [text: string, padding: number, before: number, behind: number][] = [
      ["x\r\n--b\r\n", 0, 2, 2],
      ["x\n--b \t\n", 2, 1, 1],
      ["x\r\n--b\t\n", 1, 2, 1],
      ["x\n--b   \r\n", 3, 1, 2],
    ];
    for (const [text, padding, before, behind] of cases) {
      for (let at = 0; at < text.length; at++) {
        const scanner = scannerInBody(true);
        expect(found(scanner, cut(octets(text), [at])).at(-1)).toBe("DELIMITER");
        expect([scanner.padding, scanner.lineEndBefore, scanner.lineEndBehind]).toEqual([
          padding,
          before,
          behind,
        ]);
      }
    }
  });

  test("looks at its window alone", () => {
    const chunk = octets("\r\n--b\r\nx\r\n--b\r\n");
    const scanner = scannerInBody();
    expect(scanner.scan(chunk, 1, 9)).toBe(Found.CONTENT);
    expect(scanner.next).toBe(8);
    expect(scanner.scan(chunk, 8, 9)).toBe(Found.CHUNK_END);
    expect(scanner.scan(chunk, 9, 13)).toBe(Found.CHUNK_END);
    expect(scanner.scan(chunk, 13, chunk.length)).toBe(Found.DELIMITER);
    expect(scanner.next).toBe(chunk.length);
  });

  test("answers an empty window with its end", () => {
    const scanner = scannerInBody();
    expect([
      scanner.scan(octets(""), 0, 0),
      scanner.scan(octets("\r"), 0, 1),
      scanner.scan(octets(""), 0, 0),
    ]).toEqual(Array(3).fill(Found.CHUNK_END));
    expect(found(scanner, [octets(""), octets("\n"), octets(""), octets("--b--")])).toEqual([
      "CLOSE_DELIMITER",
    ]);
  });

  test.each<[content: string, ends: boolean]>([
    ["", false],
    ["x", false],
    ["\r\n--", false],
    ["\r\n--b", true],
    ["\r\n--b \t", true],
    ["\r\n--b\r", true],
    ["\r\n--b-", false],
    ["\r\n--bx", false],
    ["x\n--b", false],
  ])("knows of %j whether a line end behind it makes a delimiter line: %s", (content, ends) => {
    for (let at = 0; at <= content.length; at++) {
      const scanner = scannerInBody();
      found(scanner, cut(octets(content), [at]));
      expect(scanner.endsInDelimiter).toBe(ends);
    }
  });

  test("of a body knows that its first line may be the delimiter's", () => {
    const scanner = new DelimiterScanner(octets("b"), 4);
    expect(scanner.endsInDelimiter).toBe(false);
    found(scanner, [octets("--b")]);
    expect(scanner.endsInDelimiter).toBe(true);
  });
});
