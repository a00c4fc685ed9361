import type { Entry } from "./assembly.ts";
import type { Call } from "./call.ts";
import { isFailure } from "./correlator.ts";
import type { Answer, Correlator, Match, OnUnexpected, Remainder } from "./correlator.ts";
import type { OperationPlace } from "./operation.ts";

/** A group whose answers are being read. */
interface OpenGroup {
  /** The group's name in the answer. */
  readonly name: string;
  readonly first: Answer;
  /** Answers so far. */
  count: number;
}

/**
 * By position: an answer is that of the request at its place, and a change set that of the group at
 * its place. One failure in place of a change set, or alone in it, is that of all its operations.
 */
export class PositionCorrelator implements Correlator {
  /** Operations, those of a group together. */
  readonly #units: Entry[][] = [];
  readonly #onUnexpected: OnUnexpected;
  #unit = 0;
  #open: OpenGroup | undefined;
  /** Whether answers cannot be those at their places. */
  #isLost = false;

  constructor(entries: readonly Entry[], onUnexpected: OnUnexpected) {
    this.#onUnexpected = onUnexpected;
    for (const entry of entries) {
      const last = this.#units.at(-1);
      if (entry.group !== undefined && last?.[0]!.group === entry.group) last.push(entry);
      else this.#units.push([entry]);
    }
  }

  expected({ group }: OperationPlace): Call | undefined {
    const open = this.#open;
    if (open === undefined) return this.#units[this.#unit]?.[0]!.call;
    return open.name === group
      ? this.#units[this.#unit]?.[open.count]?.call
      : this.#units[this.#unit + 1]?.[0]!.call;
  }

  take(answer: Answer): Match[] {
    const { group } = answer;
    const before = this.#open !== undefined && this.#open.name !== group ? this.#close() : [];
    const unit = this.#isLost ? undefined : this.#units[this.#unit];
    if (unit === undefined) return [...before, ...this.#unexpected(answer)];
    if (group === undefined) {
      if (unit.length > 1 && !isFailure(answer)) {
        this.#isLost = true;
        return [...before, ...this.#unexpected(answer)];
      }
      this.#unit++;
      return [...before, ...unit.map(({ call }) => ({ call, answer }))];
    }
    this.#open ??= { name: group, first: answer, count: 0 };
    const entry = unit[this.#open.count++];
    if (entry === undefined) return [...before, ...this.#unexpected(answer)];
    return [...before, { call: entry.call, answer }];
  }

  end(isComplete: boolean): Remainder {
    const matches = isComplete && this.#open !== undefined ? this.#close() : [];
    return { matches, isAmbiguous: this.#isLost };
  }

  /** The end of a change set. */
  #close(): Match[] {
    const { first, count } = this.#open!;
    this.#open = undefined;
    const unit = this.#units[this.#unit++]!;
    if (count > 1 || !isFailure(first)) return [];
    return unit.slice(1).map(({ call }) => ({ call, answer: first }));
  }

  #unexpected(answer: Answer): Match[] {
    this.#onUnexpected?.(answer);
    return [];
  }
}
