import { profileOf } from "../codec/multipart-options.ts";
import { MultipartParser } from "../codec/multipart-parser.ts";
import type { MultipartEvent } from "../codec/multipart-event.ts";
import { topLevel } from "../deviation.ts";
import type { Origin } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import { Budget } from "../limits.ts";
import { BodyPart } from "./body-part.ts";
import type { PartFeed } from "./body-part.ts";
import { Body } from "./body.ts";
import type { ReaderContext } from "./body.ts";
import { openSource } from "./chunk-source.ts";
import type { ByteSource } from "./chunk-source.ts";
import { EventReader } from "./event-reader.ts";
import { contentTypeOf } from "./multipart-reader-options.ts";
import type { MultipartReaderOptions } from "./multipart-reader-options.ts";

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Reads a multipart body of any subtype (RFC 2046 §5.1) part by part, while it arrives.
 *
 * Asking for the next part drains the open one, and reading a body pulls the same input: a part
 * that nobody reads holds nothing up, and no more than a chunk and a header section is buffered.
 * One call at a time: `next()`, or a read of the part's body.
 *
 * The iteration ends as soon as the close-delimiter has arrived. What follows is then read in the
 * background; see {@link closed}.
 *
 * @example
 * ```ts
 * import { MultipartReader } from "batchwire";
 *
 * const response = new Response('--b\r\nContent-Type: application/json\r\n\r\n{"id":1}\r\n--b--', {
 *   headers: { "content-type": "multipart/mixed; boundary=b" },
 * });
 * for await (const part of new MultipartReader(response)) {
 *   console.log(part.mediaType.essence, await part.json()); // application/json { id: 1 }
 * }
 * ```
 */
export class MultipartReader implements AsyncIterableIterator<BodyPart> {
  /**
   * Settles when nothing more is read of the source: behind the close-delimiter it is read to its
   * end, and cancelled if it goes on for more than `maxEpilogueBytes`. Rejects with what is wrong
   * there, or with what ended the iteration; need not be handled.
   */
  readonly closed: Promise<void>;
  #resolveClosed!: () => void;
  #rejectClosed!: (reason: unknown) => void;

  readonly #parser: MultipartParser;
  readonly #events: EventReader<MultipartEvent>;
  readonly #context: ReaderContext;
  readonly #origin: Readonly<Origin>;
  readonly #defaultEssence: string;
  readonly #feed: PartFeed;
  readonly #onPreamble: ((octets: Uint8Array) => void) | undefined;
  readonly #onEpilogue: ((event: MultipartEvent) => void) | undefined;
  /** The part whose body may be read. */
  #part: BodyPart | undefined;
  /** The part whose body was read to its end last: it may be asked again. */
  #ended: BodyPart | undefined;
  #done = false;
  /** Whether a call has not settled. */
  #reading = false;
  /** The pull of a body that has not settled. */
  #pending: Promise<Uint8Array | undefined> | undefined;
  /** The part whose body was cancelled last. */
  #cancelled: BodyPart | undefined;
  #draining = false;

