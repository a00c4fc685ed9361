import type { Verdict } from "../deviation.ts";
import type { Limits } from "../limits.ts";
import { CR, HTAB, LF, SP } from "../octets/ascii.ts";

/** How far the close-delimiter's line has been read. */
const Line = { PADDING: 0, CR: 1, IGNORED_TEXT: 2, ENDED: 3 } as const;
type Line = (typeof Line)[keyof typeof Line];

/**
 * Reads what follows a close-delimiter:
 *
 * ```abnf
 * transport-padding [CRLF epilogue]    ; RFC 2046 §5.1.1
 * ```
 */
export class EpilogueReader {
  /** Whether the epilogue is answered, or only checked. */
  readonly wanted: boolean;
  /** Index in the chunk from which to go on. */
  next = 0;

  readonly #verdict: Verdict;
  readonly #limits: Readonly<Limits>;
  #line: Line = Line.PADDING;
  #lineFeeds = false;
  #start = 0;
  #length = 0;

  constructor(verdict: Verdict, limits: Readonly<Limits>, wanted: boolean) {
    this.#verdict = verdict;
    this.#limits = limits;
    this.wanted = wanted;
  }

  /** The close-delimiter ends before `offset`; `lineFeeds` tells whether lines end in LF. */
  start(offset: number, lineFeeds: boolean): void {
    this.#start = offset;
    this.#lineFeeds = lineFeeds;
  }

  /** Reads `chunk[start, end)`: a view of what is wanted of it; `undefined` once it is used up. */
  read(chunk: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const { maxEpilogueBytes } = this.#limits;
    const allowed = Math.min(end, start + maxEpilogueBytes - this.#length);
    let i = start;
    while (i < allowed && this.#line !== Line.ENDED)
      this.#readLineOctet(chunk[i]!, this.#start + this.#length + (i++ - start));
    this.next = allowed;
    this.#length += allowed - start;
    if (this.wanted && i < allowed) return chunk.subarray(i, allowed);
    if (allowed < end)
      throw this.#verdict.exceeded("maxEpilogueBytes", maxEpilogueBytes, this.#start + maxEpilogueBytes);
    return undefined;
  }

  /** The input has ended. */
  finish(): void {
    if (this.#line === Line.CR) this.#ignoreText(this.#start + this.#length - 1);
  }

  #readLineOctet(octet: number, offset: number): void {
    if (octet === LF) {
      if (this.#line === Line.PADDING && !this.#lineFeeds) this.#verdict.tolerate("bare-lf", offset);
      if (this.#line === Line.CR && this.#lineFeeds) this.#verdict.tolerate("mixed-line-ends", offset - 1);
      this.#line = Line.ENDED;
    } else if (this.#line === Line.CR) {
      this.#ignoreText(offset - 1);
    } else if (this.#line === Line.PADDING) {
      if (octet === CR) this.#line = Line.CR;
      else if (octet !== SP && octet !== HTAB) this.#ignoreText(offset);
      else if (offset - this.#start >= this.#limits.maxPaddingBytes) {
        throw this.#verdict.exceeded("maxPaddingBytes", this.#limits.maxPaddingBytes, offset);
      }
    }
  }

  #ignoreText(offset: number): void {
    this.#verdict.tolerate("text-after-close-delimiter", offset);
    this.#line = Line.IGNORED_TEXT;
  }
}
