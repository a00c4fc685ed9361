import { BatchwireError } from "../errors.ts";
import type { Tolerance } from "../deviation.ts";
import { resolveLimits } from "../limits.ts";
import type { Limits } from "../limits.ts";
import { operationOf, tell } from "./batch-hooks.ts";
import type { BatchHooks, BatchInfo } from "./batch-hooks.ts";
import { BatchRun } from "./batch-run.ts";
import { acceptedDialect, chooseDialect, preferredStop } from "./choose-dialect.ts";
import { problemBody, ignoresCase } from "../batch/dialect.ts";
import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import type { AtomicGroups } from "./group-runner.ts";
import { OperationReader } from "../batch/operation-reader.ts";
import { OperationRunner, TIMED_OUT, timerOf } from "./operation-runner.ts";
import type { BatchRequestHandler, Progress } from "./operation-runner.ts";
import { operationStream, pulledOperationStream } from "../batch/operation-stream.ts";
import { answerOfProblem } from "./response-operation.ts";
import { batchTest, NESTED_BATCH } from "./sub-request.ts";
import { batchUrlsOf } from "../batch/target.ts";

export interface BatchHandlerOptions<Context extends unknown[] = [], Transaction = unknown> {
  /** Chosen by the batch's media type, then by its URL; the first that fits counts. */
  dialects: readonly Dialect[];
  /** Answers an operation. What it throws becomes that operation's 500, its text hidden. */
  handler: BatchRequestHandler<Context>;
  /** Operations that run at once, where the dialect lets them. Default 8. */
  concurrency?: number | undefined;
  /**
   * Operations, from the first that has not been answered on, that may be started: their answers wait
   * for a slow reader or an operation in front. Default 64.
   */
  maxPending?: number | undefined;
  /** `"whole"`: no operation starts before the whole batch has been read. Default: the dialect's. */
  admission?: "stream" | "whole" | undefined;
  /** Default: the dialect's. */
  tolerance?: Tolerance | undefined;
  /**
   * An operation whose body has more than `maxBufferedBytes` is run while it arrives. In a group it
   * would wait for what is behind it, and is answered 413; so is a batch that is read whole first.
   */
  limits?: Partial<Limits> | undefined;
  /**
   * Credentials: fields that operations take over from the batch, as the dialect lets them; those in
   * an origin of `allowOrigin`, too. Default `["authorization", "cookie"]`.
   */
  inherit?: readonly string[] | undefined;
  /** Whether `traceparent` and `tracestate` are taken over, too (W3C Trace Context). Default `false`. */
  traceContext?: boolean | undefined;
  /** Origins beside its own that a batch may address. Default none. */
  allowOrigin?: ((origin: string) => boolean) | undefined;
  /** Without it, groups of more than one operation are answered 501. */
  atomic?: AtomicGroups<Transaction, Context> | undefined;
  /** Milliseconds after which an operation that has not been answered is aborted, and answered 504. Default none. */
  operationTimeout?: number | undefined;
  /**
   * The same for what is left of a batch; one that has not been read by then is given up, as is one
   * of whose answers the body is being sent. Default none.
   */
  batchTimeout?: number | undefined;
  hooks?: BatchHooks | undefined;
}

/**
 * Makes a fetch-style handler for batches of one for their operations: for Workers, Deno, Bun, Hono,
 * service workers, and Node through an adapter.
 *
 * Operations start while later ones still arrive, and are answered while others run, where the
 * dialect admits it; a slow reader of the answers slows the operations down. Reading the batch never
 * waits for the answers to be read.
 *
 * A batch that cannot be read is refused as a whole as long as nothing has been answered: 415 for its
 * media type, 429 for too many operations (but 413 where the dialect's 429 says that none was executed, and some
 * may have been), 413 for too many octets, 408 for `batchTimeout`, 400 for the rest. After that the
 * body breaks off, without a close-delimiter, and `onBatchEnd` has the error.
 *
 * @example
 * ```ts
 * import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
 *
 * const app = (request: Request) => Response.json({ path: new URL(request.url).pathname });
 * const handle = createBatchHandler({ dialects: [ucwa, cronofy], handler: app });
 *
 * const answer = await handle(
 *   new Request("https://example.com/v1/batch", {
 *     method: "POST",
 *     headers: { "Content-Type": "application/json" },
 *     body: '{"batch":[{"method":"DELETE","relative_url":"/v1/events","data":{}}]}',
 *   }),
 * );
 * console.log(answer.status, await answer.text());
 * // 207 {"batch":[{"status":200,"data":{"path":"/v1/events"}}]}
 * ```
 */
