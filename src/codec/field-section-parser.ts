import type { Verdict } from "../deviation.ts";
import { FieldSection } from "../grammar/field-section.ts";
import type { RequestLine, StatusLine } from "../grammar/start-line.ts";
import type { Budget, Limits } from "../limits.ts";
import { CR, DASH, LF, NO_OCTETS } from "../octets/ascii.ts";
import { asciiDecode, isomorphicDecode } from "../octets/text.ts";
import type { TextWindow } from "../octets/text-window.ts";
import type { Words } from "../octets/words.ts";
import { FieldLineReader } from "./field-line-reader.ts";
import type { SectionRules } from "./field-line-reader.ts";
import { Section } from "./section.ts";
import { delimiterAt } from "./section-delimiter.ts";
import { SectionMemory } from "./section-memory.ts";

/**
 * Reads header sections, and the start-line before one, in any chunking:
 *
 * ```abnf
 * section    = *( field-line CRLF ) CRLF
 * field-line = field-name ":" OWS field-value OWS    ; RFC 5322 §2.2, RFC 9112 §5
 * ```
 *
 * Whole lines in one chunk are read in place, in one pass. A section that spans chunks is gathered
 * in a buffer: each octet is copied once and each line judged once, when its LF has arrived, so
 * that every chunking gives the same fields, deviations and errors.
 */
export class FieldSectionParser {
  readonly rules: SectionRules;
  /** Index in the chunk from which to go on. */
  next = 0;
  /** Whether the start-line has been read; always true where there is none. */
  hasStartLine = true;

  readonly #verdict: Verdict;
  readonly #budget: Budget;
  readonly #lines: FieldLineReader;

  #gathering = false;
  /** Octets of a section that spans chunks; the buffer stays for the next one that does. */
  #gathered: Uint8Array = NO_OCTETS;
  #gatheredLength = 0;
  /** Start of the unfinished line, from the start of the section. */
  #lineStart = 0;
  #closeChecked = false;

  /** Octets that the section may have, and the limit that says so. */
  #allowance = 0;
  #allowedBy: "maxHeaderBytes" | "maxTotalHeaderBytes" = "maxHeaderBytes";
  #fieldsStart = 0;
  #section: FieldSection | undefined;
  #startLine: RequestLine | StatusLine | undefined;

  readonly #memory: SectionMemory;
  /** Whether the start-line was read without a deviation, which a section told by another would not report. */
  #isTellable = true;
  readonly #window: TextWindow | undefined;

  /** @param window - Shared, as `words` are, by readers of one input whose sections lie close together. */
  constructor(verdict: Verdict, budget: Budget, rules: SectionRules, words: Words, window?: TextWindow) {
    this.#window = window;
    this.#verdict = verdict;
    this.#budget = budget;
    this.rules = rules;
    this.#lines = new FieldLineReader(verdict, budget, rules, words);
    this.#memory = new SectionMemory(words);
  }

  /** Starts a section whose first octet is at `offset` of the reader's input. */
  start(offset: number): void {
    this.#lines.start(offset);
    this.#gathering = false;
    this.#gatheredLength = 0;
    this.#lineStart = 0;
    this.#closeChecked = false;
    this.hasStartLine = this.rules.startLine === undefined;
    this.rules.startLine?.reset();
    this.#fieldsStart = 0;
    this.#isTellable = true;
  }

  /** Offset of the section's first octet in the reader's input. */
  get offset(): number {
    return this.#lines.offset;
  }

  /** Field lines read so far, skipped ones too, continuation lines not. */
  get lines(): number {
    return this.#lines.lines;
  }

  /** The section that has been read. */
  get section(): FieldSection {
    return this.#section!;
  }

  /** Its start-line. */
  get startLine(): RequestLine | StatusLine {
    return this.#startLine!;
  }

  /** Reads on in `chunk[start, end)`. */
  read(chunk: Uint8Array, start: number, end: number): Section {
    return this.#gathering ? this.#gatherOn(chunk, start, end) : this.#readInPlace(chunk, start, end);
  }

  /**
   * Ends the section without its empty line, at the end of the input; an unfinished line becomes a line.
   * Tells whether that is a delimiter, which ends the section.
   */
  endUnterminated(): boolean {
    const length = this.#gatheredLength;
    let next = this.#lineStart;
    if (next < length) {
      // The line end is none of the input: it is right, whatever those before are.
      if (this.rules.lineFeeds === "framing") this.rules.lineFeeds = "refuse";
      this.#gather(new Uint8Array([CR, LF]), 0, 2);
      next = this.#readLine(this.#gathered, next, this.#gatheredLength, 0);
    }
    if (next >= 0) this.#lineStart = next;
    this.#finish(this.#gathered, 0, this.#lineStart, length);
    return next < 0;
  }

