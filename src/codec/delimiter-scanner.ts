import { BOUNDARY_TAIL, CR, DASH, HTAB, LF, NO_OCTETS, SP } from "../octets/ascii.ts";
import { DelimiterSearch } from "../octets/search.ts";
import { Words } from "../octets/words.ts";

/** What {@link DelimiterScanner.scan} came upon. */
export const Found = {
  /** `chunk[start, next)` is content. */
  CONTENT: 1,
  /** `replay` is content: octets of earlier chunks that had looked like a delimiter. */
  REPLAY: 2,
  /** The chunk is used up, its last octets perhaps withheld as the start of a delimiter. */
  CHUNK_END: 3,
  /** A delimiter line, its line end included, ends at `next`. */
  DELIMITER: 4,
  /** A close-delimiter ends at `next`; the rest of its line has not been looked at. */
  CLOSE_DELIMITER: 5,
  /** `next` stands behind a CR that ends a delimiter line but is followed by no LF. */
  BARE_CR: 6,
  /** `next` is an LF that ends a delimiter line where lines end in CRLF. */
  BARE_LF: 7,
  /** `next` is the first octet of transport padding over its limit. */
  TOO_MUCH_PADDING: 8,
  // Internal: a delimiter followed by anything else, which makes it content (`--boundaryX`).
  NO_DELIMITER: 9,
} as const;
export type Found = (typeof Found)[keyof typeof Found];

/** How far the line behind `--boundary` has been read. */
const Tail = { START: 0, DASH: 1, PADDING: 2, CR: 3 } as const;
type Tail = (typeof Tail)[keyof typeof Tail];

/** The line end that two "already seen" octets stand for: a body or an input starts with it. */
const LINE_END_LENGTH = 2;

/**
 * Tells content from delimiter lines, in any chunking:
 *
 * ```abnf
 * delimiter       = CRLF "--" boundary
 * delimiter-line  = delimiter transport-padding CRLF
 * close-delimiter = delimiter "--"
 * ```
 *
 * (RFC 2046 §5.1.1, where the line's own CRLF belongs to `encapsulation`.) A delimiter followed by
 * anything else is content: nested boundaries such as `X` and `X_alt` need it.
 *
 * A boundary holds no CR, so what must be withheld at a chunk's end is always a prefix of the
 * delimiter: one integer remembers it and no octet is kept. Only the padding behind a whole
 * delimiter is held, for it may hold SP and HTAB in any order.
 */
export class DelimiterScanner {
  /** Whether lines may end in LF alone. A CR before the LF belongs to the line end all the same. */
  lineFeeds = false;
  /** Index in the chunk from which to go on; see {@link Found}. */
  next = 0;
  /** Content withheld from earlier chunks, a fresh copy; see {@link Found.REPLAY}. */
  replay: Uint8Array = NO_OCTETS;

  /** Transport padding of the last delimiter line, in octets. */
  padding = 0;
  /** Octets of the line end before the last delimiter: 2, 1 (LF alone) or 0 (none was needed). */
  lineEndBefore = 0;
  /** Octets of the line end behind the last delimiter line: 2, or 1 (LF alone). */
  lineEndBehind = 0;

  readonly #delimiter: Uint8Array;
  readonly #maxPadding: number;
  readonly #words: Words;
  #search: DelimiterSearch | undefined;
  #searchLf: DelimiterSearch | undefined;

  /** Octets of the delimiter seen up to the end of the last chunk. */
  #matched = 0;
  /** Line-end octets counted in `#matched` that are in no chunk, or (LF alone) that do not exist. */
  #absent = 0;
  #tail: Tail = Tail.START;
  /** Octets behind a whole delimiter that lie in earlier chunks. */
  #held: number[] = [];
  /** What to answer next, behind content that was answered first. */
  #decided: Found | 0 = 0;
  #decidedNext = 0;

