import type { FieldSection } from "../grammar/field-section.ts";
import type { RequestLine, StatusLine } from "../grammar/start-line.ts";

/** What came of a section that has been read. */
export interface ReadSection {
  section: FieldSection;
  startLine: RequestLine | StatusLine | undefined;
  lines: number;
}

interface Remembered {
  octets: Uint8Array;
  read: ReadSection;
}

/** Longer sections are not remembered. */
const MAX_LENGTH = 1024;
/** After so many sections in a row that were not like the two before, no more are remembered. */
const MAX_MISSES = 8;

/**
 * Tells whether a section is the same, octet for octet, as one of the last two that differ: then it
 * need not be judged and decoded again. Batches repeat the header section of every part, and
 * responses their heads, of which some have no content; to compare 60 octets takes a quarter of the
 * time of reading them, and to remember them twice the time.
 */
export class SectionMemory {
  #last: Remembered | undefined;
  #other: Remembered | undefined;
  #misses = 0;
  #isFirst = true;

  /** What came of the section that was matched last. */
  get read(): ReadSection {
    return this.#last!.read;
  }

  /** Keeps the section in `chunk[start, end)`, unless that has not been of use. */
  remember(chunk: Uint8Array, start: number, end: number, read: ReadSection): void {
    // A parser of one message would remember its only head for nobody.
    if (this.#isFirst || this.#misses > MAX_MISSES || end - start > MAX_LENGTH) {
      this.#isFirst = false;
      return;
    }
    this.#other = this.#last;
    this.#last = { octets: new Uint8Array(chunk.subarray(start, end)), read };
  }

  /** Index in the chunk behind a remembered section, if one stands at `start`; else -1. */
  match(chunk: Uint8Array, start: number, end: number): number {
    const last = this.#last;
    if (last === undefined) return -1;
    let next = behind(last, chunk, start, end);
    if (next < 0 && this.#other !== undefined) {
      next = behind(this.#other, chunk, start, end);
      if (next >= 0) [this.#last, this.#other] = [this.#other, last];
    }
    this.#misses = next < 0 ? this.#misses + 1 : 0;
    if (this.#misses > MAX_MISSES) this.#last = this.#other = undefined;
    return next;
  }
}

function behind({ octets }: Remembered, chunk: Uint8Array, start: number, end: number): number {
  const next = start + octets.length;
  return next <= end && startsWith(chunk, start, octets) ? next : -1;
}

/** Whether `octets` stand at `chunk[start]`, where there are as many. */
function startsWith(chunk: Uint8Array, start: number, octets: Uint8Array): boolean {
  let i = 0;
  // Four at a time takes half the time: the end is looked for a quarter as often.
  for (let at = start; i <= octets.length - 4; i += 4, at += 4) {
    const different =
      (chunk[at]! ^ octets[i]!) |
      (chunk[at + 1]! ^ octets[i + 1]!) |
      (chunk[at + 2]! ^ octets[i + 2]!) |
      (chunk[at + 3]! ^ octets[i + 3]!);
    if (different !== 0) return false;
  }
  for (; i < octets.length; i++) if (chunk[start + i] !== octets[i]) return false;
  return true;
}
