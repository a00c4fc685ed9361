import type { Verdict } from "../deviation.ts";
import type { Budget } from "../limits.ts";
import { NO_OCTETS } from "../octets/ascii.ts";
import { Words } from "../octets/words.ts";
import { assertOctets } from "./transfer-coder.ts";

/**
 * What all parsers have in common: a pull cursor over one chunk at a time. `push()` a chunk,
 * `read()` events until `undefined`, push the next; not calling `read()` is the backpressure.
 *
 * Nothing is copied that a machine does not have to withhold: events hold views of the chunk, or the
 * chunk itself, so it must not change until `read()` has returned `undefined`. What a chunk holds behind the last event
 * is looked at by the next `push()` or `end()`, so that chunk must not change until then.
 *
 * @example
 * ```ts
 * import { MultipartParser } from "batchwire/codec";
 * import type { PullMachine } from "batchwire/codec";
 *
 * function eventsOf<Event>(machine: PullMachine<Event>, octets: Uint8Array): Event[] {
 *   const events: Event[] = [];
 *   machine.push(octets);
 *   machine.end();
 *   for (let event; (event = machine.read()) !== undefined; ) events.push(event);
 *   return events;
 * }
 *
 * const octets = new TextEncoder().encode("--b\r\n\r\nx\r\n--b--");
 * const events = eventsOf(new MultipartParser({ boundary: "b" }), octets);
 * console.log(events.map(({ type }) => type)); // [ "part", "data", "part-end", "end" ]
 * ```
 */
export abstract class PullMachine<Event> {
  protected readonly verdict: Verdict;
  protected readonly budget: Budget;
  protected chunk: Uint8Array = NO_OCTETS;
  /** Index in the chunk of the first octet that has not been read. */
  protected position = 0;
  /** The chunk as words, for all that read it. */
  protected readonly words: Words = new Words();
  /** How much of the chunk may be read: all that `maxTotalBytes` lets in. */
  protected chunkEnd = 0;
  /** Octets of the current body that have been answered. */
  protected bodyLength = 0;

  /** The chunk's length when it was pushed. */
  #chunkLength = 0;
  /** Offset of the chunk's first octet. */
  #base = 0;
  #starved = true;
  #inputEnded = false;
  #failure: unknown;

  protected constructor(verdict: Verdict, budget: Budget) {
    this.verdict = verdict;
    this.budget = budget;
  }

  /** Octets read so far, from the start of this machine's input. */
  get offset(): number {
    return this.#base + this.position;
  }

  /**
   * Whether the machine needs nothing more of the chunk. Until then a view of it must not be
   * transferred or enqueued on a byte stream, which would detach the chunk under the machine.
   */
  get isChunkUsedUp(): boolean {
    return this.position === this.#chunkLength;
  }

  /**
   * Hands over the next chunk. It is read in place.
   *
   * @throws {BatchwireError} `push-while-readable`, `push-after-end`; and behind the last event,
   * what is wrong with octets that no event comes of.
   * @throws {TypeError} `chunk` is not a `Uint8Array`.
   */
  push(chunk: Uint8Array): void {
    assertOctets(chunk);
    if (this.#failure !== undefined) throw this.#failure;
    try {
      if (this.#inputEnded) throw this.verdict.error("push-after-end", this.offset);
      this.#checkChunk();
      if (!this.#starved) this.skip();
      if (!this.#starved) throw this.verdict.error("push-while-readable", this.offset);
      this.#base += this.#chunkLength;
      this.chunk = chunk;
      this.words.forget();
      this.#chunkLength = chunk.length;
      this.chunkEnd = Math.min(chunk.length, this.budget.limits.maxTotalBytes - this.#base);
      this.position = 0;
      this.#starved = false;
      this.skip();
    } catch (error) {
      throw (this.#failure = error);
    }
  }

  /**
   * Says that the input has ended.
   *
   * @throws {BatchwireError} What is wrong with an input that ends here, if all its events have
   * been read; else a later `read()` throws it.
   */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      if (this.#inputEnded) throw this.verdict.error("push-after-end", this.offset);
      this.#inputEnded = true;
      this.#checkChunk();
      this.skip();
      if (this.#starved) this.finish();
    } catch (error) {
      throw (this.#failure = error);
    }
  }

  /**
   * The next event, or `undefined` if more input is needed or nothing is left.
   *
   * @throws {BatchwireError} The input breaks a rule or exceeds a limit. All events before it have
   * been answered; every later call throws the same error.
   */
  read(): Event | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      this.#checkChunk();
      for (;;) {
        const event = this.readEvent();
        if (event !== undefined || !this.#inputEnded) return event;
        // No `push()` or `end()` will come that looks at what is behind the last event.
        if (!this.#starved) this.skip();
        if (!this.#starved || !this.finish()) return undefined;
      }
    } catch (error) {
      throw (this.#failure = error);
    }
  }

  /** Forgets its input, for the next one. */
  protected restart(): void {
    this.chunk = NO_OCTETS;
    this.words.forget();
    this.position = 0;
    this.chunkEnd = 0;
    this.bodyLength = 0;
    this.#chunkLength = 0;
    this.#base = 0;
    this.#starved = true;
    this.#inputEnded = false;
    this.#failure = undefined;
  }

  #checkChunk(): void {
    if (this.chunk.length === this.#chunkLength || this.isChunkUsedUp) return;
    throw this.verdict.error("chunk-detached", this.offset);
  }

  /** Answers the next event; `undefined` if the chunk is used up (see {@link starve}) or nothing is left. */
  protected abstract readEvent(): Event | undefined;

  /**
   * The input has ended and is used up: throws if it must not end here, tells whether an event is
   * left that `readEvent()` will answer.
   */
  protected abstract finish(): boolean;

  /** Reads octets that no event comes of, so that `push()` and `end()` throw what is wrong with them. */
  protected skip(): void {}

  /** The chunk is used up. */
  protected starve(): undefined {
    if (this.chunkEnd < this.#chunkLength) {
      const { maxTotalBytes } = this.budget.limits;
      throw this.verdict.exceeded("maxTotalBytes", maxTotalBytes, maxTotalBytes);
    }
    this.#starved = true;
  }

  /** The rest of the chunk is somebody else's. */
  protected release(): void {
    this.#starved = true;
  }

  protected get isStarved(): boolean {
    return this.#starved;
  }

  /** An error for the next call: what came before it is delivered first. */
  protected failNext(error: Error): void {
    this.#failure = error;
  }

  /** Octets of the chunk; all of them are the chunk, for a view takes longer than all else in a chunk of one octet. */
  protected view(start: number, end: number): Uint8Array {
    return start === 0 && end === this.#chunkLength ? this.chunk : this.chunk.subarray(start, end);
  }

  /** Throws what the next call would. */
  protected throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Body octets that end at `position`, cut off where the body exceeds its limit. */
  protected admit(octets: Uint8Array): Uint8Array {
    const { maxPartBytes } = this.budget.limits;
    this.bodyLength += octets.length;
    const excess = this.bodyLength - maxPartBytes;
    if (excess <= 0) return octets;
    const error = this.verdict.exceeded("maxPartBytes", maxPartBytes, this.offset - excess);
    if (excess >= octets.length) throw error;
    this.failNext(error);
    this.position -= excess;
    return octets.subarray(0, octets.length - excess);
  }
}
