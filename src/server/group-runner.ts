import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import type { OperationRead } from "../batch/operation.ts";
import { FAILED_DEPENDENCY } from "./operation-runner.ts";
import type { OperationRunner, Settled } from "./operation-runner.ts";
import { idKeyOf } from "../batch/content-id.ts";
import type { Outcome } from "./references.ts";
import { dropBody } from "../stream/outgoing-body.ts";

/** An atomic group, as its transaction is begun. */
export interface AtomicGroup {
  readonly name: string;
  readonly operations: number;
  readonly dialect: string;
}

/**
 * How atomic groups are made atomic. Without it a group of more than one operation is answered 501,
 * for to run its operations all the same would break the promise.
 */
export interface AtomicGroups<Transaction, Context extends unknown[] = []> {
  /** What it answers is the `transaction` of `operationOf(request)`. */
  begin(group: AtomicGroup, ...context: Context): Transaction | Promise<Transaction>;
  /** All operations have succeeded. What it throws fails the group. */
  commit(transaction: Transaction): void | Promise<void>;
  /** An operation has failed, or `commit` has. */
  rollback(transaction: Transaction): void | Promise<void>;
}

export interface GroupRunnerOptions<Context extends unknown[]> {
  dialect: Dialect;
  /** The dialect that the answers are written in, which has the shape of a failure. */
  answerDialect: Dialect;
  runner: OperationRunner<Context>;
  atomic: AtomicGroups<unknown, Context> | undefined;
  context: Context;
}

/** Runs the operations of a group one after the other, in a transaction. */
export class GroupRunner<Context extends unknown[]> {
  readonly #options: GroupRunnerOptions<Context>;

  constructor(options: GroupRunnerOptions<Context>) {
    this.#options = options;
  }

  /**
   * One answer for each operation; or a single one for all, where the group fails and the dialect of
   * the answers has it so. Adds to `outcomes` those of its operations that succeed, for the operations behind them.
   */
  async run(
    name: string,
    operations: readonly OperationRead<"request">[],
    outcomes: Map<string, Outcome>,
  ): Promise<Settled[]> {
    const { dialect, runner, atomic, context } = this.#options;
    if (atomic === undefined) {
      const [only] = operations;
      // One operation is atomic by itself.
      if (operations.length === 1) {
        const settled = [await runner.run(only!, outcomes)];
        return settled[0]!.outcome.succeeded ? settled : this.#failed(operations, settled);
      }
      return this.#failed(operations, [runner.refuse(only!, NOT_ATOMIC)]);
    }
    const { stopped } = runner;
    if (stopped !== undefined) return this.#failed(operations, [runner.refuse(operations[0]!, stopped)]);
    const group = { name, operations: operations.length, dialect: dialect.name };
    const begun = call(() => atomic.begin(group, ...context));
    let transaction: unknown;
    try {
      transaction = await runner.untilStopped(begun);
    } catch (error) {
      // One that begins too late must not stay open.
      if (runner.stopped !== undefined)
        begun.then((late) => atomic.rollback(late)).catch((reason) => runner.report(reason));
      return this.#failedAtOnce(operations, error);
    }
    const settled = await this.#runAll(operations, outcomes, transaction);
    const hasSucceeded = settled.length === operations.length && settled.at(-1)!.outcome.succeeded;
    if (!hasSucceeded) {
      await this.#rollback(atomic, transaction);
      return this.#failed(operations, settled);
    }
    const committed = call(() => {
      // Of a batch that was given up meanwhile nothing is to take effect.
      if (runner.stopped !== undefined) throw runner.stopped;
      return atomic.commit(transaction);
    });
    try {
      await runner.untilStopped(committed);
      return settled;
    } catch (error) {
      // What is still being committed cannot be rolled back, too, unless it fails.
      if (runner.stopped === undefined) await this.#rollback(atomic, transaction);
      else committed.catch(() => this.#rollback(atomic, transaction));
      for (const { answer } of settled) dropBody(answer.message.body);
      return this.#failedAtOnce(operations, error);
    }
  }

  async #rollback(atomic: AtomicGroups<unknown, Context>, transaction: unknown): Promise<void> {
    const { runner } = this.#options;
    const rolledBack = call(() => atomic.rollback(transaction)).catch((error) => runner.report(error));
    await runner.untilStopped(rolledBack).catch(() => {});
  }

  /** The answers of a group whose transaction has failed, or was stopped. */
  #failedAtOnce(operations: readonly OperationRead<"request">[], error: unknown): Settled[] {
    const { runner } = this.#options;
    if (runner.stopped === undefined) runner.report(error);
    return this.#failed(operations, [runner.refuse(operations[0]!, runner.stopped ?? GROUP_FAILED)]);
  }

  /** The operations up to the first that fails. */
  async #runAll(
    operations: readonly OperationRead<"request">[],
    outcomes: Map<string, Outcome>,
    transaction: unknown,
  ): Promise<Settled[]> {
    const { dialect, runner } = this.#options;
    const key = idKeyOf(dialect);
    const settled: Settled[] = [];
    for (const operation of operations) {
      const result = await runner.run(operation, outcomes, transaction);
      settled.push(result);
      if (!result.outcome.succeeded) break;
      if (operation.id !== undefined) outcomes.set(key(operation.id), result.outcome);
    }
    return settled;
  }

  /** The answers of a group whose last settled operation has failed. */
  #failed(operations: readonly OperationRead<"request">[], settled: readonly Settled[]): Settled[] {
    const { answerDialect, runner } = this.#options;
    const last = settled.at(-1)!;
    for (const { answer } of settled.slice(0, -1)) dropBody(answer.message.body);
    if (answerDialect.groupFailure === "once") {
      return [
        {
          ...last,
          answer: { ...last.answer, group: answerDialect.oneGroup === true ? last.answer.group : undefined },
        },
      ];
    }
    const { rolledBack = FAILED_DEPENDENCY } = answerDialect;
    return operations.map((operation, i) => {
      return i === settled.length - 1 ? last : runner.refuse(operation, rolledBack);
    });
  }
}

/** What a function comes to, whether it throws or rejects. */
async function call<Value>(action: () => Value | Promise<Value>): Promise<Value> {
  return action();
}

const NOT_ATOMIC: BatchProblem = {
  status: 501,
  code: "atomic-groups-not-supported",
  message: "Atomic groups are not supported here",
};

const GROUP_FAILED: BatchProblem = {
  status: 500,
  code: "internal-error",
  message: "Atomic group has failed",
};
