import { BatchAbort } from "./batch-abort.ts";
import type { Stop } from "./batch-abort.ts";
import { wholeError } from "./batch-answer.ts";
import type { WholeAnswer } from "./batch-answer.ts";
import { BatchError } from "./batch-error.ts";
import { dropped, failed, isRepeatable } from "./call.ts";
import type { Call, Settlement } from "./call.ts";
import { exchange } from "./exchange.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { bundlesOf } from "./links.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Slots } from "./slots.ts";

export interface DeliveryOptions extends ExchangeOptions {
  readonly retry: RetryPolicy;
  /** Where a batch waits for its turn. */
  readonly slots: Slots;
  readonly stop: Stop;
}

/** Statuses that say that the request was not acted on (RFC 9110 §15.5.2, §15.5.14, §15.5.16). */
const NOT_EXECUTED: ReadonlySet<number> = /* @__PURE__ */ new Set([401, 413, 415]);

/** Settles the calls of one batch, sending again what may be. */
export async function* deliver(calls: readonly Call[], options: DeliveryOptions): AsyncGenerator<Settlement> {
  const delivery = new Delivery(options);
  const queue: Round[] = [{ calls, delay: 0 }];
  for (let round = queue.shift(); round !== undefined; round = queue.shift()) {
    queue.unshift(...(yield* delivery.send(round)));
  }
}

/** Calls to send, in so many milliseconds. */
interface Round {
  readonly calls: readonly Call[];
  readonly delay: number;
}

class Delivery {
  readonly #options: DeliveryOptions;
  #isRenewed = false;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Settles calls; answers what is to be sent again. */
  async *send(round: Round): AsyncGenerator<Settlement, Round[]> {
    const { slots, stop } = this.#options;
    const waiting = new BatchAbort(round.calls, stop);
    try {
      if (round.delay > 0) await waiting.pause(round.delay);
    } finally {
      waiting.release();
    }
    const release = await slots.acquire();
    try {
      const calls = yield* this.#withoutAborted(round.calls);
      return calls.length === 0 || stop.isStopped ? [] : yield* this.#exchange(calls);
    } finally {
      release();
    }
  }

  /** A call that is aborted leaves, and with it what must be in one batch with it. */
  async *#withoutAborted(calls: readonly Call[]): AsyncGenerator<Settlement, Call[]> {
    const kept: Call[] = [];
    for (const bundle of bundlesOf(calls, this.#options.dialect)) {
      const aborted = bundle.calls.find(({ signal }) => signal?.aborted === true);
      if (aborted === undefined) {
        kept.push(...bundle.calls);
        continue;
      }
      for (const call of bundle.calls) {
        const detail = "An operation that must be in the same batch was aborted";
        const cause: unknown = aborted.signal!.reason;
        yield dropped(call, new BatchError("operation-not-executed", { executed: "no", detail, cause }));
      }
    }
    return kept;
  }

  async *#exchange(calls: readonly Call[]): AsyncGenerator<Settlement, Round[]> {
    const { headers, stop, dialect } = this.#options;
    const { version } = headers;
    for (const call of calls) call.attempts++;
    const again = new Again(calls, this.#options);
    const waiting = new Set(calls);
    const abort = new BatchAbort(calls, stop);
    const settlements = exchange(calls, this.#options, abort);
    let whole: WholeAnswer | undefined;
    try {
      for (;;) {
        const { done, value } = await settlements.next();
        if (done === true) {
          whole = value;
          break;
        }
        waiting.delete(value.call);
        if (!again.holds(value)) yield value;
      }
    } finally {
      await settlements.return(undefined);
      abort.release();
    }
    const rounds = yield* again.rounds();
    if (whole === undefined) return rounds;
    return [
      ...rounds,
      ...(yield* this.#afterRefusal(
        bundlesOf([...waiting], dialect).map((b) => b.calls),
        whole,
        version,
      )),
    ];
  }

  /** What becomes of calls whose batch was answered as a whole. */
  async *#afterRefusal(
    bundles: readonly (readonly Call[])[],
    answer: WholeAnswer,
    version: number,
  ): AsyncGenerator<Settlement, Round[]> {
    let whole = answer;
    const { headers, retry, dialect, stop } = this.#options;
    const calls = bundles.flat();
    if (whole.status === 401 && !this.#isRenewed && calls.every(isRepeatable)) {
      this.#isRenewed = true;
      const waiting = new BatchAbort(calls, stop);
      try {
        const renewal = headers.renew(version, () => answer.create());
        if (await waiting.race(renewal)) return [{ calls, delay: 0 }];
      } catch (cause) {
        whole = { ...answer, cause };
      } finally {
        waiting.release();
      }
    }
    const isRefusal = whole.status === dialect.refusalStatus;
    const delay = retry.delayAfter(whole.status, whole.headers);
    const isTooLate = delay === undefined && whole.headers.has("retry-after");
    if (isRefusal && bundles.length > 1 && retry.isOn && !isTooLate && calls.every(isRepeatable)) {
      const middle = Math.ceil(bundles.length / 2);
      // It is not the operations that were too many times sent, but the batch that was too large.
      for (const call of calls) call.attempts--;
      return [
        { calls: bundles.slice(0, middle).flat(), delay: delay ?? 0 },
        { calls: bundles.slice(middle).flat(), delay: 0 },
      ];
    }
    const repeated: Call[] = [];
    const executed = isRefusal || NOT_EXECUTED.has(whole.status) ? "no" : "unknown";
    for (const bundle of bundles) {
      const may = bundle.every((call) => (isRefusal ? retry.allowsUnexecuted(call) : retry.allows(call)));
      if (may && delay !== undefined) repeated.push(...bundle);
      else for (const call of bundle) yield failed(call, wholeError(whole, executed));
    }
    return repeated.length === 0 ? [] : [{ calls: repeated, delay: delay! }];
  }
}

/** Answers that are not handed on, for their operations may be sent again. */
class Again {
  readonly #retry: RetryPolicy;
  /** The calls that must be sent together with each call that may be sent again; in the order of the batch. */
  readonly #bundles: Map<Call, readonly Call[]> = new Map();
  readonly #held: Map<Call, { settlement: Settlement; delay: number }> = new Map();

  constructor(calls: readonly Call[], { retry, dialect }: DeliveryOptions) {
    this.#retry = retry;
    if (!retry.isOn) return;
    for (const bundle of bundlesOf(calls, dialect)) {
      if (!bundle.calls.every((call) => retry.allows(call))) continue;
      for (const call of bundle.calls) this.#bundles.set(call, bundle.calls);
    }
  }

  /** Whether the settlement is held back. */
  holds(settlement: Settlement): boolean {
    const { call, response } = settlement;
    if (response === undefined || !this.#bundles.has(call)) return false;
    const delay = this.#retry.delayAfter(response.status, response.headers);
    if (delay === undefined) return false;
    this.#held.set(call, { settlement, delay });
    return true;
  }

  /** What is to be sent again; what was held back in vain is handed on. */
  async *rounds(): AsyncGenerator<Settlement, Round[]> {
    const calls: Call[] = [];
    let delay = 0;
    for (const [call, bundle] of this.#bundles) {
      const held = this.#held.get(call);
      if (held === undefined) continue;
      if (bundle.every((other) => this.#held.has(other))) {
        calls.push(call);
        delay = Math.max(delay, held.delay);
      } else {
        yield held.settlement;
      }
    }
    return calls.length === 0 ? [] : [{ calls, delay }];
  }
}
