import type { Entry } from "./assembly.ts";
import type { Call } from "./call.ts";
import type { IdKey } from "../batch/content-id.ts";
import { isFailure } from "./correlator.ts";
import type { Answer, Correlator, Match, OnUnexpected, Remainder } from "./correlator.ts";
import type { OperationPlace } from "../batch/operation.ts";
import { PositionCorrelator } from "./position-correlation.ts";

export interface IdCorrelatorOptions {
  key: IdKey;
  /** Whether the system answers in the order of the requests, as far as it is known to. */
  isOrdered: boolean;
  /** Whether the batch is of a dialect whose ids need not be answered. */
  isPositional: boolean;
  onUnexpected: OnUnexpected;
}

/**
 * By id. An answer without one waits for the end, where it is matched if it can be but one call's:
 * the last one that is missing; or, in a system that answers in order, the one at its place, where
 * there are as many answers as calls and all ids are at theirs.
 */
export class IdCorrelator implements Correlator {
  readonly #entries: readonly Entry[];
  readonly #options: IdCorrelatorOptions;
  readonly #places: Map<string, number> = new Map();
  readonly #missing: Set<Entry>;
  readonly #groups: Map<string, Entry[]> = new Map();
  readonly #held: { answer: Answer; place: number }[] = [];
  /** A failure in each group, which is the failure of those of it that have no answer. */
  readonly #failures: Map<string, Answer> = new Map();
  #total = 0;
  /** Whether every id has been at the place of its request. */
  #inOrder = true;

  constructor(entries: readonly Entry[], options: IdCorrelatorOptions) {
    this.#entries = entries;
    this.#options = options;
    this.#missing = new Set(entries);
    for (const [place, entry] of entries.entries()) {
      this.#places.set(this.#options.key(entry.id!), place);
      if (entry.group === undefined) continue;
      const members = this.#groups.get(entry.group);
      if (members === undefined) this.#groups.set(entry.group, [entry]);
      else members.push(entry);
    }
  }

  expected({ id, index }: OperationPlace): Call | undefined {
    const place = id === undefined ? index : this.#places.get(this.#options.key(id));
    return place === undefined ? undefined : this.#entries[place]?.call;
  }

  take(answer: Answer): Match[] {
    const place = this.#total++;
    const wanted = answer.id === undefined ? undefined : this.#places.get(this.#options.key(answer.id));
    if (wanted === undefined) return this.#takeUnknown(answer, place);
    this.#inOrder &&= wanted === place;
    return this.#match(this.#entries[wanted]!, answer);
  }

  end(isComplete: boolean): Remainder {
    if (!isComplete) return { matches: [], isAmbiguous: this.#held.length > 0 };
    const held = this.#held;
    const count = this.#entries.length;
    const matches = this.#groupFailures();
    if (held.length === 0) return { matches, isAmbiguous: false };
    const [only] = held;
    const isNoneKnown = this.#missing.size === count;
    if (this.#total === 1 && count > 1 && only!.answer.id === undefined && isFailure(only!.answer)) {
      return { matches, isAmbiguous: false, whole: only!.answer };
    }
    if (isNoneKnown && this.#options.isPositional) return this.#byPosition();
    if (this.#total === count && this.#missing.size === held.length && this.#canPlaceHeld()) {
      for (const { answer, place } of held) {
        const [last] = this.#missing;
        matches.push(...this.#match(held.length === 1 ? last! : this.#entries[place]!, answer));
      }
      return { matches, isAmbiguous: false };
    }
    for (const { answer } of held) this.#options.onUnexpected?.(answer);
    return { matches, isAmbiguous: this.#missing.size > 0 };
  }

  #match(entry: Entry, answer: Answer): Match[] {
    if (!this.#missing.delete(entry)) {
      this.#options.onUnexpected?.(answer);
      return [];
    }
    if (entry.group !== undefined && isFailure(answer)) this.#failures.set(entry.group, answer);
    return [{ call: entry.call, answer }];
  }

  /** An answer without an id, or with one that no request has. */
  #takeUnknown(answer: Answer, place: number): Match[] {
    const { isPositional, onUnexpected } = this.#options;
    const members = answer.id === undefined ? undefined : this.#groups.get(answer.id);
    if (members?.every((entry) => this.#missing.has(entry)) === true) {
      return members.flatMap((entry) => this.#match(entry, answer));
    }
    if (answer.id === undefined || isPositional) this.#held.push({ answer, place });
    else onUnexpected?.(answer);
    return [];
  }

  /** An atomic group fails as a whole. */
  #groupFailures(): Match[] {
    return [...this.#missing].flatMap((entry) => {
      const failure = entry.group === undefined ? undefined : this.#failures.get(entry.group);
      return failure === undefined ? [] : this.#match(entry, failure);
    });
  }

  #canPlaceHeld(): boolean {
    if (this.#held.some(({ answer }) => answer.id !== undefined)) return false;
    if (this.#held.length === 1) return true;
    const { isOrdered } = this.#options;
    return (
      isOrdered && this.#inOrder && this.#held.every(({ place }) => this.#missing.has(this.#entries[place]!))
    );
  }

  #byPosition(): Remainder {
    const { key, onUnexpected } = this.#options;
    const positions = new PositionCorrelator(this.#entries, key, onUnexpected);
    const matches = this.#held.flatMap(({ answer }) => positions.take(answer));
    const rest = positions.end(true);
    return { ...rest, matches: [...matches, ...rest.matches] };
  }
}
