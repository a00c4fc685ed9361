import type { Origin, ToleranceOptions } from "../deviation.ts";
import type { Budget, LimitsInit } from "../limits.ts";

/** How {@link JsonArrayParser} reads. */
export interface JsonArrayParserOptions extends ToleranceOptions {
  /**
   * Names that the wanted array may have in the envelope, an object; the first that comes counts.
   * Default: there is no envelope, the text is the array.
   */
  key?: string | readonly string[] | undefined;
  limits?: LimitsInit | undefined;
  /** Where the text lies in an enclosing input. */
  origin?: Readonly<Origin> | undefined;
  /** What this text and its enclosing input use up together; goes before `limits`. */
  budget?: Budget | undefined;
}

/**
 * The names that the options ask for; `undefined` if there is no envelope.
 *
 * @throws {TypeError} `key` is neither a string nor strings, or there are none.
 */
export function keysOf(key: string | readonly string[] | undefined): readonly string[] | undefined {
  if (key === undefined) return undefined;
  const keys = typeof key === "string" ? [key] : key;
  if (!Array.isArray(keys) || keys.length === 0 || keys.some((name) => typeof name !== "string"))
    throw new TypeError(`Option "key" must be a string or an array of strings, not ${JSON.stringify(key)}`);
  return [...keys];
}
