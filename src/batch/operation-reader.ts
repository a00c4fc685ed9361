import type { Origin, ToleranceOptions } from "../deviation.ts";
import { topLevel, Verdict } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { defaultLimits, resolveLimits } from "../limits.ts";
import type { LimitsInit } from "../limits.ts";
import type { ByteSource } from "../stream/chunk-source.ts";
import { contentTypeOf } from "../stream/multipart-reader-options.ts";
import { idKeyOf } from "./content-id.ts";
import type { IdKey } from "./content-id.ts";
import type { Dialect } from "./dialect.ts";
import { JsonOperations } from "./json-operations.ts";
import { mediaTypeOf } from "./media.ts";
import { MultipartOperations } from "./multipart-operations.ts";
import type { OperationSource } from "./multipart-operations.ts";
import type { OperationKind, OperationPlace, OperationRead } from "./operation.ts";

export interface OperationReaderOptions<Kind extends OperationKind = OperationKind> extends ToleranceOptions {
  dialect: Dialect;
  /** What the batch holds. */
  kind: Kind;
  /** Default: that of the `Request` or `Response` that is read. A JSON envelope needs none. */
  contentType?: string | undefined;
  /**
   * `maxParts` bounds the operations and is the dialect's `maxOperations` by default, as
   * `maxTotalBytes` is its `maxBytes`; a body of more than `maxBufferedBytes` holds up what follows.
   */
  limits?: LimitsInit | undefined;
  /** Ends the reading: pending reads reject with its reason, and the source is cancelled. */
  signal?: AbortSignal | undefined;
  /** Method of the request that a response answers: answers to HEAD have no body. */
  requestMethod?: ((place: OperationPlace) => string | undefined) | undefined;
  /**
   * Told that no operation of the group follows, at the end of a change set; what is behind it may be long in coming.
   *
   * @internal
   */
  onGroupEnd?: (() => void) | undefined;
}

/**
 * Reads a batch, operation by operation, while it arrives; in multipart and JSON envelopes alike.
 * An operation that is malformed is answered as an `error`, and those behind it are read all the
 * same; where the envelope is broken, `next()` rejects. A change set of responses that is empty counts
 * as one operation with the error `operation-unanswered`, for it has a place among the others.
 *
 * What is wrong between operations (an id that is used twice, a dependency on an operation that is
 * not there) is the operation's error in strict mode, and a deviation in lenient mode.
 *
 * @example
 * ```ts
 * import { cronofy, OperationReader } from "batchwire/batch";
 *
 * const batch = '{"batch":[{"method":"DELETE","relative_url":"/v1/events","data":{"event_id":"4"}}]}';
 * const operations = new OperationReader(new TextEncoder().encode(batch), { dialect: cronofy, kind: "request" });
 * for await (const { index, message, error } of operations) {
 *   if (error !== undefined) console.warn(error.message);
 *   else console.log(index, message.method, message.target); // 0 DELETE /v1/events
 * }
 * ```
 */
export class OperationReader<Kind extends OperationKind = OperationKind> implements AsyncIterableIterator<
  OperationRead<Kind>