export function createBatchHandler<Context extends unknown[] = [], Transaction = unknown>(
  options: BatchHandlerOptions<Context, Transaction>,
): (request: Request, ...context: Context) => Promise<Response> {
  const settings = settingsOf(options);
  return async (request, ...context) => {
    const { dialects, hooks } = settings;
    const url = new URL(request.url);
    const contentType = request.headers.get("content-type");
    const dialect = chooseDialect(dialects, contentType, url);
    if (request.method !== "POST") {
      return refusal(dialect ?? dialects[0]!, NOT_POST, { Allow: "POST" });
    }
    if (dialect === undefined)
      return refusal(dialects[0]!, { ...UNKNOWN_TYPE, message: unknownType(contentType) });
    const info: BatchInfo = { dialect: dialect.name, url: request.url, request, operations: 0, failed: 0 };
    if (operationOf(request) !== undefined) return refusal(dialect, NESTED_BATCH);
    tell(() => hooks.onBatchStart?.(info));
    const progress: Progress = { hasStarted: false };
    const start = performance.now();
    const end = (error?: unknown): void => {
      if (info.duration !== undefined) return;
      info.duration = performance.now() - start;
      if (error !== undefined) info.error = error;
      tell(() => hooks.onBatchEnd?.(info));
    };
    try {
      return await respond(settings, { request, url, dialect, info, progress, context }, end);
    } catch (error) {
      end(error);
      if (error === TOO_SLOW)
        return refusal(dialect, { status: 408, code: "timeout", message: TOO_SLOW.message });
      if (!(error instanceof BatchwireError)) throw error;
      return refusal(dialect, problemOfBatch(error, dialect, progress));
    }
  };
}

interface Settings<Context extends unknown[]> extends BatchHandlerOptions<Context> {
  inherit: readonly string[];
  passedOn: readonly string[];
  hooks: BatchHooks;
  resolvedLimits: Readonly<Limits>;
  concurrency: number;
  maxPending: number;
}

/** @throws {TypeError} or {RangeError} An option is wrong. */
function settingsOf<Context extends unknown[], Transaction>(
  options: BatchHandlerOptions<Context, Transaction>,
): Settings<Context> {
  const { dialects, handler, concurrency = 8, maxPending = 64, hooks = {}, traceContext = false } = options;
  const { operationTimeout, batchTimeout } = options;
  if (!Array.isArray(dialects) || dialects.length === 0)
    throw new TypeError("Option dialects must have one at least");
  if (typeof handler !== "function") throw new TypeError("Option handler must be a function");
  for (const [name, value] of Object.entries({ concurrency, maxPending })) {
    if (!(value >= 1)) throw new RangeError(`Option ${name} must be at least 1, not ${String(value)}`);
  }
  for (const [name, value] of Object.entries({ operationTimeout, batchTimeout })) {
    if (value !== undefined && !(value > 0))
      throw new RangeError(`Option ${name} must be more than 0, not ${String(value)}`);
  }
  const inherit = [...(options.inherit ?? ["authorization", "cookie"])].map((name) => name.toLowerCase());
  return {
    ...(options as BatchHandlerOptions<Context>),
    inherit,
    passedOn: traceContext ? ["traceparent", "tracestate"] : [],
    hooks,
    resolvedLimits: resolveLimits(options.limits),
    concurrency,
    maxPending,
  };
}

interface Batch<Context extends unknown[]> {
  request: Request;
  url: URL;
  dialect: Dialect;
  info: BatchInfo;
  progress: Progress;
  context: Context;
}