  /**
   * @param boundary - Octets of the boundary, without dashes; must hold no CR and no LF.
   * @param words - Those of whoever reads the same chunks.
   */
  constructor(boundary: Uint8Array, maxPadding: number, words: Words = new Words()) {
    this.#words = words;
    this.#delimiter = new Uint8Array(boundary.length + 4);
    this.#delimiter.set([CR, LF, DASH, DASH]);
    this.#delimiter.set(boundary, 4);
    this.#maxPadding = maxPadding;
    this.start();
  }

  /** Starts a body or an input: the line end that a delimiter needs counts as already seen. */
  start(): void {
    this.#matched = LINE_END_LENGTH;
    this.#absent = LINE_END_LENGTH;
    this.#tail = Tail.START;
  }

  /**
   * What is withheld as the start of a delimiter, if the body around this one ends without the rest of
   * it. A delimiter line is whole that lacks but its line end: that is the outer delimiter's.
   */
  takeWithheld(): Uint8Array {
    const isWhole = this.endsInDelimiter && this.#tail !== Tail.CR;
    const octets = isWhole ? NO_OCTETS : this.#withheld(this.#matched);
    this.#forget();
    return octets;
  }

  /** Whether content that ends here would make a delimiter line of the line end that follows it. */
  get endsInDelimiter(): boolean {
    return this.#matched === this.#delimiter.length && this.#tail !== Tail.DASH;
  }

  /** Looks on in `chunk[start, end)`; call with the `next` of the call before until the chunk is used up. */
  scan(chunk: Uint8Array, start: number, end: number): Found {
    if (this.#decided !== 0) {
      const decided = this.#decided;
      this.#decided = 0;
      this.next = this.#decidedNext;
      return decided;
    }
    let from = start;
    if (this.#matched > 0) {
      const found = this.#resume(chunk, start, end);
      if (found !== Found.NO_DELIMITER) return found;
      if (this.replay.length > 0) {
        this.next = start;
        return Found.REPLAY;
      }
      from = this.next;
    }
    return this.#find(chunk, start, from, end);
  }

  /**
   * Index of the delimiter line, without padding, that ends the body which starts at `start`; -1 if
   * that is not in the chunk, or another delimiter is. {@link next} is behind it then.
   */
  findEnd(chunk: Uint8Array, start: number, end: number): number {
    if (this.lineFeeds || chunk[start] === DASH) return -1;
    const search = this.#searcher();
    const at = search.find(chunk, start, end);
    const behind = at + search.needle.length;
    if (at < 0 || behind + 1 >= end || chunk[behind] !== CR || chunk[behind + 1] !== LF) return -1;
    this.#forget();
    this.next = behind + 2;
    return at;
  }

  /** Goes on with a delimiter that began in an earlier chunk. */
  #resume(chunk: Uint8Array, start: number, end: number): Found {
    const delimiter = this.#delimiter;
    const before = this.#matched;
    let i = start;
    while (this.#matched < delimiter.length && i < end && chunk[i] === delimiter[this.#matched]) {
      i++;
      this.#matched++;
    }
    let found: Found = Found.NO_DELIMITER;
    if (this.#matched === delimiter.length) found = this.#readTail(chunk, i, end);
    else if (i === end) found = Found.CHUNK_END;
    else this.next = i;

    if (found === Found.CHUNK_END) this.next = end;
    else if (found === Found.NO_DELIMITER) {
      this.replay = this.#withheld(before);
      this.#forget();
    } else {
      this.lineEndBefore = LINE_END_LENGTH - this.#absent;
      this.#forget();
    }
    return found;
  }

