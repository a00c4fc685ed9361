import { Stop } from "./batch-abort.ts";
import { planBatches, unsent } from "./batch-plan.ts";
import { createCall, dropped, readBody } from "./call.ts";
import type { BatchRequest, BatchRequestInit, Call, Settlement } from "./call.ts";
import { settingsOf } from "./client-options.ts";
import type { BatchClientOptions, ClientSettings } from "./client-options.ts";
import { deliver } from "./delivery.ts";
import type { DeliveryOptions } from "./delivery.ts";
import { standsAlone } from "./links.ts";
import { merge } from "./merge.ts";
import { onAbort, throwIfAborted } from "./on-abort.ts";
import { Slots } from "./slots.ts";

/**
 * How one of the requests of `send()` came out; `index` is its place among them, 0-based. An error is
 * never `undefined`, which tells the two apart.
 */
export type BatchResult<Input extends BatchRequest = BatchRequest> =
  | { index: number; request: Input; response: Response; error?: undefined }
  | { index: number; request: Input; response?: undefined; error: {} | null };

export interface SendOptions {
  /** Ends the sending: what is under way is aborted, and the iteration rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A call of `fetch()`. */
interface Waiting {
  readonly call: Call;
  readonly settle: (settlement: Settlement) => void;
}

/**
 * Sends HTTP requests in batches, in the dialect of the server: with {@link fetch}, which collects
 * calls, or many at once with {@link send}. Requests are divided among as many batches as the
 * dialect's limits take.
 *
 * Each caller gets its own response, whole and as soon as it has arrived; or an error: a
 * {@link BatchError}, which says whether the operation was executed; what `new Request()` throws;
 * or the reason of its signal. That some fail is no error of the others.
 *
 * A response is handed on whatever its status; of Cronofy, a 404 may say that the operation cannot
 * be in a batch.
 *
 * @example
 * ```ts
 * import { BatchClient, graph } from "batchwire/batch";
 *
 * const client = new BatchClient({
 *   url: "https://graph.microsoft.com/v1.0/$batch",
 *   dialect: graph,
 *   headers: { Authorization: "Bearer token" },
 *   // In place of the network
 *   fetch: async (request) => {
 *     const { requests } = await request.json();
 *     const answer = ({ id, url }: { id: string; url: string }) => ({ id, status: 200, body: { url } });
 *     return Response.json({ responses: requests.map(answer).reverse() });
 *   },
 * });
 * const responses = await Promise.all([client.fetch("/me"), client.fetch("/me/messages?$top=1")]);
 * for (const response of responses) console.log(await response.json());
 * // { url: "/me" }
 * // { url: "/me/messages?$top=1" }
 * ```
 */
export class BatchClient {
  readonly #settings: ClientSettings;
  readonly #slots: Slots;
  #collected: Waiting[] = [];
  /** Whether calls that come later may have to be in one batch with one that has been collected. */
  #isTied = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;

  /** @throws {TypeError} An option is none that the dialect knows. @throws {RangeError} A number is out of range. */
  constructor(options: BatchClientOptions) {
    this.#settings = settingsOf(options);
    this.#slots = new Slots(this.#settings.concurrency);
    // What takes a `fetch` calls it as a function.
    this.fetch = this.fetch.bind(this);
  }

  /**
   * As the runtime's `fetch()`, in whose place it can be handed on, in a batch with other calls of the
   * same task, or of the option `window`. A relative URL is resolved as the dialect has it, beside the
   * batch's own; one that begins with a reference to another operation, such as `$1/Orders`, is written
   * as it is.
   *
   * `group` names an atomic group, `id` and `dependsOn` the operation and those before it, all of
   * them of calls that are collected together. What they tie together is sent in one batch.
   *
   * A body that is a stream is gathered first, and its call collected when it has come, unless it is
   * tied to others.
   *
   * A signal takes the call out of the batch, or gives up its response if it has been sent; the
   * others go on, and the batch is aborted when each of its calls is answered or aborted and the rest
   * of the answer does not follow at once.
   */
  fetch(input: Request | URL | string, init?: BatchRequestInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = createCall(this.#count++, input, init, this.#settings);
      const { signal } = call;
      if (signal?.aborted === true) throw dropped(call, signal.reason).error;
      const unlisten = signal === undefined ? undefined : onAbort(signal, () => reject(signal.reason));
      const settle = ({ response, error }: Settlement): void => {
        unlisten?.();
        if (response === undefined) reject(error);
        else resolve(response);
      };
      const waiting = { call, settle };
      if (isStream(init?.body) && !isNamed(call) && standsAlone(call)) void this.#collectLater(waiting);
      else this.#collect(waiting);
    });
  }

