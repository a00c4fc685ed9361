import { assertAtLeast, LONGEST_TIMER } from "../batch/option.ts";
import { isRepeatable } from "./call.ts";
import type { Call } from "./call.ts";
import { standsAlone } from "./links.ts";

/** When operations are sent again that were answered 429 or 503 with a Retry-After. */
export interface RetryOptions {
  /** How often an operation is sent at most. Default 3. */
  attempts?: number | undefined;
  /** Methods that may be sent again. Default the idempotent ones (RFC 9110 §9.2.2). */
  methods?: readonly string[] | undefined;
  /** Milliseconds, at most 2³¹ - 1: what is to be retried later than that is answered as it is. Default 30,000. */
  maxDelay?: number | undefined;
}

const IDEMPOTENT = ["DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE"] as const;

/** What may be sent again, and when. */
export class RetryPolicy {
  readonly #attempts: number;
  readonly #methods: readonly string[];
  readonly #maxDelay: number;

  /** @throws {TypeError} or {RangeError} An option is wrong. */
  constructor(options: RetryOptions | false | undefined) {
    const {
      attempts = 3,
      methods = IDEMPOTENT,
      maxDelay = 30_000,
    } = options === false ? {} : (options ?? {});
    assertAtLeast(1, "retry.attempts", attempts);
    assertAtLeast(0, "retry.maxDelay", maxDelay);
    if (!Array.isArray(methods)) throw new TypeError("Option retry.methods must be an array of methods");
    this.#attempts = options === false ? 1 : attempts;
    this.#methods = methods;
    this.#maxDelay = Math.min(maxDelay, LONGEST_TIMER);
  }

  /** Whether there is anything to it. */
  get isOn(): boolean {
    return this.#attempts > 1;
  }

  /** Whether the call may be sent again although it may have been executed. */
  allows(call: Call): boolean {
    return this.allowsUnexecuted(call) && this.#methods.includes(call.message.method) && standsAlone(call);
  }

  /** Whether the call may be sent again as it was not executed. */
  allowsUnexecuted(call: Call): boolean {
    return call.attempts < this.#attempts && isRepeatable(call);
  }

  /** Milliseconds after which to try again, or `undefined` for never. */
  delayAfter(status: number, headers: Headers): number | undefined {
    const value = status === 429 || status === 503 ? headers.get("retry-after") : null;
    const delay = value === null ? undefined : retryAfter(value, Date.now());
    return delay === undefined || delay > this.#maxDelay ? undefined : delay;
  }
}

/** `Retry-After` (RFC 9110 §10.2.3), seconds or a date, in milliseconds from `now`. */
export function retryAfter(value: string, now: number): number | undefined {
  if (isDecimal(value)) return Number(value) * 1000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

function isDecimal(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text !== "";
}
