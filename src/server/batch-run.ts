import { BatchwireError } from "../errors.ts";
import { letGo, withId, withoutHeldBody } from "./admission.ts";
import { AnswerQueue } from "./answer-queue.ts";
import type { BatchInfo } from "./batch-hooks.ts";
import { idKeyOf } from "../batch/content-id.ts";
import type { IdKey } from "../batch/content-id.ts";
import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import { HeldBody } from "../batch/held-body.ts";
import { GroupRunner } from "./group-runner.ts";
import type { AtomicGroups } from "./group-runner.ts";
import type { OperationRead } from "../batch/operation.ts";
import type { OperationReader } from "../batch/operation-reader.ts";
import type { OperationRunner, Settled } from "./operation-runner.ts";
import { dependencies } from "./references.ts";
import type { Outcome } from "./references.ts";
import { dropBody } from "../stream/outgoing-body.ts";
import type { Answer } from "./response-operation.ts";
import { UnitQueue } from "./unit-queue.ts";
import type { Unit } from "./unit-queue.ts";

type RequestOperation = OperationRead<"request">;

/** An operation, or all operations of an atomic group. */
interface OperationUnit extends Unit {
  operations: readonly RequestOperation[];
  group: string | undefined;
  /** What it is refused with in its turn. */
  problem: BatchProblem | undefined;
  place: (answers: readonly Answer[]) => void;
}

export interface BatchRunOptions<Context extends unknown[]> {
  dialect: Dialect;
  /** The dialect that the answers are written in. */
  answerDialect: Dialect;
  reader: OperationReader<"request">;
  runner: OperationRunner<Context>;
  atomic: AtomicGroups<unknown, Context> | undefined;
  context: Context;
  concurrency: number;
  /** Operations whose answers wait to be written; beyond them none is started. */
  maxPending: number;
  /** Octets of a body that are held; one that has more is streamed. */
  maxBufferedBytes: number;
  /** Octets of bodies that wait to be run. */
  maxQueuedBytes: number;
  whole: boolean;
  /** Whether a failed operation ends the batch, as far as its request says; an envelope's member may. */
  stopOnFailure: boolean;
  /** Counts what is read and what fails. */
  info: Pick<BatchInfo, "operations" | "failed">;
  /** Something has failed that should not: the batch cannot go on. */
  onFailure: (error: unknown) => void;
}

/**
 * A batch on its way through: operations are read, wait in a queue, run, and are answered in order.
 *
 * Reading never waits for the answers to be read, for a client may send all before it reads
 * anything: it waits for running operations at most, and fails where only the client could help.
 */
export class BatchRun<Context extends unknown[]> {
  readonly answers: AnswerQueue<Answer>;
  readonly #options: BatchRunOptions<Context>;
  readonly #units: UnitQueue<OperationUnit>;
  readonly #groups: GroupRunner<Context>;
  readonly #outcomes: Map<string, Outcome> = new Map();
  readonly #key: IdKey;
  /** Names of groups whose operations do not follow each other. */
  #scattered: ReadonlySet<string> = new Set();
  /** Operations of the group that is being read. */
  #openGroup: RequestOperation[] = [];
  #openOctets = 0;
  #stopOnFailure: boolean;
  /** Whether what has not been run will not be. */
  #halted = false;

