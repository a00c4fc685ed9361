import type { BatchwireError } from "../errors.ts";
import { setOperation, tell } from "./batch-hooks.ts";
import type { BatchHooks, BatchInfo, OperationInfo } from "./batch-hooks.ts";
import { idKeyOf } from "../batch/content-id.ts";
import type { IdKey } from "../batch/content-id.ts";
import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import { HeldBody, WatchedSource } from "../batch/held-body.ts";
import type { OperationPlace, OperationRead, RequestRead } from "../batch/operation.ts";
import { lengthOf } from "../stream/outgoing-body.ts";
import { conditionHolds, dependencies, refersToNothing, resolveReferences } from "./references.ts";
import type { Outcome, Outcomes } from "./references.ts";
import { answerOf, answerOfProblem } from "./response-operation.ts";
import type { Answer } from "./response-operation.ts";
import { Running, timerOf } from "./running.ts";
import { subRequest } from "./sub-request.ts";
import type { SubRequestRules } from "./sub-request.ts";

const FAILED: BatchProblem = { status: 500, code: "internal-error", message: "Operation has failed" };
export const TIMED_OUT: BatchProblem = { status: 504, code: "timeout", message: "Operation took too long" };
const UNKNOWN_CONDITION: BatchProblem = {
  status: 501,
  code: "unknown-condition",
  message: "Conditions of this form are not supported",
};
export const FAILED_DEPENDENCY: BatchProblem = {
  status: 424,
  code: "failed-dependency",
  message: "An operation that this one depends on has failed",
};

const LATE: DOMException = /* @__PURE__ */ new DOMException("Operation timed out", "TimeoutError");
const ANSWERED: DOMException = /* @__PURE__ */ new DOMException("Operation has been answered", "AbortError");

/** A fetch-style application: what answers the operations. */
export type BatchRequestHandler<Context extends unknown[]> = (
  request: Request,
  ...context: Context
) => Response | Promise<Response>;

export interface OperationRunnerOptions<Context extends unknown[]> {
  handler: BatchRequestHandler<Context>;
  context: Context;
  rules: SubRequestRules;
  hooks: BatchHooks;
  info: BatchInfo;
  progress: Progress;
  /** Milliseconds that an operation may take. */
  timeout: number | undefined;
  /** The dialect that the answers are written in. */
  answerDialect: Dialect;
  /** Octets of an answer's body that are gathered where it must be written whole. */
  maxBufferedBytes: number;
}

/** How far a batch has come. */
export interface Progress {
  /** Whether an operation has been handed to the handler. */
  hasStarted: boolean;
}

/** An operation that has been run, and what it was answered. */
export interface Settled {
  answer: Answer;
  outcome: Outcome;
}

/** Answers operations, one at a time or many, by what the handler makes of their requests. */
export class OperationRunner<Context extends unknown[]> {
  readonly #options: OperationRunnerOptions<Context>;
  readonly #references: boolean;
  readonly #key: IdKey;
  readonly #running: Set<Running> = new Set();
  #stopped: { reason: unknown; problem: BatchProblem } | undefined;

  constructor(options: OperationRunnerOptions<Context>) {
    this.#options = options;
    const { dialect } = options.rules;
    this.#references = dialect.references ?? false;
    this.#key = idKeyOf(dialect);
  }

