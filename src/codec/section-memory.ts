import type { FieldSection } from "../grammar/field-section.ts";
import type { RequestLine, StatusLine } from "../grammar/start-line.ts";
import { WantedOctets } from "../octets/words.ts";
import type { Words } from "../octets/words.ts";

/** What came of a section that has been read. */
export interface ReadSection {
  section: FieldSection;
  startLine: RequestLine | StatusLine | undefined;
  lines: number;
}

interface Remembered {
  octets: WantedOctets;
  read: ReadSection;
}

/** Longer sections are not remembered. */
const MAX_LENGTH = 1024;
/** After so many sections in a row that were not like the two before, no more are remembered. */
const MAX_MISSES = 8;

/**
 * Tells whether a section is the same, octet for octet, as one of the last two that differ: then it
 * need not be judged and decoded again. Batches repeat the header section of every part, and
 * responses their heads, of which some have no content; to compare 60 octets takes a tenth of the
 * time of reading them, and to remember them twice the time.
 */
export class SectionMemory {
  #last: Remembered | undefined;
  #other: Remembered | undefined;
  #misses = 0;
  #isFirst = true;
  readonly #words: Words;

  /** @param words - Those of whoever reads the same chunks. */
  constructor(words: Words) {
    this.#words = words;
  }

  /** What came of the section that was matched last. */
  get read(): ReadSection {
    return this.#last!.read;
  }

  /** Keeps the section in `chunk[start, end)`, which is good grammar, unless that has not been of use. */
  remember(chunk: Uint8Array, start: number, end: number, read: ReadSection): void {
    // A parser of one message would remember its only head for nobody.
    if (this.#isFirst || this.#misses > MAX_MISSES || end - start > MAX_LENGTH) {
      this.#isFirst = false;
      return;
    }
    this.#other = this.#last;
    this.#last = { octets: new WantedOctets(chunk.subarray(start, end)), read };
  }

  /** Index in the chunk behind a remembered section, if one stands at `start`; else -1. */
  match(chunk: Uint8Array, start: number, end: number): number {
    const last = this.#last;
    if (last === undefined) return -1;
    let next = this.#behind(last, chunk, start, end);
    if (next < 0 && this.#other !== undefined) {
      next = this.#behind(this.#other, chunk, start, end);
      if (next >= 0) [this.#last, this.#other] = [this.#other, last];
    }
    this.#misses = next < 0 ? this.#misses + 1 : 0;
    if (this.#misses > MAX_MISSES) this.#last = this.#other = undefined;
    return next;
  }

  #behind({ octets }: Remembered, chunk: Uint8Array, start: number, end: number): number {
    const next = start + octets.length;
    if (next > end) return -1;
    return octets.matchLength(chunk, this.#words.of(chunk), start) === octets.length ? next : -1;
  }
}