  constructor(options: BatchRunOptions<Context>, onEnd: (completed: boolean) => void) {
    const { dialect, concurrency } = options;
    const { order = "request", execution = "parallel", forwardDependencies: forward = false } = dialect;
    this.#options = options;
    this.#key = idKeyOf(dialect);
    this.#stopOnFailure = options.stopOnFailure;
    this.#groups = new GroupRunner(options);
    const mayStop = options.stopOnFailure || dialect.onFailureSwitch?.stopMember !== undefined;
    this.answers = new AnswerQueue({
      inOrder: order === "request",
      mayOmit: mayStop && dialect.skipped === undefined,
      onTaken: (operations) => this.#units.widen(operations),
      onEnd,
      onDropped: ({ message }) => dropBody(message.body),
    });
    this.#units = new UnitQueue({
      concurrency: execution === "serial" ? 1 : concurrency,
      forward,
      // With dependencies on what comes later, the first answer may wait for any of them.
      window: forward ? Infinity : options.maxPending,
      run: (unit) => this.#run(unit),
      refuse: (unit) => this.#refuse(unit, UNKNOWN_DEPENDENCY),
    });
  }

  /** Reads and runs the batch; rejects with what is wrong with its envelope, once all else is stopped. */
  async run(): Promise<void> {
    const { dialect, answerDialect, reader, whole, info, maxBufferedBytes, maxQueuedBytes } = this.#options;
    const held: RequestOperation[] = [];
    let octets = 0;
    let holds = whole;
    for (;;) {
      if (!holds && this.#queuedOctets > maxQueuedBytes) await this.#room();
      const { done, value: operation } = await reader.next();
      if (done === true) break;
      info.operations++;
      // In JSON an operation of the group may still stand anywhere behind it.
      holds ||= operation.group !== undefined && dialect.envelope.format === "json";
      if (!holds) {
        this.#admit(withId(operation, answerDialect));
        continue;
      }
      held.push(withId(operation, answerDialect));
      // It could only be read by running the operation, which waits for what is behind it.
      if (operation.message?.body instanceof HeldBody) throw tooMuch("maxBufferedBytes", maxBufferedBytes);
      octets += octetsOf(operation);
      if (octets > maxQueuedBytes) throw tooMuch("maxQueuedBytes", maxQueuedBytes);
    }
    this.#readMembers();
    const grouped = this.#inOneGroup(held);
    this.#scattered = scatteredGroups(grouped);
    for (const operation of grouped) this.#admit(operation);
    this.closeGroup();
    this.#units.close();
    this.answers.close();
  }

  /** What of the envelope's members changes how its operations are run. */
  #readMembers(): void {
    const { dialect, reader } = this.#options;
    const stopMember = dialect.onFailureSwitch?.stopMember;
    if (stopMember !== undefined && reader.members.get(stopMember) === true) this.#stopOnFailure = true;
  }

  /** The operations, in one atomic group where the dialect or the envelope says so. */
  #inOneGroup(operations: RequestOperation[]): RequestOperation[] {
    const { dialect, reader } = this.#options;
    const { atomicMember, oneGroup } = dialect;
    const isAtomic = atomicMember !== undefined && reader.members.get(atomicMember) === true;
    if (!isAtomic && (oneGroup !== true || operations.length < 2)) return operations;
    return operations.map((operation) => ({ ...operation, group: operation.group ?? "batch" }));
  }

  get #queuedOctets(): number {
    return this.#units.octets + this.#openOctets;
  }

  /** Waits until what is queued is within bounds. A group is not run before it has been read: it makes no room. */
  async #room(): Promise<void> {
    const { maxQueuedBytes } = this.#options;
    while (this.#queuedOctets > maxQueuedBytes) {
      const willChange = this.#units.running > 0 && this.#openOctets <= maxQueuedBytes;
      if (!willChange) throw tooMuch("maxQueuedBytes", maxQueuedBytes);
      await this.#units.change();
    }
  }

  #admit(operation: RequestOperation): void {
    const { group } = operation;
    if (this.#openGroup[0] !== undefined && this.#openGroup[0].group !== group) this.closeGroup();
    if (group === undefined) {
      this.#add([operation], undefined);
    } else if (this.#scattered.has(group)) {
      this.#add([operation], undefined, SCATTERED_GROUP);
    } else {
      const held = withoutHeldBody(operation, this.#options.maxBufferedBytes);
      this.#openGroup.push(held);
      this.#openOctets += octetsOf(held);
    }
  }

  /** Runs the group that is being read: no operation of it follows. */
  closeGroup(): void {
    const operations = this.#openGroup;
    const group = operations[0]?.group;
    if (group === undefined) return;
    this.#openGroup = [];
    this.#openOctets = 0;
    this.#add(operations, group);
  }

  #add(operations: readonly RequestOperation[], group: string | undefined, problem?: BatchProblem): void {
    const { references = false } = this.#options.dialect;
    // Without an id nothing but its place tells what an answer is to.
    if (operations.some(({ id }) => id === undefined)) this.answers.keepOrder();
    const size = operations.length;
    const place = this.answers.reserve(size);
    const keys = this.#keysOf(operations, group);
    const needed = new Set(
      operations.flatMap((operation) => [...dependencies(operation, references, this.#key)]),
    );
    // Within a group they run one after the other.
    if (group !== undefined) for (const key of keys) needed.delete(key);
    const octets = operations.reduce((sum, operation) => sum + octetsOf(operation), 0);
    this.#units.add({ operations, group, problem, keys, dependencies: needed, size, octets, place });
    // Nothing can be read behind such a body, so that it must not wait for the answers to be.
    if (operations[0]!.message?.body instanceof HeldBody) this.#units.open();
  }

  /** What others depend on it by: a name that was another's before is not that of what is refused. */
  #keysOf(operations: readonly RequestOperation[], group: string | undefined): string[] {
    return operations.flatMap(({ id, error }) => {
      const names = [group, id].filter((name) => name !== undefined);
      const keys = names.map((name) => this.#key(name));
      return error === undefined ? keys : keys.filter((key) => !this.#units.has(key));
    });
  }

  /** Does not reject. */
  async #run(unit: OperationUnit): Promise<void> {
    const { operations, group, problem } = unit;
    const { runner, onFailure } = this.#options;
    try {
      if (this.#halted) this.#skip(unit);
      else if (problem !== undefined) this.#refuse(unit, problem);
      else if (group !== undefined)
        this.#settle(unit, await this.#groups.run(group, operations, this.#outcomes));
      else this.#settle(unit, [await runner.run(operations[0]!, this.#outcomes)]);
    } catch (error) {
      onFailure(error);
    }
  }

  #settle(unit: OperationUnit, all: readonly Settled[]): void {
    const succeeded = all.every(({ outcome }) => outcome.succeeded);
    for (const key of unit.keys) this.#outcomes.set(key, { succeeded });
    // Of a failed group no operation has taken effect.
    if (succeeded) {
      unit.operations.forEach(({ id }, i) => {
        if (id !== undefined) this.#outcomes.set(this.#key(id), all[i]!.outcome);
      });
    }
    if (!succeeded && this.#stopOnFailure) this.#halted = true;
    this.#answer(unit, all);
  }

  /** An operation behind a failed one that ends the batch. */
  #skip(unit: OperationUnit): void {
    const { skipped } = this.#options.dialect;
    letGo(unit.operations);
    if (skipped === undefined) this.#answer(unit, []);
    else this.#answer(unit, this.#problems(unit, skipped));
  }

  /** Answers what cannot be run, in its turn: like any other failure it may end the batch. */
  #refuse(unit: OperationUnit, problem: BatchProblem): void {
    if (this.#halted) {
      this.#skip(unit);
      return;
    }
    if (this.#stopOnFailure) this.#halted = true;
    letGo(unit.operations);
    try {
      this.#answer(unit, this.#problems(unit, problem));
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  #problems({ operations }: OperationUnit, problem: BatchProblem): Settled[] {
    return operations.map((operation) => this.#options.runner.refuse(operation, problem));
  }

  #answer({ place, group }: OperationUnit, settled: readonly Settled[]): void {
    for (const { outcome } of settled) if (!outcome.succeeded) this.#options.info.failed++;
    // That the whole batch is one group is not said in its answers.
    const hides = !expressesGroups(this.#options.answerDialect);
    place(
      settled.map(({ answer }, i) => {
        if (answer.group === undefined) return answer;
        if (hides) return { ...answer, group: undefined };
        // Of a group that is scattered each is a unit of its own.
        return { ...answer, endsGroup: group !== undefined && i === settled.length - 1 };
      }),
    );
  }
}

const UNKNOWN_DEPENDENCY: BatchProblem = {
  status: 400,
  code: "unknown-dependency",
  message: "Operation depends on one that is not in front of it, or on itself",
};

const SCATTERED_GROUP: BatchProblem = {
  status: 400,
  code: "scattered-group",
  message: "The operations of a group must follow each other",
};

function scatteredGroups(operations: readonly RequestOperation[]): Set<string> {
  const ended = new Set<string>();
  const scattered = new Set<string>();
  let last: string | undefined;
  for (const { group } of operations) {
    if (group === last) continue;
    if (last !== undefined) ended.add(last);
    if (group !== undefined && ended.has(group)) scattered.add(group);
    last = group;
  }
  return scattered;
}

function expressesGroups({ envelope }: Dialect): boolean {
  return envelope.format === "json"
    ? envelope.members.response.group !== undefined
    : envelope.changeSets === true;
}

/** Octets, about, of what nothing else bounds. */
function octetsOf({ message, dependsOn, condition = "" }: RequestOperation): number {
  const body = message?.body instanceof Uint8Array ? message.body.length : 0;
  return dependsOn.reduce((sum, name) => sum + name.length, body + condition.length);
}

function tooMuch(name: "maxBufferedBytes" | "maxQueuedBytes", value: number): BatchwireError {
  return new BatchwireError("limit-exceeded", {}, { limit: { name, value } });
}
