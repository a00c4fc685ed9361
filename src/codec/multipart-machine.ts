import { Verdict } from "../deviation.ts";
import type { FieldSection } from "../grammar/field-section.ts";
import { Budget } from "../limits.ts";
import { DASH, NO_OCTETS } from "../octets/ascii.ts";
import { TextWindow } from "../octets/text-window.ts";
import { isomorphicEncode, toIsomorphic } from "../octets/text.ts";
import { delimiterError } from "./delimiter-error.ts";
import { DelimiterLineEnds } from "./delimiter-line-ends.ts";
import { DelimiterScanner, Found } from "./delimiter-scanner.ts";
import { EpilogueReader } from "./epilogue-reader.ts";
import type { SectionRules } from "./field-line-reader.ts";
import { FieldSectionParser } from "./field-section-parser.ts";
import { Section } from "./section.ts";
import { resolveBoundary } from "./multipart-options.ts";
import type { MultipartParserOptions } from "./multipart-options.ts";
import { Step } from "./multipart-step.ts";
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
  /** The part comes next whose header section the end of the input has ended. */
  CUT_HEADERS: 5,
  /** `end` comes next. */
  END: 6,
  /** `end` has been answered. */
  EPILOGUE: 7,
} as const;
type State = (typeof State)[keyof typeof State];

/**
 * Tells the parts of a multipart body (RFC 2046 §5.1), their octets and what stands around them, as
 * they arrive. What comes of a step is left in fields: parsers make their events of it.
 */
export abstract class MultipartMachine<Event> extends PullMachine<Event> {
  /** Octets of a {@link Step}. */
  protected octets: Uint8Array = NO_OCTETS;
  /** Decodes what is read in place. */
  protected readonly window: TextWindow = new TextWindow();

  readonly #refusesPreamble: boolean;
  readonly #wantsPreamble: boolean;
  readonly #scanner: DelimiterScanner;
  readonly #lineEnds: DelimiterLineEnds;
  readonly #section: FieldSectionParser;
  readonly #epilogue: EpilogueReader;
  readonly #boundary: string;

  #state: State = State.PREAMBLE;
  /** Octets of a part, or of a preamble, that the end of the input has ended. */
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
    this.#scanner = new DelimiterScanner(octets, this.budget.limits.maxPaddingBytes, this.words);
    this.#lineEnds = new DelimiterLineEnds(this.#scanner, dashBoundary.length, this.verdict);
    const rules: SectionRules = {
      folds: profile === "form-data" ? "folded-field-line" : undefined,
      lineFeeds: "refuse",
      dashBoundary,
    };
    this.#section = new FieldSectionParser(this.verdict, this.budget, rules, this.words, this.window);
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

  /** The next step. */
  protected step(): Step {
    for (;;) {
      if (this.#rest !== undefined) {
        const data = this.#rest;
        this.#rest = undefined;
        const step = this.#state === State.END ? this.#preamble(data) : this.#data(data);
        if (step !== Step.NONE) return step;
      }
      let step: Step = Step.NONE;
      switch (this.#state) {
        case State.BODY:
          step = this.#readBody();
          break;
        case State.HEADERS:
          step = this.#readHeaders();
          break;
        case State.PREAMBLE:
          step = this.#readPreamble();
          break;
        case State.EMPTY_PART:
          this.#startHeaders();
          return Step.PART_END;
        case State.LAST_EMPTY_PART:
          this.#startEpilogue();
          return Step.PART_END;
        case State.CUT_HEADERS:
          this.#state = State.LAST_EMPTY_PART;
          return this.#part();
        case State.END:
          this.#state = State.EPILOGUE;
          this.verdict.part = 0;
          return Step.END;
        case State.EPILOGUE:
          return this.#epilogue.wanted ? this.#readEpilogue() : Step.NONE;
      }
      if (step !== Step.NONE || this.isStarved) return step;
    }
  }