  /** Looks for a delimiter from `from`; content starts at `start`. */
  #find(chunk: Uint8Array, start: number, from: number, end: number): Found {
    const search = this.#searcher();
    const { length } = search.needle;
    for (;;) {
      const at = search.find(chunk, from, end);
      if (at < 0) break;
      const found = this.#readTail(chunk, at + length, end);
      if (found === Found.NO_DELIMITER) {
        this.#forget();
        from = this.next;
        continue;
      }
      const contentEnd = this.lineFeeds && at > start && chunk[at - 1] === CR ? at - 1 : at;
      const lineEnd = this.lineFeeds && contentEnd === at ? 1 : LINE_END_LENGTH;
      if (found === Found.CHUNK_END) {
        this.#matched = this.#delimiter.length;
        this.#absent = LINE_END_LENGTH - lineEnd;
        this.next = end;
      } else {
        this.lineEndBefore = lineEnd;
        this.#forget();
      }
      return this.#afterContent(found, start, contentEnd);
    }
    let withheld = search.findPrefixAtEnd(chunk, from, end);
    this.#absent = 0;
    if (this.lineFeeds) {
      if (withheld > from && chunk[withheld - 1] === CR) withheld--;
      else if (withheld < end) this.#absent = 1;
    }
    this.#matched = end - withheld + this.#absent;
    this.next = end;
    return this.#afterContent(Found.CHUNK_END, start, withheld);
  }

  /** Answers `found` at `next`, but first the content before it, if there is any. */
  #afterContent(found: Found, start: number, contentEnd: number): Found {
    if (contentEnd === start) return found;
    this.#decided = found;
    this.#decidedNext = this.next;
    this.next = contentEnd;
    return Found.CONTENT;
  }

  /** `"--"`, or `transport-padding CRLF`; anything else is {@link Found.NO_DELIMITER}. */
  #readTail(chunk: Uint8Array, start: number, end: number): Found {
    if (this.#tail === Tail.START) this.padding = 0;
    for (let i = start; i < end; i++) {
      const octet = chunk[i];
      this.next = i;
      if (this.#tail === Tail.CR) {
        if (octet !== LF) return Found.BARE_CR;
        this.lineEndBehind = 2;
        this.next = i + 1;
        return Found.DELIMITER;
      }
      if (this.#tail === Tail.DASH) {
        if (octet !== DASH) return Found.NO_DELIMITER;
        this.next = i + 1;
        return Found.CLOSE_DELIMITER;
      }
      if (octet === CR) {
        this.#tail = Tail.CR;
      } else if (octet === SP || octet === HTAB) {
        this.#tail = Tail.PADDING;
        if (++this.padding > this.#maxPadding) return Found.TOO_MUCH_PADDING;
      } else if (octet === LF) {
        if (!this.lineFeeds) return Found.BARE_LF;
        this.lineEndBehind = 1;
        this.next = i + 1;
        return Found.DELIMITER;
      } else if (octet === DASH && this.#tail === Tail.START) {
        this.#tail = Tail.DASH;
      } else {
        return Found.NO_DELIMITER;
      }
    }
    for (let i = start; i < end; i++) this.#held.push(chunk[i]!);
    return Found.CHUNK_END;
  }

  /** Copy of the withheld octets that lie in earlier chunks, `matched` of the delimiter among them. */
  #withheld(matched: number): Uint8Array {
    if (matched === this.#absent && this.#held.length === 0) return NO_OCTETS;
    const octets = new Uint8Array(matched - this.#absent + this.#held.length);
    // With LF line ends the one absent octet is the CR; at a start both are absent.
    octets.set(this.#delimiter.subarray(this.#absent, matched));
    octets.set(this.#held, matched - this.#absent);
    return octets;
  }

  #forget(): void {
    this.#matched = 0;
    this.#absent = 0;
    this.#tail = Tail.START;
    if (this.#held.length > 0) this.#held = [];
  }

  #searcher(): DelimiterSearch {
    return this.lineFeeds
      ? (this.#searchLf ??= new DelimiterSearch(this.#delimiter.subarray(1), BOUNDARY_TAIL, this.#words))
      : (this.#search ??= new DelimiterSearch(this.#delimiter, BOUNDARY_TAIL, this.#words));
  }
}
