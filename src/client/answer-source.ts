import { BatchwireError } from "../errors.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import { PATIENCE } from "./batch-abort.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";
import { ResumedSource } from "../batch/held-body.ts";

/** Whether a reader has found JSON that is no batch. */
export function isNoBatch(error: unknown): boolean {
  return error instanceof BatchwireError && error.code === "missing-batch-array";
}

/** The octets of an answer. They are kept until it is known to be a batch, for it may have to be handed on as it came. */
export class AnswerSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #max: number;
  #kept: GatheredOctets | undefined = new GatheredOctets();
  #length = 0;
  /** The last view: most answers are one, which need not be copied. */
  #last: Uint8Array | undefined;
  #hasEnded = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

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
    let chunk: Uint8Array | undefined;
    try {
      chunk = await this.#source.pull();
    } finally {
      if (chunk === undefined) this.#end();
    }
    this.#length += chunk?.length ?? 0;
    if (this.#length > this.#max) this.forget();
    if (this.#kept !== undefined) this.#last = chunk;
    return chunk;
  }

  /** What is no batch is left open: {@link again} has the rest of it. */
  async cancel(reason?: unknown): Promise<void> {
    if (this.#kept !== undefined && isNoBatch(reason)) return;
    this.#end();
    await this.#source.cancel(reason);
  }

  /** Cancels it, unless it ends soon. */
  hurry(): void {
    if (!this.#hasEnded) this.#timer ??= setTimeout(() => void this.cancel().catch(() => {}), PATIENCE);
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

  #end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
  }

  #keep(): void {
    if (this.#last !== undefined) this.#kept?.add(this.#last);
    this.#last = undefined;
  }
}