  /**
   * Reads a part to its end at once, behind {@link Step.PART}: answers the end of its body, which
   * began at `position`; -1 if that is not in the chunk, lies farther than `maxBytes`, or needs a
   * closer look: then steps are to be taken.
   */
  protected readToEnd(maxBytes: number): number {
    if (this.#state !== State.BODY) return -1;
    const start = this.position;
    const end = this.#scanner.findEnd(this.chunk, start, this.chunkEnd);
    if (end < 0 || end - start > Math.min(maxBytes, this.budget.limits.maxPartBytes)) return -1;
    this.position = this.#scanner.next;
    this.#startHeaders();
    return end;
  }

  /** The header section read last. */
  protected get section(): FieldSection {
    return this.#section.section;
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
    // The delimiter of the body around this one ends it too, and a header section in it (RFC 2046 §5.1.2).
    if (this.#state === State.HEADERS) {
      const endsInDelimiter = this.#section.endUnterminated();
      const isPart = this.#section.lines > 0;
      this.verdict.tolerate("unclosed-multipart", this.offset);
      if (isPart && !endsInDelimiter) this.verdict.tolerate("unterminated-header-section", this.offset);
      this.#state = isPart ? State.CUT_HEADERS : State.END;
    } else {
      this.verdict.tolerate("unclosed-multipart", this.offset);
      const withheld = this.#scanner.takeWithheld();
      if (withheld.length > 0) this.#rest = withheld;
      this.#state = this.#state === State.BODY ? State.LAST_EMPTY_PART : State.END;
    }
    return true;
  }

  /** What follows `end` is nobody's unless it is wanted, but it must be right. */
  protected override skip(): void {
    if (this.#state === State.EPILOGUE && !this.#epilogue.wanted) this.#readEpilogue();
  }

  /** `*OCTET` up to a delimiter, which ends the part. */
  #readBody(): Step {
    const scanner = this.#scanner;
    const start = this.position;
    const found = scanner.scan(this.chunk, start, this.chunkEnd);
    this.position = scanner.next;
    switch (found) {
      case Found.CONTENT:
        return this.#data(this.view(start, scanner.next));
      case Found.REPLAY:
        return this.#data(scanner.replay);
      case Found.CHUNK_END:
        return this.#starve();
      case Found.DELIMITER:
        this.#lineEnds.judgeDelimiter(this.offset);
        this.#startHeaders();
        return Step.PART_END;
      case Found.CLOSE_DELIMITER:
        this.#lineEnds.judgeCloseDelimiter(this.offset);
        this.#startEpilogue();
        return Step.PART_END;
      default:
        throw delimiterError(found, this.verdict, this.budget.limits, this.offset);
    }
  }

  /** `*( field-line CRLF ) CRLF`, or a delimiter where that should be. */
  #readHeaders(): Step {
    const section = this.#section;
    this.verdict.part = this.#parts + 1;
    const found = section.read(this.chunk, this.position, this.chunkEnd);
    this.position = section.next;
    if (found === Section.CHUNK_END) return this.#starve();
    const isEmptyPart = found !== Section.END;
    if (isEmptyPart && section.lines === 0) {
      if (found === Section.DELIMITER) this.#startHeaders();
      else this.#startEpilogue();
      return Step.NONE;
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

  /** The part whose header section has been read. */
  #part(): Step {
    const { maxParts } = this.budget.limits;
    if (++this.budget.parts > maxParts)
      throw this.verdict.exceeded("maxParts", maxParts, this.#section.offset);
    this.#parts++;
    return Step.PART;
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
  #readPreamble(): Step {
    const scanner = this.#scanner;
    const start = this.position;
    const found = scanner.scan(this.chunk, start, this.chunkEnd);
    this.position = scanner.next;
    switch (found) {
      case Found.CONTENT:
        return this.#preamble(this.view(start, scanner.next));
      case Found.REPLAY:
        return this.#preamble(scanner.replay);
      case Found.CHUNK_END:
        return this.#starve();
      case Found.DELIMITER:
      case Found.CLOSE_DELIMITER: {
        if (this.#refusesPreamble && this.#preambleLength > 0) {
          this.verdict.tolerate("preamble-in-form-data", 0);
        }
        const isClose = found === Found.CLOSE_DELIMITER;
        this.#lineEnds.judgeFirst(this.offset, isClose);
        if (scanner.lineFeeds) this.#section.rules.lineFeeds = "framing";
        if (isClose) this.#startEpilogue();
        else this.#startHeaders();
        return Step.NONE;
      }
      default:
        throw delimiterError(found, this.verdict, this.budget.limits, this.offset);
    }
  }

  #preamble(data: Uint8Array): Step {
    const { maxPreambleBytes } = this.budget.limits;
    this.#preambleLength += data.length;
    const excess = this.#preambleLength - maxPreambleBytes;
    if (excess > 0) {
      const error = this.verdict.exceeded("maxPreambleBytes", maxPreambleBytes, maxPreambleBytes);
      if (excess === data.length || !this.#wantsPreamble) throw error;
      this.failNext(error);
      data = data.subarray(0, data.length - excess);
    }
    this.octets = data;
    return this.#wantsPreamble ? Step.PREAMBLE : Step.NONE;
  }

  #readEpilogue(): Step {
    const octets = this.#epilogue.read(this.chunk, this.position, this.chunkEnd);
    this.position = this.#epilogue.next;
    if (octets === undefined) return this.#starve();
    this.octets = octets;
    return Step.EPILOGUE;
  }

  #data(octets: Uint8Array): Step {
    this.octets = this.admit(octets);
    return Step.DATA;
  }

  #starve(): Step {
    this.starve();
    return Step.NONE;
  }
}
