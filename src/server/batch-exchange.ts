import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import { OperationReader } from "../batch/operation-reader.ts";
import { pulledOperationStream } from "../batch/operation-stream.ts";
import { batchUrlsOf } from "../batch/target.ts";
import { DeferredSource } from "../stream/body-init.ts";
import { fetchedContentType } from "../stream/multipart-reader-options.ts";
import { tell } from "./batch-hooks.ts";
import type { BatchHooks, BatchInfo } from "./batch-hooks.ts";
import { BatchRun } from "./batch-run.ts";
import { acceptedDialect, preferredStop } from "./choose-dialect.ts";
import { OperationRunner, TIMED_OUT } from "./operation-runner.ts";
import type { Progress } from "./operation-runner.ts";
import { TOO_SLOW } from "./refusal.ts";
import { timerOf } from "./running.ts";
import { batchTest, takenFields } from "./sub-request.ts";
import type { Settings } from "./settings.ts";

const GIVEN_UP: BatchProblem = { status: 503, code: "aborted", message: "Batch was given up" };

/**
 * Milliseconds for which the rest of a request is read whose answers have been sent: to cancel it closes
 * the connection on some servers, with what of the answers is still on its way.
 */
const LINGER = 5000;

/** A batch and the response to it, from the first octet of the one to the last of the other. */
export class BatchExchange<Context extends unknown[]> {
  /** Whether an operation has been started. */
  readonly progress: Progress = { hasStarted: false };
  readonly #settings: Settings<Context>;
  readonly #dialect: Dialect;
  /** The dialect that the answers are written in. */
  readonly #answerDialect: Dialect;
  readonly #request: Request;
  readonly #context: Context;
  readonly #info: BatchInfo;
  /** Whether the first failure ends the batch, where the request prefers one or the other. */
  readonly #preferredStop: boolean | undefined;
  readonly #start: number = performance.now();
  #reader!: OperationReader<"request">;
  #runner!: OperationRunner<Context>;
  #run!: BatchRun<Context>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  /** Whether all operations have been read. */
  #hasBeenRead = false;
  /** Whether nothing more is read of the request: behind the operations it may go on. */
  #hasEnded = false;

  constructor(settings: Settings<Context>, dialect: Dialect, request: Request, context: Context) {
    this.#settings = settings;
    this.#dialect = dialect;
    this.#answerDialect = acceptedDialect(dialect, request.headers.get("accept"));
    this.#request = request;
    this.#context = context;
    this.#info = { dialect: dialect.name, url: request.url, request, operations: 0, failed: 0 };
    this.#preferredStop = preferredStop(dialect, request.headers.get("prefer"));
  }

