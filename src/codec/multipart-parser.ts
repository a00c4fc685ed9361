import { Verdict } from "../deviation.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { Budget } from "../limits.ts";
import { DASH } from "../octets/ascii.ts";
import { isomorphicEncode, toIsomorphic } from "../octets/text.ts";
import { delimiterError } from "./delimiter-error.ts";
import { DelimiterScanner, Found } from "./delimiter-scanner.ts";
import { EpilogueReader } from "./epilogue-reader.ts";
import { FieldSectionParser, Section } from "./field-section-parser.ts";
import type { MultipartEvent } from "./multipart-event.ts";
import { resolveBoundary } from "./multipart-options.ts";
import type { MultipartParserOptions } from "./multipart-options.ts";
import { PullMachine } from "./pull-machine.ts";

/** What is being read; hot states first. */
const State = {
  BODY: 0,
  HEADERS: 1,
  PREAMBLE: 2,
  /** `part-end` comes next, for a part whose header section a delimiter ended, then the next part … */
  EMPTY_PART: 3,
  /** … or the end of the body. */
  LAST_EMPTY_PART: 4,
  /** The part comes next whose header section the end of the input has cut off. */
  CUT_HEADERS: 5,
  /** `end` comes next. */
  END: 6,
  /** `end` has been answered. */
  EPILOGUE: 7,
} as const;
type State = (typeof State)[keyof typeof State];

const PART_END: MultipartEvent = /* @__PURE__ */ Object.freeze({ type: "part-end" });
const END: MultipartEvent = /* @__PURE__ */ Object.freeze({ type: "end" });

/**
 * Reads a multipart body of any subtype (RFC 2046 §5.1) as it arrives.
 *
 * `push()` a chunk, `read()` events until `undefined`, push the next. The parser holds the current
 * chunk, read in place, and at most one header section.
 *
 * `end` is answered as soon as the close-delimiter is there; the rest of its line and the epilogue
 * are looked at by a later `push()` or `end()`, which may throw.
 *
 * @example
 * ```ts
 * import { MultipartParser } from "batchwire/codec";
 *
 * const parser = new MultipartParser({ contentType: "multipart/mixed; boundary=b" });
 * parser.push(new TextEncoder().encode("--b\r\nContent-ID: <1>\r\n\r\nHello\r\n--b--\r\n"));
 * parser.end();
 * for (let event; (event = parser.read()) !== undefined; ) {
 *   if (event.type === "part") console.log(event.headers.get("content-id")); // <1>
 *   if (event.type === "data") console.log(event.data.length); // 5
 * }
 * ```
 */
export class MultipartParser extends PullMachine<MultipartEvent> {
  readonly #refusesPreamble: boolean;
  readonly #wantsPreamble: boolean;
  readonly #scanner: DelimiterScanner;
  readonly #section: FieldSectionParser;
  readonly #epilogue: EpilogueReader;
  readonly #dashBoundaryLength: number;
  readonly #boundary: string;

  #state: State = State.PREAMBLE;
  /** Octets of a part that the end of the input has ended. */
  #rest: Uint8Array | undefined;
  /** Parts whose header sections have been read. */
  #parts = 0;
  #preambleLength = 0;

