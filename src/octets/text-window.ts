import { asciiDecode } from "./text.ts";

/** Octets decoded in one go. A string that is kept keeps so many characters alive. */
const WINDOW = 2048;
/** Texts that begin closer together than this are decoded together, at least four of them. */
const CLOSE = WINDOW / 4;

/**
 * Decodes ASCII texts that lie close together in one go: a decoder call takes 90 ns and more on Node
 * 20 whatever it decodes, cutting a text from a longer one 15 ns. Texts are told by their offsets in
 * an input whose octets do not change.
 */
export class TextWindow {
  #text = "";
  /** Offsets of the window's first octet, and behind its last one. */
  #start = 0;
  #end = 0;
  /** Offset of the text before. */
  #before = -CLOSE;
  /** Offset up to which texts are decoded alone, and for how many octets they will be the next time. */
  #pausedUntil = 0;
  #pause = WINDOW;

  /** Decodes `octets[start, end)`, all below 0x80; the first one's offset in the input is `offset`. */
  decode(octets: Uint8Array, start: number, end: number, offset: number): string {
    const behind = offset + end - start;
    if (offset < this.#start || behind > this.#end) {
      const isClose = offset - this.#before < CLOSE && offset >= this.#pausedUntil;
      this.#before = offset;
      if (!isClose || !this.#move(octets, start, end, offset)) return asciiDecode(octets, start, end);
    }
    this.#before = offset;
    return this.#text.slice(offset - this.#start, behind - this.#start);
  }

  #move(octets: Uint8Array, start: number, end: number, offset: number): boolean {
    const length = Math.min(octets.length - start, WINDOW);
    if (length < end - start) return false;
    const text = asciiDecode(octets, start, start + length);
    // As many characters as octets: each is in its place, whatever those between the texts are.
    if (text.length !== length) {
      // In vain: with UTF-8 in each body that took 2.3 of the 2.9 us of a whole part and its message (Node 20).
      this.#pausedUntil = offset + this.#pause;
      this.#pause *= 2;
      return false;
    }
    this.#pause = WINDOW;
    this.#text = text;
    this.#start = offset;
    this.#end = offset + length;
    return true;
  }
}
