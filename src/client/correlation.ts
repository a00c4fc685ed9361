import type { Entry } from "./assembly.ts";
import type { Correlator, OnUnexpected } from "./correlator.ts";
import { idKeyOf } from "../batch/content-id.ts";
import { correlatesById } from "../batch/dialect.ts";
import type { Dialect } from "../batch/dialect.ts";
import { IdCorrelator } from "./id-correlation.ts";
import { PositionCorrelator } from "./position-correlation.ts";

/**
 * @param asked - The dialect of the batch.
 * @param answered - That of its answer, by whose rule the answers are told apart.
 */
export function createCorrelator(
  entries: readonly Entry[],
  asked: Dialect,
  answered: Dialect,
  onUnexpected: OnUnexpected,
): Correlator {
  const key = idKeyOf(asked, answered);
  const hasIds = entries.every(({ id }) => id !== undefined);
  if (!correlatesById(answered) || !hasIds) return new PositionCorrelator(entries, key, onUnexpected);
  return new IdCorrelator(entries, {
    key,
    isOrdered: asked.order !== "any" && answered.order !== "any",
    isPositional: !correlatesById(asked),
    onUnexpected,
  });
}
