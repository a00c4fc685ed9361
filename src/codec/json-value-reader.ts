import { NO_OCTETS } from "../octets/ascii.ts";
import { GatherBuffer } from "../octets/gather-buffer.ts";
import { JsonValueScanner, Scanned } from "./json-value-scanner.ts";

/**
 * Reads JSON values one after the other, each whole: in place if it lies in one chunk, else from a
 * buffer to which its pieces are copied; and none longer than it may be.
 */
export class JsonValueReader {
  /** Index in the chunk from which to go on, or of the octet that is wrong. */
  next = 0;
  /** The value that has been read: a view of the chunk, or octets that nobody else holds. */
  octets: Uint8Array = NO_OCTETS;
  /** Octets that the value may still have. What one leaves over the next one may have, if it is not set. */
  allowance = 0;

  readonly #scanner = new JsonValueScanner();
  readonly #gathered = new GatherBuffer();

  /** A value begins with `octet`, which is yet to be read. */
  start(octet: number): void {
    this.#scanner.start(octet);
  }

  /** Reads on in `chunk[start, end)`. */
  read(chunk: Uint8Array, start: number, end: number): Scanned {
    const scanned = this.#scanner.scan(chunk, start, Math.min(end, start + this.allowance));
    const { next } = this.#scanner;
    this.next = next;
    this.allowance -= next - start;
    if (scanned > Scanned.VALUE_END) return scanned;
    const octets = chunk.subarray(start, next);
    if (scanned === Scanned.CHUNK_END) {
      if (next === end) {
        this.#gathered.add(octets);
        return Scanned.CHUNK_END;
      }
      if (!this.#scanner.endsBefore(chunk[next]!)) return Scanned.TOO_LONG;
    }
    if (this.#gathered.length > 0) {
      this.#gathered.add(octets);
      this.octets = this.#gathered.take();
    } else {
      this.octets = octets;
    }
    return Scanned.VALUE_END;
  }
}
