/** Octets of a word. */
const WORD = 8;
/** To make a view takes as long as to look at a hundred octets, which are not all looked at. */
const MANY = 512;

/**
 * Octets as words, to compare or hash more than one at a time: an unaligned load through a
 * `DataView` takes no longer than one of an octet. Making one takes longer than looking at a few
 * octets, so it is kept while the chunk is the same: all that read one chunk share it, and whoever
 * pushes the next {@link forget | forgets} it, for a view keeps the chunk in memory.
 */
export class Words {
  #octets: Uint8Array | undefined;
  #view: DataView | undefined;

  /** A view that begins with `octets`, and may go on behind them; `undefined` where they are too few to pay for it. */
  of(octets: Uint8Array): DataView | undefined {
    if (octets.length < MANY) return undefined;
    if (octets !== this.#octets) {
      this.#octets = octets;
      this.#view = new DataView(octets.buffer, octets.byteOffset);
    }
    return this.#view;
  }

  /** Keeps no octets any longer. */
  forget(): void {
    this.#octets = this.#view = undefined;
  }
}

/** A view of eight octets that need none of their own. */
const scratch = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(WORD));

/**
 * Octets that others are compared with, a copy. None of them may be zero.
 *
 * Words are compared as doubles, the widest numbers that are no objects: 60 octets take 13 ns, octet
 * by octet 64 (Node 20). One that is not a number has lost its octets and equals none: they need 0xFF,
 * which no UTF-8 has. -0 equals 0: hence no zeros.
 */
export class WantedOctets {
  readonly length: number;
  /** The last one ends where the octets end; single octets where those are fewer than a word. */
  readonly #words: number[] = [];

  constructor(octets: Uint8Array) {
    const { length } = octets;
    this.length = length;
    if (length < WORD) {
      this.#words.push(...octets);
      return;
    }
    for (let end = WORD; end < length + WORD; end += WORD) {
      const start = Math.min(end, length) - WORD;
      for (let i = 0; i < WORD; i++) scratch.setUint8(i, octets[start + i]!);
      this.#words.push(scratch.getFloat64(0, true));
    }
  }

  /**
   * How many of them stand at `octets[at]`, where there are as many: all, or those of whole words.
   * `view` is that of `octets`, if it has been made.
   */
  matchLength(octets: Uint8Array, view: DataView | undefined, at: number): number {
    const words = this.#words;
    const { length } = this;
    if (view === undefined || length < WORD) return this.#matchOctets(octets, at);
    const last = words.length - 1;
    for (let i = 0; i < last; i++) {
      if (view.getFloat64(at + i * WORD, true) !== words[i]) return i * WORD;
    }
    return view.getFloat64(at + length - WORD, true) === words[last] ? length : last * WORD;
  }

  #matchOctets(octets: Uint8Array, at: number): number {
    const { length } = this;
    let same = 0;
    if (length < WORD) {
      while (same < length && octets[at + same] === this.#words[same]) same++;
      return same;
    }
    for (const word of this.#words) {
      if (Number.isNaN(word)) return same;
      scratch.setFloat64(0, word, true);
      const start = at + Math.min(same, length - WORD);
      for (let i = 0; i < WORD; i++) if (octets[start + i] !== scratch.getUint8(i)) return same;
      same += WORD;
    }
    return length;
  }
}

/**
 * Index of the first octet in `octets[start, end)` that is none of visible US-ASCII, where SP is visible
 * if `lowest` says so; or of one of the last three before `end`. Four at a time take two thirds of the
 * time of one by one.
 */
export function skipVisible(octets: DataView, start: number, end: number, lowest: number): number {
  const lows = lowest * 0x01010101;
  let at = start;
  for (const last = end - 4; at <= last; at += 4) {
    const word = octets.getInt32(at, true);
    // The lowest octet that is too low or too high sets its highest bit; what it borrows from those above is no matter.
    const foreign = (word | (word - lows) | (word + 0x01010101)) & 0x80808080;
    if (foreign !== 0) return at + plainOctets(foreign);
  }
  return at;
}

/** Octets of a little-endian word before the first one whose high bit is set in `marks`, which is not 0. */
export function plainOctets(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}
