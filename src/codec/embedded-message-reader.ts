import { Verdict } from "../deviation.ts";
import type { Origin, ToleranceOptions } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { FieldSection } from "../grammar/field-section.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { Budget } from "../limits.ts";
import { isomorphicDecode } from "../octets/text.ts";
import type { TextWindow } from "../octets/text-window.ts";
import type { Words } from "../octets/words.ts";
import { CR, LF } from "../octets/ascii.ts";
import { GatheredView } from "../octets/gathered-view.ts";
import { FieldLineReader } from "./field-line-reader.ts";
import { HttpMessageParser, fieldRules, headOf } from "./http-message-parser.ts";
import { isFramedByPart } from "./message-framing.ts";
import { SectionMemory } from "./section-memory.ts";
import type { ReadSection } from "./section-memory.ts";
import { StartLineReader } from "./start-line-reader.ts";
import { createTransferDecoder, isIdentity } from "./transfer-encoding.ts";
import type { WholePart } from "./whole-part.ts";

/** Which HTTP messages body parts hold. */
export interface EmbeddedMessageOptions {
  /** What each message is. Default: a response if it starts with `HTTP/`, else a request. */
  kind?: "request" | "response" | undefined;
  /** Method of the request that the response in a part answers: responses to HEAD carry no body. */
  requestMethod?: ((part: WholePart) => string | undefined) | undefined;
}

/**
 * Reads the HTTP message of each part of type `application/http`, whole.
 *
 * A message that is good grammar in both modes, and framed by nothing but the part, is read in
 * place and in one go. Whatever else there is goes to {@link HttpMessageParser} from its start, for
 * its errors and deviations: one go takes half of its time, and tells nothing that it would not.
 */
export class EmbeddedMessageReader {
  readonly #options: EmbeddedMessageOptions;
  readonly #tolerance: ToleranceOptions;
  readonly #budget: Budget;
  readonly #window: TextWindow;
  readonly #startLine: StartLineReader;
  readonly #lines: FieldLineReader;
  readonly #memory: SectionMemory;
  /** The good head that was read last. */
  #good: ReadSection | undefined;
  readonly #parser: HttpMessageParser;

  // What the header section of the part before says: most parts of a batch have the same one.
  #section: FieldSection | undefined;
  #contentType: string | undefined;
  #isMessage = false;
  /** The transfer encoding to be undone. */
  #mechanism: string | undefined;

  /** @throws {TypeError} `options.kind` is none. */
  constructor(
    options: EmbeddedMessageOptions,
    tolerance: ToleranceOptions,
    budget: Budget,
    window: TextWindow,
    words: Words,
  ) {
    this.#options = options;
    this.#tolerance = tolerance;
    this.#budget = budget;
    this.#window = window;
    const { kind } = options;
    this.#parser = new HttpMessageParser({ ...tolerance, kind, budget });
    // Good lines need no verdict.
    const verdict = new Verdict(tolerance);
    this.#startLine = new StartLineReader(verdict, kind, "part", words);
    this.#lines = new FieldLineReader(verdict, budget, fieldRules, words);
    this.#memory = new SectionMemory(words);
  }

