import { WantedOctets, Words } from "./words.ts";

/** Octets that are searched with the small table before the large one is made. */
const SMALL_SEARCH = 32_768;
/** Entries of the large table: they fit the first-level cache with room for the chunk. */
const PAIRS = 4096;
/** Steps fit an octet of the tables. */
const MAX_STEP = 0xff;
/** A step this short moves no faster than looking for the head octet; so many in a row are too many. */
const SHORT_STEP = 4;
const MAX_SHORT = 8;
/** Windows in a row without the head octet from which on it is worth a native search: 60 ns a call, 3.6 GB/s. */
const MAX_HEADLESS = 4;

/**
 * Finds a delimiter in a chunk.
 *
 * Horspool's search, that moves a window by what its last octets are: by the last one, and once it
 * has paid to make the table, by a hash of the last two (on Node 20 that finds delimiters of 12 and
 * of 40 octets 3.5 times as fast; bodies of ten small parts would only pay for the table).
 *
 * The sender chooses both the content and the boundary, and must not choose the time. The needle's
 * head, CR or LF, occurs nowhere else in it, so a window is verified from its head, and where that
 * fails no match starts before the next head octet: verifications never overlap, and each octet is
 * looked at a bounded number of times whatever the input.
 */
export class DelimiterSearch {
  /** What is looked for. Its first octet must not occur again in it. */
  readonly needle: Uint8Array;
  readonly #wanted: WantedOctets;
  /** By octet: 0 where a needle that is followed by it is none. */
  readonly #mayFollow: Uint8Array | undefined;
  readonly #words: Words;
  /** Octets by which a window may move, by its last octet; 0 for the needle's own. */
  readonly #skip: Uint8Array;
  /** How much less than `longest` a window may move, by {@link hash} of its last two octets. */
  #missing: Uint8Array | undefined;
  readonly #longest: number;
  #searched = 0;

  /**
   * @param mayFollow - Tells of 256 octets which may follow the needle, its own first one among them.
   *   Default: any.
   * @param words - Those of whoever reads the same chunks.
   */
  constructor(needle: Uint8Array, mayFollow?: Uint8Array, words: Words = new Words()) {
    this.#words = words;
    this.needle = needle;
    this.#wanted = new WantedOctets(needle);
    this.#mayFollow = mayFollow;
    const last = needle.length - 1;
    this.#longest = Math.min(last, MAX_STEP);
    this.#skip = new Uint8Array(256).fill(Math.min(needle.length, MAX_STEP));
    for (let i = 0; i <= last; i++) this.#skip[needle[i]!] = Math.min(last - i, MAX_STEP);
  }

  /**
   * Index of the first whole needle in `chunk[start, end)`, or -1. Behind one that ends the chunk
   * anything may follow.
   */
  find(chunk: Uint8Array, start: number, end: number): number {
    const last = this.needle.length - 1;
    if (end - start <= last) return -1;
    const words = this.#words.of(chunk);
    const missing = words && this.#missingByPair(end - start);
    let headless = 0;
    let patience = MAX_SHORT;
    for (let tail = start + last; tail < end;) {
      // Of the octet before the window's last one.
      const at =
        missing && words
          ? this.#moveByPair(words, missing, tail - 1, end - 1, patience)
          : this.#moveByOctet(chunk, tail - 1, end - 1, patience);
      if (at < 0) {
        tail = ~at + 1;
        patience = 0;
      } else {
        tail = at + 1;
        if (tail >= end) break;
        patience = MAX_SHORT;
      }
      const head = tail - last;
      const matched = this.#wanted.matchLength(chunk, words, head);
      if (matched > last) {
        const behind = tail + 1;
        if (behind === end || this.#mayFollow?.[chunk[behind]!] !== 0) return head;
        // What may not follow is no head either.
        tail = behind + 1 + last;
        continue;
      }
      // What has matched holds no other head, so the next one is behind it.
      const from = head + Math.max(matched, 1);
      const next =
        headless < MAX_HEADLESS
          ? this.#nextHead(chunk, from, tail + 1, end)
          : this.#nextHeadFar(chunk, from, end);
      headless = next > tail ? headless + 1 : 0;
      tail = next + last;
    }
    return -1;
  }

  /**
   * Moves a window, whose last octet is behind `start`, until it may be the needle; after too many
   * short steps in a row answers the complement of where it is then.
   */
  #moveByOctet(chunk: Uint8Array, start: number, end: number, patience: number): number {
    const skip = this.#skip;
    let at = start;
    while (at < end) {
      const step = skip[chunk[at + 1]!]!;
      if (step >= SHORT_STEP) patience = MAX_SHORT;
      else if (step === 0) break;
      else if (--patience < 0) return ~at;
      at += step;
    }
    return at;
  }