/** The response to a batch, once its first answer is there; rejects with what is wrong with the batch until then. */
async function respond<Context extends unknown[]>(
  settings: Settings<Context>,
  { request, url, dialect, info, progress, context }: Batch<Context>,
  end: (error?: unknown) => void,
): Promise<Response> {
  const { handler, hooks, resolvedLimits: limits, operationTimeout, batchTimeout, allowOrigin } = settings;
  const { maxQueuedBytes, maxBufferedBytes } = limits;
  const { onDeviation } = hooks;
  const reader = new OperationReader(request, {
    dialect,
    kind: "request",
    tolerance: settings.tolerance,
    limits: settings.limits,
    onDeviation:
      onDeviation === undefined
        ? undefined
        : (deviation) => tell(() => onDeviation.call(hooks, deviation, info)),
  });
  const answerDialect = acceptedDialect(dialect, request.headers.get("accept"));
  const { envelope } = answerDialect;
  const runner = new OperationRunner({
    handler,
    context,
    rules: {
      dialect,
      batch: request,
      urls: batchUrlsOf(dialect, url),
      isBatch: batchTest(dialect, url),
      inherit: settings.inherit,
      passedOn: settings.passedOn,
      isStrict: (settings.tolerance ?? dialect.tolerance) === "strict",
      allowOrigin,
    },
    progress,
    hooks,
    info,
    timeout: operationTimeout,
    ignoreCase: ignoresCase(dialect),
    answerDialect,
    maxBufferedBytes,
  });
  const preferred = preferredStop(dialect, request.headers.get("prefer"));
  const run = new BatchRun<Context>(
    {
      dialect,
      answerDialect,
      reader,
      runner,
      atomic: settings.atomic,
      context,
      concurrency: settings.concurrency,
      maxPending: settings.maxPending,
      maxBufferedBytes,
      maxQueuedBytes,
      whole: (settings.admission ?? dialect.admission) === "whole" || isDecidedLast(dialect),
      stopOnFailure: preferred ?? dialect.onFailure === "stop",
      info,
      onFailure: (error) => giveUp(error),
    },
    (completed) => {
      letGo();
      if (!completed) giveUp(new DOMException("Response was cancelled", "AbortError"));
      end(completed ? undefined : (info.error ?? "cancelled"));
    },
  );
  const giveUp = (error: unknown): void => {
    letGo();
    info.error ??= error;
    runner.stop(error, GIVEN_UP);
    run.answers.fail(error);
    reader.return(error).catch(() => {});
  };
  const { signal } = request;
  const onAbort = (): void => giveUp(signal.reason);
  let hasBeenRead = false;
  const timer = timerOf(batchTimeout, () => {
    if (hasBeenRead) runner.stop(TOO_SLOW, TIMED_OUT);
    else giveUp(TOO_SLOW);
  });
  const letGo = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  };
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  run.run().then(() => {
    hasBeenRead = true;
  }, giveUp);

  await run.answers.started();
  const failureMember = envelope.format === "json" ? envelope.failureMember : undefined;
  const { body, contentType } = pulledOperationStream(run.answers, {
    dialect: answerDialect,
    kind: "response",
    lastMembers: () => (failureMember === undefined ? [] : [[failureMember, info.failed > 0]]),
  });
  const headers: Record<string, string> = { "Content-Type": contentType };
  if (preferred !== undefined) headers["Preference-Applied"] = `continue-on-error=${String(!preferred)}`;
  return new Response(body, { status: answerDialect.status ?? 200, headers });
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

const TOO_SLOW: DOMException = /* @__PURE__ */ new DOMException("Batch took too long", "TimeoutError");
const NOT_POST: BatchProblem = {
  status: 405,
  code: "method-not-allowed",
  message: "A batch is sent by POST",
};
const UNKNOWN_TYPE = { status: 415, code: "unsupported-media-type" };
const GIVEN_UP: BatchProblem = { status: 503, code: "aborted", message: "Batch was given up" };

function unknownType(contentType: string | null): string {
  return contentType === null ? "Batch has no Content-Type" : "Media type is that of no batch";
}

/** What a batch is refused with as a whole. */
function problemOfBatch(
  { code, message, status, limit }: BatchwireError,
  { refusalStatus }: Dialect,
  { hasStarted }: Progress,
): BatchProblem {
  if (code === "unsupported-media-type") return { status: 415, code, message };
  if (limit?.name === "maxParts") {
    return {
      // Where 429 says that no operation was executed, it must be true.
      status: refusalStatus === 429 && hasStarted ? 413 : 429,
      code: "too-many-operations",
      message: `A batch has ${limit.value} operations at most`,
    };
  }
  return { status, code, message };
}

function refusal(dialect: Dialect, problem: BatchProblem, headers: Record<string, string> = {}): Response {
  if (dialect.wholeFailure === "operation" && (problem.status === 400 || problem.status === 413)) {
    const { body, contentType } = operationStream([answerOfProblem(dialect, problem, {})], {
      dialect,
      kind: "response",
    });
    return new Response(body, { status: dialect.status ?? 200, headers: { "Content-Type": contentType } });
  }
  const { contentType, body } = problemBody(dialect, problem);
  return new Response(body, { status: problem.status, headers: { "Content-Type": contentType, ...headers } });
}
