import type { ChunkSource } from "./chunk-source.ts";

/** Lets an `AbortSignal` end a source: the pending pull rejects at once with the signal's reason. */
export class AbortableSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #signal: AbortSignal;
  /** Rejects the pending pull. One listener for all pulls: a race for each would hold them all. */
  #reject: ((reason: unknown) => void) | undefined;
  readonly #onAbort: () => void;
  #listening = false;

  constructor(source: ChunkSource, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
    this.#onAbort = () => {
      this.#reject?.(signal.reason);
      source.cancel(signal.reason).catch(() => {});
    };
    this.#listening = !signal.aborted;
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  get mayTransfer(): boolean {
    return this.#source.mayTransfer === true;
  }

  async pull(): Promise<Uint8Array | undefined> {
    if (this.#signal.aborted) throw this.#signal.reason;
    let chunk: Uint8Array | undefined;
    try {
      chunk = await new Promise<Uint8Array | undefined>((resolve, reject) => {
        this.#reject = reject;
        Promise.resolve(this.#source.pull()).then(resolve, reject);
      });
    } finally {
      this.#reject = undefined;
      if (chunk === undefined) this.release();
    }
    return chunk;
  }

  async cancel(reason?: unknown): Promise<void> {
    this.release();
    await this.#source.cancel(reason);
  }

  /** Nothing more is read: what is left of the source is none of the signal's business. */
  release(): void {
    if (!this.#listening) return;
    this.#listening = false;
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
