import type { Tolerance } from "../deviation.ts";
import { resolveLimits } from "../limits.ts";
import type { Limits, LimitsInit } from "../limits.ts";
import type { Dialect } from "../batch/dialect.ts";
import { assertAtLeast, assertWord } from "../batch/option.ts";
import type { BatchHooks } from "./batch-hooks.ts";
import type { AtomicGroups } from "./group-runner.ts";
import type { BatchRequestHandler } from "./operation-runner.ts";

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
  /**
   * `"whole"`: no operation starts before the whole batch has been read, as in JSON none does from the
   * first one on that is in a group. `"stream"`: operations start as they arrive, but where what follows
   * them may decide how they are run (a dialect with `stopMember`, `atomicMember`, `oneGroup` or
   * `forwardDependencies`). Default: the dialect's.
   */
  admission?: "stream" | "whole" | undefined;
  /** Default: the dialect's. */
  tolerance?: Tolerance | undefined;
  /**
   * An operation whose body has more than `maxBufferedBytes` is run while it arrives. Who reads that
   * body when the operation has been answered, or begins to behind the first 64 KiB of the answer,
   * gets an error, never a shorter body. Where a longer answer is made of it, as an echo is, the client
   * must read the one while it sends the other. In a group such an operation would wait for what is
   * behind it, and is answered 413; so is a batch that is read whole first.
   */
  limits?: LimitsInit | undefined;
  /**
   * Credentials: fields that operations in the batch's own origin take over from it, as the dialect
   * lets them. Default `["authorization", "cookie"]`.
   */
  inherit?: readonly string[] | undefined;
  /** Whether `traceparent` and `tracestate` are taken over, too (W3C Trace Context). Default `false`. */
  traceContext?: boolean | undefined;
  /**
   * Origins beside its own that a batch may address: `"own"` says that one is the batch's own by
   * another name, as the public one behind a proxy, and has its credentials, too. Default none.
   */
  allowOrigin?: ((origin: string) => boolean | "own") | undefined;
  /** Without it, groups of more than one operation are answered 501. */
  atomic?: AtomicGroups<Transaction, Context> | undefined;
  /** Milliseconds after which an operation that has not been answered is aborted, and answered 504. Default none. */
  operationTimeout?: number | undefined;
  /**
   * The same for what is left of a batch; one that has not been read by then is given up, as is one
   * of whose answers the body is being sent. What follows the close-delimiter of a request is read until
   * then, and for 5 s behind its answers. Default none.
   */
  batchTimeout?: number | undefined;
  hooks?: BatchHooks | undefined;
}

/** The options, completed. */
export interface Settings<Context extends unknown[]> extends BatchHandlerOptions<Context> {
  inherit: readonly string[];
  passedOn: readonly string[];
  hooks: BatchHooks;
  resolvedLimits: Readonly<Limits>;
  concurrency: number;
  maxPending: number;
}

/** @throws {TypeError} or {RangeError} An option is wrong. */
export function settingsOf<Context extends unknown[], Transaction>(
  options: BatchHandlerOptions<Context, Transaction>,
): Settings<Context> {
  const { dialects, handler, concurrency = 8, maxPending = 64, hooks = {}, traceContext = false } = options;
  const { operationTimeout, batchTimeout } = options;
  const areDialects = Array.isArray(dialects) && dialects.every((dialect) => dialect?.envelope !== undefined);
  if (!areDialects || dialects.length === 0)
    throw new TypeError("Option dialects must be an array of dialects, one at least");
  if (typeof handler !== "function") throw new TypeError("Option handler must be a function");
  assertAtLeast(1, "concurrency", concurrency);
  assertAtLeast(1, "maxPending", maxPending);
  assertWord(["stream", "whole"], "admission", options.admission);
  assertWord(["strict", "lenient"], "tolerance", options.tolerance);
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
