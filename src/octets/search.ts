/**
 * Finds a delimiter in a chunk. Horspool's search, with one change: a window is verified from its
 * head. Sender-chosen content and boundary can make a tail-first comparison run 70 octets deep at
 * every octet (a boundary of 70 `a` over a body of `a`); the delimiter's first octet, CR or LF,
 * occurs nowhere else in it, so head-first verifications never overlap and the search takes at
 * most two steps an octet whatever the input.
 */
export class DelimiterSearch {
  /** What is looked for. Its first octet must not occur again in it. */
  readonly needle: Uint8Array;
  /** Octets that the window may move on, by its last octet; 0 for the needle's own last octet. */
  readonly #skip: Uint16Array;
  /** Octets to move on from a window whose last octet matched and whose head did not. */
  readonly #skipMiss: number;

  constructor(needle: Uint8Array) {
    this.needle = needle;
    const last = needle.length - 1;
    this.#skip = new Uint16Array(256).fill(needle.length);
    for (let i = 0; i < last; i++) this.#skip[needle[i]!] = last - i;
    this.#skipMiss = this.#skip[needle[last]!]!;
    this.#skip[needle[last]!] = 0;
  }

  /** Index of the first whole needle in `chunk[start, end)`, or -1. */
  find(chunk: Uint8Array, start: number, end: number): number {
    const skip = this.#skip;
    const last = this.needle.length - 1;
    for (let tail = start + last; tail < end;) {
      const step = skip[chunk[tail]!]!;
      if (step !== 0) {
        tail += step;
      } else if (this.#matches(chunk, tail - last)) {
        return tail - last;
      } else {
        tail += this.#skipMiss;
      }
    }
    return -1;
  }

  /** Start of the longest suffix of `chunk[start, end)` that is a proper prefix of the needle; `end` if none. */
  findPrefixAtEnd(chunk: Uint8Array, start: number, end: number): number {
    const { needle } = this;
    const head = needle[0];
    const earliest = Math.max(start, end - needle.length + 1);
    let from = end - 1;
    while (from >= earliest && chunk[from] !== head) from--;
    // The head octet occurs once in the needle, so the last one in the chunk is the only candidate.
    if (from < earliest) return end;
    for (let i = from + 1; i < end; i++) if (chunk[i] !== needle[i - from]) return end;
    return from;
  }

  #matches(chunk: Uint8Array, at: number): boolean {
    const { needle } = this;
    for (let i = 0; i < needle.length; i++) if (chunk[at + i] !== needle[i]) return false;
    return true;
  }
}
