import type { Call } from "./call.ts";
import type { Dialect } from "../batch/dialect.ts";
import { IdGiver } from "../batch/id-giver.ts";
import type { Operation } from "../batch/operation.ts";

/** An operation of a batch as it is sent. */
export interface Entry {
  readonly call: Call;
  /** What its answer is found by, where the envelope has ids. */
  readonly id: string | undefined;
  readonly group: string | undefined;
}

export interface Assembly {
  readonly entries: readonly Entry[];
  readonly operations: readonly Operation<"request">[];
  /** Whether the batch is one atomic group as a whole, which a member of the envelope says. */
  readonly isAtomic: boolean;
}

/** The operations of a batch: those that lack an id where the envelope has ids are numbered. */
export function assemble(calls: readonly Call[], dialect: Dialect): Assembly {
  const isAtomic = dialect.atomicMember !== undefined && calls.some(({ links }) => links.group !== undefined);
  const ids = new IdGiver(
    dialect,
    calls.map(({ links }) => links),
  );
  const entries = calls.map((call, index) => {
    const { id = ids.next() } = call.links;
    return { call, id, group: groupOf(call, dialect, index) };
  });
  const operations = entries.map(({ call, id, group }) => ({
    ...call.links,
    id,
    group,
    message: call.message,
  }));
  return { entries, operations, isAtomic };
}

/** The group that a call is written in. */
export function groupOf({ links, message }: Call, dialect: Dialect, index: number): string | undefined {
  // The batch as a whole is.
  if (dialect.atomicMember !== undefined) return undefined;
  // What is no query must be in a change set, be it alone.
  const own = dialect.oneGroup === true && message.method !== "GET" ? `group ${index}` : undefined;
  return links.group ?? own;
}
