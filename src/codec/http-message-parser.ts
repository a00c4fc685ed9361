import { Verdict } from "../deviation.ts";
import type { Origin, ToleranceOptions } from "../deviation.ts";
import { HeaderList } from "../grammar/header-list.ts";
import type { RequestLine, StatusLine, Within } from "../grammar/start-line.ts";
import { Budget } from "../limits.ts";
import type { LimitsInit } from "../limits.ts";
import { CR, LF } from "../octets/ascii.ts";
import { Chunked, ChunkedParser } from "./chunked-parser.ts";
import { FieldSectionParser } from "./field-section-parser.ts";
import { Section } from "./section.ts";
import type { SectionRules } from "./field-line-reader.ts";
import type { HttpMessageEvent, RequestHead, ResponseHead } from "./http-event.ts";
import { framingOf } from "./message-framing.ts";
import { PullMachine } from "./pull-machine.ts";
import { StartLineReader } from "./start-line-reader.ts";

export interface HttpMessageParserOptions extends ToleranceOptions {
  /** What the message is. Default: a response if it starts with `HTTP/`, else a request. */
  kind?: "request" | "response" | undefined;
  /**
   * `"part"` (default): the end of the input ends the message, as a body part's delimiter does, and
   * its own framing must agree. `"message"`: RFC 9112 alone; what follows the message is left over.
   */
  within?: Within | undefined;
  /** Method of the request that a response answers: responses to HEAD carry no body. */
  requestMethod?: string | undefined;
  limits?: LimitsInit | undefined;
  /** Where the message lies in an enclosing input. */
  origin?: Readonly<Origin> | undefined;
  /** What this message and its enclosing input use up together; goes before `limits`. */
  budget?: Budget | undefined;
}

/** What is being read. */
const State = {
  HEAD: 0,
  BODY_TO_END: 1,
  BODY_OF_LENGTH: 2,
  CHUNKS: 3,
  TRAILERS: 4,
  /** Behind the body, in a part that may go on. */
  SLACK: 5,
  /** `end` comes next. */
  END: 6,
  ENDED: 7,
} as const;
type State = (typeof State)[keyof typeof State];

const END: HttpMessageEvent = /* @__PURE__ */ Object.freeze({ type: "end" });

/**
 * Reads an HTTP/1.1 message (RFC 9112), such as an `application/http` body part holds, as it arrives.
 *
 * A pull cursor with the verbs and rules of {@link MultipartParser}: `push()`, `end()`, `read()`.
 * Method, target, version, reason and fields are kept as written; nothing is resolved or combined.
 *
 * @example
 * ```ts
 * import { HttpMessageParser } from "batchwire/codec";
 *
 * const parser = new HttpMessageParser({ kind: "request" });
 * parser.push(new TextEncoder().encode("GET /me HTTP/1.1\r\nHost: example.com\r\n\r\n"));
 * parser.end();
 * const event = parser.read();
 * if (event?.type === "head" && event.head.kind === "request") console.log(event.head.target); // /me
 * ```
 */
export class HttpMessageParser extends PullMachine<HttpMessageEvent> {
  readonly #within: Within;
  #requestMethod: string | undefined;
  readonly #section: FieldSectionParser;
  #chunked: ChunkedParser | undefined;
  #trailers: FieldSectionParser | undefined;

  #state: State = State.HEAD;
  #queued: HttpMessageEvent | undefined;
  /** Octets of the body still to come, by its Content-Length. */
  #remaining = 0;
  /** Line ends behind the body, held until it is certain that nothing else follows. */
  #slack: number[] = [];

  /** @throws {RangeError} A limit is out of range. */
  constructor(options: HttpMessageParserOptions = {}) {
    const { kind, within = "part", requestMethod } = options;
    if (within !== "part" && within !== "message")
      throw new TypeError(`Option "within" must be "part" or "message"`);
    if (kind !== undefined && kind !== "request" && kind !== "response") {
      throw new TypeError(`Option "kind" must be "request" or "response", not ${JSON.stringify(kind)}`);
    }
    super(new Verdict(options, options.origin), options.budget ?? new Budget(options.limits));
    this.#within = within;
    this.#requestMethod = requestMethod;
    const startLine = new StartLineReader(this.verdict, kind, within, this.words);
    const rules = { ...fieldRules, startLine };
    this.#section = new FieldSectionParser(this.verdict, this.budget, rules, this.words);
    this.#section.start(0);
  }

