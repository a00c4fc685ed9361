/** Octets of a word. */
const WORD = 8;

/**
 * Octets as words, to compare or hash more than one at a time: an unaligned load through a
 * `DataView` takes no longer than one of an octet. Making one takes longer than looking at a few
 * octets, so it is kept while the chunk is the same.
 */
export class Words {
  #octets: Uint8Array | undefined;
  #view: DataView | undefined;

  /** A view that begins with `octets`; it may go on behind them. */
  of(octets: Uint8Array): DataView {
    if (octets !== this.#octets) {
      this.#octets = octets;
      this.#view = new DataView(octets.buffer, octets.byteOffset);
    }
    return this.#view!;
  }
}

/**
 * How many of the `length` octets of `wanted` stand at `octets[at]`, where there are as many. No
 * eight of them may be zero.
 *
 * Words are compared as doubles, the widest numbers that are no objects: 60 octets take 13 ns, octet
 * by octet 64 (Node 20). A word that is not a number equals none and is compared in smaller pieces;
 * -0 equals 0, hence the rule. The length is told, for to ask a `DataView` takes a call there.
 */
export function matchLength(octets: DataView, at: number, wanted: DataView, length: number): number {
  let i = 0;
  while (i <= length - WORD && octets.getFloat64(at + i, true) === wanted.getFloat64(i, true)) i += WORD;
  if (i <= length - 4 && octets.getUint32(at + i, true) === wanted.getUint32(i, true)) i += 4;
  while (i < length && octets.getUint8(at + i) === wanted.getUint8(i)) i++;
  return i;
}
