/**
 * One interface over everything that octets can come from. It pulls: nothing is read ahead, and
 * not pulling is the backpressure.
 */
export interface ChunkSource {
  /**
   * The next chunk, not empty, or `undefined` at the end. A view that is answered stays valid until
   * the next `pull()`, which must not come before this one has settled.
   */
  pull(): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Says that nothing more is wanted. */
  cancel(reason?: unknown): Promise<void>;
  /** `false` while the source still reads the chunk that the last view is of, which must then not be transferred. */
  readonly isChunkUsedUp?: boolean;
}

/** Octets in any of the forms that web standards have for them; a `Request` or `Response` gives its body. */
export type ByteSource =
  | ChunkSource
  | Uint8Array
  | ArrayBuffer
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | Blob
  | { readonly body: ReadableStream<Uint8Array> | null };

/** @throws {TypeError} `source` is none of the forms, or a body that is locked or used. */
export function toChunkSource(source: ByteSource, signal?: AbortSignal): ChunkSource {
  const chunks = chunkSourceOf(source);
  return signal === undefined ? chunks : new AbortableSource(chunks, signal);
}

function chunkSourceOf(source: ByteSource): ChunkSource {
  if (typeof source === "object" && source !== null) {
    if ("pull" in source) return source;
    if (ArrayBuffer.isView(source)) return new IteratorSource([source].values());
    if (source instanceof ArrayBuffer) return new IteratorSource([new Uint8Array(source)].values());
    if ("getReader" in source) return new StreamSource(source);
    if ("body" in source)
      return source.body === null ? new IteratorSource([].values()) : new StreamSource(source.body);
    if ("stream" in source) return new StreamSource(source.stream());
    if (Symbol.asyncIterator in source) return new IteratorSource(source[Symbol.asyncIterator]());
    if (Symbol.iterator in source) return new IteratorSource(source[Symbol.iterator]());
  }
  throw new TypeError("Source is no stream, iterable, Blob, Request, Response or Uint8Array");
}

/**
 * A plain `Uint8Array` over the same octets. Subclasses have methods of their own: `slice()` of a
 * Node `Buffer` does not copy, and its `subarray()` takes half as long again.
 */
export function toUint8Array(chunk: unknown): Uint8Array {
  if (!ArrayBuffer.isView(chunk)) throw new TypeError(`Chunk is not a Uint8Array but ${typeof chunk}`);
  if (chunk.constructor === Uint8Array) return chunk as Uint8Array;
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

class StreamSource implements ChunkSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async pull(): Promise<Uint8Array | undefined> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      const chunk = toUint8Array(value);
      if (chunk.length > 0) return chunk;
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason);
    this.#reader.releaseLock();
  }
}

class IteratorSource implements ChunkSource {
  readonly #iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

  constructor(iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>) {
    this.#iterator = iterator;
  }

  pull(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    for (;;) {
      const result = this.#iterator.next();
      if (result instanceof Promise) return this.#settle(result);
      if (result.done === true) return undefined;
      const chunk = toUint8Array(result.value);
      if (chunk.length > 0) return chunk;
    }
  }

  async #settle(pending: Promise<IteratorResult<Uint8Array>>): Promise<Uint8Array | undefined> {
    const { done, value } = await pending;
    if (done === true) return undefined;
    const chunk = toUint8Array(value);
    return chunk.length > 0 ? chunk : this.pull();
  }

  async cancel(): Promise<void> {
    await this.#iterator.return?.();
  }
}

/** Lets an `AbortSignal` end a source: the pending pull rejects at once with the signal's reason. */
class AbortableSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #signal: AbortSignal;
  /** Rejects the pending pull. One listener for all pulls: a race for each would hold them all. */
  #reject: ((reason: unknown) => void) | undefined;
  readonly #onAbort: () => void;

  constructor(source: ChunkSource, signal: AbortSignal) {
    this.#source = source;
    this.#signal = signal;
    this.#onAbort = () => {
      this.#reject?.(signal.reason);
      source.cancel(signal.reason).catch(() => {});
    };
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  get isChunkUsedUp(): boolean {
    return this.#source.isChunkUsedUp !== false;
  }

  async pull(): Promise<Uint8Array | undefined> {
    if (this.#signal.aborted) throw this.#signal.reason;
    const chunk = await new Promise<Uint8Array | undefined>((resolve, reject) => {
      this.#reject = reject;
      Promise.resolve(this.#source.pull()).then(resolve, reject);
    });
    this.#reject = undefined;
    if (chunk === undefined) this.#release();
    return chunk;
  }

  async cancel(reason?: unknown): Promise<void> {
    this.#release();
    await this.#source.cancel(reason);
  }

  #release(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
