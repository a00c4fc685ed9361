import type { ErrorCode } from "../../src/errors.ts";
import { type Finding, findError, Findings, type Tolerance } from "./findings.ts";
import { type Field, HeaderSection, type Line, lineAt, refuseCrAndNul } from "./header-section.ts";
import { readRequestLine, readStatusLine, type RequestLine, type StatusLine } from "./start-line.ts";
import { fromOctets, isBlank, isControl, isDigit, isHexDigit, skip, toOctets, trim } from "./text.ts";

export interface HttpMessageOptions {
  /** Undefined: a first line that starts with `HTTP/` makes it a response. */
  kind?: "request" | "response" | undefined;
  within: "part" | "message";
  /** Method of the request that a response answers. */
  requestMethod?: string | undefined;
  tolerance: Tolerance;
}

export type StartLine = RequestLine | StatusLine;

export type ReferenceHead = StartLine & { fields: Field[] };

export interface HttpMessageOutcome {
  /** Absent if the head, or what it says of the body, is in error. */
  head?: ReferenceHead;
  /** With an error: the body up to it. */
  body: Uint8Array;
  trailers: Field[];
  /** `within: "message"` without an error: the octets after the message. */
  remainder?: Uint8Array;
  error?: Finding;
  deviations: Finding[];
}

/**
 * Reads a whole HTTP message (RFC 9112) in the plainest way, as a specification of what the
 * streaming parser must do. It shares no code with it and knows no limits.
 */
export function referenceHttpMessage(octets: Uint8Array, options: HttpMessageOptions): HttpMessageOutcome {
  const reading = new Reading(fromOctets(octets), options);
  const error = findError(() => reading.read());
  return error === undefined ? reading.outcome : { ...reading.outcome, error };
}

/** What the head says of the body. */
interface Framing {
  contentLength: number | undefined;
  chunked: boolean;
}

const largestSafeInteger = BigInt(Number.MAX_SAFE_INTEGER);

class Reading {
  readonly outcome: HttpMessageOutcome;

  readonly #input: string;
  readonly #options: HttpMessageOptions;
  readonly #findings: Findings;

