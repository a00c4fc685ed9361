import type { Verdict } from "../deviation.ts";
import type { Limits } from "../limits.ts";
import { CR, HEX_VALUE, HTAB, LF, SEMICOLON, SP } from "../octets/ascii.ts";

/** What {@link ChunkedParser.read} came upon; its `next` says from where to go on. */
export const Chunked = {
  /** The input is used up. */
  INPUT_END: 1,
  /** `octets[start, next)` is chunk data, `start` being where `dataStart` says. */
  DATA: 2,
  /** The last chunk's line has been read; the trailer section begins at `next`. */
  LAST_CHUNK: 3,
} as const;
export type Chunked = (typeof Chunked)[keyof typeof Chunked];

const State = { DATA: 0, SIZE: 1, SPACE: 2, EXTENSION: 3, SIZE_LF: 4, DATA_CR: 5, DATA_LF: 6 } as const;
type State = (typeof State)[keyof typeof State];

/** More digits would only be zeros: 2^53 - 1 has 14. */
const MAX_SIZE_DIGITS = 16;

/**
 * Reads chunked framing:
 *
 * ```abnf
 * chunked-body = *chunk last-chunk trailer-section CRLF      ; RFC 9112 §7.1
 * chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
 * ```
 *
 * up to the trailer section. Both modes refuse bare CR and LF here.
 */
export class ChunkedParser {
  next = 0;
  dataStart = 0;

  readonly #verdict: Verdict;
  readonly #limits: Readonly<Limits>;
  #state: State = State.SIZE;
  #size = 0;
  #digits = 0;
  #extensionLength = 0;

  constructor(verdict: Verdict, limits: Readonly<Limits>) {
    this.#verdict = verdict;
    this.#limits = limits;
  }

  /** Reads on in `octets[start, end)`, whose first octet is at `offset`. */
  read(octets: Uint8Array, start: number, end: number, offset: number): Chunked {
    for (let i = start; i < end; i++) {
      if (this.#state === State.DATA) {
        const dataEnd = Math.min(end, i + this.#size);
        this.#size -= dataEnd - i;
        if (this.#size === 0) this.#state = State.DATA_CR;
        this.dataStart = i;
        this.next = dataEnd;
        return Chunked.DATA;
      }
      if (this.#readFraming(octets[i]!, offset + i - start)) {
        this.next = i + 1;
        return Chunked.LAST_CHUNK;
      }
    }
    this.next = end;
    return Chunked.INPUT_END;
  }

  /** Reads one octet outside chunk data; tells whether it ends the last chunk's line. */
  #readFraming(octet: number, offset: number): boolean {
    switch (this.#state) {
      case State.SIZE:
        if (HEX_VALUE[octet]! <= 0xf) return this.#readDigit(HEX_VALUE[octet]!, offset);
        if (this.#digits === 0) throw this.#invalid(offset);
        return this.#readBehindSize(octet, offset);
      case State.SPACE:
      case State.EXTENSION:
        return this.#readBehindSize(octet, offset);
      case State.SIZE_LF: {
        if (octet !== LF) throw this.#invalid(offset);
        const isLast = this.#size === 0;
        this.#state = isLast ? State.SIZE : State.DATA;
        this.#digits = 0;
        return isLast;
      }
      case State.DATA_CR:
        if (octet !== CR) throw this.#invalid(offset);
        this.#state = State.DATA_LF;
        return false;
      default:
        if (octet !== LF) throw this.#invalid(offset);
        this.#state = State.SIZE;
        return false;
    }
  }

  #readDigit(digit: number, offset: number): false {
    this.#size = this.#size * 16 + digit;
    this.#digits++;
    if (this.#digits > MAX_SIZE_DIGITS || this.#size > Number.MAX_SAFE_INTEGER) throw this.#invalid(offset);
    return false;
  }

  /** `[ chunk-ext ] CRLF`, or white space, which senders must not but do leave behind the size. */
  #readBehindSize(octet: number, offset: number): false {
    if (octet === CR) {
      this.#state = State.SIZE_LF;
    } else if (this.#state === State.EXTENSION || octet === SEMICOLON) {
      if ((octet < SP && octet !== HTAB) || octet === 0x7f) throw this.#invalid(offset);
      this.#countExtension(offset);
      this.#state = State.EXTENSION;
    } else {
      if (octet !== SP && octet !== HTAB) throw this.#invalid(offset);
      this.#countExtension(offset);
      if (this.#state === State.SIZE) this.#verdict.tolerate("space-after-chunk-size", offset);
      this.#state = State.SPACE;
    }
    return false;
  }

  #countExtension(offset: number): void {
    const { maxChunkExtensionBytes } = this.#limits;
    if (++this.#extensionLength > maxChunkExtensionBytes) {
      throw this.#verdict.exceeded("maxChunkExtensionBytes", maxChunkExtensionBytes, offset);
    }
  }

  #invalid(offset: number): Error {
    return this.#verdict.error("invalid-chunk", offset);
  }
}
