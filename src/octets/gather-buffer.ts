import { NO_OCTETS } from "./ascii.ts";

/** A buffer up to this size stays for what is gathered next. */
const MAX_KEPT = 65_536;

/** Gathers octets that come in pieces. The buffer doubles, so each octet is copied a bounded number of times. */
export class GatherBuffer {
  #buffer: Uint8Array<ArrayBuffer> = NO_OCTETS;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(64, 2 * length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#length);
    this.#length = length;
  }

  /** What was gathered, as octets that nobody else holds, and begins afresh. */
  take(): Uint8Array<ArrayBuffer> {
    const gathered = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    if (this.#buffer.length <= MAX_KEPT) return gathered.slice();
    this.#buffer = NO_OCTETS;
    return gathered;
  }
}
