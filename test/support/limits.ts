import { expect } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import type { Limits } from "../../src/limits.ts";
import { chunkings, octets } from "./chunkings.ts";
import type { EventLog } from "./event-log.ts";

/** No limit at all. */
export const infinite: Limits = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, Infinity]),
) as unknown as Limits;

/** A limit that `input` exceeds by one, and all that is told then. */
export type LimitRow<Options> = [
  what: string,
  name: keyof Limits,
  value: number,
  input: string,
  log: string[],
  options?: Partial<Options>,
];

/** Without where content begins: that is told elsewhere, and the pieces of content that a limit cut are one. */
export const withoutContentOffsets = (log: EventLog): EventLog =>
  log
    .replaceAll(/^(data|preamble|epilogue) @\d+/gm, "$1")
    .replaceAll(/^(data|preamble|epilogue) "(.*)"\n\1 "/gm, '$1 "$2');

/** Checks the row's limit, that one more is enough, and both in every chunking. */
export function expectExact(
  logOf: (chunks: readonly Uint8Array[], limits: Partial<Limits>) => EventLog,
  name: keyof Limits,
  value: number,
  input: string,
  log: string[],
): void {
  const exceeded = log.join("\n");
  expect(exceeded).toContain(`, 413, ${name} ${value}`);
  const whole = octets(input);
  const unlimited = logOf([whole], infinite);
  expect(unlimited).not.toContain("!");
  for (const { name: chunking, chunks } of chunkings(whole)) {
    expect(withoutContentOffsets(logOf(chunks, { [name]: value })), chunking).toBe(exceeded);
    expect(logOf(chunks, { [name]: value + 1 }), chunking).toBe(unlimited);
  }
}
