/** Whole parts are what the two machines behind them make of the same octets, in any chunking. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WholePartParser } from "../../src/codec/whole-part-parser.ts";
import type { WholePartParserOptions } from "../../src/codec/whole-part-parser.ts";
import type { WholePart } from "../../src/codec/whole-part.ts";
import {
  arbitraryCuts,
  arbitraryHttpMessage,
  arbitraryMultipart,
  cut,
  octets,
} from "../support/chunkings.ts";
import { concat, drive, httpOutcome, multipartOutcome } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

interface Findings {
  deviations: string[];
  error: string | undefined;
}

interface Outcome<Part> extends Findings {
  parts: Part[];
}

const placeOf = ({ code, offset }: { code: string; offset: number }): string => `${code} @${offset}`;

/** Reads all parts; `describePart` sees each while its octets are valid. */
function read<Part>(
  chunks: readonly Uint8Array[],
  options: WholePartParserOptions,
  describePart: (part: WholePart) => Part,
): Outcome<Part> {
  const deviations: string[] = [];
  const parts: Part[] = [];
  const parser = new WholePartParser({
    ...options,
    onDeviation: (deviation) => deviations.push(placeOf(deviation)),
  });
  const error = drive(parser, chunks, (part) => parts.push(describePart(part)));
  return { parts, deviations, error: error && placeOf(error) };
}

const octetByOctet = (whole: Uint8Array): Uint8Array[] => Array.from(whole, (octet) => Uint8Array.of(octet));
const withCuts = (input: fc.Arbitrary<Uint8Array>): fc.Arbitrary<[Uint8Array, number[]]> =>
  input.chain((whole) => fc.tuple(fc.constant(whole), arbitraryCuts(whole.length)));

describe("whole parts are those of the multipart parser", () => {
  const describePart = ({ headers, head, body }: WholePart): unknown => ({
    fields: [...headers],
    head,
    body: isomorphic(body),
  });

  for (const boundary of ["b", "--"]) {
    for (const tolerance of ["strict", "lenient"] as const) {
      test(`on arbitrary input in any chunking: boundary ${boundary}, ${tolerance}`, () => {
        fc.assert(
          fc.property(withCuts(arbitraryMultipart(boundary)), ([whole, cuts]) => {
            const options = { boundary, tolerance };
            const { parts, deviations, error } = multipartOutcome([whole], options);
            const expected = {
              parts: parts
                .filter(({ complete }) => complete)
                .map(({ fields, body }) => ({ fields, head: undefined, body: isomorphic(body) })),
              deviations: deviations.map(placeOf),
              error: error && placeOf(error),
            };
            for (const chunks of [[whole], cut(whole, cuts), octetByOctet(whole)])
              expect(read(chunks, options, describePart)).toEqual(expected);
          }),
          { numRuns: 1500 },
        );
      });
    }
  }
});

describe("messages in whole parts are those of the HTTP message parser", () => {
  const describeMessage = ({ head, body, trailers }: WholePart): unknown => {
    const { headers, ...line } = head!;
    return {
      head: { ...line, fields: [...headers] },
      body: isomorphic(body),
      trailers: [...(trailers ?? [])],
    };
  };
  // A first part with the same header section, so that it is known in the second.
  const before = octets("--b\r\nContent-Type: application/http\r\n\r\nGET / HTTP/1.1\r\nA: 1\r\n\r\n\r\n");
  const opening = octets("--b\r\nContent-Type: application/http\r\n\r\n");
  const bodyAt = before.length + opening.length;
  const closing = octets("\r\n--b--");

  for (const tolerance of ["strict", "lenient"] as const) {
    for (const requestMethod of [undefined, "HEAD"]) {
      test(`on arbitrary messages in any chunking: ${tolerance}, answer to ${requestMethod}`, () => {
        fc.assert(
          fc.property(arbitraryHttpMessage(), fc.array(fc.nat()), (message, places) => {
            const expected = httpOutcome([message], { tolerance, requestMethod });
            const whole = concat([before, opening, message, closing]);
            const cuts = places.map((place) => place % whole.length).sort((one, other) => one - other);
            const options = { boundary: "b", tolerance, messages: { requestMethod: () => requestMethod } };
            const chunkings = [[whole], cut(whole, cuts), octetByOctet(whole)];
            const placed = (finding: { code: string; offset: number }): string =>
              placeOf({ ...finding, offset: finding.offset + bodyAt });
            const error = expected.error && placed(expected.error);
            for (const chunks of chunkings) {
              const outcome = read(chunks, options, describeMessage);
              expect(outcome.error).toBe(error);
              expect(outcome.deviations).toEqual(expected.deviations.map(placed));
              if (error !== undefined) continue;
              const { head, body, trailers } = expected;
              expect(outcome.parts[1]).toEqual({ head, body: isomorphic(body), trailers });
            }
          }),
          { numRuns: 1500 },
        );
      });
    }
  }
});
