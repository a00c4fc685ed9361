import type { FieldSection } from "../grammar/field-section.ts";
import type { RequestLine, StatusLine } from "../grammar/start-line.ts";

/** What came of a section that has been read. */
export interface ReadSection {
  section: FieldSection;
  startLine: RequestLine | StatusLine | undefined;
  lines: number;
}

/** Longer sections are not remembered. */
const MAX_LENGTH = 1024;
/** After so many sections in a row that were not like the one before, no more are remembered. */
const MAX_MISSES = 8;

/**
 * Tells whether a section is the same, octet for octet, as the one before: then it need not be
 * judged and decoded again. Batches repeat the header section of every part, and responses their
 * heads; to compare 60 octets takes a quarter of the time of reading them.
 */
export class SectionMemory {
  #octets: Uint8Array | undefined;
  #read: ReadSection | undefined;
  #misses = 0;
  #isFirst = true;

  /** What came of the section that is remembered. */
  get read(): ReadSection {
    return this.#read!;
  }

  /** Keeps the section in `chunk[start, end)`, unless that has not been of use. */
  remember(chunk: Uint8Array, start: number, end: number, read: ReadSection): void {
    // A parser of one message would remember its only head for nobody.
    if (this.#isFirst || this.#misses > MAX_MISSES || end - start > MAX_LENGTH) {
      this.#isFirst = false;
      return;
    }
    this.#octets = new Uint8Array(chunk.subarray(start, end));
    this.#read = read;
  }

  forget(): void {
    this.#octets = undefined;
  }

  /** Index in the chunk behind the remembered section, if that stands at `start`; else -1. */
  match(chunk: Uint8Array, start: number, end: number): number {
    const octets = this.#octets;
    if (octets === undefined || octets.length > end - start) return -1;
    for (let i = 0; i < octets.length; i++) {
      if (chunk[start + i] === octets[i]) continue;
      this.#misses++;
      return -1;
    }
    this.#misses = 0;
    return start + octets.length;
  }
}
