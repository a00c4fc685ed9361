/** Seeded octets and text for the corpora: the same on every machine, in every run. */

/** Xorshift (Marsaglia 2003): 32 bits a step, never 0. */
export class Random {
  #state;

  /** @param {number} seed - Any whole number. */
  constructor(seed) {
    this.#state = (seed ^ 0x9e3779b9) | 0 || 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** A whole number of 32 bits. */
  next() {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** A whole number in `[least, most]`. */
  between(least, most) {
    return least + (this.next() % (most - least + 1));
  }

  /** One of `list`. */
  pick(list) {
    return list[this.next() % list.length];
  }

  /** Octets of any value. */
  octets(length) {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i++) words[i] = this.next();
    return new Uint8Array(words.buffer, 0, length);
  }

  /** `length` hexadecimal digits. */
  hex(length) {
    let digits = "";
    while (digits.length < length) digits += this.next().toString(16).padStart(8, "0");
    return digits.slice(0, length);
  }

  /** Lower-case words, cut off at `length`. */
  prose(length) {
    let text = "";
    while (text.length < length) text += `${this.pick(WORDS)} `;
    return text.slice(0, length);
  }
}

const WORDS =
  "the presence of a contact or note may change while its event channel is open and every batch asks again".split(
    " ",
  );

export const latin1 = (text) => Buffer.from(text, "latin1");

/** `pattern` over and over, cut off at `length`. */
export function repeat(pattern, length) {
  return new Uint8Array(Buffer.alloc(length, latin1(pattern)).buffer, 0, length);
}

/** Lines of `columns` characters of the base64 alphabet, each ended by CRLF but the last. */
export function textLines(random, length, columns = 76) {
  const alphabet = latin1("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  const octets = random.octets(length);
  for (let i = 0; i < length; i++) octets[i] = alphabet[octets[i] & 63];
  for (let i = columns; i + 1 < length; i += columns + 2) {
    octets[i] = 0x0d;
    octets[i + 1] = 0x0a;
  }
  return octets;
}

/** One array of all `pieces`, strings taken as Latin-1. */
export function concat(pieces) {
  const parts = pieces.map((piece) => (typeof piece === "string" ? latin1(piece) : piece));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    octets.set(part, at);
    at += part.length;
  }
  return octets;
}
