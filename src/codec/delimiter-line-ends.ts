import type { Verdict } from "../deviation.ts";
import type { DelimiterScanner } from "./delimiter-scanner.ts";

/**
 * Judges the line ends of delimiter lines. The first delimiter line tells what a line end is: CRLF,
 * or, as a deviation, LF; from then on the other is the deviation.
 */
export class DelimiterLineEnds {
  readonly #scanner: DelimiterScanner;
  readonly #dashBoundaryLength: number;
  readonly #verdict: Verdict;

  constructor(scanner: DelimiterScanner, dashBoundaryLength: number, verdict: Verdict) {
    this.#scanner = scanner;
    this.#dashBoundaryLength = dashBoundaryLength;
    this.#verdict = verdict;
    // Until then both are looked for: strict mode must not take for a preamble what others take for
    // parts.
    scanner.lineFeeds = true;
  }

  /** The first delimiter, or a close-delimiter in its place, has been read up to `offset`. */
  judgeFirst(offset: number, isClose: boolean): void {
    const scanner = this.#scanner;
    const behind = isClose ? 0 : scanner.lineEndBehind;
    if (scanner.lineEndBefore === 1) {
      const length = this.#dashBoundaryLength + (isClose ? 2 : scanner.padding + behind);
      this.#verdict.tolerate("bare-lf", offset - length - 1);
    }
    if (behind === 1) this.#verdict.tolerate("bare-lf", offset - 1);
    scanner.lineFeeds = isClose ? scanner.lineEndBefore === 1 : behind === 1;
  }

  /** A later delimiter line has been read up to `offset`. */
  judgeDelimiter(offset: number): void {
    const { lineFeeds, padding, lineEndBehind } = this.#scanner;
    if (!lineFeeds) return;
    this.#judgeBefore(offset - lineEndBehind - padding);
    if (lineEndBehind === 1) this.#verdict.tolerate("bare-lf", offset - 1);
    else this.#verdict.tolerate("mixed-line-ends", offset - 2);
  }

  /** A later close-delimiter has been read up to `offset`. */
  judgeCloseDelimiter(offset: number): void {
    if (this.#scanner.lineFeeds) this.#judgeBefore(offset - 2);
  }

  #judgeBefore(boundaryEnd: number): void {
    if (this.#scanner.lineEndBefore < 2) return;
    this.#verdict.tolerate("mixed-line-ends", boundaryEnd - this.#dashBoundaryLength - 2);
  }
}
