/** As `multipart-parser.exhaustive.test.ts`, for HTTP messages in a part. */
import { describe, expect, test } from "vitest";
import type { Tolerance } from "../../src/deviation.ts";
import { referenceHttpMessage } from "../reference/http-message.ts";
import type { HttpMessageOutcome } from "../reference/http-message.ts";
import { endingLine, exhaust } from "../support/exhaustive.ts";
import type { Histogram, Shape } from "../support/exhaustive.ts";
import { httpOutcome } from "../support/outcome.ts";

const chunked = "A / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
const rows: [what: string, shape: Shape, counts: Record<Tolerance, Histogram>][] = [
  [
    "of single octets",
    { alphabet: ["A", " ", "\r", "\n", "/", ":"], length: 4 },
    {
      strict: {
        "!bare-cr": 80,
        "!bare-lf": 607,
        "!empty-line-before-start-line": 43,
        "!invalid-request-line": 44,
        "!unexpected-end": 781,
      },
      lenient: {
        "!bare-cr": 619,
        "!invalid-request-line": 897,
        "!unexpected-end": 12,
        "ok with deviations": 27,
        "~bare-lf": 269,
        "~empty-line-before-start-line": 302,
        "~missing-http-version": 27,
        "~space-in-target": 6,
        "~unterminated-head": 27,
      },
    },
  ],
  [
    "as start-lines of words",
    { alphabet: ["A", " ", "/", "HTTP/1.1", "HTTP/2", " 200", "\t"], length: 4, suffix: "\r\n\r\n" },
    {
      strict: {
        "!empty-line-before-start-line": 1,
        "!extra-space-in-status-line": 4,
        "!invalid-http-version": 115,
        "!invalid-request-line": 1908,
        "!invalid-status-line": 665,
        "!missing-http-version": 47,
        "!space-in-target": 43,
        "!status-line-without-space": 1,
        "ok": 17,
      },
      lenient: {
        "!invalid-request-line": 1912,
        "!invalid-status-line": 758,
        "!unexpected-end": 1,
        "ok with deviations": 113,
        "ok": 17,
        "~empty-line-before-start-line": 1,
        "~extra-space-in-status-line": 8,
        "~invalid-http-version": 115,
        "~missing-http-version": 86,
        "~space-in-target": 43,
        "~status-line-without-space": 6,
      },
    },
  ],
  [
    "as header sections",
    { alphabet: ["A", ":", " ", "\r\n", "\n", "\r"], length: 5, prefix: "A / HTTP/1.1\r\n" },
    {
      strict: {
        "!bare-cr": 1511,
        "!bare-lf": 3004,
        "!empty-field-name": 552,
        "!folded-field-line": 1,
        "!invalid-field-name": 1,
        "!leading-white-space": 551,
        "!missing-colon": 443,
        "!space-before-colon": 13,
        "!unterminated-head": 1428,
        "ok": 1827,
      },
      lenient: {
        "!bare-cr": 3177,
        "ok with deviations": 4327,
        "ok": 1827,
        "~bare-lf": 3373,
        "~empty-field-name": 1644,
        "~folded-field-line": 25,
        "~invalid-field-name": 11,
        "~leading-white-space": 1150,
        "~missing-colon": 1866,
        "~space-before-colon": 65,
        "~unterminated-head": 1714,
      },
    },
  ],
  [
    "as Content-Length",
    {
      alphabet: ["0", "2", ",", " ", "\r\nContent-Length:"],
      length: 4,
      prefix: "A / HTTP/1.1\r\nContent-Length:",
      suffix: "\r\n\r\nAB",
    },
    {
      strict: {
        "!content-length-mismatch": 64,
        "!invalid-content-length": 681,
        "!repeated-content-length": 16,
        "ok": 20,
      },
      lenient: {
        "!invalid-content-length": 683,
        "ok with deviations": 78,
        "ok": 20,
        "~content-length-mismatch": 71,
        "~repeated-content-length": 16,
      },
    },
  ],
  [
    "as chunks",
    { alphabet: ["0", "1", ";", " ", "\r\n", "\n"], length: 4, prefix: chunked },
    {
      strict: {
        "!bare-lf": 13,
        "!content-after-message": 6,
        "!invalid-chunk": 1218,
        "!leading-white-space": 1,
        "!missing-colon": 3,
        "!space-after-chunk-size": 122,
        "!unexpected-end": 189,
        "ok": 3,
      },
      lenient: {
        "!content-after-message": 8,
        "!invalid-chunk": 1281,
        "!unexpected-end": 254,
        "ok with deviations": 9,
        "ok": 3,
        "~bare-lf": 14,
        "~content-after-message": 4,
        "~leading-white-space": 2,
        "~missing-colon": 8,
        "~space-after-chunk-size": 122,
      },
    },
  ],
  [
    "as chunks behind the first",
    { alphabet: ["0\r\n", "1\r\n", "A", "\r\n", "A: 1\r\n"], length: 4, prefix: `${chunked}1\r\nA\r\n` },
    {
      strict: {
        "!content-after-message": 35,
        "!invalid-chunk": 468,
        "!missing-colon": 106,
        "!unexpected-end": 166,
        "ok": 6,
      },
      lenient: {
        "!content-after-message": 40,
        "!invalid-chunk": 468,
        "!unexpected-end": 249,
        "ok with deviations": 18,
        "ok": 6,
        "~content-after-message": 5,
        "~missing-colon": 106,
      },
    },
  ],
];

function lineOf({ head, body, trailers, ...ending }: HttpMessageOutcome): string {
  const line = head === undefined ? "" : Object.values(head).join("|");
  return `${line} ${body.join()} ${trailers.join(";")} ${endingLine(ending)}`;
}

for (const tolerance of ["strict", "lenient"] as const) {
  describe(`HTTP messages (${tolerance})`, () => {
    test.each(rows)("%s", (_, shape, counts) => {
      const options = { within: "part", tolerance } as const;
      const found = exhaust(
        shape,
        (chunks) => httpOutcome(chunks, options),
        (input) => referenceHttpMessage(input, options),
        lineOf,
      );
      expect(found).toEqual(counts[tolerance]);
    });
  });
}