  /** A part begins, whose header section is `section`, and lies at `offset` of the input of `verdict`. */
  start(section: FieldSection, offset: number, verdict: Verdict): void {
    if (section !== this.#section) this.#judge(section, offset, verdict);
  }

  /** Reads the message of the part, whose body is `octets[start, end)`; false if it holds none. */
  read(part: WholePart, octets: Uint8Array, start: number, end: number, offset: number): boolean {
    if (!this.#isMessage) return false;
    const method = this.#options.requestMethod?.(part);
    if (this.#mechanism !== undefined) {
      const decoder = createTransferDecoder(this.#mechanism, { ...this.#tolerance, origin: part });
      const body = octets.subarray(start, end);
      if (decoder === undefined) this.#readAny(part, body, method, part);
      else this.#readAny(part, decoder.decode(body), method, decodedOrigin(part));
    } else if (!this.#readGood(part, octets, start, end, offset)) {
      this.#readAny(part, octets.subarray(start, end), method, part);
    }
    return true;
  }

  #judge(section: FieldSection, offset: number, verdict: Verdict): void {
    this.#section = section;
    const contentType = section.first("content-type");
    const mechanism = section.first("content-transfer-encoding");
    if (contentType !== this.#contentType) {
      this.#contentType = contentType;
      try {
        this.#isMessage = contentType !== undefined && essenceOf(contentType) === "application/http";
      } catch (error) {
        if (!(error instanceof BatchwireError)) throw error;
        // It is told of each part.
        this.#section = this.#contentType = undefined;
        this.#isMessage = false;
        const at = section.offsets[section.indexOf("content-type") * 4 + 2]!;
        verdict.tolerate("malformed-media-type", offset + at + error.offset);
      }
    }
    this.#mechanism = mechanism !== undefined && isIdentity(mechanism) ? undefined : mechanism;
  }

  /** Reads a message whose head is good, and framed by nothing but the part; false for any other. */
  #readGood(part: WholePart, octets: Uint8Array, start: number, end: number, offset: number): boolean {
    const { maxHeaderBytes, maxTotalHeaderBytes } = this.#budget.limits;
    const allowance = Math.min(maxHeaderBytes, maxTotalHeaderBytes - this.#budget.headerBytes);
    const allowed = Math.min(end, start + allowance);
    let bodyStart = this.#memory.match(octets, start, allowed);
    if (bodyStart >= 0) this.#good = this.#memory.read;
    else bodyStart = this.#readHead(octets, start, allowed, offset);
    if (bodyStart < 0) return false;
    const { section, startLine } = this.#good!;
    if (!isFramedByPart(section, end - bodyStart)) return false;
    this.#budget.headerBytes += bodyStart - start;
    part.head = headOf(startLine!, new HeaderList(section));
    part.offset += bodyStart - start;
    if (bodyStart < end) part.body = octets.subarray(bodyStart, end);
    return true;
  }

  /** Reads a head without a deviation, up to the body, whose index it answers; -1 if there is none. */
  #readHead(octets: Uint8Array, start: number, end: number, offset: number): number {
    const fields = this.#startLine.readGoodLine(octets, start, end, start);
    if (fields < 0) return -1;
    const lines = this.#lines;
    lines.start(offset);
    const headEnd = lines.readGoodLines(octets, fields, end, start);
    if (headEnd + 1 >= end || octets[headEnd] !== CR || octets[headEnd + 1] !== LF) return -1;
    const ascii = lines.anyOctet < 0x80;
    const text = ascii
      ? this.#window.decode(octets, start, headEnd, offset)
      : isomorphicDecode(octets, start, headEnd);
    const section = new FieldSection(text, lines.offsets, fields - start, ascii, false, true);
    this.#good = { section, startLine: this.#startLine.take(text), lines: lines.lines };
    this.#memory.remember(octets, start, headEnd + 2, this.#good);
    return headEnd + 2;
  }

  #readAny(
    part: WholePart,
    octets: Uint8Array,
    requestMethod: string | undefined,
    origin: Readonly<Origin>,
  ): void {
    const parser = this.#parser;
    parser.reset({ requestMethod, origin });
    parser.push(octets);
    parser.end();
    const body = new GatheredView();
    let { offset } = origin;
    for (let event; (event = parser.read()) !== undefined;) {
      if (event.type === "head") {
        part.head = event.head;
        offset += parser.offset;
      } else if (event.type === "trailers") {
        part.trailers = event.headers;
      } else if (event.type === "data") {
        body.add(event.data);
      }
    }
    part.body = body.take();
    // Not before, for the parser counts from the part.
    part.offset = parser.isChunked ? 0 : offset;
    part.offsetBase = parser.isChunked ? "decoded-body" : origin.offsetBase;
  }
}

/** Parameters are left alone: they do not tell whether a part is a message. */
function essenceOf(contentType: string): string {
  return parseMediaType(contentType.split(";", 1)[0]!).essence;
}

function decodedOrigin(part: WholePart): Origin {
  return { offset: 0, offsetBase: "decoded-body", path: part.path, depth: part.depth };
}
