import type { Entry } from "./assembly.ts";
import type { Call } from "./call.ts";
import type { IdKey } from "../batch/content-id.ts";
import { isFailure } from "./correlator.ts";
import type { Answer, Correlator, Match, OnUnexpected, Remainder } from "./correlator.ts";
import type { OperationPlace } from "../batch/operation.ts";

/** A group whose answers are being read. */
class OpenGroup {
  /** The group's name in the answer. */
  readonly name: string;
  readonly #first: Answer;
  readonly #missing: Set<Entry>;
  readonly #ids: Map<string, Entry> = new Map();
  readonly #key: IdKey;
  #count = 0;

  constructor(name: string, first: Answer, unit: readonly Entry[], key: IdKey) {
    this.name = name;
    this.#first = first;
    this.#missing = new Set(unit);
    this.#key = key;
    for (const entry of unit) if (entry.id !== undefined) this.#ids.set(key(entry.id), entry);
  }

  /** Whose an answer with this id is: by its id, else the next one's. */
  expected(id: string | undefined): Entry | undefined {
    const entry = id === undefined ? undefined : this.#ids.get(this.#key(id));
    const [next] = this.#missing;
    return entry === undefined || this.#missing.has(entry) ? (entry ?? next) : undefined;
  }

  take({ id }: Answer): Entry | undefined {
    const entry = this.expected(id);
    if (entry !== undefined) this.#missing.delete(entry);
    this.#count++;
    return entry;
  }

  /** At the end of the group: one failure alone is that of all. */
  close(): Match[] {
    const answer = this.#first;
    if (this.#count > 1 || !isFailure(answer)) return [];
    return [...this.#missing].map(({ call }) => ({ call, answer }));
  }
}

/**
 * By position: an answer is that of the request at its place, and a change set that of the group at
 * its place. The operations of a change set are answered in any order: in it Content-IDs count, where
 * there are any (OData Protocol 4.01 §11.7.7). One failure in place of a change set, or alone in it,
 * is that of all its operations.
 */
export class PositionCorrelator implements Correlator {
  /** Operations, those of a group together. */
  readonly #units: Entry[][] = [];
  readonly #key: IdKey;
  readonly #onUnexpected: OnUnexpected;
  #unit = 0;
  #open: OpenGroup | undefined;
  /** Whether answers cannot be those at their places. */
  #isLost = false;

  constructor(entries: readonly Entry[], key: IdKey, onUnexpected: OnUnexpected) {
    this.#key = key;
    this.#onUnexpected = onUnexpected;
    for (const entry of entries) {
      const last = this.#units.at(-1);
      if (entry.group !== undefined && last?.[0]!.group === entry.group) last.push(entry);
      else this.#units.push([entry]);
    }
  }

  expected({ id, group }: OperationPlace): Call | undefined {
    const open = this.#open;
    if (open === undefined) return this.#units[this.#unit]?.[0]!.call;
    return open.name === group ? open.expected(id)?.call : this.#units[this.#unit + 1]?.[0]!.call;
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
    this.#open ??= new OpenGroup(group, answer, unit, this.#key);
    const entry = this.#open.take(answer);
    if (entry === undefined) return [...before, ...this.#unexpected(answer)];
    return [...before, { call: entry.call, answer }];
  }

  end(isComplete: boolean): Remainder {
    const matches = isComplete && this.#open !== undefined ? this.#close() : [];
    return { matches, isAmbiguous: this.#isLost };
  }

  #close(): Match[] {
    const matches = this.#open!.close();
    this.#open = undefined;
    this.#unit++;
    return matches;
  }

  #unexpected(answer: Answer): Match[] {
    this.#onUnexpected?.(answer);
    return [];
  }
}
