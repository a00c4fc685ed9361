import { AbortableSource } from "./abortable-source.ts";

/**
 * One interface over everything that octets can come from. It pulls: nothing is read ahead, and
 * not pulling is the backpressure.
 */
export interface ChunkSource {
  /**
   * The next chunk, or `undefined` at the end. A view that is answered stays valid until the next
   * `pull()`, which must not come before this one has settled.
   */
  pull(): Uint8Array | undefined | PromiseLike<Uint8Array | undefined>;
  /**
   * {@link pull} without waiting: `null` if the next chunk is not at hand; without it nothing ever
   * is. A view that is answered stays valid until the next `pull()`.
   */
  pullAtHand?(): Uint8Array | undefined | null;
  /** Says that nothing more is wanted. May be called again. */
  cancel(reason?: unknown): Promise<void>;
  /**
   * Whether the view that was answered last may be transferred, its whole buffer with it, because
   * nobody else needs that any more. Default `false`: whoever wants to keep the octets copies them.
   */
  readonly mayTransfer?: boolean;
  /** Called once, before the first `pull()`; throws if the octets have gone elsewhere. */
  claim?(): void;
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

/**
 * Opens a source for reading: a stream is locked, a body is used from here on.
 *
 * @throws {TypeError} `source` is none of the forms, or a stream that is locked.
 * @throws {BatchwireError} `body-used`.
 */
export function openSource(source: ByteSource, signal?: AbortSignal): ChunkSource {
  const chunks = sourceOf(source);
  chunks.claim?.();
  return signal === undefined ? chunks : new AbortableSource(chunks, signal);
}

/** Whether `value` is one of the forms that {@link openSource} takes. */
export function isByteSource(value: unknown): value is ByteSource {
  if (typeof value !== "object" || value === null) return false;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true;
  const forms = ["pull", "getReader", "body", "arrayBuffer", Symbol.asyncIterator, Symbol.iterator];
  return forms.some((form) => form in value);
}

function sourceOf(source: ByteSource): ChunkSource {
  if (typeof source === "object" && source !== null) {
    if ("pull" in source) return source;
    if (ArrayBuffer.isView(source)) return new OctetsSource(source);
    if (source instanceof ArrayBuffer) return new OctetsSource(new Uint8Array(source));
    if ("getReader" in source) return new StreamSource(source);
    if ("body" in source && source.body !== undefined) {
      return source.body === null ? new OctetsSource() : new StreamSource(source.body);
    }
    if ("stream" in source && typeof source.stream === "function") return new StreamSource(source.stream());
    // Firefox has no `Request.body`, but `arrayBuffer()`.
    if ("arrayBuffer" in source) return new BufferSource(source as Pick<Blob, "arrayBuffer">);
    if (Symbol.asyncIterator in source) return new IteratorSource(source[Symbol.asyncIterator](), source);
    if (Symbol.iterator in source) return new IteratorSource(source[Symbol.iterator](), source);
  }
  throw new TypeError("Source is no stream, iterable, Blob, Request, Response or Uint8Array");
}

/**
 * A stream of a source's chunks, which are the consumer's own: what may not be transferred is
 * copied. The source is pulled only when the stream is read, and claimed then.
 *
 * It is a default stream, not a byte stream: enqueuing a view there would detach a chunk that a
 * parser still reads.
 */
export function streamOf(
  source: ChunkSource,
  claim: (() => void) | undefined = source.claim?.bind(source),
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let claimed = false;
  const claimOnce = (): void => {
    if (!claimed) claim?.();
    claimed = true;
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        claimOnce();
        for (;;) {
          const chunk = await source.pull();
          if (chunk === undefined) return controller.close();
          if (chunk.length === 0) continue;
          return controller.enqueue(ownedOf(chunk, source));
        }
      },
      cancel: (reason) => {
        claimOnce();
        return source.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}

/** `chunk`, the last one of `source`, as octets that may be kept, changed and transferred. */
export function ownedOf(chunk: Uint8Array, source: ChunkSource): Uint8Array<ArrayBuffer> {
  return (source.mayTransfer === true ? chunk : new Uint8Array(chunk)) as Uint8Array<ArrayBuffer>;
}

/** Promises of other realms and libraries are no instances of `Promise`. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === "object" && value !== null && "then" in value;
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
  mayTransfer = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  /** Whether it is a byte stream: its chunks are its reader's own, for even `tee()` copies them. */
  readonly #ownsChunks: boolean;
  #released = false;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#ownsChunks = isByteStream(stream);
    this.#reader = stream.getReader();
  }

