/** Milliseconds, 25 days: a timer of more fires at once. */
export const LONGEST_TIMER: number = 2 ** 31 - 1;

/** @throws {RangeError} The option `name` is not a number of at least `least`. */
export function assertAtLeast(least: number, name: string, value: number): void {
  if (typeof value === "number" && value >= least) return;
  throw new RangeError(`Option ${name} must be a number of at least ${least}, not ${String(value)}`);
}

/** @throws {TypeError} The option `name` is neither left out nor one of `words`. */
export function assertWord<Word>(words: readonly Word[], name: string, value: Word | undefined): void {
  if (value === undefined || words.includes(value)) return;
  const choice = words.map((word) => JSON.stringify(word)).join(" or ");
  throw new TypeError(`Option ${name} must be ${choice}, not ${String(value)}`);
}
