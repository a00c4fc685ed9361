import { HeaderList } from "../grammar/header-list.ts";
import { idKeyOf } from "../batch/content-id.ts";
import type { IdKey } from "../batch/content-id.ts";
import { BatchError } from "./batch-error.ts";
import type { Call } from "./call.ts";
import type { Dialect } from "../batch/dialect.ts";
import { isReference, referenceId } from "../batch/target.ts";

/** Calls that must be in one batch, in the order in which they are written. */
export interface Bundle {
  readonly calls: Call[];
  /** Why none of them can be sent. */
  readonly error: BatchError | undefined;
}

/**
 * Puts together what groups, dependencies and references hold together. The operations of a group
 * follow each other; but for that the order stays.
 */
export function bundlesOf(calls: readonly Call[], dialect: Dialect): Bundle[] {
  const bundling = new Bundling(calls, dialect);
  return bundling.bundles();
}

class Bundling {
  readonly #calls: readonly Call[];
  readonly #dialect: Dialect;
  readonly #key: IdKey;
  /** Union-find: the place of another call of the same bundle, or its own. */
  readonly #parents: number[];
  readonly #errors: Map<Call, BatchError> = new Map();
  /** Places of the first operation of each group, and of the last one of each id. */
  readonly #groups: Map<string, number> = new Map();
  readonly #ids: Map<string, number> = new Map();

  constructor(calls: readonly Call[], dialect: Dialect) {
    this.#calls = calls;
    this.#dialect = dialect;
    this.#key = idKeyOf(dialect);
    this.#parents = calls.map((_, place) => place);
    const later: (() => void)[] = [];
    for (const [place, { links, message }] of calls.entries()) {
      this.#join(place, links.group, this.#groups);
      for (const name of links.dependsOn ?? []) {
        if (this.#link(place, name)) continue;
        later.push(() => this.#linkLater(place, name));
      }
      if (dialect.references === true && isReference(message.target)) {
        const name = referenceId(message.target);
        if (!this.#link(place, name)) this.#fail(place, name);
      }
      const condition = new HeaderList(message.headers).get("if-match");
      if (dialect.references === true && condition?.startsWith("$") === true) {
        this.#link(place, condition.slice(1));
      }
      if (links.group !== undefined && !this.#groups.has(links.group)) this.#groups.set(links.group, place);
      if (links.id !== undefined) this.#ids.set(this.#key(links.id), place);
    }
    for (const link of later) link();
  }

  bundles(): Bundle[] {
    const bundles = new Map<number, Call[]>();
    for (const [place, call] of this.#calls.entries()) {
      const root = this.#root(place);
      const bundle = bundles.get(root);
      if (bundle === undefined) bundles.set(root, [call]);
      else bundle.push(call);
    }
    return [...bundles.values()].map((bundle) => ({
      calls: groupsTogether(bundle),
      error: bundle.map((call) => this.#errors.get(call)).find((error) => error !== undefined),
    }));
  }

  #link(place: number, name: string): boolean {
    const other = this.#ids.get(this.#key(name)) ?? this.#groups.get(name);
    if (other !== undefined) this.#union(place, other);
    return other !== undefined;
  }

  /** What comes behind the operation that depends on it. */
  #linkLater(place: number, name: string): void {
    if (this.#dialect.forwardDependencies !== true || !this.#link(place, name)) this.#fail(place, name);
  }

  #join(place: number, name: string | undefined, places: Map<string, number>): void {
    const other = name === undefined ? undefined : places.get(name);
    if (other !== undefined) this.#union(place, other);
  }

  #fail(place: number, name: string): void {
    const detail = `Operation depends on ${JSON.stringify(name)}, which is not in front of it in the batch`;
    const error = new BatchError("unknown-dependency", { executed: "no", detail });
    this.#errors.set(this.#calls[place]!, error);
  }

  #union(one: number, other: number): void {
    const [a, b] = [this.#root(one), this.#root(other)];
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  #root(place: number): number {
    const parents = this.#parents;
    while (parents[place] !== place) place = parents[place] = parents[parents[place]!]!;
    return place;
  }
}

/** Moves the operations of each group to its first one. */
function groupsTogether(calls: Call[]): Call[] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const { group } = call.links;
    if (group === undefined) continue;
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [call]);
    else members.push(call);
  }
  if (groups.size === 0) return calls;
  return calls.flatMap((call) => {
    const { group } = call.links;
    if (group === undefined) return call;
    const members = groups.get(group)!;
    return members[0] === call ? members : [];
  });
}

/** Whether the call can be sent without what stood before it. */
export function standsAlone({ links: { dependsOn = [], condition }, message }: Call): boolean {
  return dependsOn.length === 0 && condition === undefined && !isReference(message.target);
}
