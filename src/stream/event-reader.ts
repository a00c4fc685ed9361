import type { PullMachine } from "../codec/pull-machine.ts";
import { NO_OCTETS } from "../octets/ascii.ts";
import { isThenable } from "./chunk-source.ts";
import type { ChunkSource } from "./chunk-source.ts";

/**
 * Feeds a machine from a source, and answers its events: at once where the chunk at hand has them
 * or the source has another chunk at hand. One call at a time, which the caller sees to.
 */
export class EventReader<Event, Machine extends PullMachine<Event> = PullMachine<Event>> {
  readonly machine: Machine;
  readonly source: ChunkSource;
  readonly #signal: AbortSignal | undefined;
  #inputEnded = false;
  #cancelled = false;
  #failure: { error: unknown } | undefined;

  constructor(machine: Machine, source: ChunkSource, signal?: AbortSignal) {
    this.machine = machine;
    this.source = source;
    this.#signal = signal;
  }

  /** Whether the last view may be transferred: neither the machine nor its source needs the chunk. */
  get mayTransfer(): boolean {
    return this.machine.isChunkUsedUp && this.source.mayTransfer === true;
  }

  /** Whether the reading has failed, and its source is left alone. */
  get failed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * The next event, or `undefined` when nothing is left. An error of the machine or of the source,
   * and an abort, are thrown by every later call too; those that are not the source's cancel it.
   */
  read(): Event | undefined | Promise<Event | undefined> {
    this.#throwIfOver();
    for (;;) {
      const event = this.#next();
      if (event !== undefined || this.#inputEnded) return event;
      const pulled = this.#pull();
      if (isThenable(pulled)) return this.#readOn(pulled);
      this.#feed(pulled);
    }
  }

  /** {@link read} without waiting: `null` if the next event is not at hand. */
  readAtHand(): Event | undefined | null {
    this.#throwIfOver();
    for (;;) {
      const event = this.#next();
      if (event !== undefined || this.#inputEnded) return event;
      if (this.source.pullAtHand === undefined) return null;
      const chunk = this.source.pullAtHand();
      if (chunk === null) return null;
      this.#feed(chunk);
    }
  }

  /** Checks, behind the last event, what is left of the chunk. */
  checkRest(): void {
    if (!this.#inputEnded) this.#guard(() => this.machine.push(NO_OCTETS));
  }

  /** Reads the input to its end. */
  async drain(onEvent: (event: Event) => void): Promise<void> {
    for (;;) {
      const event = await this.read();
      if (event === undefined) return;
      this.#guard(() => onEvent(event));
    }
  }

  /** Ends the reading with `error`, which every later call throws; cancels the source. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    if (!this.#inputEnded && !this.#cancelled) this.source.cancel(error).catch(() => {});
    this.#cancelled = true;
  }

  async #readOn(pulled: PromiseLike<Uint8Array | undefined>): Promise<Event | undefined> {
    for (
      let next: Uint8Array | undefined | PromiseLike<Uint8Array | undefined> = pulled;
      ;
      next = this.#pull()
    ) {
      let chunk: Uint8Array | undefined;
      try {
        chunk = await next;
      } catch (error) {
        this.fail(error);
        throw error;
      }
      this.#feed(chunk);
      const event = this.#next();
      if (event !== undefined || this.#inputEnded) return event;
    }
  }

  /** {@link PullMachine.read}, guarded as all calls are; without a closure, as it comes three times a part: 7 % (Node 20). */
  #next(): Event | undefined {
    try {
      return this.machine.read();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  #throwIfOver(): void {
    if (this.#signal?.aborted === true && this.#failure === undefined) this.fail(this.#signal.reason);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #pull(): Uint8Array | undefined | PromiseLike<Uint8Array | undefined> {
    try {
      return this.source.pull();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  #feed(chunk: Uint8Array | undefined): void {
    this.#inputEnded = chunk === undefined;
    this.#guard(() => (chunk === undefined ? this.machine.end() : this.machine.push(chunk)));
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }
}