  /**
   * Starts afresh with the next message, which spares making a parser for each part of a batch.
   * What limits count over a whole input goes on counting.
   *
   * @param message - Its `origin`, by default that of the message before, and the `requestMethod` that it
   * answers, by default none.
   */
  reset({ requestMethod, origin }: Pick<HttpMessageParserOptions, "requestMethod" | "origin"> = {}): void {
    this.restart();
    if (origin !== undefined) this.verdict.origin = origin;
    this.#requestMethod = requestMethod;
    this.#state = State.HEAD;
    this.#queued = undefined;
    this.#chunked = undefined;
    this.#remaining = 0;
    if (this.#slack.length > 0) this.#slack = [];
    this.#section.start(0);
  }

  /**
   * What follows the message in the current chunk, a view of it; empty until `end` has been read,
   * and always in a part.
   */
  get remainder(): Uint8Array {
    return this.chunk.subarray(this.#state === State.ENDED ? this.position : this.chunk.length);
  }

  /** Whether the body of the message whose head was read last lies in chunks, which `data` is without. @internal */
  get isChunked(): boolean {
    return this.#chunked !== undefined;
  }

  protected override skip(): void {
    // What follows a message is the caller's: see `remainder`.
    if (this.#state === State.ENDED) this.release();
  }

  protected override readEvent(): HttpMessageEvent | undefined {
    for (;;) {
      const event = this.#readState();
      if (event !== undefined || this.#state === State.ENDED) return event;
      if (this.isStarved) return undefined;
    }
  }

  #readState(): HttpMessageEvent | undefined {
    if (this.#queued !== undefined) {
      const event = this.#queued;
      this.#queued = undefined;
      return event;
    }
    switch (this.#state) {
      case State.HEAD:
        return this.#readHead();
      case State.BODY_TO_END:
        return this.#readData(this.chunkEnd - this.position);
      case State.BODY_OF_LENGTH:
        return this.#readDataOfLength();
      case State.CHUNKS:
        return this.#readChunks();
      case State.TRAILERS:
        return this.#readTrailers();
      case State.SLACK:
        return this.#readSlack();
      case State.END:
        this.#state = State.ENDED;
        return END;
      case State.ENDED:
        return undefined;
    }
  }

  /** `start-line CRLF *( field-line CRLF ) CRLF` */
  #readHead(): HttpMessageEvent | undefined {
    const found = this.#section.read(this.chunk, this.position, this.chunkEnd);
    this.position = this.#section.next;
    return found === Section.CHUNK_END ? this.starve() : this.#head();
  }

  #head(): HttpMessageEvent {
    const { startLine: line, section } = this.#section;
    const framing = framingOf(
      line,
      section,
      this.#within,
      this.#requestMethod,
      this.verdict,
      this.#section.offset,
    );
    switch (framing.by) {
      case "end":
        this.#state = State.BODY_TO_END;
        break;
      case "chunks":
        this.#state = State.CHUNKS;
        this.#chunked = new ChunkedParser(this.verdict, this.budget.limits);
        break;
      case "length":
        this.#remaining = framing.length;
        this.#state = framing.length > 0 ? State.BODY_OF_LENGTH : this.#behindBody;
        break;
      case "nothing":
        this.#state = State.END;
    }
    return { type: "head", head: headOf(line, new HeaderList(section)) };
  }

  get #behindBody(): State {
    return this.#within === "part" ? State.SLACK : State.END;
  }

  #readDataOfLength(): HttpMessageEvent | undefined {
    const length = Math.min(this.#remaining, this.chunkEnd - this.position);
    this.#remaining -= length;
    if (this.#remaining === 0) this.#state = this.#behindBody;
    return this.#readData(length);
  }

  #readData(length: number): HttpMessageEvent | undefined {
    if (length === 0) return this.starve();
    const start = this.position;
    this.position += length;
    return this.#data(this.view(start, this.position));
  }