  /** Aborts what is being run, which is then answered with `problem`, as is whatever comes later. */
  stop(reason: unknown, problem: BatchProblem): void {
    this.#stopped ??= { reason, problem };
    for (const running of this.#running) running.stop(reason, problem);
  }

  /** Tells of an error whose text no answer has. */
  report(error: unknown, info: OperationInfo | BatchInfo = this.#options.info): void {
    tell(() => this.#options.hooks.onError?.(error, info));
  }

  /** The answer that `problem` is. */
  refuse(place: OperationPlace, problem: BatchProblem): Settled {
    return {
      answer: answerOfProblem(this.#options.answerDialect, problem, place),
      outcome: { succeeded: false },
    };
  }

  /** Answers an operation whose dependencies have been settled. Does not reject. */
  run(
    operation: OperationRead<"request">,
    outcomes: Outcomes,
    transaction?: unknown,
  ): Settled | Promise<Settled> {
    if (operation.error !== undefined) return this.refuse(operation, problemOf(operation.error));
    const { body } = operation.message;
    const held = body instanceof HeldBody ? body : undefined;
    const problem = this.#stopped?.problem ?? unmet(operation, outcomes, this.#references, this.#key);
    const running = new Running();
    // Whatever is asked about the request may stop the batch.
    this.#running.add(running);
    const request = problem ?? this.#request(operation.message, outcomes, running.signal);
    if (request instanceof Request) return this.#handle(request, running, operation, held, transaction);
    this.#end(running, held);
    return this.refuse(operation, request);
  }

  /** What `work` comes to; rejects with the reason if all is stopped before. */
  async untilStopped<Value>(work: Value | PromiseLike<Value>): Promise<Value> {
    const running = new Running();
    this.#running.add(running);
    try {
      if (this.#stopped !== undefined) throw this.#stopped.reason;
      return await running.race(Promise.resolve(work));
    } finally {
      this.#running.delete(running);
    }
  }

  /** What operations are answered with since all has been stopped, if it has. */
  get stopped(): BatchProblem | undefined {
    return this.#stopped?.problem;
  }

  /**
   * Sees to it that the request's body holds nothing up once the answer is complete, and that what
   * fails in a body that is streamed is told. Until then the one may be made of the other, and the
   * operation is running: whatever stops the batch reaches it.
   */
  #watch({ message }: Answer, running: Running, request: Request, held: HeldBody | undefined): void {
    const { body } = message;
    if (typeof body !== "object" || body === null || !("pull" in body)) {
      this.#end(running, held);
      return;
    }
    // An answer so long is made of the request's body by now, or without it: then what is behind that body
    // need not wait for somebody to read the answer, which a client may do only when it has sent all.
    const isUnread = held?.isUntouched === true && !request.bodyUsed && request.body?.locked !== true;
    if (isUnread) held.cancel(ANSWERED).catch(() => {});
    message.body = new WatchedSource(
      body,
      (failure) => {
        this.#end(running, held);
        if (failure === undefined) return;
        // The batch cannot go on behind it.
        this.#options.info.error ??= failure.error;
        this.report(failure.error);
      },
      (pulled) => running.race(pulled),
    );
  }

  #end(running: Running, held: HeldBody | undefined): void {
    this.#running.delete(running);
    const { signal } = running;
    held?.cancel(signal.aborted ? signal.reason : ANSWERED).catch(() => {});
  }

  #request(message: RequestRead, outcomes: Outcomes, signal: AbortSignal): Request | BatchProblem {
    const resolved = this.#references ? resolveReferences(message, outcomes, this.#key) : message;
    try {
      return subRequest(resolved, this.#options.rules, signal);
    } catch (error) {
      // What the user's own `allowOrigin` throws.
      this.report(error);
      return FAILED;
    }
  }

  async #handle(
    request: Request,
    running: Running,
    operation: OperationRead<"request">,
    held: HeldBody | undefined,
    transaction: unknown,
  ): Promise<Settled> {
    const { handler, context, hooks, info: batch, timeout, answerDialect, maxBufferedBytes } = this.#options;
    const { index, id, group, message } = operation;
    const { method, url } = request;
    const requestBytes = lengthOf(message?.body);
    const info: OperationInfo = { batch, index, id, group, transaction, method, url, requestBytes };
    setOperation(request, info);
    this.#options.progress.hasStarted = true;
    tell(() => hooks.onOperationStart?.(info));
    const start = performance.now();
    const timer = timerOf(timeout, () => running.stop(LATE, TIMED_OUT));
    const reading = { dialect: answerDialect, maxBufferedBytes, requestMethod: method, running };
    const work = answerOf(() => handler(request, ...context), operation, reading);
    let settled: Settled;
    try {
      const answer = await running.race(work);
      settled = { answer, outcome: outcomeOf(answer, url, this.#options.rules) };
    } catch (error) {
      if (running.problem === undefined) this.report(error, info);
      settled = this.refuse(operation, running.problem ?? FAILED);
    }
    clearTimeout(timer);
    const { status, body } = settled.answer.message;
    info.status = status;
    info.responseBytes = lengthOf(body);
    info.duration = performance.now() - start;
    tell(() => hooks.onOperationEnd?.(info));
    this.#watch(settled.answer, running, request, held);
    return settled;
  }
}

/** What keeps an operation from being run, if anything: what it depends on has failed. */
function unmet(
  place: OperationRead<"request">,
  outcomes: Outcomes,
  references: boolean,
  key: IdKey,
): BatchProblem | undefined {
  if (place.condition !== undefined) {
    const holds = conditionHolds(place, outcomes, key);
    if (holds === undefined) return UNKNOWN_CONDITION;
    if (!holds) return FAILED_DEPENDENCY;
  } else {
    for (const name of dependencies(place, references, key)) {
      if (outcomes.get(name)?.succeeded !== true) return FAILED_DEPENDENCY;
    }
  }
  const { message } = place;
  const isLost = references && message !== undefined && refersToNothing(message, outcomes, key);
  return isLost ? FAILED_DEPENDENCY : undefined;
}

function outcomeOf(
  { message }: Answer,
  requestUrl: string,
  { dialect, maxTargetLength }: SubRequestRules,
): Outcome {
  const { status, headers } = message;
  const succeeded = status < 400;
  if (dialect.references !== true || !succeeded) return { succeeded };
  const fields = headers as { get(name: string): string | undefined };
  const url = resourceOf(fields.get("location"), requestUrl);
  url.search = "";
  url.hash = "";
  const { href } = url;
  return { succeeded, url: href.length > maxTargetLength ? undefined : href, etag: fields.get("etag") };
}

/** Where a Location is, or the request's own URL, if there is none or it is no URL. */
function resourceOf(location: string | undefined, requestUrl: string): URL {
  try {
    if (location !== undefined) return new URL(location, requestUrl);
  } catch {
    // What refers to it then refers to the request's own URL.
  }
  return new URL(requestUrl);
}

/** What a malformed operation is answered. */
export function problemOf({ code, message, status }: BatchwireError): BatchProblem {
  return { status, code, message };
}
