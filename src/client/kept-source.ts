import { BatchwireError } from "../errors.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";
import { ResumedSource } from "../batch/held-body.ts";

/** Whether a reader has found JSON that is no batch. */
export function isNoBatch(error: unknown): boolean {
  return error instanceof BatchwireError && error.code === "missing-batch-array";
}

/** An answer that is kept until it is known to be a batch, for it may have to be handed on as it came. */
export class KeptSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #max: number;
  #kept: GatheredOctets | undefined = new GatheredOctets();
  #length = 0;
  /** The last view: most answers are one, which need not be copied. */
  #last: Uint8Array | undefined;

  /** Keeps at most `max` octets, or none. */
  constructor(source: ChunkSource, max: number) {
    this.#source = source;
    this.#max = max;
  }

  /** Octets that have been pulled. */
  get length(): number {
    return this.#length;
  }

  async pull(): Promise<Uint8Array | undefined> {
    this.#keep();
    const chunk = await this.#source.pull();
    this.#length += chunk?.length ?? 0;
    if (this.#length > this.#max) this.forget();
    if (this.#kept !== undefined) this.#last = chunk;
    return chunk;
  }

  /** What is no batch is left open: {@link again} has the rest of it. */
  async cancel(reason?: unknown): Promise<void> {
    if (this.#kept === undefined || !isNoBatch(reason)) await this.#source.cancel(reason);
  }

  /** Keeps nothing from here on. */
  forget(): void {
    this.#kept = this.#last = undefined;
  }

  /** All of it, once more; `undefined` if it has not been kept. */
  again(): ChunkSource | undefined {
    this.#keep();
    return this.#kept === undefined ? undefined : new ResumedSource([this.#kept.take()], this.#source);
  }

  #keep(): void {
    if (this.#last !== undefined) this.#kept?.add(this.#last);
    this.#last = undefined;
  }
}