  #data(octets: Uint8Array): HttpMessageEvent {
    return { type: "data", data: this.admit(octets) };
  }

  #readChunks(): HttpMessageEvent | undefined {
    const chunked = this.#chunked!;
    const found = chunked.read(this.chunk, this.position, this.chunkEnd, this.offset);
    this.position = chunked.next;
    if (found === Chunked.INPUT_END) return this.starve();
    if (found === Chunked.DATA) return this.#data(this.view(chunked.dataStart, chunked.next));
    this.#state = State.TRAILERS;
    this.#trailers = new FieldSectionParser(this.verdict, this.budget, fieldRules, this.words);
    this.#trailers.start(this.offset);
    return undefined;
  }

  #readTrailers(): HttpMessageEvent | undefined {
    const section = this.#trailers!;
    const found = section.read(this.chunk, this.position, this.chunkEnd);
    this.position = section.next;
    if (found === Section.CHUNK_END) return this.starve();
    this.#state = this.#behindBody;
    const headers = new HeaderList(section.section);
    return headers.size === 0 ? undefined : { type: "trailers", headers };
  }

  get #slackCode(): "content-length-mismatch" | "content-after-message" {
    return this.isChunked ? "content-after-message" : "content-length-mismatch";
  }

  /**
   * What stands between the end of the body and the end of the part. UCWA clients add a line end
   * there that no Content-Length counts: lenient mode drops a bounded run of them. Anything else
   * makes a Content-Length wrong (the part decides) and a chunked body ambiguous (refused).
   */
  #readSlack(): HttpMessageEvent | undefined {
    const code = this.#slackCode;
    for (; this.position < this.chunkEnd; this.position++) {
      const octet = this.chunk[this.position]!;
      if (!this.verdict.lenient) throw this.verdict.error(code, this.offset);
      const isLineEnd = octet === CR || octet === LF;
      if (isLineEnd && this.#slack.length < this.budget.limits.maxPaddingBytes) {
        this.#slack.push(octet);
        continue;
      }
      const offset = this.offset - this.#slack.length;
      if (this.isChunked) throw this.verdict.error(code, offset);
      this.verdict.tolerate(code, offset);
      this.#state = State.BODY_TO_END;
      return this.#slack.length === 0 ? undefined : this.#data(Uint8Array.from(this.#slack));
    }
    return this.starve();
  }

  /** The message ends here, if it may. */
  protected override finish(): boolean {
    switch (this.#state) {
      case State.HEAD:
        this.#finishHead();
        return true;
      case State.BODY_OF_LENGTH:
        if (this.#within === "message") throw this.verdict.error("unexpected-end", this.offset);
        this.verdict.tolerate("content-length-mismatch", this.offset);
        break;
      case State.SLACK:
        if (this.#slack.length > 0) this.verdict.tolerate(this.#slackCode, this.offset - this.#slack.length);
        break;
      case State.CHUNKS:
      case State.TRAILERS:
        throw this.verdict.error("unexpected-end", this.offset);
      case State.ENDED:
        return false;
    }
    this.#state = State.END;
    return true;
  }

  /**
   * Azure's clients and service leave out the empty line behind the head of a message without a
   * body: the part's delimiter brings the only one there is.
   */
  #finishHead(): void {
    const section = this.#section;
    const mayEnd = this.#within === "part" && (this.verdict.lenient || section.hasStartLine);
    if (!mayEnd) throw this.verdict.error("unexpected-end", this.offset);
    if (this.verdict.lenient) section.endUnterminated();
    if (!section.hasStartLine) throw this.verdict.error("unexpected-end", this.offset);
    this.verdict.tolerate("unterminated-head", this.offset);
    this.#queued = this.#head();
  }
}

/** Written out, for a spread takes longer than all the rest of making a head. */
export function headOf(line: RequestLine | StatusLine, headers: HeaderList): RequestHead | ResponseHead {
  const { version } = line;
  return line.kind === "request"
    ? { kind: "request", method: line.method, target: line.target, version, headers }
    : { kind: "response", version, status: line.status, reason: line.reason, headers };
}

/** Rules of header and trailer sections. */
export const fieldRules: SectionRules = { folds: "folded-field-line", lineFeeds: "tolerate" };