  async pull(): Promise<Uint8Array | undefined> {
    const { done, value } = await this.#reader.read();
    if (done) return undefined;
    const chunk = toUint8Array(value);
    // A pooled buffer holds other chunks, too.
    this.mayTransfer = this.#ownsChunks && chunk.byteLength === chunk.buffer.byteLength;
    return chunk;
  }

  async cancel(reason?: unknown): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    try {
      await this.#reader.cancel(reason);
    } finally {
      this.#reader.releaseLock();
    }
  }
}

/** Octets of somebody else's, who may still need them, or none. */
class OctetsSource implements ChunkSource {
  #octets: Uint8Array | undefined;

  constructor(octets?: Uint8Array) {
    this.#octets = octets;
  }

  pull(): Uint8Array | undefined {
    const octets = this.#octets;
    this.#octets = undefined;
    return octets === undefined ? undefined : toUint8Array(octets);
  }

  pullAtHand(): Uint8Array | undefined {
    return this.pull();
  }

  async cancel(): Promise<void> {
    this.#octets = undefined;
  }
}

/** Only a byte stream has a reader of this mode; WebKit has neither. */
function isByteStream(stream: ReadableStream<Uint8Array>): boolean {
  try {
    stream.getReader({ mode: "byob" }).releaseLock();
    return true;
  } catch {
    return false;
  }
}

/**
 * Says to an iterator that nothing more is wanted. An async one answers `return()` behind a pending `next()`,
 * which may never be answered: neither is waited for.
 */
export async function endIteration(iterator: { return?(): unknown }, isPending: boolean): Promise<void> {
  const returned = Promise.resolve(iterator.return?.());
  if (isPending) returned.catch(() => {});
  else await returned;
}

/** Ends a stream of Node's, whose iterator does nothing on `return()` before its first `next()`. */
export async function destroy(stream: object): Promise<void> {
  if ("destroy" in stream && typeof stream.destroy === "function") await stream.destroy();
}

type AnyIterator = Iterator<Uint8Array> | AsyncIterator<Uint8Array>;

/** Chunks of somebody else's, who may still need them. */
class IteratorSource implements ChunkSource {
  readonly #iterator: AnyIterator;
  readonly #iterable: object;
  #ended = false;
  /** Ends the pending pull. */
  #endPull: (() => void) | undefined;

  constructor(iterator: AnyIterator, iterable: object) {
    this.#iterator = iterator;
    this.#iterable = iterable;
  }

  pull(): Uint8Array | undefined | PromiseLike<Uint8Array | undefined> {
    if (this.#ended) return undefined;
    const result = this.#iterator.next() as
      | IteratorResult<Uint8Array>
      | PromiseLike<IteratorResult<Uint8Array>>;
    return isThenable(result) ? this.#pullLater(result) : this.#chunkOf(result);
  }

  async cancel(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const endPull = this.#endPull;
    endPull?.();
    await Promise.all([endIteration(this.#iterator, endPull !== undefined), destroy(this.#iterable)]);
  }

  async #pullLater(result: PromiseLike<IteratorResult<Uint8Array>>): Promise<Uint8Array | undefined> {
    const ended = new Promise<undefined>((resolve) => {
      this.#endPull = () => resolve(undefined);
    });
    try {
      const settled = await Promise.race([result, ended]);
      return settled && this.#chunkOf(settled);
    } finally {
      this.#endPull = undefined;
    }
  }

  #chunkOf({ done, value }: IteratorResult<Uint8Array>): Uint8Array | undefined {
    if (done !== true) return toUint8Array(value);
    this.#ended = true;
    return undefined;
  }
}

/** The whole of a body that has no stream. */
class BufferSource implements ChunkSource {
  readonly mayTransfer = true;
  #body: Pick<Blob, "arrayBuffer"> | undefined;

  constructor(body: Pick<Blob, "arrayBuffer">) {
    this.#body = body;
  }

  async pull(): Promise<Uint8Array | undefined> {
    const body = this.#body;
    this.#body = undefined;
    return body === undefined ? undefined : new Uint8Array(await body.arrayBuffer());
  }

  async cancel(): Promise<void> {
    this.#body = undefined;
  }
}
