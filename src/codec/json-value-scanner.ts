import {
  BACKSLASH,
  DQUOTE,
  JSON_FLAT,
  JSON_SCALAR,
  JSON_UNESCAPED,
  LEFT_BRACE,
  LEFT_BRACKET,
} from "../octets/ascii.ts";

/** What {@link JsonValueScanner.scan} came upon; its `next` says where. */
export const Scanned = {
  /** The octets are used up, and the value may go on. */
  CHUNK_END: 0,
  /** The value ends before `next`. */
  VALUE_END: 1,
  /** The octet at `next` cannot stand there. */
  INVALID: 2,
  /** The bracket at `next` is one more than may be open. */
  TOO_DEEP: 3,
  /** The octet at `next` is one more than the value may have; told by {@link JsonValueReader} alone. */
  TOO_LONG: 4,
} as const;
export type Scanned = (typeof Scanned)[keyof typeof Scanned];

/** Brackets of one value that may be open at once: no engine's `JSON.parse` exhausts its stack over so many. */
export const MAX_BRACKETS = 512;

const State = { FLAT: 0, STRING: 1, ESCAPE: 2, SCALAR: 3 } as const;
type State = (typeof State)[keyof typeof State];

/**
 * Finds the end of a JSON value (RFC 8259 §3), in any chunking: it knows strings, escapes and
 * brackets, and refuses a bracket that closes another kind and a control character in a string.
 * Whether a value that ends is right in all else, its UTF-8 included, `JSON.parse` must tell.
 */
export class JsonValueScanner {
  next = 0;

  #state: State = State.FLAT;
  /** The brackets that close those that are open. */
  readonly #closing = new Uint8Array(MAX_BRACKETS);
  #depth = 0;

  /** A value begins with `octet`, which is yet to be scanned. */
  start(octet: number): void {
    this.#state = JSON_SCALAR[octet] === 1 ? State.SCALAR : State.FLAT;
    this.#depth = 0;
  }

  /** Whether the value ends if `octet` comes next: nothing but that tells where a number ends. */
  endsBefore(octet: number): boolean {
    return this.#state === State.SCALAR && JSON_SCALAR[octet] === 0;
  }

  /** Scans on in `octets[start, end)`. */
  scan(octets: Uint8Array, start: number, end: number): Scanned {
    const closing = this.#closing;
    let state = this.#state;
    let depth = this.#depth;
    let scanned: Scanned = Scanned.CHUNK_END;
    let i = start;
    while (i < end) {
      if (state === State.STRING) {
        while (i < end && JSON_UNESCAPED[octets[i]!] === 1) i++;
        if (i === end) break;
        const octet = octets[i]!;
        if (octet === BACKSLASH) {
          state = State.ESCAPE;
        } else if (octet === DQUOTE) {
          state = State.FLAT;
          if (depth === 0) scanned = Scanned.VALUE_END;
        } else {
          scanned = Scanned.INVALID;
          break;
        }
      } else if (state === State.FLAT) {
        while (i < end && JSON_FLAT[octets[i]!] === 1) i++;
        if (i === end) break;
        const octet = octets[i]!;
        if (octet === DQUOTE) {
          state = State.STRING;
        } else if (octet === LEFT_BRACE || octet === LEFT_BRACKET) {
          if (depth === MAX_BRACKETS) {
            scanned = Scanned.TOO_DEEP;
            break;
          }
          // In ASCII either closing bracket is two behind its opening one.
          closing[depth++] = octet + 2;
        } else if (octet === closing[depth - 1]) {
          if (--depth === 0) scanned = Scanned.VALUE_END;
        } else {
          scanned = Scanned.INVALID;
          break;
        }
      } else if (state === State.ESCAPE) {
        state = State.STRING;
      } else {
        while (i < end && JSON_SCALAR[octets[i]!] === 1) i++;
        if (i < end) scanned = Scanned.VALUE_END;
        break;
      }
      i++;
      if (scanned === Scanned.VALUE_END) break;
    }
    this.#state = state;
    this.#depth = depth;
    this.next = i;
    return scanned;
  }
}
