import { NO_OCTETS } from "./ascii.ts";
import { GatherBuffer } from "./gather-buffer.ts";

/** Octets that come in pieces, of which a single one stays the view that it is. */
export class GatheredView {
  #view: Uint8Array = NO_OCTETS;
  readonly #buffer = new GatherBuffer();
  /** Whether the octets are in the buffer. */
  #isGathering = false;

  add(piece: Uint8Array): void {
    if (this.#view.length > 0) this.own();
    if (this.#isGathering) this.#buffer.add(piece);
    else this.#view = piece;
  }

  /** Copies the view, which is about to lose its octets. */
  own(): void {
    if (this.#view.length === 0) return;
    this.#buffer.add(this.#view);
    this.#view = NO_OCTETS;
    this.#isGathering = true;
  }

  /** What was added, and begins afresh. */
  take(): Uint8Array {
    const octets = this.#isGathering ? this.#buffer.take() : this.#view;
    this.#view = NO_OCTETS;
    this.#isGathering = false;
    return octets;
  }
}
