import type { Call } from "./call.ts";
import { onAbort } from "./on-abort.ts";

/** Ends everything that is under way for one caller, once. */
export class Stop {
  #isStopped = false;
  #reason: unknown;
  readonly #listeners: Set<(reason: unknown) => void> = new Set();

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Calls `listener` when it is time, which may be now; answers how to be called no more. */
  listen(listener: (reason: unknown) => void): () => void {
    if (this.#isStopped) listener(this.#reason);
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(reason: unknown): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#reason = reason;
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }
}

/**
 * Milliseconds for which the rest of an answer is read that nobody waits for: an answer that is read to
 * its end leaves the connection to the next batch.
 */
export const PATIENCE = 100;

/** Fastly's runtime has none, nor the signals that would abort a call. */
export function createController(): AbortController | undefined {
  return typeof AbortController === "function" ? new AbortController() : undefined;
}

/** Aborts what is done for some calls when nobody waits for it any more, or everything is stopped. */
export class BatchAbort {
  readonly #controller: AbortController | undefined = createController();
  readonly #listeners: Set<(reason: unknown) => void> = new Set();
  /** How to listen no more. */
  readonly #unlisten: (() => void)[];
  /** The calls that are neither answered nor aborted. */
  readonly #wanted: Set<Call>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAborted = false;
  #reason: unknown;

  constructor(calls: readonly Call[], stop: Stop) {
    this.#unlisten = [stop.listen((reason) => this.#abort(reason))];
    this.#wanted = new Set(calls);
    for (const call of calls) {
      const { signal } = call;
      if (signal === undefined) continue;
      const leave = (): void => {
        if (this.#wanted.delete(call) && !this.isWanted) this.#abort(signal.reason);
      };
      if (signal.aborted) leave();
      else this.#unlisten.push(onAbort(signal, leave));
    }
  }

  get signal(): AbortSignal | undefined {
    return this.#controller?.signal;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  /** Whether a call waits for an answer. */
  get isWanted(): boolean {
    return this.#wanted.size > 0;
  }

  /** Says that a call has its answer, be it to be sent again. */
  answered(call: Call): void {
    this.#wanted.delete(call);
  }

  /** Aborts what nobody waits for, unless it comes soon. */
  hurry(): void {
    if (this.isWanted) return;
    this.#timer ??= setTimeout(() => {
      this.#abort(new DOMException("Nobody waits for the rest of the answer", "AbortError"));
    }, PATIENCE);
  }

  /** Calls `listener` when it is aborted; answers how to be called no more. */
  listen(listener: (reason: unknown) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The value of `promise`, unless it is aborted before: then `discard` gets what comes too late. */
  race<T>(promise: PromiseLike<T>, discard: (value: T) => void = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isAborted) reject(this.#reason);
      this.#listeners.add(reject);
      const forget = (): unknown => this.#listeners.delete(reject);
      // What comes too late may be anything: where it cannot be discarded, nobody is told.
      promise
        .then((value) => (this.#isAborted ? discard(value) : resolve(value)), reject)
        .then(forget, forget);
    });
  }

  /** Waits, but not longer than for the abort. */
  async pause(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const elapsed = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
    try {
      await this.race(elapsed);
    } catch {
      // Whoever has waited looks whether there is something left to do.
    } finally {
      clearTimeout(timer);
    }
  }

  /** Says that nothing can be aborted any more. */
  release(): void {
    clearTimeout(this.#timer);
    for (const unlisten of this.#unlisten) unlisten();
  }

  #abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const reject of this.#listeners) reject(reason);
    this.#listeners.clear();
  }
}
