import type { BatchProblem } from "../batch/dialect.ts";
import { LONGEST_TIMER } from "../batch/option.ts";

/** A timer of so many milliseconds; none where it would never come. */
export function timerOf(
  timeout: number | undefined,
  action: () => void,
): ReturnType<typeof setTimeout> | undefined {
  return timeout === undefined || timeout > LONGEST_TIMER ? undefined : setTimeout(action, timeout);
}

/** An operation that is being run, and can be stopped. */
export class Running {
  readonly #controller = new AbortController();
  /** What the operation is answered if it is stopped. */
  problem: BatchProblem | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #body: ReadableStreamDefaultReader<Uint8Array> | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  stop(reason: unknown, problem: BatchProblem): void {
    this.problem ??= problem;
    this.#controller.abort(reason);
    this.#reject?.(reason);
    this.#cancelBody();
  }

  /** Says what reads the body of the answer, which nobody wants once the operation is stopped, or if it has been. */
  reads(body: ReadableStreamDefaultReader<Uint8Array>): void {
    this.#body = body;
    if (this.signal.aborted) this.#cancelBody();
  }

  #cancelBody(): void {
    this.#body?.cancel(this.signal.reason).catch(() => {});
  }

  /** What `work` comes to, unless the operation is stopped before. */
  race<Value>(work: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      work.then(resolve, reject);
      // Whoever made the work may have stopped it, too.
      if (this.signal.aborted) reject(this.signal.reason);
    });
  }
}
