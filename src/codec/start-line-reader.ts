import type { Verdict } from "../deviation.ts";
import { parseStartLine } from "../grammar/start-line.ts";
import type { RequestLine, StatusLine, Within } from "../grammar/start-line.ts";
import { CR, LF, SP, TCHAR } from "../octets/ascii.ts";
import { skipVisible } from "../octets/words.ts";
import type { Words } from "../octets/words.ts";

const SLASH = 0x2f;
const ZERO = 0x30;
const UPPER_H = 0x48;
const TILDE = 0x7e;
/** `HTTP/1.` */
const HTTP_1 = [UPPER_H, 0x54, 0x54, 0x50, SLASH, 0x31, 0x2e];
const VERSION_LENGTH = 8;

/**
 * Reads the start-line of a message. One that is good grammar, in ASCII and with CRLF, is read in
 * one pass and cut from the head's text later; any other goes to {@link parseStartLine}.
 */
export class StartLineReader {
  readonly #verdict: Verdict;
  readonly #kind: "request" | "response" | undefined;
  readonly #within: Within;
  readonly #words: Words;

  /** The line, where it was not good. */
  #parsed: RequestLine | StatusLine | undefined;
  #isResponse = false;
  #status = 0;
  /** No string of its own for each line. */
  #version = "";
  // Indexes in the head's text: of the method, and of the target or the reason.
  #methodStart = 0;
  #methodEnd = 0;
  #restStart = 0;
  #restEnd = 0;

  /** @param words - Those of whoever reads the same chunks. */
  constructor(verdict: Verdict, kind: "request" | "response" | undefined, within: Within, words: Words) {
    this.#words = words;
    this.#verdict = verdict;
    this.#kind = kind;
    this.#within = within;
  }

  /** Forgets the line that was read. */
  reset(): void {
    this.#parsed = undefined;
  }

  /** The line that was read, cut from the `text` of its head. */
  take(text: string): RequestLine | StatusLine {
    if (this.#parsed !== undefined) return this.#parsed;
    const version = this.#version;
    const rest = text.slice(this.#restStart, this.#restEnd);
    if (this.#isResponse) return { kind: "response", version, status: this.#status, reason: rest };
    const method = text.slice(this.#methodStart, this.#methodEnd);
    return { kind: "request", method, target: rest, version };
  }

  /** Reads a good line at `octets[start]`; answers the index behind its line end, or -1 for any other. */
  readGoodLine(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    const mayBeResponse = this.#kind === undefined ? octets[start] === UPPER_H : this.#kind === "response";
    const next = mayBeResponse ? this.#readStatusLine(octets, start, end, sectionStart) : -1;
    if (next >= 0 || this.#kind === "response") return next;
    return this.#readRequestLine(octets, start, end, sectionStart);
  }

  /** Reads any line, `octets[start, end)` with its first octet at `offset`; tells whether it was the start-line. */
  readLine(octets: Uint8Array, start: number, end: number, offset: number): boolean {
    if (start === end) {
      this.#verdict.tolerate("empty-line-before-start-line", offset);
      return false;
    }
    const line = { octets, start, end, origin: offset - start, verdict: this.#verdict };
    this.#parsed = parseStartLine(line, this.#kind, this.#within);
    return true;
  }

  /** `method SP request-target SP HTTP-version CRLF` */
  #readRequestLine(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    let i = start;
    while (i < end && TCHAR[octets[i]!] === 1) i++;
    const methodEnd = i;
    if (methodEnd === start || i + 1 >= end || octets[i] !== SP) return -1;
    const targetStart = ++i;
    // Of the forms of a message of its own only this one is told here.
    if (this.#within === "message" && octets[i] !== SLASH) return -1;
    const words = this.#words.of(octets);
    if (words !== undefined) i = skipVisible(words, i, end, SP + 1);
    while (i < end && octets[i]! > SP && octets[i]! <= TILDE) i++;
    const behind = i + 1 + VERSION_LENGTH;
    if (i === targetStart || behind + 1 >= end || octets[i] !== SP) return -1;
    const version = versionAt(octets, i + 1);
    if (version === undefined || octets[behind] !== CR || octets[behind + 1] !== LF) return -1;
    this.#isResponse = false;
    this.#version = version;
    this.#methodStart = start - sectionStart;
    this.#methodEnd = methodEnd - sectionStart;
    this.#restStart = targetStart - sectionStart;
    this.#restEnd = i - sectionStart;
    return behind + 2;
  }

  /** `HTTP-version SP status-code SP [ reason-phrase ] CRLF` */
  #readStatusLine(octets: Uint8Array, start: number, end: number, sectionStart: number): number {
    const codeStart = start + VERSION_LENGTH + 1;
    let i = codeStart + 4;
    if (i + 1 >= end || octets[codeStart - 1] !== SP) return -1;
    const version = versionAt(octets, start);
    if (version === undefined) return -1;
    const hundreds = octets[codeStart]! - ZERO;
    const tens = octets[codeStart + 1]! - ZERO;
    const ones = octets[codeStart + 2]! - ZERO;
    const isCode = hundreds >= 1 && hundreds <= 9 && tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
    if (!isCode || octets[i - 1] !== SP) return -1;
    const reasonStart = i;
    while (i < end && octets[i]! >= SP && octets[i]! <= TILDE) i++;
    if (i + 1 >= end || octets[i] !== CR || octets[i + 1] !== LF) return -1;
    this.#isResponse = true;
    this.#status = hundreds * 100 + tens * 10 + ones;
    this.#version = version;
    this.#restStart = reasonStart - sectionStart;
    this.#restEnd = i - sectionStart;
    return i + 2;
  }
}

/** `HTTP/1.0` or `HTTP/1.1`, all of which lies in the chunk; `undefined` for anything else. */
function versionAt(octets: Uint8Array, at: number): string | undefined {
  for (let i = 0; i < HTTP_1.length; i++) if (octets[at + i] !== HTTP_1[i]) return undefined;
  const minor = octets[at + HTTP_1.length]! - ZERO;
  return minor === 1 ? "HTTP/1.1" : minor === 0 ? "HTTP/1.0" : undefined;
}
