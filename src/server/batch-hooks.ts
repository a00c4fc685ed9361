import { isThenable } from "../stream/chunk-source.ts";
import type { Deviation } from "../deviation.ts";

/** What is known of a batch; the numbers are final when it ends. */
export interface BatchInfo {
  readonly dialect: string;
  readonly url: string;
  readonly request: Request;
  /** Operations that have been read. */
  operations: number;
  /** Operations that were answered with 400 and above. */
  failed: number;
  /** Milliseconds from the start of the batch to its end. */
  duration?: number;
  /** What ended it, where that was not its end: the body of its response has no close-delimiter. */
  error?: unknown;
}

/** What is known of an operation that is run. */
export interface OperationInfo {
  readonly batch: BatchInfo;
  /** 0-based. */
  readonly index: number;
  readonly id: string | undefined;
  /** Name of its atomic group. */
  readonly group: string | undefined;
  /** What the hook `begin` made for its group. */
  readonly transaction: unknown;
  readonly method: string;
  readonly url: string;
  /** Octets of its body; `undefined` if that is streamed. */
  readonly requestBytes: number | undefined;
  /** Status of its answer, once there is one. */
  status?: number;
  /** Octets of its answer's body; `undefined` if that is streamed. */
  responseBytes?: number | undefined;
  /** Milliseconds from the start of the operation to its answer. */
  duration?: number;
}

/** Told as a batch goes on. What a hook throws, or its promise rejects with, is ignored: it only watches. */
export interface BatchHooks {
  onBatchStart?: ((info: BatchInfo) => void) | undefined;
  /** Behind the last octet of the response, or when it is given up: see `info.error`. */
  onBatchEnd?: ((info: BatchInfo) => void) | undefined;
  onOperationStart?: ((info: OperationInfo) => void) | undefined;
  onOperationEnd?: ((info: OperationInfo) => void) | undefined;
  /** What a handler, a transaction or a response body threw, whose text no answer has. */
  onError?: ((error: unknown, info: OperationInfo | BatchInfo) => void) | undefined;
  /** What a lenient reader let pass. */
  onDeviation?: ((deviation: Deviation, info: BatchInfo) => void) | undefined;
}

/** Calls a hook, which must not change what happens, though it throws, or its promise rejects. */
export function tell(hook: () => unknown): void {
  try {
    const told = hook();
    if (isThenable(told)) told.then(undefined, () => {});
  } catch {
    // Nothing can be told of it: the hook for errors may be what has failed.
  }
}

const infos: WeakMap<Request, OperationInfo> = /* @__PURE__ */ new WeakMap();

/**
 * What a batch handler knows of the request that it has handed to its `handler`: the place in the
 * batch, and the transaction of the atomic group. `undefined` for any other request.
 *
 * @example
 * ```ts
 * import { cronofy, createBatchHandler, operationOf } from "batchwire/batch";
 *
 * const handle = createBatchHandler({
 *   dialects: [cronofy],
 *   handler: (request) => Response.json({ index: operationOf(request)?.index }),
 * });
 * ```
 */
export function operationOf(request: Request): OperationInfo | undefined {
  return infos.get(request);
}

export function setOperation(request: Request, info: OperationInfo): void {
  infos.set(request, info);
}
