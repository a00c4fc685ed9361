import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceMultipart } from "../reference/multipart.ts";
import type { MultipartOutcome } from "../reference/multipart.ts";
import { arbitraryCuts, arbitraryMultipart, chunkings, cut, octets } from "../support/chunkings.ts";
import { multipartOutcome } from "../support/outcome.ts";

const modes = (["strict", "lenient"] as const).flatMap((tolerance) =>
  (["mime", "form-data"] as const).map((profile) => ({ tolerance, profile })),
);

/** Preamble and epilogue are compared in a test of their own. */
const comparable = ({ parts, closed, error, deviations }: MultipartOutcome): unknown => ({
  parts: parts.map(({ body, ...part }) => ({ ...part, body: String.fromCharCode(...body) })),
  closed,
  deviations,
  error,
});

describe("the multipart parser agrees with the reference", () => {
  for (const boundary of ["b", "--", "a:b", "aa"]) {
    for (const { tolerance, profile } of modes) {
      test(`on arbitrary input in any chunking: boundary ${boundary}, ${tolerance}, ${profile}`, () => {
        const input = arbitraryMultipart(boundary);
        fc.assert(
          fc.property(
            input.chain((whole) => fc.tuple(fc.constant(whole), arbitraryCuts(whole.length))),
            ([whole, cuts]) => {
              const options = { boundary, tolerance, profile };
              const expected = comparable(referenceMultipart(whole, options));
              expect(comparable(multipartOutcome([whole], options))).toEqual(expected);
              expect(comparable(multipartOutcome(cut(whole, cuts), options))).toEqual(expected);
              expect(
                comparable(
                  multipartOutcome(
                    Array.from(whole, (octet) => Uint8Array.of(octet)),
                    options,
                  ),
                ),
              ).toEqual(expected);
            },
          ),
          { numRuns: 1500 },
        );
      });
    }
  }

  test("at every single cut of a body that has everything", () => {
    const whole = octets(
      "preamble\r\n--b \t\r\nA: 1\r\nB:2\r\n 3\r\n\r\nbody\r\n--bx\r\n--b-\r\n--b x\r\n\r\n--b\r\n\r\n--b\r\n\r\n\r\n--b--\r\nepilogue",
    );
    const options = { boundary: "b", tolerance: "strict" } as const;
    const expected = comparable(referenceMultipart(whole, options));
    for (const { name, chunks } of chunkings(whole)) {
      expect(comparable(multipartOutcome(chunks, options)), name).toEqual(expected);
    }
  });
});