  /** The response, once its first answer is there; rejects with what is wrong with the batch until then. */
  async respond(): Promise<Response> {
    this.#tell("onBatchStart");
    try {
      this.#begin();
      await this.#run.answers.started();
    } catch (error) {
      this.#end(error);
      throw error;
    }
    const { envelope, status = 200 } = this.#answerDialect;
    const failureMember = envelope.format === "json" ? envelope.failureMember : undefined;
    const { body, contentType } = pulledOperationStream(this.#run.answers, {
      dialect: this.#answerDialect,
      kind: "response",
      lastMembers: () => (failureMember === undefined ? [] : [[failureMember, this.#info.failed > 0]]),
    });
    const headers: Record<string, string> = { "Content-Type": contentType };
    if (this.#preferredStop !== undefined) {
      headers["Preference-Applied"] = `continue-on-error=${String(!this.#preferredStop)}`;
    }
    return new Response(body, { status, headers });
  }

  /** Starts to read the batch, which goes on by itself. */
  #begin(): void {
    const { signal } = this.#request;
    this.#reader = this.#createReader();
    this.#runner = this.#createRunner();
    this.#run = this.#createRun();
    this.#timer = timerOf(this.#settings.batchTimeout, () => {
      if (!this.#hasBeenRead) {
        this.#giveUp(TOO_SLOW);
        return;
      }
      this.#runner.stop(TOO_SLOW, TIMED_OUT);
      this.#endReading(TOO_SLOW);
    });
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) this.#onAbort();
    this.#run.run().then(
      () => {
        this.#hasBeenRead = true;
      },
      (error: unknown) => this.#giveUp(error),
    );
  }

  readonly #onAbort = (): void => {
    this.#giveUp(this.#request.signal.reason);
    // The response is nobody's: that it is read or cancelled need not be waited for.
    if (!this.#isOver) this.#run.answers.return();
  };

  /** Stops all that runs, and ends the answers with an error: their body then has no close-delimiter. */
  #giveUp(error: unknown): void {
    this.#letGo();
    if (!this.#isOver) {
      this.#info.error ??= error;
      this.#runner.stop(error, GIVEN_UP);
      this.#run.answers.fail(error);
    }
    this.#endReading(error);
  }

  #endReading(reason: unknown): void {
    this.#hasEnded = true;
    this.#reader.return(reason).catch(() => {});
  }

  /** Whether the answers have ended, and the batch with them. */
  get #isOver(): boolean {
    return this.#info.duration !== undefined;
  }

  /** Waits for the rest of the request, where there may be one. */
  #linger(): void {
    if (this.#hasEnded) this.#letGo();
    else this.#lingering = setTimeout(() => this.#giveUp(undefined), LINGER);
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#lingering);
    this.#request.signal.removeEventListener("abort", this.#onAbort);
  }

  #end(error?: unknown): void {
    if (this.#isOver) return;
    this.#info.duration = performance.now() - this.#start;
    if (error !== undefined) this.#info.error = error;
    this.#tell("onBatchEnd");
  }

  #tell(hook: "onBatchStart" | "onBatchEnd"): void {
    tell(() => this.#settings.hooks[hook]?.(this.#info));
  }

  #createReader(): OperationReader<"request"> {
    const { hooks, tolerance, limits } = this.#settings;
    const onDeviation: BatchHooks["onDeviation"] = hooks.onDeviation?.bind(hooks);
    const source = new DeferredSource(this.#request, () => {
      this.#hasEnded = true;
      if (this.#isOver) this.#letGo();
    });
    return new OperationReader(source, {
      dialect: this.#dialect,
      kind: "request",
      contentType: fetchedContentType(this.#request.headers),
      tolerance,
      limits,
      onGroupEnd: () => this.#run.closeGroup(),
      onDeviation:
        onDeviation === undefined ? undefined : (deviation) => tell(() => onDeviation(deviation, this.#info)),
    });
  }

  #createRunner(): OperationRunner<Context> {
    const {
      dialects,
      handler,
      hooks,
      resolvedLimits,
      operationTimeout,
      allowOrigin,
      inherit,
      passedOn,
      tolerance,
    } = this.#settings;
    const dialect = this.#dialect;
    const url = new URL(this.#request.url);
    return new OperationRunner({
      handler,
      context: this.#context,
      rules: {
        dialect,
        urls: batchUrlsOf(dialect, url),
        isBatch: batchTest(dialect, dialects, url),
        maxTargetLength: resolvedLimits.maxHeaderBytes,
        credentials: ["authorization", "cookie", ...inherit],
        taken: takenFields(dialect, this.#request, inherit, passedOn),
        isStrict: (tolerance ?? dialect.tolerance) === "strict",
        allowOrigin,
      },
      progress: this.progress,
      hooks,
      info: this.#info,
      timeout: operationTimeout,
      answerDialect: this.#answerDialect,
      maxBufferedBytes: resolvedLimits.maxBufferedBytes,
    });
  }

  #createRun(): BatchRun<Context> {
    const { atomic, concurrency, maxPending, resolvedLimits, admission } = this.#settings;
    const dialect = this.#dialect;
    const onEnd = (completed: boolean): void => {
      if (completed) this.#linger();
      else this.#giveUp(new DOMException("Response was cancelled", "AbortError"));
      this.#end(completed ? undefined : (this.#info.error ?? "cancelled"));
    };
    return new BatchRun<Context>(
      {
        dialect,
        answerDialect: this.#answerDialect,
        reader: this.#reader,
        runner: this.#runner,
        atomic,
        context: this.#context,
        concurrency,
        maxPending,
        maxBufferedBytes: resolvedLimits.maxBufferedBytes,
        maxQueuedBytes: resolvedLimits.maxQueuedBytes,
        whole: (admission ?? dialect.admission) === "whole" || isDecidedLast(dialect),
        stopOnFailure: this.#preferredStop ?? dialect.onFailure === "stop",
        info: this.#info,
        onFailure: (error) => this.#giveUp(error),
      },
      onEnd,
    );
  }
}

/** Whether something behind the operations may decide how they are run. */
function isDecidedLast({ onFailureSwitch, atomicMember, oneGroup, forwardDependencies }: Dialect): boolean {
  return (
    onFailureSwitch?.stopMember !== undefined ||
    atomicMember !== undefined ||
    oneGroup === true ||
    forwardDependencies === true
  );
}
