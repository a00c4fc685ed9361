import type { Verdict } from "../deviation.ts";
import type { SyntaxCode } from "../errors.ts";
import type { Budget } from "../limits.ts";
import type { StartLineReader } from "./start-line-reader.ts";
import { COLON, CR, DASH, FIELD_CONTENT, LF, NUL, SP, TCHAR, isBlank } from "../octets/ascii.ts";
import { skipVisible } from "../octets/words.ts";
import type { Words } from "../octets/words.ts";

/** Where the header section of a body part and the head of an HTTP message differ. */
export interface SectionRules {
  /** The deviation that a folded line is, if it is one. */
  folds: SyntaxCode | undefined;
  /** LF without CR as a line end: an error, a deviation, or (`"framing"`) the rule, and CRLF the deviation. */
  lineFeeds: "refuse" | "tolerate" | "framing";
  /** `--boundary` of the multipart body that the section is in. */
  dashBoundary?: Uint8Array;
  /** Reads the line before the field lines, where there is one. */
  startLine?: StartLineReader;
}

/**
 * Judges the whole lines of one header section, and keeps where its names and values are. Knows
 * nothing of chunks: every line lies whole in `octets`, whose section starts at `sectionStart`.
 */
export class FieldLineReader {
  readonly rules: SectionRules;
  /** Offset of the section's first octet in the reader's input. */
  offset = 0;
  /** Four per field, from the start of the section: start and end of the name, start and end of the value. */
  offsets: number[] = [];
  /** Field lines so far, skipped ones too, continuation lines not. */
  lines = 0;
  /** The section's octets, ORed: below 0x80 if they are ASCII. */
  anyOctet = 0;
  /** Whether a field line is folded. */
  folded = false;
  /** Whether nothing deviates. A section that does is written again from its names and values. */
  verbatim = true;

  readonly #verdict: Verdict;
  readonly #budget: Budget;
  readonly #words: Words;
  /** Whether the field line before was skipped, and its continuations with it. */
  #skipping = false;

  /** @param words - Those of whoever reads the same chunks. */
  constructor(verdict: Verdict, budget: Budget, rules: SectionRules, words: Words) {
    this.#words = words;
    this.#verdict = verdict;
    this.#budget = budget;
    this.rules = rules;
  }

  start(offset: number): void {
    this.offset = offset;
    this.offsets = [];
    this.lines = 0;
    this.anyOctet = 0;
    this.folded = false;
    this.verbatim = true;
    this.#skipping = false;
  }

  /**
   * Reads good field lines with CRLF, each in one pass; answers the index of the first line that is
   * anything else, or does not end before `end`. One loop over all lines, for a call a line and
   * the fields of this object a line would take as long as the octets.
   */
  readGoodLines(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    const { offsets } = this;
    const { maxHeaderCount } = this.#budget.limits;
    const words = this.#words.of(octets);
    const mayBeDelimiter = this.rules.dashBoundary !== undefined;
    let any = this.anyOctet;
    let line = start;
    let { lines } = this;
    // An index past the end would make these loads generic, at five times the price an octet.
    for (let i = start; i < end && lines < maxHeaderCount; line = i) {
      if (mayBeDelimiter && octets[i] === DASH) break;
      while (i < end && TCHAR[octets[i]!] === 1) i++;
      if (i === line || i === end || octets[i] !== COLON) break;
      const nameEnd = i++;
      while (i < end && isBlank(octets[i])) i++;
      const valueStart = i;
      if (words !== undefined) i = skipVisible(words, i, end, SP);
      let value = 0;
      // Comparing is a fifth faster here than the table; a value with HTAB is left to the other path.
      for (let octet: number; i < end && (octet = octets[i]!) >= SP && octet !== DEL; i++) value |= octet;
      if (i + 1 >= end || octets[i] !== CR || octets[i + 1] !== LF) break;
      const valueEnd = trimEnd(octets, valueStart, i);
      offsets.push(
        line - sectionStart,
        nameEnd - sectionStart,
        valueStart - sectionStart,
        valueEnd - sectionStart,
      );
      any |= value;
      lines++;
      i += 2;
    }
    if (lines > this.lines) this.#skipping = false;
    this.lines = lines;
    this.anyOctet = any;
    return line;
  }

  /** Reads a line that is neither empty nor good: `octets[start, lineEnd)`, without its line end. */
  readLine(octets: Uint8Array, start: number, lineEnd: number, sectionStart: number): void {
    if (isBlank(octets[start]) && this.lines > 0)
      this.#readContinuation(octets, start, lineEnd, sectionStart);
    else this.#readFieldLine(octets, start, lineEnd, sectionStart);
  }

