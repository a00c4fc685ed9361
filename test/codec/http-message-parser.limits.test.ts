import { describe, expect, test } from "vitest";
import type { HttpMessageParserOptions } from "../../src/codec/http-message-parser.ts";
import type { Limits } from "../../src/limits.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { httpLog } from "../support/event-log.ts";
import type { EventLog } from "../support/event-log.ts";
import { expectExact, withoutContentOffsets } from "../support/limits.ts";
import type { LimitRow } from "../support/limits.ts";

describe("limits of an HTTP message", () => {
  const head = "PUT / HTTP/1.1\r\nA: 1\r\n";
  const read = ["head @24", '  PUT "/" HTTP/1.1', "  A: 1"];
  const chunked = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const readChunked = ["head @46", '  PUT "/" HTTP/1.1', "  Transfer-Encoding: chunked"];
  const rows: LimitRow<HttpMessageParserOptions>[] = [
    [
      "field lines",
      "maxHeaderCount",
      1,
      `${head}B: 2\r\n\r\n`,
      ["!limit-exceeded @22, 413, maxHeaderCount 1"],
    ],
    [
      "a head, its start-line and all",
      "maxHeaderBytes",
      23,
      `${head}\r\n`,
      ["!limit-exceeded @23, 413, maxHeaderBytes 23"],
    ],
    [
      "a start-line",
      "maxHeaderBytes",
      17,
      "GET / HTTP/1.1\r\n\r\n",
      ["!limit-exceeded @17, 413, maxHeaderBytes 17"],
    ],
    [
      "empty lines before a start-line",
      "maxHeaderBytes",
      21,
      "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      [
        "~empty-line-before-start-line @0",
        "~empty-line-before-start-line @2",
        "!limit-exceeded @21, 413, maxHeaderBytes 21",
      ],
      { tolerance: "lenient" },
    ],
    [
      "head and trailers",
      "maxTotalHeaderBytes",
      53,
      `${chunked}0\r\nB: 2\r\n\r\n`,
      [...readChunked, "!limit-exceeded @56, 413, maxTotalHeaderBytes 53"],
    ],
    [
      "trailers",
      "maxHeaderCount",
      1,
      `${chunked}0\r\nB: 2\r\nC: 3\r\n\r\n`,
      [...readChunked, "!limit-exceeded @55, 413, maxHeaderCount 1"],
    ],
    [
      "a body that its part ends",
      "maxPartBytes",
      2,
      `${head}\r\nxyz`,
      [...read, 'data "xy"', "!limit-exceeded @26, 413, maxPartBytes 2"],
    ],
    [
      "a body of chunks",
      "maxPartBytes",
      2,
      `${chunked}1\r\nx\r\n2\r\nyz\r\n0\r\n\r\n`,
      [...readChunked, 'data "xy"', "!limit-exceeded @56, 413, maxPartBytes 2"],
    ],
    [
      "the whole input",
      "maxTotalBytes",
      25,
      `${head}\r\nxy`,
      [...read, 'data "x"', "!limit-exceeded @25, 413, maxTotalBytes 25"],
    ],
    [
      "extensions of all chunks together",
      "maxChunkExtensionBytes",
      5,
      `${chunked}1;a\r\nx\r\n1;bc\r\ny\r\n0;\r\n\r\n`,
      [...readChunked, 'data "xy"', "!limit-exceeded @64, 413, maxChunkExtensionBytes 5"],
    ],
  ];
  test.each(rows)("%s: %s exactly", (_, name, value, input, log, options) => {
    const logOf = (chunks: readonly Uint8Array[], limits: Partial<Limits>): EventLog =>
      httpLog(chunks, { limits, ...options });
    expectExact(logOf, name, value, input, log);
  });

  test("line ends behind a Content-Length are dropped up to maxPaddingBytes; a run beyond it is content", () => {
    const message = "PUT / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx\r\n";
    const logOf = (chunks: readonly Uint8Array[], maxPaddingBytes: number): string[] =>
      withoutContentOffsets(httpLog(chunks, { tolerance: "lenient", limits: { maxPaddingBytes } }))
        .split("\n")
        .slice(3);
    for (const { name, chunks } of chunkings(octets(message))) {
      expect(logOf(chunks, 2), name).toEqual(['data "x"', "~content-length-mismatch @38", "end @40"]);
      expect(logOf(chunks, 1), name).toEqual([
        'data "x"',
        "~content-length-mismatch @38",
        'data "␍␊"',
        "end @40",
      ]);
    }
  });
});