  #readInPlace(chunk: Uint8Array, start: number, end: number): Section {
    this.next = start;
    if (start === end) return Section.CHUNK_END;
    this.#allow();
    if (this.#recalls(chunk, start, end)) return Section.END;
    const allowed = Math.min(end, start + this.#allowance);
    let line = start;
    while (line < allowed) {
      const next = this.#readLine(chunk, line, allowed, start);
      if (next >= 0) {
        line = next;
      } else if (next === Section.CHUNK_END) {
        break;
      } else {
        this.#finish(chunk, start, line, this.next - start);
        if (next === Section.END) this.#remember(chunk, start);
        return next as Section;
      }
    }
    if (allowed < end) throw this.#exceeded();
    this.#gathering = true;
    this.#gather(chunk, start, end);
    this.#lineStart = line - start;
    this.next = end;
    return Section.CHUNK_END;
  }

  /** Not before the first octet: until then other readers may use up what is left for all sections. */
  #allow(): void {
    const { maxHeaderBytes, maxTotalHeaderBytes } = this.#budget.limits;
    const left = maxTotalHeaderBytes - this.#budget.headerBytes;
    this.#allowedBy = left < maxHeaderBytes ? "maxTotalHeaderBytes" : "maxHeaderBytes";
    this.#allowance = Math.min(left, maxHeaderBytes);
  }

  #gatherOn(chunk: Uint8Array, start: number, end: number): Section {
    for (let from = start; from < end;) {
      const lineFeed = chunk.indexOf(LF, from);
      const isWhole = lineFeed >= 0 && lineFeed < end;
      const to = isWhole ? lineFeed + 1 : end;
      const allowed = Math.min(to, from + this.#allowance - this.#gatheredLength);
      this.#gather(chunk, from, allowed);
      from = to;
      if ((isWhole && allowed === to) || this.#mayClose()) {
        const next = this.#readLine(this.#gathered, this.#lineStart, this.#gatheredLength, 0);
        if (next >= 0) {
          this.#lineStart = next;
          this.#closeChecked = false;
        } else if (next !== Section.CHUNK_END) {
          const behind = this.#gatheredLength - this.next;
          this.#finish(this.#gathered, 0, this.#lineStart, this.next);
          this.next = allowed - behind;
          return next as Section;
        }
      }
      if (allowed < to) throw this.#exceeded();
    }
    this.next = end;
    return Section.CHUNK_END;
  }

  /** Whether enough of an unfinished line is there to tell a close-delimiter, which needs no line end. */
  #mayClose(): boolean {
    const { dashBoundary } = this.rules;
    if (this.#closeChecked || dashBoundary === undefined) return false;
    this.#closeChecked = this.#gatheredLength - this.#lineStart >= dashBoundary.length + 2;
    return this.#closeChecked;
  }

