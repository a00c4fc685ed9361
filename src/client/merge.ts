import type { Stop } from "./batch-abort.ts";

/**
 * The values of several sources as they come, of at most `max` at once. A source is asked for its
 * next value only when the one before has been taken and another is asked for. An early return, or
 * `stop`, leaves the sources without waiting for them.
 */
export async function* merge<Value>(
  sources: AsyncIterator<AsyncIterator<Value>, unknown>,
  max: number,
  stop: Stop,
): AsyncGenerator<Value, void> {
  const merging = new Merging(sources, max);
  const unlisten = stop.listen(() => merging.end());
  try {
    for (;;) {
      const next = await merging.next();
      if (next === undefined) return;
      yield next.value;
    }
  } finally {
    unlisten();
    merging.end();
  }
}

class Merging<Value> {
  readonly #sources: AsyncIterator<AsyncIterator<Value>, unknown>;
  readonly #max: number;
  /** Sources that have been asked for nothing yet. */
  readonly #idle: AsyncIterator<Value>[] = [];
  readonly #active: Set<AsyncIterator<Value>> = new Set();
  readonly #ready: (() => { value: Value } | undefined)[] = [];
  #areSourcesAsked = false;
  #haveSourcesEnded = false;
  #isEnded = false;
  #wake: (() => void) | undefined;

  constructor(sources: AsyncIterator<AsyncIterator<Value>, unknown>, max: number) {
    this.#sources = sources;
    this.#max = max;
  }

  async next(): Promise<{ value: Value } | undefined> {
    while (!this.#isEnded) {
      this.#ask();
      const ready = this.#ready.shift();
      if (ready !== undefined) {
        const value = ready();
        if (value !== undefined) return value;
      } else if (this.#active.size === 0 && this.#haveSourcesEnded) {
        return undefined;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
    return undefined;
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#wake?.();
    for (const source of [this.#sources, ...this.#active]) source.return?.().catch(() => {});
  }

  #ask(): void {
    for (const source of this.#idle.splice(0)) {
      this.#pull(source, ({ done, value }) => {
        if (done === true) {
          this.#active.delete(source);
          return undefined;
        }
        this.#idle.push(source);
        return { value };
      });
    }
    if (this.#haveSourcesEnded || this.#areSourcesAsked || this.#active.size >= this.#max) return;
    this.#areSourcesAsked = true;
    this.#pull(this.#sources, ({ done, value }) => {
      this.#areSourcesAsked = false;
      this.#haveSourcesEnded = done === true;
      if (done !== true) {
        this.#active.add(value);
        this.#idle.push(value);
      }
      return undefined;
    });
  }

  #pull<Pulled>(
    source: AsyncIterator<Pulled, unknown>,
    take: (result: IteratorResult<Pulled, unknown>) => { value: Value } | undefined,
  ): void {
    const settle = (ready: () => { value: Value } | undefined): void => {
      this.#ready.push(ready);
      this.#wake?.();
    };
    source.next().then(
      (result) => settle(() => take(result)),
      (error: unknown) =>
        settle(() => {
          throw error;
        }),
    );
  }
}
