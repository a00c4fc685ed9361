import { expect } from "vitest";
import { octets } from "./chunkings.ts";

/** What a reader and its reference have in common. */
interface Ending {
  error?: { code: string; offset: number };
  deviations: { code: string; offset: number }[];
}

/** Every string of up to `length` pieces of `alphabet`, between `prefix` and `suffix`. */
export interface Shape {
  alphabet: readonly string[];
  length: number;
  prefix?: string;
  suffix?: string;
}

/** How many inputs ended in `ok`, with deviations or without, and in each `!error`; how many had each `~deviation`. */
export type Histogram = Record<string, number>;

/** Findings and ending of an outcome, for comparing. */
export function endingLine({ error, deviations }: Ending): string {
  const found = deviations.map(({ code, offset }) => `~${code}@${offset}`);
  return [...found, error === undefined ? "ok" : `!${error.code}@${error.offset}`].join(" ");
}

/**
 * Reads every input of a shape: whole, and cut in two at a place that moves on from input to input.
 * Each must be read as the reference reads it; `lineOf` says what of it.
 */
export function exhaust<Outcome extends Ending>(
  { alphabet, length, prefix = "", suffix = "" }: Shape,
  read: (chunks: readonly Uint8Array[]) => Outcome,
  reference: (input: Uint8Array) => Outcome,
  lineOf: (outcome: Outcome) => string,
): Histogram {
  const counts = new Map<string, number>();
  const count = (key: string): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);
  let inputs = 0;
  const visit = (text: string, left: number): void => {
    const input = octets(prefix + text + suffix);
    const at = ++inputs % (input.length + 1);
    const outcome = reference(input);
    const expected = lineOf(outcome);
    const results = [[input], [input.subarray(0, at), input.subarray(at)]].map((chunks) =>
      lineOf(read(chunks)),
    );
    if (results.some((result) => result !== expected)) {
      const failed = { input: prefix + text + suffix, at };
      expect({ ...failed, results }).toEqual({ ...failed, results: [expected, expected] });
    }
    const { error, deviations } = outcome;
    if (error === undefined) count(deviations.length === 0 ? "ok" : "ok with deviations");
    else count(`!${error.code}`);
    for (const code of new Set(deviations.map((deviation) => `~${deviation.code}`))) count(code);
    if (left > 0) for (const piece of alphabet) visit(text + piece, left - 1);
  };
  visit("", length);
  return Object.fromEntries([...counts].sort());
}