> {
  readonly #source: OperationSource;
  readonly #min: number;
  readonly #max: number;
  #count = 0;
  readonly #check: LinkCheck;
  #reading = false;
  /** What a call has thrown. */
  #failure: { readonly error: unknown } | undefined;
  /** Whether the last operation has been answered, or `return()` has been called. */
  #done = false;

  /**
   * @throws {BatchwireError} `unsupported-media-type`: the source's media type is not the dialect's;
   * and what `MultipartReader` throws of a boundary.
   */
  constructor(source: ByteSource, options: OperationReaderOptions<Kind>) {
    const { dialect, tolerance = dialect.tolerance ?? "lenient", limits = {} } = options;
    const { envelope, minOperations, maxOperations, maxBytes = defaultLimits.maxTotalBytes } = dialect;
    this.#min = options.kind === "request" ? (minOperations ?? 0) : 0;
    this.#max = limits.maxParts ?? maxOperations;
    const maxTotalBytes = limits.maxTotalBytes ?? maxBytes;
    const isJson = envelope.format === "json";
    // A change set is a part, too: each has an operation, or there are as few of them.
    const maxParts = isJson ? this.#max : 2 * this.#max + 1;
    const reading = { ...options, tolerance, limits: resolveLimits({ ...limits, maxParts, maxTotalBytes }) };
    this.#check = new LinkCheck(dialect, new Verdict({ tolerance, onDeviation: options.onDeviation }));
    if (isJson) {
      this.#source = new JsonOperations(source, envelope, reading);
      return;
    }
    const contentType = options.contentType ?? contentTypeOf(source);
    if (mediaTypeOf(contentType)?.type !== "multipart") {
      const detail = `Media type ${contentType} is not that of a multipart batch`;
      throw new BatchwireError("unsupported-media-type", topLevel, { detail });
    }
    this.#source = new MultipartOperations(source, envelope, { ...reading, contentType });
  }

  /** Members of a JSON envelope beside the operations, as far as they have been read; empty for multipart. */
  get members(): ReadonlyMap<string, unknown> {
    return this.#source.members;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next operation, once its body has arrived; see `RequestRead.body` for long ones.
   *
   * @throws {BatchwireError} What is wrong with the envelope; `limit-exceeded` by `maxParts`; again from every
   * later call, for the source has been cancelled. `concurrent-read` if the call before has not settled.
   */
  async next(): Promise<IteratorResult<OperationRead<Kind>, undefined>> {
    if (this.#done) return { done: true, value: undefined };
    if (this.#reading) throw new BatchwireError("concurrent-read", topLevel);
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#reading = true;
    try {
      return this.#resultOf((await this.#source.next()) as OperationRead<Kind> | undefined);
    } catch (error) {
      this.#failure = { error };
      this.#source.cancel(error).catch(() => {});
      throw error;
    } finally {
      this.#reading = false;
    }
  }

  #resultOf(operation: OperationRead<Kind> | undefined): IteratorResult<OperationRead<Kind>, undefined> {
    if (operation === undefined) {
      if (this.#count < this.#min) throw new BatchwireError("empty-batch");
      this.#done = true;
      return { done: true, value: undefined };
    }
    this.#count++;
    if (operation.index >= this.#max) {
      const limit = { name: "maxParts", value: this.#max } as const;
      throw new BatchwireError("limit-exceeded", topLevel, { limit });
    }
    const error = operation.error ?? this.#check.errorOf(operation, this.#source.origin);
    if (error === operation.error) return { done: false, value: operation };
    const { index, id, group, dependsOn } = operation;
    return { done: false, value: { index, id, group, dependsOn, error: error! } };
  }

  /**
   * Ends the reading early, as `break` in a `for await` loop does: cancels the source. Behind the last
   * operation it ends the reading of what follows a close-delimiter, which goes on in the background.
   */
  async return(reason?: unknown): Promise<IteratorResult<OperationRead<Kind>, undefined>> {
    this.#done = true;
    await this.#source.cancel(reason);
    return { done: true, value: undefined };
  }
}

/** What OData requires of ids and dependencies, one operation after the other. */
class LinkCheck {
  readonly #forward: boolean;
  readonly #key: IdKey;
  readonly #verdict: Verdict;
  readonly #ids: Map<string, string | undefined> = new Map();
  readonly #groups: Set<string> = new Set();

  constructor(dialect: Dialect, verdict: Verdict) {
    this.#forward = dialect.forwardDependencies === true;
    this.#key = idKeyOf(dialect);
    this.#verdict = verdict;
  }

  /** What is wrong with the links of the operation at `origin`, where that is not tolerated. */
  errorOf(place: OperationPlace, origin: Readonly<Origin>): BatchwireError | undefined {
    const { dependsOn } = place;
    const key = place.id === undefined ? undefined : this.#key(place.id);
    const group = place.group === undefined ? undefined : this.#key(place.group);
    this.#verdict.origin = origin;
    try {
      const isTaken = key !== undefined && (this.#ids.has(key) || this.#groups.has(key));
      // Ids and names of groups are distinct, too (OData JSON Format 4.01 §19.1).
      const isGroupTaken = group !== undefined && (group === key || this.#ids.has(group));
      if (isTaken || isGroupTaken) this.#verdict.tolerate("repeated-operation-id", 0);
      for (const name of dependsOn) {
        if (this.#forward || this.#knows(this.#key(name), group)) continue;
        this.#verdict.tolerate("unknown-dependency", 0);
      }
      return undefined;
    } catch (error) {
      return error as BatchwireError;
    } finally {
      if (key !== undefined && !this.#ids.has(key)) this.#ids.set(key, group);
      if (group !== undefined) this.#groups.add(group);
    }
  }

  /** A group comes before or is another; of an operation in another group only the group may be named. */
  #knows(name: string, group: string | undefined): boolean {
    if (this.#groups.has(name)) return name !== group;
    if (!this.#ids.has(name)) return false;
    const itsGroup = this.#ids.get(name);
    return itsGroup === undefined || itsGroup === group;
  }
}
