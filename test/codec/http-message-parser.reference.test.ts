import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceHttpMessage } from "../reference/http-message.ts";
import type { HttpMessageOutcome } from "../reference/http-message.ts";
import { arbitraryCuts, arbitraryHttpMessage, cut } from "../support/chunkings.ts";
import { httpOutcome } from "../support/outcome.ts";

const text = (octets: Uint8Array): string => String.fromCharCode(...octets);
const comparable = ({ body, remainder, ...outcome }: HttpMessageOutcome): unknown => ({
  ...outcome,
  body: text(body),
  remainder: remainder === undefined ? undefined : text(remainder),
});

describe("the HTTP message parser agrees with the reference", () => {
  for (const tolerance of ["strict", "lenient"] as const) {
    for (const within of ["part", "message"] as const) {
      for (const requestMethod of [undefined, "HEAD", "CONNECT"]) {
        test(`on arbitrary input in any chunking: ${tolerance}, within ${within}, answer to ${requestMethod}`, () => {
          fc.assert(
            fc.property(
              arbitraryHttpMessage().chain((whole) =>
                fc.tuple(fc.constant(whole), arbitraryCuts(whole.length)),
              ),
              ([whole, cuts]) => {
                const options = { tolerance, within, requestMethod };
                const expected = comparable(referenceHttpMessage(whole, options));
                expect(comparable(httpOutcome([whole], options))).toEqual(expected);
                expect(comparable(httpOutcome(cut(whole, cuts), options))).toEqual(expected);
                expect(
                  comparable(
                    httpOutcome(
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
  }
});
