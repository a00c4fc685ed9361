import { AbortableSource } from "../stream/abortable-source.ts";
import { isThenable } from "../stream/chunk-source.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import type { Body } from "../stream/body.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";

/**
 * The octets of a body, so that what follows it can be read; or, where it has more than `max`, a
 * source of all of them, until whose end nothing behind it can be. `null` if it is empty.
 */
export async function holdBody(body: Body, max: number): Promise<Uint8Array<ArrayBuffer> | HeldBody | null> {
  body.claim();
  const first = body.pullAtHand();
  if (first === undefined) return null;
  const second = first === null ? null : body.pullAtHand();
  // Most bodies are short, and all there.
  if (first !== null && second === undefined && first.length <= max) return new Uint8Array(first);
  const octets = new GatheredOctets();
  let length = 0;
  for (const known of [first, second]) {
    if (!known) continue;
    octets.add(known);
    length += known.length;
  }
  for (;;) {
    if (length > max) return new HeldBody(octets.take(), body);
    const pulled = body.pull();
    const chunk = isThenable(pulled) ? await pulled : pulled;
    if (chunk === undefined) return length === 0 ? null : octets.take();
    octets.add(chunk);
    length += chunk.length;
  }
}

/**
 * A body of which only the beginning has been read. Cancelled before its end it never looks whole: who
 * still pulls it gets the reason, or an `AbortError`.
 */
export class HeldBody implements ChunkSource {
  /** Settles when the input is free again: the body has been read to its end, cancelled, or failed. */
  readonly released: Promise<void>;
  #release!: () => void;
  #beginning: Uint8Array | undefined;
  readonly #rest: AbortableSource;
  readonly #stop: AbortController = new AbortController();
  #isOver = false;

  constructor(beginning: Uint8Array, body: Body) {
    this.#beginning = beginning;
    this.#rest = new AbortableSource(body, this.#stop.signal);
    this.released = new Promise((resolve) => {
      this.#release = () => {
        this.#isOver = true;
        resolve();
      };
    });
  }

  /** Whether nothing of it has been pulled, nor has it been cancelled. */
  get isUntouched(): boolean {
    return this.#beginning !== undefined;
  }

  pull(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const beginning = this.#beginning;
    this.#beginning = undefined;
    return beginning ?? this.#pullOn();
  }

  async cancel(reason?: unknown): Promise<void> {
    this.#beginning = undefined;
    if (!this.#isOver) this.#stop.abort(reason);
    this.#release();
  }

  async #pullOn(): Promise<Uint8Array | undefined> {
    try {
      const chunk = await this.#rest.pull();
      if (chunk === undefined) this.#release();
      return chunk;
    } catch (error) {
      this.#release();
      throw error;
    }
  }
}

/** A source of which some octets have been pulled already. */
export class ResumedSource implements ChunkSource {
  readonly #pulled: Uint8Array[];
  readonly #rest: ChunkSource;

  /** `pulled` are views that need not stay: they are copied. */
  constructor(pulled: readonly (Uint8Array | null | undefined)[], rest: ChunkSource) {
    this.#pulled = pulled
      .flatMap((octets) => (octets instanceof Uint8Array ? [new Uint8Array(octets)] : []))
      .reverse();
    this.#rest = rest;
  }

  pull(): Uint8Array | undefined | PromiseLike<Uint8Array | undefined> {
    return this.#pulled.pop() ?? this.#rest.pull();
  }

  pullAtHand(): Uint8Array | undefined | null {
    const pulled = this.#pulled.pop();
    return pulled ?? this.#rest.pullAtHand?.() ?? null;
  }

  cancel(reason?: unknown): Promise<void> {
    return this.#rest.cancel(reason);
  }
}

/** A source that tells when nothing more is pulled of it: at its end, by an error, or when it is cancelled. */
export class WatchedSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #onEnd: (failure?: { error: unknown }) => void;
  readonly #race: (pulled: Promise<Uint8Array | undefined>) => Promise<Uint8Array | undefined>;

  /** `race` settles as what it is given, or rejects before, if that is given up. */
  constructor(
    source: ChunkSource,
    onEnd: (failure?: { error: unknown }) => void,
    race: (pulled: Promise<Uint8Array | undefined>) => Promise<Uint8Array | undefined>,
  ) {
    this.#source = source;
    this.#onEnd = onEnd;
    this.#race = race;
  }

  get mayTransfer(): boolean {
    return this.#source.mayTransfer === true;
  }

  async pull(): Promise<Uint8Array | undefined> {
    try {
      const chunk = await this.#race(Promise.resolve(this.#source.pull()));
      if (chunk === undefined) this.#onEnd();
      return chunk;
    } catch (error) {
      this.#onEnd({ error });
      this.#source.cancel(error).catch(() => {});
      throw error;
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    this.#onEnd();
    await this.#source.cancel(reason);
  }
}
