import type { ToleranceOptions } from "../deviation.ts";
import { defaultLimits, resolveLimits } from "../limits.ts";
import type { LimitsInit } from "../limits.ts";
import { canStreamRequests } from "../stream/body-init.ts";
import { BatchHeaders } from "./batch-headers.ts";
import type { FieldsInit, OnUnauthorized } from "./batch-headers.ts";
import { emptySize } from "./batch-plan.ts";
import type { BatchLimits } from "./batch-plan.ts";
import type { Dialect } from "../batch/dialect.ts";
import type { EnvelopeMembers } from "../batch/element-steps.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import type { OperationRead } from "../batch/operation.ts";
import { assertAtLeast, assertWord, LONGEST_TIMER } from "../batch/option.ts";
import { batchUrlsOf } from "../batch/target.ts";
import type { BatchUrls } from "../batch/target.ts";
import { RetryPolicy } from "./retry.ts";
import type { RetryOptions } from "./retry.ts";

export interface BatchClientOptions extends ToleranceOptions {
  /** Where batches are sent. */
  url: string | URL;
  dialect: Dialect;
  /** Sends a batch. Default the runtime's `fetch`; a handler that takes a `Request` will do. */
  fetch?: ((request: Request) => Response | PromiseLike<Response>) | undefined;
  /** Fields of every batch, such as Authorization. Accept is that of the dialect by default. */
  headers?: FieldsInit | undefined;
  /**
   * Called when a batch is answered 401, which means that nothing of it was executed. The fields it
   * answers replace those of the same names in this batch, which is sent again, once, and in all
   * that follow. Batches that are refused at the same time share one call.
   */
  onUnauthorized?: OnUnauthorized | undefined;
  /** Operations of one batch. Default, and at most, those of the dialect. */
  maxOperations?: number | undefined;
  /** Octets of the body of one batch, and of one that is gathered for it. Default 1 GiB, and at most those of the dialect. */
  maxBytes?: number | undefined;
  /** Batches of `fetch()` that are under way at once, and likewise of each `send()`. Default 4. */
  concurrency?: number | undefined;
  /**
   * Milliseconds, at most 2³¹ - 1, for which calls of `fetch()` are collected, from the first one on.
   * Default 0: to the end of the task, so that calls behind an `await` of something at hand are
   * collected, too.
   */
  window?: number | undefined;
  /**
   * Whether the body of a batch is sent as a stream, without its length, where the runtime can. A
   * `Request` is gathered all the same, and so is all that goes into a JSON envelope; in a multipart
   * one the body of an operation may be a stream then, is not counted in `maxBytes` and not sent
   * twice. Default `false`: one piece, with its length.
   */
  stream?: boolean | undefined;
  /** Asks the server to run what follows a failed operation, or not to. Default: the dialect's way. */
  onFailure?: "continue" | "stop" | undefined;
  /** Other members of a JSON envelope; values are what `JSON.stringify()` takes. */
  members?: EnvelopeMembers | undefined;
  /**
   * When operations are sent again: those that were answered 429 or 503 with a Retry-After, and
   * whose methods are idempotent. A batch that was refused by a status that says that nothing was
   * executed is divided in halves, whatever the methods. `false`: never.
   */
  retry?: RetryOptions | false | undefined;
  /**
   * Bounds of an answer. A body of more than `maxBufferedBytes` is the error of its operation; in a
   * JSON envelope, which is read an element at a time, also of those behind it. By default `maxParts` is
   * twice the number of operations, or the dialect's `maxOperations`. `maxParts` and `maxTotalBytes` bound
   * all pages of an answer together.
   */
  limits?: LimitsInit | undefined;
  /** Called with answers that are nobody's: a second one to an operation, one with an unknown id. */
  onUnexpected?: ((answer: OperationRead<"response">) => void) | undefined;
}

/** The options of a client, complete. */
export interface ClientSettings extends ExchangeOptions {
  readonly urls: BatchUrls;
  readonly batch: BatchLimits;
  readonly concurrency: number;
  readonly window: number;
  readonly retry: RetryPolicy;
}

/**
 * The options, completed. What is only used when an answer has come is checked here, too: by then the
 * operations have been executed.
 *
 * @throws {TypeError} or {RangeError} An option is wrong.
 */
export function settingsOf(options: BatchClientOptions): ClientSettings {
  const { dialect, concurrency = 4, window = 0, limits, tolerance } = options;
  const { maxOperations = Infinity, maxBytes = defaultLimits.maxTotalBytes, members = [] } = options;
  assertAtLeast(1, "maxOperations", maxOperations);
  assertAtLeast(1, "maxBytes", maxBytes);
  assertAtLeast(1, "concurrency", concurrency);
  assertAtLeast(0, "window", window);
  assertWord(["strict", "lenient"], "tolerance", tolerance);
  assertWord(["continue", "stop"], "onFailure", options.onFailure);
  resolveLimits(limits);
  const headers = new Headers(options.headers);
  const ownMembers = [...members];
  const stream = options.stream === true && canStreamRequests();
  const { envelope, onFailure = "continue", onFailureSwitch, execution } = dialect;
  if (options.onFailure !== undefined && options.onFailure !== onFailure) {
    const stops = options.onFailure === "stop";
    if (onFailureSwitch?.stopMember !== undefined) ownMembers.push([onFailureSwitch.stopMember, stops]);
    else if (onFailureSwitch?.prefer === true) headers.append("Prefer", preference(stops));
    else throw new TypeError(`${dialect.name} has no switch for what follows a failed operation`);
  }
  const url = new URL(options.url);
  return {
    url,
    urls: batchUrlsOf(dialect, url),
    dialect,
    // Looked up when it is called, and called as a method of the global object: browsers insist.
    fetch: options.fetch ?? ((request) => globalThis.fetch(request)),
    headers: new BatchHeaders(headers, options.onUnauthorized),
    members: ownMembers,
    stream,
    // What is run side by side may have been run although no answer tells.
    stops:
      (options.onFailure ?? onFailure) === "stop" && execution === "serial" && !prefersToContinue(headers),
    limits,
    tolerance,
    onDeviation: options.onDeviation,
    onUnexpected: options.onUnexpected,
    batch: {
      maxOperations: Math.min(maxOperations, dialect.maxOperations),
      maxBytes: Math.min(maxBytes, dialect.maxBytes ?? Infinity),
      emptyBytes: emptySize(dialect, ownMembers),
      stream: stream && envelope.format === "multipart",
    },
    concurrency,
    window: Math.min(window, LONGEST_TIMER),
    retry: new RetryPolicy(options.retry),
  };
}

/** Both spellings: servers of OData 4.0 know the first alone, and so do some of 4.01. */
function preference(stops: boolean): string {
  const value = stops ? "=false" : "";
  return `odata.continue-on-error${value}, continue-on-error${value}`;
}

function prefersToContinue(headers: Headers): boolean {
  const preferences = (headers.get("prefer") ?? "").toLowerCase().split(",");
  return preferences.some((text) => {
    const [name = "", value = ""] = text.split("=").map((part) => part.trim());
    return (name === "continue-on-error" || name === "odata.continue-on-error") && value !== "false";
  });
}