  /**
   * The same by its last two octets. Most windows move as far as they can, so behind two that do, four
   * are looked at in one go: the processor need not wait for one look-up to know where the next is,
   * and foresees one branch in place of four (1.6 times as fast on Node 20).
   */
  #moveByPair(words: DataView, missing: Uint8Array, start: number, end: number, patience: number): number {
    const longest = this.#longest;
    const far = end - 3 * longest;
    let expected = 0;
    let at = start;
    while (at < end) {
      let less = missing[hash(words.getUint16(at, true))]!;
      if (less === 0) {
        patience = MAX_SHORT;
        at += longest;
        if (at >= end) break;
        less = missing[hash(words.getUint16(at, true))]!;
        if (less === 0) {
          while (at < far) {
            const a = words.getUint16(at, true);
            const b = words.getUint16(at + longest, true);
            const c = words.getUint16(at + 2 * longest, true);
            const d = words.getUint16(at + 3 * longest, true);
            if ((missing[hash(a)]! | missing[hash(b)]! | missing[hash(c)]! | missing[hash(d)]!) !== 0) break;
            at += 4 * longest;
          }
          continue;
        }
      }
      // The same step again, as in floods, comes from a register behind a branch that is foreseen, and the
      // next window need not wait for this look-up: up to twice as fast there, and no slower elsewhere.
      if (less !== expected) expected = less;
      const step = longest - expected;
      if (step >= SHORT_STEP) patience = MAX_SHORT;
      else if (step === 0) break;
      else if (--patience < 0) return ~at;
      at += step;
    }
    return at;
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

  /**
   * Index of the first octet in `chunk[start, limit)` at which the needle's first three octets
   * stand, or may; `limit` if none. Three, for the head alone is cheap to scatter over a body.
   */
  #nextHead(chunk: Uint8Array, start: number, limit: number, end: number): number {
    const [first, second, third] = this.needle;
    const certain = Math.min(limit, end - 2);
    let at = start;
    while (at < certain && (chunk[at] !== first || chunk[at + 1] !== second || chunk[at + 2] !== third)) at++;
    return at;
  }

  /** Index of the first head octet from `start` on; `end` if none. */
  #nextHeadFar(chunk: Uint8Array, start: number, end: number): number {
    const at = chunk.indexOf(this.needle[0]!, start);
    return at < 0 ? end : at;
  }

  #missingByPair(length: number): Uint8Array | undefined {
    if (this.#missing !== undefined || this.#searched < SMALL_SEARCH) {
      this.#searched += length;
      return this.#missing;
    }
    const { needle } = this;
    const last = needle.length - 1;
    // A window whose last octet is the needle's first may still match one octet further left.
    this.#missing = new Uint8Array(PAIRS);
    for (let i = 1; i <= last; i++) {
      const step = Math.min(last - i, MAX_STEP);
      this.#missing[hash(needle[i - 1]! | (needle[i]! << 8))] = this.#longest - step;
    }
    return this.#missing;
  }
}

function hash(pair: number): number {
  return (pair ^ (pair >>> 5)) & (PAIRS - 1);
}
