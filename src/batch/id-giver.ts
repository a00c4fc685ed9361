import { createId, idKeyOf } from "./content-id.ts";
import type { IdKey } from "./content-id.ts";
import type { Dialect } from "./dialect.ts";
import type { Operation, OperationLinks } from "./operation.ts";

/** Gives ids to operations that have none: numbers that are nobody's, as far as is known. */
export class IdGiver {
  readonly #taken: Set<string> = new Set();
  readonly #dialect: Dialect;
  readonly #key: IdKey;
  #known: readonly OperationLinks[];
  #number = 0;

  /** `known` are operations that will come. */
  constructor(dialect: Dialect, known: readonly OperationLinks[] = []) {
    this.#dialect = dialect;
    this.#key = idKeyOf(dialect);
    this.#known = known;
  }

  /** Says what names an operation has: an id may be that of no group, either (OData JSON Format 4.01 §19.1). */
  take({ id, group }: OperationLinks): void {
    this.#take(id);
    this.#take(group);
  }

  #take(name: string | undefined): void {
    if (name !== undefined) this.#taken.add(this.#key(name));
  }

  /** The next id; `undefined` if operations of the dialect have none. */
  next(): string | undefined {
    // Not before: where every operation has an id, or none, nobody asks.
    for (const links of this.#known) this.take(links);
    this.#known = [];
    for (;;) {
      const id = this.#create(this.#number++);
      if (id === undefined || !this.#taken.has(this.#key(id))) return id;
    }
  }

  #create(index: number): string | undefined {
    const { envelope } = this.#dialect;
    if (envelope.format === "multipart") {
      return envelope.contentId === undefined ? undefined : createId(envelope.contentId, index);
    }
    return envelope.members.request.id === undefined ? undefined : String(index + (envelope.firstId ?? 1));
  }
}

/** An operation with an id, where it must have one: a request whose envelope has ids. */
export function withId(operation: Operation, ids: IdGiver): Operation {
  if (operation.message.kind === "response") return operation;
  ids.take(operation);
  if (operation.id !== undefined) return operation;
  const id = ids.next();
  return id === undefined ? operation : { ...operation, id };
}