  /**
   * Refuses what neither mode lets pass in a line: NUL, CR, and the LF that ends it (at `lineFeed`)
   * where lines must end in CRLF. The leftmost is told, before anything else in the line.
   */
  refuse(octets: Uint8Array, start: number, lineEnd: number, lineFeed: number, sectionStart: number): void {
    const origin = this.offset - sectionStart;
    for (let i = start; i < lineEnd; i++) {
      const octet = octets[i]!;
      if (octet === NUL) throw this.#verdict.error("nul", origin + i);
      if (octet === CR) throw this.#verdict.error("bare-cr", origin + i);
      this.anyOctet |= octet;
    }
    const { lineFeeds } = this.rules;
    const isRefused = lineFeeds === "refuse" || (lineFeeds === "tolerate" && !this.#verdict.lenient);
    if (lineEnd === lineFeed && isRefused) throw this.#verdict.error("bare-lf", origin + lineFeed);
  }

  /** Reports a line end that was let pass, once its line has been judged. */
  judgeLineEnd(lineEnd: number, lineFeed: number, sectionStart: number): void {
    const origin = this.offset - sectionStart;
    const isFraming = this.rules.lineFeeds === "framing";
    if (lineEnd === lineFeed) {
      if (!isFraming) this.#verdict.tolerate("bare-lf", origin + lineFeed);
      this.verbatim = false;
    } else if (isFraming) {
      this.tolerate("mixed-line-ends", origin + lineEnd);
    }
  }

  /** There is no lenient writer: what deviates is not written again as it was read. */
  tolerate(code: SyntaxCode, offset: number): void {
    this.#verdict.tolerate(code, offset);
    this.verbatim = false;
  }

  /** `field-name ":" OWS field-value OWS`, and what lenient readers make of its broken forms. */
  #readFieldLine(octets: Uint8Array, lineStart: number, lineEnd: number, sectionStart: number): void {
    const origin = this.offset - sectionStart;
    this.#countLine(lineStart - sectionStart);
    this.#skipping = true;
    let start = lineStart;
    if (isBlank(octets[start])) {
      this.tolerate("leading-white-space", origin + start);
      while (start < lineEnd && isBlank(octets[start])) start++;
    }
    let colon = start;
    while (colon < lineEnd && octets[colon] !== COLON) colon++;
    if (colon === lineEnd) return this.tolerate("missing-colon", origin + lineStart);
    if (colon === start) return this.tolerate("empty-field-name", origin + colon);

    const nameEnd = trimEnd(octets, start, colon);
    let foreign = start;
    while (foreign < nameEnd && TCHAR[octets[foreign]!] === 1) foreign++;
    if (foreign < nameEnd) this.tolerate("invalid-field-name", origin + foreign);
    if (nameEnd < colon) this.tolerate("space-before-colon", origin + nameEnd);
    this.#skipping = false;
    const [valueStart, valueEnd] = this.#readValue(octets, colon + 1, lineEnd, origin);
    this.#add(start, nameEnd, valueStart, valueEnd, sectionStart);
  }

  /** A line that goes on with the value of the field line before it (`obs-fold`, RFC 9112 §5.2). */
  #readContinuation(octets: Uint8Array, start: number, lineEnd: number, sectionStart: number): void {
    const origin = this.offset - sectionStart;
    if (this.#skipping) return;
    this.folded = true;
    if (this.rules.folds !== undefined) this.tolerate(this.rules.folds, origin + start);
    const [valueStart, valueEnd] = this.#readValue(octets, start, lineEnd, origin);
    if (valueStart === valueEnd) return;
    const { offsets } = this;
    const last = offsets.length - 1;
    if (offsets[last - 1] === offsets[last]) offsets[last - 1] = valueStart - sectionStart;
    offsets[last] = valueEnd - sectionStart;
  }

  /** Bounds of the value in `octets[start, end)` without its outer white space. */
  #readValue(octets: Uint8Array, start: number, end: number, origin: number): [start: number, end: number] {
    let control = start;
    while (control < end && FIELD_CONTENT[octets[control]!] === 1) control++;
    if (control < end) this.tolerate("control-in-field-value", origin + control);
    while (start < end && isBlank(octets[start])) start++;
    return [start, trimEnd(octets, start, end)];
  }

  #add(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number, sectionStart: number): void {
    this.offsets.push(
      nameStart - sectionStart,
      nameEnd - sectionStart,
      valueStart - sectionStart,
      valueEnd - sectionStart,
    );
  }

  #countLine(at: number): void {
    const { maxHeaderCount } = this.#budget.limits;
    if (++this.lines > maxHeaderCount)
      throw this.#verdict.exceeded("maxHeaderCount", maxHeaderCount, this.offset + at);
  }
}

const DEL = 0x7f;

/** End of `octets[start, end)` without its trailing white space. */
function trimEnd(octets: Uint8Array, start: number, end: number): number {
  while (end > start && isBlank(octets[end - 1])) end--;
  return end;
}
