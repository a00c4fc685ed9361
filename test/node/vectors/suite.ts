/** One test a vector: what a strict and a lenient reader make of it against what it says. */
import { describe, expect, test } from "vitest";
import type { Tolerance } from "../../../src/deviation.ts";
import { readVectors } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import { aboveTheCodec, overruled } from "./overruled.ts";

/** `found` and `expected` hold only what the vector asserts, in the same form. */
export type Reading = { refused: string } | { found: unknown; expected: unknown };

export type Reader = (vector: Vector, tolerance: Tolerance) => Reading;

/** A reader of what lies above the sans-I/O machines. */
export type AsyncReader = (vector: Vector, tolerance: Tolerance) => Promise<Reading>;

/** Puts each vector of an area to `read`, which must itself assert that chunking does not matter. */
export function vectorSuite(area: string, read: Reader | AsyncReader): void {
  describe(area, () => {
    for (const vector of readVectors(area)) {
      test(`${vector.id} (${vector.mode}): ${vector.test}`, async () => {
        for (const tolerance of ["strict", "lenient"] as const) {
          const reading = await read(vector, tolerance);
          if (vector.mode === "any" || vector.mode === tolerance) judge(vector, tolerance, reading);
        }
      });
    }
  });
}

function judge({ id, expect: { ok, why } }: Vector, tolerance: Tolerance, reading: Reading): void {
  const instead = insteadOf(id, tolerance);
  if (instead !== undefined) {
    expect(passes(ok, reading), `${tolerance}: passes, so it is not overruled`).toBe(false);
    expect("refused" in reading ? reading.refused : "read", `${tolerance}: outcome`).toBe(instead);
  } else if (ok === false) {
    expect(reading, `${tolerance}: ${why}`).toEqual({ refused: expect.any(String) });
  } else if (ok === true) {
    expect(reading, tolerance).not.toHaveProperty("refused");
    if ("found" in reading) expect(reading.found, tolerance).toEqual(reading.expected);
  }
}

function insteadOf(id: string, tolerance: Tolerance): string | undefined {
  if (id in aboveTheCodec) return "read";
  return overruled[id]?.[tolerance];
}

function passes(ok: boolean | null, reading: Reading): boolean {
  if (ok === false || "refused" in reading) return ok === false && "refused" in reading;
  try {
    expect(reading.found).toEqual(reading.expected);
    return true;
  } catch {
    return false;
  }
}
