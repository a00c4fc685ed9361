/** Long chunks are read a word at a time: the parsers make of them what the reference makes of each octet. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceHttpMessage } from "../reference/http-message.ts";
import { referenceMultipart } from "../reference/multipart.ts";
import { arbitraryHttpMessage, arbitraryMultipart, octets } from "../support/chunkings.ts";
import { concat, httpOutcome, multipartOutcome } from "../support/outcome.ts";

/** More octets than a short chunk has, none of which ends or begins anything. */
const padding = octets("x".repeat(600));

/** Text of several words, with one octet in it that may be the last or the first of its kind. */
const edge = fc.constantFrom(0, 0x08, 0x09, 0x1f, 0x20, 0x21, 0x7e, 0x7f, 0x80, 0xff);
const text = fc
  .tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }), fc.oneof(edge, fc.integer({ min: 0x21, max: 0x7e })))
  .map(([before, behind, octet]) => "~".repeat(before) + String.fromCharCode(octet) + "!".repeat(behind));
const field = fc
  .tuple(
    fc.constantFrom("A", "Content-Type", "X-A-Name-Of-Several-Words"),
    fc.constantFrom(":", ": ", " :"),
    text,
  )
  .map((pieces) => pieces.join(""));
const lineEnd = fc.oneof(
  { weight: 12, arbitrary: fc.constant("\r\n") },
  { weight: 1, arbitrary: fc.constantFrom("\n", "\r", "\r\n ", "\r\n\r\n") },
);
const lines = fc
  .array(fc.tuple(field, lineEnd), { maxLength: 5 })
  .map((pairs) => pairs.map((pair) => pair.join("")).join(""));

describe.each(["strict", "lenient"] as const)("%s", (tolerance) => {
  test.each(["b", "ab".repeat(35)])("multipart bodies of boundary %j", (boundary) => {
    const parts = fc
      .array(fc.tuple(lines, text), { maxLength: 4 })
      .map((list) => octets(list.map((pieces) => `--${boundary}\r\n${pieces.join("\r\n")}\r\n`).join("")));
    fc.assert(
      fc.property(fc.oneof(parts, arbitraryMultipart(boundary)), (input) => {
        // Twice, so that the second time finds what the first has left to be remembered.
        const whole = concat([input, input, padding]);
        const options = { boundary, tolerance, profile: "mime" } as const;
        const { parts: read, closed, error, deviations } = referenceMultipart(whole, options);
        expect(multipartOutcome([whole], options)).toEqual({ parts: read, closed, error, deviations });
      }),
      { numRuns: 1000 },
    );
  });

  test.each(["part", "message"] as const)("HTTP messages in a %s", (within) => {
    const startLine = fc.oneof(
      text.map((target) => `GET /${target} HTTP/1.1\r\n`),
      text.map((reason) => `HTTP/1.1 200 ${reason}\r\n`),
    );
    const message = fc.tuple(startLine, lines).map((pieces) => octets(`${pieces.join("")}\r\n`));
    fc.assert(
      fc.property(fc.oneof(message, arbitraryHttpMessage()), (input) => {
        const whole = concat([input, padding]);
        const options = { tolerance, within, requestMethod: undefined };
        expect(httpOutcome([whole], options)).toEqual(referenceHttpMessage(whole, options));
      }),
      { numRuns: 1000 },
    );
  });
});