  constructor(input: string, options: HttpMessageOptions) {
    this.#input = input;
    this.#options = options;
    this.#findings = new Findings(options.tolerance);
    this.outcome = { body: new Uint8Array(), trailers: [], deviations: this.#findings.deviations };
  }

  /** HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ] */
  read(): void {
    const { startLine, next } = this.#startLine();
    const { section, bodyAt } = this.#fieldLines(next);
    const framing = this.#framing(section);
    this.outcome.head = { ...startLine, fields: section.fields };

    const end =
      this.#options.within === "part"
        ? this.#bodyInPart(startLine, framing, bodyAt)
        : this.#bodyAlone(startLine, framing, bodyAt);
    if (this.#options.within === "message") this.outcome.remainder = toOctets(this.#input.slice(end));
  }

  // Lines of the head

  /**
   * The line at `at`, without what both modes refuse in it; undefined if the input ends before it
   * does. `mayBeCut`: lenient mode takes what is left of the input for a line.
   */
  #line(at: number, mayBeCut: boolean): Line | undefined {
    const { length } = this.#input;
    const rest: Line = { text: this.#input.slice(at), at, end: length, next: length, lineEnd: "none" };
    const isLenient = this.#options.tolerance === "lenient";
    const line = lineAt(this.#input, at) ?? (mayBeCut && isLenient && at < length ? rest : undefined);
    if (line === undefined) return undefined;
    refuseCrAndNul(line, this.#findings);
    if (!isLenient && line.lineEnd === "LF") this.#findings.refuse("bare-lf", line.end);
    return line;
  }

  /** Comes after all that was found in the line itself. */
  #endLine({ end, lineEnd }: Line): void {
    if (lineEnd === "LF") this.#findings.tolerate("bare-lf", end);
  }

  #startLine(): { startLine: StartLine; next: number } {
    const { within } = this.#options;
    let at = 0;
    for (;;) {
      const line = this.#line(at, within === "part");
      if (line === undefined) return this.#findings.refuse("unexpected-end", this.#input.length);
      if (line.text !== "") {
        const kind = this.#options.kind ?? (line.text.startsWith("HTTP/") ? "response" : "request");
        const startLine =
          kind === "request"
            ? readRequestLine(line, within === "part", this.#findings)
            : readStatusLine(line, this.#findings);
        this.#endLine(line);
        return { startLine, next: line.next };
      }
      this.#findings.tolerate("empty-line-before-start-line", at);
      this.#endLine(line);
      at = line.next;
    }
  }

  #fieldLines(from: number): { section: HeaderSection; bodyAt: number } {
    const { length } = this.#input;
    const isPart = this.#options.within === "part";
    const section = new HeaderSection(this.#findings, "deviation");
    let at = from;
    for (;;) {
      const line = this.#line(at, isPart);
      if (line === undefined) {
        if (!isPart) this.#findings.refuse("unexpected-end", length);
        this.#findings.tolerate("unterminated-head", length);
        return { section, bodyAt: length };
      }
      if (line.text !== "") section.read(line);
      this.#endLine(line);
      at = line.next;
      if (line.text === "") return { section, bodyAt: at };
    }
  }

  // Framing (RFC 9112 §6), judged when the head is complete

  #framing(section: HeaderSection): Framing {
    const contentLength = this.#contentLength(section);

    const codings = section.raw.filter(({ name }) => name.toLowerCase() === "transfer-encoding");
    const [first] = codings;
    if (first === undefined) return { contentLength, chunked: false };

    const list = codings.flatMap(({ value }) => value.split(",")).map((coding) => trim(coding).toLowerCase());
    if (list.indexOf("chunked") !== list.length - 1) {
      this.#findings.refuse("invalid-transfer-encoding", first.valueAt);
    }
    if (contentLength !== undefined) {
      const code: ErrorCode = "content-length-with-transfer-encoding";
      if (this.#options.within === "message") this.#findings.refuse(code, first.valueAt);
      this.#findings.tolerate(code, first.valueAt);
    }
    return { contentLength: undefined, chunked: true };
  }

  /** Content-Length = 1*DIGIT */
  #contentLength(section: HeaderSection): number | undefined {
    let known: bigint | undefined;
    for (const { name, value, valueAt } of section.raw) {
      if (name.toLowerCase() !== "content-length") continue;
      const text = trim(value);
      const isNumber = text !== "" && skip(text, 0, isDigit) === text.length;
      const length = isNumber ? BigInt(text) : -1n;
      if (!isNumber || length > largestSafeInteger || (known !== undefined && length !== known)) {
        this.#findings.refuse("invalid-content-length", valueAt);
      }
      if (known !== undefined) this.#findings.tolerate("repeated-content-length", valueAt);
      known = length;
    }
    return known === undefined ? undefined : Number(known);
  }

  // Body; each returns the offset after the message

  /** The part frames the body; what the head says is checked against it. */
  #bodyInPart(startLine: StartLine, { contentLength, chunked }: Framing, from: number): number {
    const { length } = this.#input;
    if (this.#hasNoBody(startLine)) return this.#take(from, length);
    if (chunked) return this.#afterChunked(this.#chunkedBody(from));
    if (contentLength === undefined || contentLength === length - from) return this.#take(from, length);

    const firstWrong = Math.min(from + contentLength, length);
    this.#take(from, firstWrong);
    this.#findings.tolerate("content-length-mismatch", firstWrong);
    return isLineEnds(this.#input.slice(firstWrong)) ? length : this.#take(from, length);
  }

  #afterChunked(end: number): number {
    const { length } = this.#input;
    if (end === length) return length;
    if (isLineEnds(this.#input.slice(end))) this.#findings.tolerate("content-after-message", end);
    else this.#findings.refuse("content-after-message", end);
    return length;
  }

  /** Message body length (RFC 9112 §6.3). */
  #bodyAlone(startLine: StartLine, { contentLength, chunked }: Framing, from: number): number {
    const { length } = this.#input;
    if (this.#hasNoBody(startLine)) return from;
    if (chunked) return this.#chunkedBody(from);
    if (contentLength === undefined) return startLine.kind === "request" ? from : this.#take(from, length);
    this.#take(from, Math.min(from + contentLength, length));
    if (from + contentLength > length) this.#findings.refuse("unexpected-end", length);
    return from + contentLength;
  }

  #hasNoBody(startLine: StartLine): boolean {
    if (startLine.kind === "request") return false;
    const { status } = startLine;
    const { requestMethod, within } = this.#options;
    if (status < 200 || status === 204 || status === 304 || requestMethod === "HEAD") return true;
    return within === "message" && requestMethod === "CONNECT" && status < 300;
  }

  #take(from: number, to: number): number {
    this.outcome.body = toOctets(this.#input.slice(from, to));
    return to;
  }

  // Chunked (RFC 9112 §7.1)

  /** chunked-body = *chunk last-chunk trailer-section CRLF */
  #chunkedBody(from: number): number {
    let body = "";
    let at = from;
    for (;;) {
      const { size, next } = this.#chunkHeader(at);
      if (size === 0) return this.#trailers(next);
      body += this.#input.slice(next, next + size);
      this.outcome.body = toOctets(body);
      if (next + size > this.#input.length) this.#findings.refuse("unexpected-end", this.#input.length);
      at = this.#crlf(next + size);
    }
  }

  /** chunk-size [ chunk-ext ] CRLF */
  #chunkHeader(from: number): { size: number; next: number } {
    const input = this.#input;
    let size = 0n;
    let at = from;
    for (; isHexDigit(input[at]); at++) {
      size = size * 16n + BigInt(`0x${input[at]}`);
      if (at === from + 16 || size > largestSafeInteger) this.#findings.refuse("invalid-chunk", at);
    }
    if (at === from) this.#notAChunk(at);

    if (isBlank(input[at])) this.#findings.tolerate("space-after-chunk-size", at);
    at = skip(input, at, isBlank);
    if (input[at] === ";") at = skip(input, at, (character) => !isControl(character));
    return { size: Number(size), next: this.#crlf(at) };
  }

  #crlf(at: number): number {
    if (this.#input[at] !== "\r") this.#notAChunk(at);
    if (this.#input[at + 1] !== "\n") this.#notAChunk(at + 1);
    return at + 2;
  }

  #notAChunk(at: number): never {
    return this.#findings.refuse(at < this.#input.length ? "invalid-chunk" : "unexpected-end", at);
  }

  /** trailer-section = *( field-line CRLF ), and the empty line after it */
  #trailers(from: number): number {
    const section = new HeaderSection(this.#findings, "deviation");
    let at = from;
    for (;;) {
      const line = this.#line(at, false);
      if (line === undefined) return this.#findings.refuse("unexpected-end", this.#input.length);
      if (line.text !== "") section.read(line);
      this.#endLine(line);
      at = line.next;
      if (line.text !== "") continue;
      this.outcome.trailers = section.fields;
      return at;
    }
  }
}

/** What some writers add between the end of a message and the delimiter of its part. */
function isLineEnds(rest: string): boolean {
  return (
    rest !== "" &&
    rest.length <= 256 &&
    skip(rest, 0, (character) => character === "\r" || character === "\n") === rest.length
  );
}