  /**
   * @throws {BatchwireError} The content type is missing or not multipart, or its boundary is
   * missing or invalid; `limit-exceeded` by `maxDepth`.
   * @throws {TypeError} `source` cannot be read, or has no fields and neither `boundary` nor
   * `contentType` is given.
   */
  constructor(source: ByteSource, options: MultipartReaderOptions = {}) {
    const parent = source instanceof Body ? source : undefined;
    const outer = parent?.context;
    const tolerance = options.tolerance ?? outer?.tolerance;
    const onDeviation = options.onDeviation ?? outer?.onDeviation;
    const budget =
      outer === undefined || options.limits !== undefined ? new Budget(options.limits) : outer.budget;
    this.#origin = parent?.origin ?? topLevel;
    const { boundary } = options;
    const contentType = options.contentType ?? (boundary === undefined ? contentTypeOf(source) : undefined);
    this.#parser = new MultipartParser({
      boundary,
      contentType,
      contentTypeOrigin: parent instanceof BodyPart ? parent.fieldOrigin("content-type") : undefined,
      profile: options.profile,
      tolerance,
      onDeviation,
      preamble: options.onPreamble !== undefined,
      epilogue: options.onEpilogue !== undefined,
      origin: this.#origin,
      budget,
    });
    const profile = options.profile ?? profileOf(contentType);
    const decode = profile === "mime" && (options.decode ?? outer?.decode ?? true);
    this.#context = { tolerance, onDeviation, decode, budget, pool: options.pool ?? outer?.pool };
    const isDigest =
      contentType !== undefined && parseMediaType(contentType, { tolerance: "lenient" }).subtype === "digest";
    this.#defaultEssence = isDigest ? "message/rfc822" : "text/plain";
    this.#onPreamble = options.onPreamble;
    const { onEpilogue } = options;
    if (onEpilogue !== undefined) {
      this.#onEpilogue = (event) => event.type === "epilogue" && onEpilogue(event.data);
    }
    this.#events = new EventReader(this.#parser, openSource(source, options.signal), options.signal);
    const events = this.#events;
    this.#feed = {
      pull: (part) => this.#pull(part),
      pullAtHand: (part) => this.#pullAtHand(part),
      cancel: (part) => {
        this.#cancelled = part;
      },
      get mayTransfer() {
        return events.mayTransfer;
      },
      get failed() {
        return events.failed;
      },
    };
    this.closed = new Promise((resolve, reject) => {
      this.#resolveClosed = resolve;
      this.#rejectClosed = reject;
    });
    this.closed.catch(() => {});
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /**
   * The next part, as soon as its header section has arrived. Skips what is left of the one before.
   *
   * @throws {BatchwireError} What is wrong with the input, once all before it has been answered;
   * `concurrent-read` if the call before, or a read of the part's body, has not settled.
   */
  next(): Promise<IteratorResult<BodyPart, undefined>> {
    if (this.#done) return Promise.resolve(DONE);
    if (this.#cancelled !== undefined && this.#cancelled === this.#part && this.#pending !== undefined) {
      // Whoever read the body has given it up while a pull was under way.
      return this.#pending.then(
        () => this.next(),
        () => this.next(),
      );
    }
    if (this.#reading || this.#part?.isBusy === true || this.#ended?.isBusy === true) {
      return Promise.reject(new BatchwireError("concurrent-read", this.#origin));
    }
    this.#part = undefined;
    try {
      for (;;) {
        const event = this.#events.read();
        if (event instanceof Promise) return this.#nextOn(event);
        const result = this.#resultOf(event);
        if (result !== undefined) return Promise.resolve(result);
      }
    } catch (error) {
      return Promise.reject(this.#fail(error));
    }
  }

  /** Ends the iteration early, as `break` in a `for await` loop does, or the reading behind it: cancels the source. */
  async return(): Promise<IteratorResult<BodyPart, undefined>> {
    if (this.#done && !this.#draining) return DONE;
    this.#done = true;
    this.#part = undefined;
    try {
      if (!this.#events.failed) await this.#events.source.cancel();
    } finally {
      this.#resolveClosed();
    }
    return DONE;
  }

  async #nextOn(pending: Promise<MultipartEvent | undefined>): Promise<IteratorResult<BodyPart, undefined>> {
    this.#reading = true;
    try {
      let result = this.#resultOf(await pending);
      while (result === undefined) result = this.#resultOf(await this.#events.read());
      return result;
    } catch (error) {
      // return() has cancelled the source under a call that was waiting for it.
      if (this.#done) return DONE;
      throw this.#fail(error);
    } finally {
      this.#reading = false;
    }
  }

  #resultOf(event: MultipartEvent | undefined): IteratorResult<BodyPart, undefined> | undefined {
    switch (event?.type) {
      case "part": {
        const origin = {
          offset: this.#origin.offset + this.#parser.offset,
          offsetBase: this.#origin.offsetBase,
          path: this.#parser.path,
          depth: this.#origin.depth + 1,
        };
        const place = {
          origin,
          headersOffset: this.#origin.offset + this.#parser.headersOffset,
          defaultEssence: this.#defaultEssence,
        };
        this.#part = new BodyPart(event.headers, place, this.#context, this.#feed);
        return { done: false, value: this.#part };
      }
      case "preamble":
        this.#onPreamble?.(event.data);
        return undefined;
      case "end":
      case undefined:
        this.#finish();
        return DONE;
      default:
        return undefined;
    }
  }

  #pull(part: BodyPart): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (this.#reading) throw new BatchwireError("concurrent-read", part.origin);
    if (part !== this.#part) {
      if (part === this.#ended) return undefined;
      throw new BatchwireError("part-abandoned", part.origin);
    }
    try {
      const event = this.#events.read();
      if (!(event instanceof Promise)) return this.#dataOf(part, event);
      const pending = this.#pullOn(part, event);
      this.#pending = pending;
      return pending;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #pullAtHand(part: BodyPart): Uint8Array | undefined | null {
    if (part === this.#ended) return undefined;
    if (this.#reading || part !== this.#part) return null;
    try {
      const event = this.#events.readAtHand();
      return event === null ? null : this.#dataOf(part, event);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async #pullOn(
    part: BodyPart,
    pending: Promise<MultipartEvent | undefined>,
  ): Promise<Uint8Array | undefined> {
    this.#reading = true;
    try {
      return this.#dataOf(part, await pending);
    } catch (error) {
      // return() has cancelled the source under a pull that was waiting for it.
      if (this.#part !== part) throw new BatchwireError("part-abandoned", part.origin);
      throw this.#fail(error);
    } finally {
      this.#reading = false;
      this.#pending = undefined;
    }
  }

  #dataOf(part: BodyPart, event: MultipartEvent | undefined): Uint8Array | undefined {
    if (event?.type === "data") return event.data;
    this.#ended = part;
    this.#part = undefined;
    return undefined;
  }

  #fail(error: unknown): unknown {
    this.#events.fail(error);
    this.#rejectClosed(error);
    return error;
  }

  /**
   * The close-delimiter has been read: checks what is there behind it, and reads what is not. Of a
   * nested body neither: what of it is at hand depends on the chunks, and the rest is skipped unseen.
   */
  #finish(): void {
    const isNested = this.#origin.depth > 0;
    try {
      if (this.#onEpilogue === undefined && !isNested) this.#events.checkRest();
    } catch (error) {
      if (!isTooLongEpilogue(error)) throw error;
    }
    this.#done = true;
    // A nested body leaves draining to the one around it.
    if (isNested || this.#events.failed) {
      this.#events.source.cancel().catch(() => {});
      this.#resolveClosed();
      return;
    }
    this.#draining = true;
    this.#events
      .drain((event) => this.#onEpilogue?.(event))
      .then(this.#resolveClosed, (error: unknown) => this.#endDraining(error));
  }

  #endDraining(error: unknown): void {
    if (isTooLongEpilogue(error)) this.#resolveClosed();
    else this.#rejectClosed(error);
  }
}

/** The source has been cancelled for it, and nobody wants what it has. */
function isTooLongEpilogue(error: unknown): boolean {
  return error instanceof BatchwireError && error.limit?.name === "maxEpilogueBytes";
}