  #gather(chunk: Uint8Array, start: number, end: number): void {
    const length = this.#gatheredLength + end - start;
    if (length > this.#gathered.length) {
      const grown = new Uint8Array(Math.max(512, length, this.#gathered.length * 2));
      grown.set(this.#gathered.subarray(0, this.#gatheredLength));
      this.#gathered = grown;
    }
    if (end - start > 16) this.#gathered.set(chunk.subarray(start, end), this.#gatheredLength);
    else for (let i = start; i < end; i++) this.#gathered[this.#gatheredLength + i - start] = chunk[i]!;
    this.#gatheredLength = length;
  }

  #finish(octets: Uint8Array, start: number, end: number, consumed: number): void {
    const { offsets, anyOctet, folded, verbatim } = this.#lines;
    const ascii = anyOctet < 0x80;
    const text = ascii ? this.#decode(octets, start, end) : isomorphicDecode(octets, start, end);
    this.#section = new FieldSection(text, offsets, this.#fieldsStart, ascii, folded, verbatim);
    this.#startLine = this.hasStartLine ? this.rules.startLine?.take(text) : undefined;
    this.#budget.headerBytes += consumed;
  }

  #decode(octets: Uint8Array, start: number, end: number): string {
    if (this.#gathering || this.#window === undefined) return asciiDecode(octets, start, end);
    return this.#window.decode(octets, start, end, this.offset);
  }

  #remember(chunk: Uint8Array, start: number): void {
    if (!this.#isTellable || !this.#section!.verbatim) return;
    this.#memory.remember(chunk, start, this.next, {
      section: this.#section!,
      startLine: this.#startLine,
      lines: this.lines,
    });
  }

  /** Whether the section in `chunk[start, end)` is that before: then it is read already. */
  #recalls(chunk: Uint8Array, start: number, end: number): boolean {
    const next = this.#memory.match(chunk, start, Math.min(end, start + this.#allowance));
    if (next < 0) return false;
    const { section, startLine, lines } = this.#memory.read;
    this.#section = section;
    this.#startLine = startLine;
    this.hasStartLine = true;
    this.#lines.lines = lines;
    this.#budget.headerBytes += next - start;
    this.next = next;
    return true;
  }

  /**
   * Reads the line at `octets[start, end)`, and good field lines behind it; answers the start of the
   * line behind those, or a {@link Section}.
   */
  #readLine(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    if (!this.hasStartLine) return this.#readStartLine(octets, start, end, sectionStart);
    if (this.rules.lineFeeds === "framing") return this.#readIrregularLine(octets, start, end, sectionStart);
    const line = this.#lines.readGoodLines(octets, start, end, sectionStart);
    if (line > start) return line;
    if (octets[start] === CR && start + 1 < end && octets[start + 1] === LF) {
      this.next = start + 2;
      return Section.END;
    }
    return this.#readIrregularLine(octets, start, end, sectionStart);
  }

  #readStartLine(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    const next = this.rules.startLine!.readGoodLine(octets, start, end, sectionStart);
    if (next < 0) this.#isTellable = false;
    if (next < 0) return this.#readIrregularLine(octets, start, end, sectionStart);
    this.hasStartLine = true;
    this.#fieldsStart = next - sectionStart;
    return next;
  }

  /** Any line at all: start-lines, delimiters, folds, LF line ends, and whatever breaks a rule. */
  #readIrregularLine(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    if (octets[start] === DASH) {
      const section = this.#readDelimiter(octets, start, end, sectionStart);
      if (section !== Section.CHUNK_END) return section;
    }
    let lineFeed = start;
    while (lineFeed < end && octets[lineFeed] !== LF) lineFeed++;
    if (lineFeed === end) return Section.CHUNK_END;
    const lineEnd = lineFeed > start && octets[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
    this.#lines.refuse(octets, start, lineEnd, lineFeed, sectionStart);

    const isEmpty = this.hasStartLine && lineEnd === start;
    if (!this.hasStartLine) {
      const offset = this.offset + start - sectionStart;
      this.hasStartLine = this.rules.startLine!.readLine(octets, start, lineEnd, offset);
      this.#fieldsStart = lineFeed + 1 - sectionStart;
    } else if (!isEmpty) {
      this.#lines.readLine(octets, start, lineEnd, sectionStart);
    }
    this.#lines.judgeLineEnd(lineEnd, lineFeed, sectionStart);
    this.next = lineFeed + 1;
    return isEmpty ? Section.END : this.next;
  }

  /** A delimiter where a field line should be; {@link Section.CHUNK_END} if there is none (yet). */
  #readDelimiter(octets: Uint8Array, start: number, end: number, sectionStart: number): Section {
    const found = delimiterAt(octets, start, end, this.rules);
    if (found === undefined) return Section.CHUNK_END;
    const { isClose, behind, lineEnd, next } = found;
    const origin = this.offset - sectionStart;
    this.#lines.tolerate(
      this.lines === 0 ? "repeated-delimiter" : "unterminated-header-section",
      origin + start,
    );
    this.next = next;
    if (isClose) return Section.CLOSE_DELIMITER;
    const { maxPaddingBytes } = this.#budget.limits;
    if (lineEnd - behind > maxPaddingBytes) {
      throw this.#verdict.exceeded("maxPaddingBytes", maxPaddingBytes, origin + behind + maxPaddingBytes);
    }
    if (this.rules.lineFeeds === "framing") {
      this.#lines.tolerate(next - lineEnd > 1 ? "mixed-line-ends" : "bare-lf", origin + lineEnd);
    }
    return Section.DELIMITER;
  }

  #exceeded(): Error {
    const limits: Readonly<Limits> = this.#budget.limits;
    return this.#verdict.exceeded(this.#allowedBy, limits[this.#allowedBy], this.offset + this.#allowance);
  }
}
