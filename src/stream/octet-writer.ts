import { OctetPool } from "../octets/octet-pool.ts";

/** Pieces up to this size are put together: a chunk of a stream costs 0.5 µs on Node 20, however small. */
export const SMALL = 4096;
/** Size of a chunk that is put together. */
const CHUNK_SIZE = 16_384;

/** For what serializers make: all of it that a pool holds is small, so that an {@link OctetWriter} copies it at once. */
export const smallPool: OctetPool = /* @__PURE__ */ new OctetPool();

/**
 * Puts small pieces together into chunks of a moderate size. Large pieces pass as they are: copying
 * is slower than anything else that is done to them. The chunks are the consumer's own, so a large
 * piece must be nobody else's.
 */
export class OctetWriter {
  readonly #chunks: Uint8Array[] = [];
  #open: Uint8Array | undefined;
  #openLength = 0;

  /** Whether a chunk is full: time to hand it over. */
  get isFull(): boolean {
    return this.#chunks.length > 0;
  }

  write(octets: Uint8Array): void {
    if (octets.length > SMALL) {
      this.#close();
      this.#chunks.push(octets);
      return;
    }
    if (this.#open !== undefined && this.#openLength + octets.length > CHUNK_SIZE) this.#close();
    if (octets.length === 0) return;
    this.#open ??= new Uint8Array(CHUNK_SIZE);
    this.#open.set(octets, this.#openLength);
    this.#openLength += octets.length;
  }

  /** Hands over what has been written; tells whether there was anything. */
  flush(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): boolean {
    this.#close();
    const any = this.isFull;
    for (const chunk of this.#chunks) controller.enqueue(chunk as Uint8Array<ArrayBuffer>);
    this.#chunks.length = 0;
    return any;
  }

  #close(): void {
    if (this.#open !== undefined) this.#chunks.push(this.#open.subarray(0, this.#openLength));
    this.#open = undefined;
    this.#openLength = 0;
  }
}

/** Something that is written step by step. */
export interface Steps {
  /** Writes the next piece: at once, or when what it needs has come. */
  step(): Promise<void> | undefined;
  /** Whether the last piece has been written. */
  readonly ended: boolean;
  cancel(reason: unknown): Promise<void>;
}

/** The stream of what `steps` write to `output`. A step is taken only when a chunk is asked for. */
export function streamOfSteps(steps: Steps, output: OctetWriter): ReadableStream<Uint8Array<ArrayBuffer>> {
  /** A step that had not come when output was there. */
  let awaited: Promise<void> | undefined;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        try {
          await awaited;
          awaited = undefined;
          while (!steps.ended && !output.isFull) {
            const step = steps.step();
            if (step === undefined) continue;
            // What has been written must not wait for what has not come.
            if (output.flush(controller)) {
              step.catch(() => {});
              awaited = step;
              return;
            }
            await step;
          }
          output.flush(controller);
          if (steps.ended) controller.close();
        } catch (error) {
          // What has failed must not wait for what is cancelled because of it.
          steps.cancel(error).catch(() => {});
          throw error;
        }
      },
      cancel: (reason) => steps.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
