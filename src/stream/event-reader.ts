import { BatchwireError } from "../errors.ts";
import type { PullMachine } from "../codec/pull-machine.ts";
import type { ChunkSource } from "./chunk-source.ts";

const NOTHING = new Uint8Array(0);

/** Feeds a machine from a source, and answers its events: at once where its chunk has them. */
export class EventReader<Event> {
  readonly machine: PullMachine<Event>;
  readonly source: ChunkSource;
  #inputEnded = false;
  #pending = false;
  #sourceFailure: { error: unknown } | undefined;

  constructor(machine: PullMachine<Event>, source: ChunkSource) {
    this.machine = machine;
    this.source = source;
  }

  /** Whether neither the machine nor its source needs the chunk of the last view any more. */
  get isChunkUsedUp(): boolean {
    return this.machine.isChunkUsedUp && this.source.isChunkUsedUp !== false;
  }

  /**
   * The next event, or `undefined` when nothing is left. An error of the machine cancels the
   * source; an error of the source is thrown as it is.
   *
   * @throws {BatchwireError} `concurrent-read`: the call before has not settled.
   */
  read(): Event | undefined | Promise<Event | undefined> {
    if (this.#pending) throw new BatchwireError("concurrent-read");
    if (this.#sourceFailure !== undefined) throw this.#sourceFailure.error;
    const event = this.#readMachine();
    return event !== undefined || this.#inputEnded ? event : this.#readInput();
  }

  /** Checks, behind the last event, what is left of the chunk. */
  checkRest(): void {
    if (!this.#inputEnded) this.#guard(() => this.machine.push(NOTHING));
  }

  /** Reads the input to its end; no event may be left. */
  async drain(): Promise<void> {
    while (!this.#inputEnded) await this.#feed();
  }

  async #readInput(): Promise<Event | undefined> {
    this.#pending = true;
    try {
      for (;;) {
        await this.#feed();
        const event = this.#readMachine();
        if (event !== undefined || this.#inputEnded) return event;
      }
    } finally {
      this.#pending = false;
    }
  }

  async #feed(): Promise<void> {
    let chunk: Uint8Array | undefined;
    try {
      chunk = await this.source.pull();
    } catch (error) {
      this.#sourceFailure = { error };
      throw error;
    }
    this.#guard(() => {
      this.#inputEnded = chunk === undefined;
      if (chunk === undefined) this.machine.end();
      else this.machine.push(chunk);
    });
  }

  #readMachine(): Event | undefined {
    try {
      return this.machine.read();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): unknown {
    if (!this.#inputEnded) this.source.cancel(error).catch(() => {});
    this.#inputEnded = true;
    return error;
  }
}