  /**
   * @throws {BatchwireError} The content type is not multipart, or its boundary is missing or not a
   * boundary (RFC 2046 §5.1.1).
   * @throws {RangeError} `boundary` is not a boundary, or a limit is out of range.
   * @throws {TypeError} Neither `boundary` nor `contentType` is given.
   */
  constructor(options: MultipartParserOptions) {
    super(new Verdict(options, options.origin), options.budget ?? new Budget(options.limits));
    const { maxDepth } = this.budget.limits;
    if (this.verdict.origin.depth >= maxDepth) throw this.verdict.exceeded("maxDepth", maxDepth, 0);
    const { boundary, profile } = resolveBoundary(options);
    this.#boundary = boundary;
    this.#refusesPreamble = options.profile === "form-data";
    this.#wantsPreamble = options.preamble ?? false;

    const octets = isomorphicEncode(toIsomorphic(boundary));
    const dashBoundary = new Uint8Array(octets.length + 2).fill(DASH, 0, 2);
    dashBoundary.set(octets, 2);
    this.#dashBoundaryLength = dashBoundary.length;
    this.#scanner = new DelimiterScanner(octets, this.budget.limits.maxPaddingBytes);
    // Until the first delimiter line has told what a line end is, both are looked for: strict mode
    // must not take for a preamble what others take for parts.
    this.#scanner.lineFeeds = true;
    this.#section = new FieldSectionParser(this.verdict, this.budget, {
      folds: profile === "form-data" ? "folded-field-line" : undefined,
      lineFeeds: "refuse",
      dashBoundary,
    });
    this.#epilogue = new EpilogueReader(this.verdict, this.budget.limits, options.epilogue ?? false);
  }

  /** Place of the part read last (`"2"`, or `"1.2"` in a nested body); else of this body (`""`). */
  get path(): string {
    return this.verdict.path;
  }

  /** Offset of the header section read last, as `offset` counts. */
  get headersOffset(): number {
    return this.#section.offset;
  }

  protected override readEvent(): MultipartEvent | undefined {
    for (;;) {
      if (this.#rest !== undefined) {
        const data = this.#rest;
        this.#rest = undefined;
        return this.data(data);
      }
      let event: MultipartEvent | undefined;
      switch (this.#state) {
        case State.BODY:
          event = this.#readBody();
          break;
        case State.HEADERS:
          event = this.#readHeaders();
          break;
        case State.PREAMBLE:
          event = this.#readPreamble();
          break;
        case State.EMPTY_PART:
          this.#startHeaders();
          return PART_END;
        case State.LAST_EMPTY_PART:
          this.#startEpilogue();
          return PART_END;
        case State.CUT_HEADERS:
          event = this.#endHeaders();
          if (event !== undefined) return event;
          continue;
        case State.END:
          this.#state = State.EPILOGUE;
          this.verdict.part = 0;
          return END;
        case State.EPILOGUE:
          return this.#epilogue.wanted ? this.#readEpilogue() : undefined;
      }
      if (event !== undefined || this.isStarved) return event;
    }
  }

  protected override finish(): boolean {
    if (this.#state === State.EPILOGUE) {
      this.#epilogue.finish();
      return false;
    }
    if (this.verdict.origin.depth === 0) {
      const isStarted = this.#state !== State.PREAMBLE;
      const detail = isStarted ? undefined : `Input has no delimiter line "--${this.#boundary}" and ends`;
      throw this.verdict.error("unexpected-end", this.offset, detail);
    }
    // The delimiter of the body around this one ends it too (RFC 2046 §5.1.2).
    this.verdict.tolerate("unclosed-multipart", this.offset);
    if (this.#state === State.BODY) {
      const withheld = this.#scanner.takeWithheld();
      if (withheld.length > 0) this.#rest = withheld;
      this.#state = State.LAST_EMPTY_PART;
    } else {
      this.#state = this.#state === State.HEADERS ? State.CUT_HEADERS : State.END;
    }
    return true;
  }

  /** What follows `end` is nobody's unless it is wanted, but it must be right. */
  protected override skip(): void {
    if (this.#state === State.EPILOGUE && !this.#epilogue.wanted) this.#readEpilogue();
  }

  /** `*OCTET` up to a delimiter, which ends the part. */
  #readBody(): MultipartEvent | undefined {
    const scanner = this.#scanner;
    const start = this.position;
    const found = scanner.scan(this.chunk, start, this.chunkEnd);
    this.position = scanner.next;
    switch (found) {
      case Found.CONTENT:
        return this.data(this.chunk.subarray(start, scanner.next));
      case Found.REPLAY:
        return this.data(scanner.replay);
      case Found.CHUNK_END:
        return this.starve();
      case Found.DELIMITER:
        if (scanner.lineFeeds) this.#judgeLineEnds();
        this.#startHeaders();
        return PART_END;
      case Found.CLOSE_DELIMITER:
        if (scanner.lineFeeds) this.#judgeLineEndBefore(this.offset - 2);
        this.#startEpilogue();
        return PART_END;
      default:
        throw delimiterError(found, this.verdict, this.budget.limits, this.offset);
    }
  }

  /** `*( field-line CRLF ) CRLF`, or a delimiter where that should be. */
  #readHeaders(): MultipartEvent | undefined {
    const section = this.#section;
    this.verdict.part = this.#parts + 1;
    const found = section.read(this.chunk, this.position, this.chunkEnd);
    this.position = section.next;
    if (found === Section.CHUNK_END) return this.starve();
    const isEmptyPart = found !== Section.END;
    if (isEmptyPart && section.lines === 0) {
      if (found === Section.DELIMITER) this.#startHeaders();
      else this.#startEpilogue();
      return undefined;
    }
    const part = this.#part();
    if (!isEmptyPart) {
      this.#state = State.BODY;
      this.#scanner.start();
      this.bodyLength = 0;
    } else {
      this.#state = found === Section.DELIMITER ? State.EMPTY_PART : State.LAST_EMPTY_PART;
    }
    return part;
  }

  /** The delimiter of the body around this one ends a header section, too. */
  #endHeaders(): MultipartEvent | undefined {
    const section = this.#section;
    section.endUnterminated();
    this.#state = section.lines === 0 ? State.END : State.LAST_EMPTY_PART;
    if (section.lines === 0) return undefined;
    this.verdict.tolerate("unterminated-header-section", this.offset);
    return this.#part();
  }

  /** The part whose header section has been read. */
  #part(): MultipartEvent {
    const { maxParts } = this.budget.limits;
    if (++this.budget.parts > maxParts)
      throw this.verdict.exceeded("maxParts", maxParts, this.#section.offset);
    this.#parts++;
    return { type: "part", headers: new HeaderList(this.#section.section) };
  }

  #startHeaders(): void {
    this.#state = State.HEADERS;
    this.#section.start(this.offset);
  }

  #startEpilogue(): void {
    this.#state = State.END;
    this.#epilogue.start(this.offset, this.#scanner.lineFeeds);
  }

  /** `[preamble CRLF] dash-boundary transport-padding CRLF`, which also decides what a line end is. */
  #readPreamble(): MultipartEvent | undefined {
    const scanner = this.#scanner;
    const start = this.position;
    const found = scanner.scan(this.chunk, start, this.chunkEnd);
    this.position = scanner.next;
    switch (found) {
      case Found.CONTENT:
        return this.#preamble(this.chunk.subarray(start, scanner.next));
      case Found.REPLAY:
        return this.#preamble(scanner.replay);
      case Found.CHUNK_END:
        return this.starve();
      case Found.DELIMITER:
      case Found.CLOSE_DELIMITER: {
        if (this.#refusesPreamble && this.#preambleLength > 0) {
          this.verdict.tolerate("preamble-in-form-data", 0);
        }
        const isClose = found === Found.CLOSE_DELIMITER;
        const lineEndBehind = isClose ? 0 : scanner.lineEndBehind;
        if (scanner.lineEndBefore === 1) {
          const delimiterLength = this.#dashBoundaryLength + (isClose ? 2 : scanner.padding + lineEndBehind);
          this.verdict.tolerate("bare-lf", this.offset - delimiterLength - 1);
        }
        if (lineEndBehind === 1) this.verdict.tolerate("bare-lf", this.offset - 1);
        scanner.lineFeeds = isClose ? scanner.lineEndBefore === 1 : lineEndBehind === 1;
        if (scanner.lineFeeds) this.#section.rules.lineFeeds = "framing";
        if (isClose) this.#startEpilogue();
        else this.#startHeaders();
        return undefined;
      }
      default:
        throw delimiterError(found, this.verdict, this.budget.limits, this.offset);
    }
  }

  #preamble(data: Uint8Array): MultipartEvent | undefined {
    const { maxPreambleBytes } = this.budget.limits;
    this.#preambleLength += data.length;
    const excess = this.#preambleLength - maxPreambleBytes;
    if (excess > 0) {
      const error = this.verdict.exceeded("maxPreambleBytes", maxPreambleBytes, maxPreambleBytes);
      if (excess === data.length || !this.#wantsPreamble) throw error;
      this.failNext(error);
      data = data.subarray(0, data.length - excess);
    }
    return this.#wantsPreamble ? { type: "preamble", data } : undefined;
  }

  /** Line ends of a delimiter line where the framing uses LF. */
  #judgeLineEnds(): void {
    const { padding, lineEndBehind } = this.#scanner;
    this.#judgeLineEndBefore(this.offset - lineEndBehind - padding);
    if (lineEndBehind === 1) this.verdict.tolerate("bare-lf", this.offset - 1);
    else this.verdict.tolerate("mixed-line-ends", this.offset - 2);
  }

  #judgeLineEndBefore(boundaryEnd: number): void {
    if (this.#scanner.lineEndBefore < 2) return;
    this.verdict.tolerate("mixed-line-ends", boundaryEnd - this.#dashBoundaryLength - 2);
  }

  #readEpilogue(): MultipartEvent | undefined {
    const event = this.#epilogue.read(this.chunk, this.position, this.chunkEnd);
    this.position = this.#epilogue.next;
    return event ?? this.starve();
  }
}