  /**
   * Sends `requests`, and hands out how each came out, in the order in which the answers arrive,
   * while later ones are still on the wire. That some fail is told in their results. Nothing is
   * sent before the first result is asked for, and no more of an answer is read than is asked for;
   * leaving the iteration aborts what is under way, and cancels the bodies of what is not.
   *
   * @throws The reason of `signal`.
   */
  async *send<Input extends BatchRequest>(
    requests: Iterable<Input>,
    { signal }: SendOptions = {},
  ): AsyncGenerator<BatchResult<Input>, void> {
    const inputs = [...requests];
    const calls: Call[] = [];
    const failures: BatchResult<Input>[] = [];
    const stop = new Stop();
    const unlisten = signal === undefined ? undefined : onAbort(signal, () => stop.stop(signal.reason));
    for (const [index, request] of inputs.entries()) {
      try {
        calls.push(createCall(index, request, undefined, this.#settings));
      } catch (error) {
        failures.push({ index, request, error: error as {} });
      }
    }
    const unsettled = new Set(calls);
    try {
      throwIfAborted(signal);
      yield* failures;
      for await (const { call, response, error } of this.#settle(calls, new Slots(Infinity), stop)) {
        const { index } = call;
        unsettled.delete(call);
        const request = inputs[index]!;
        yield response === undefined ? { index, request, error: error as {} } : { index, request, response };
      }
      throwIfAborted(signal);
    } finally {
      unlisten?.();
      const left = new DOMException("The results are not wanted any more", "AbortError");
      const reason: unknown = signal?.aborted === true ? signal.reason : left;
      stop.stop(reason);
      for (const call of unsettled) dropped(call, reason);
    }
  }

  /** The time that a stream takes is no affair of other callers: its call is collected when it has come. */
  async #collectLater(waiting: Waiting): Promise<void> {
    const { call, settle } = waiting;
    try {
      await readBody(call, this.#settings.batch.maxBytes, new Stop());
      this.#collect(waiting);
    } catch (cause) {
      settle(dropped(call, unsent("operation-not-executed", cause)));
    }
  }

  #collect(waiting: Waiting): void {
    this.#collected.push(waiting);
    // Not a microtask: that comes before what a caller does behind its next `await`.
    this.#timer ??= setTimeout(() => void this.#flush(), this.#settings.window);
    this.#isTied ||= isNamed(waiting.call);
    const isFull = this.#collected.length >= this.#settings.batch.maxOperations;
    if (isFull && !this.#isTied) void this.#flush();
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isTied = false;
    const waiting = new Map(this.#collected.splice(0).map(({ call, settle }) => [call, settle]));
    try {
      for await (const settlement of this.#settle([...waiting.keys()], this.#slots, new Stop())) {
        waiting.get(settlement.call)?.(settlement);
        waiting.delete(settlement.call);
      }
    } catch (error) {
      // A hook of the caller's has thrown.
      for (const [call, settle] of waiting) settle(dropped(call, error));
    }
  }

  #settle(calls: readonly Call[], slots: Slots, stop: Stop): AsyncGenerator<Settlement, void> {
    const { batch, dialect, concurrency } = this.#settings;
    const options: DeliveryOptions = { ...this.#settings, slots, stop };
    return merge(deliveries(planBatches(calls, dialect, batch, stop), options), concurrency, stop);
  }
}

function isStream(body: BodyInit | null | undefined): boolean {
  return typeof body === "object" && body !== null && "getReader" in body;
}

/** Whether other calls may name it, which then must be collected with it. */
function isNamed({ links: { id, group } }: Call): boolean {
  return id !== undefined || group !== undefined;
}

async function* deliveries(
  batches: ReturnType<typeof planBatches>,
  options: DeliveryOptions,
): AsyncGenerator<AsyncGenerator<Settlement, void>, void> {
  for await (const { calls, failures } of batches) yield settlements(failures, calls, options);
}

async function* settlements(
  failures: readonly Settlement[],
  calls: readonly Call[],
  options: DeliveryOptions,
): AsyncGenerator<Settlement, void> {
  yield* failures;
  if (calls.length > 0) yield* deliver(calls, options);
}
