import { Verdict } from "../deviation.ts";
import type { BatchwireError } from "../errors.ts";
import { Budget } from "../limits.ts";
import {
  COLON,
  COMMA,
  DQUOTE,
  JSON_SPACE,
  JSON_VALUE_START,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
} from "../octets/ascii.ts";
import type { JsonArrayEvent } from "./json-array-event.ts";
import { keysOf } from "./json-array-options.ts";
import type { JsonArrayParserOptions } from "./json-array-options.ts";
import { readJson } from "./json-text.ts";
import { JsonValueReader } from "./json-value-reader.ts";
import { MAX_BRACKETS, Scanned } from "./json-value-scanner.ts";
import { PullMachine } from "./pull-machine.ts";

/** What is being read, or comes next behind white space. */
const State = {
  IN_ELEMENT: 0,
  IN_VALUE: 1,
  IN_NAME: 2,
  BEHIND_ELEMENT: 3,
  ELEMENT: 4,
  FIRST_ELEMENT: 5,
  BYTE_ORDER_MARK: 6,
  TEXT: 7,
  FIRST_NAME: 8,
  NAME: 9,
  COLON: 10,
  VALUE: 11,
  BEHIND_VALUE: 12,
  /** `end` has been answered. */
  ENDED: 13,
} as const;
type State = (typeof State)[keyof typeof State];

const END: JsonArrayEvent = /* @__PURE__ */ Object.freeze({ type: "end" });

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Reads the envelope of a JSON batch (RFC 8259), such as `{"requests":[…]}`, as it arrives: hands out
 * each element of the wanted array as soon as its last octet is there, and holds no more than one.
 *
 * A pull cursor with the verbs and rules of {@link MultipartParser}: `push()`, `end()`, `read()`.
 * `end` is answered as soon as the closing bracket is there; what follows it is looked at by a later
 * `push()` or `end()`, which throws unless it is white space. A byte order mark is skipped (§8.1).
 *
 * Of the limits, `maxParts` counts the elements, `maxBufferedBytes` the octets of one element,
 * `maxHeaderCount` the other members, and `maxHeaderBytes` the octets of the name and of the value of
 * one. At most 512 brackets of one value may be open at once.
 *
 * From the first element to the end of the array, errors have the place of the element begun last,
 * 1-based, as their path. `invalid-json` is thrown at the octet that cannot stand there; at the start
 * of a name or of a member's value that is not UTF-8, or not JSON for another reason.
 *
 * @example
 * ```ts
 * import { JsonArrayParser } from "batchwire/codec";
 *
 * const parser = new JsonArrayParser({ key: "value" });
 * parser.push(new TextEncoder().encode('{"count":2,"value":[{"id":"1"},{"id'));
 * for (let event; (event = parser.read()) !== undefined; ) {
 *   if (event.type === "member") console.log(event.name, event.text); // count 2
 *   if (event.type === "element") console.log(new TextDecoder().decode(event.data)); // {"id":"1"}
 * }
 * ```
 */
export class JsonArrayParser extends PullMachine<JsonArrayEvent> {
  readonly #keys: readonly string[] | undefined;
  readonly #values = new JsonValueReader();
  /** Decoded; also those of the arrays that are wanted. */
  readonly #names = new Set<string>();

  #state: State = State.BYTE_ORDER_MARK;
  #name = "";
  #nameOffset = 0;
  #valueOffset = 0;
  #members = 0;
  #elements = 0;
  #hasArray = false;

  /**
   * @throws {RangeError} A limit is out of range.
   * @throws {TypeError} `key` is neither a string nor strings, or there are none.
   */
  constructor(options: JsonArrayParserOptions = {}) {
    super(new Verdict(options, options.origin), options.budget ?? new Budget(options.limits));
    this.#keys = keysOf(options.key);
  }

  /** Place of the element read last, `"2"` being the second; `""` outside of the array. */
  get path(): string {
    return this.verdict.path;
  }

  /** Offset of the element read last, or of the value of the member read last, as `offset` counts. */
  get valueOffset(): number {
    return this.#valueOffset;
  }

  protected override readEvent(): JsonArrayEvent | undefined {
    while (this.#state !== State.ENDED) {
      let event: JsonArrayEvent | undefined;
      if (this.#state <= State.IN_NAME) {
        event = this.#readValue();
      } else {
        if (this.#state !== State.BYTE_ORDER_MARK) this.#skipSpace();
        if (this.position === this.chunkEnd) return this.starve();
        event = this.#readOctet(this.chunk[this.position]!);
      }
      if (event !== undefined || this.isStarved) return event;
    }
    return undefined;
  }

  /** What follows `end` is nobody's, but it must be white space. */
  protected override skip(): void {
    if (this.#state !== State.ENDED || this.isStarved) return;
    this.#skipSpace();
    if (this.position < this.chunkEnd) throw this.#invalid("Text follows the JSON text");
    this.starve();
  }

  protected override finish(): boolean {
    if (this.#state !== State.ENDED) throw this.verdict.error("unexpected-end", this.offset);
    return false;
  }

  #skipSpace(): void {
    const { chunk, chunkEnd } = this;
    let { position } = this;
    while (position < chunkEnd && JSON_SPACE[chunk[position]!] === 1) position++;
    this.position = position;
  }

  /** Reads an octet outside of names, values and elements. */
  #readOctet(octet: number): JsonArrayEvent | undefined {
    switch (this.#state) {
      case State.BYTE_ORDER_MARK:
        return this.#readByteOrderMark(octet);
      case State.TEXT:
        return this.#startText(octet);
      case State.FIRST_NAME:
        if (octet === RIGHT_BRACE) return this.#endEnvelope();
        return this.#startName(octet);
      case State.NAME:
        return this.#startName(octet);
      case State.COLON:
        return this.#expect(octet, COLON, State.VALUE);
      case State.VALUE:
        return this.#startValue(octet);
      case State.BEHIND_VALUE:
        if (octet === RIGHT_BRACE) return this.#endEnvelope();
        return this.#expect(octet, COMMA, State.NAME);
      case State.FIRST_ELEMENT:
        if (octet === RIGHT_BRACKET) return this.#endArray();
        return this.#startElement(octet);
      case State.ELEMENT:
        return this.#startElement(octet);
      default:
        if (octet === RIGHT_BRACKET) return this.#endArray();
        return this.#expect(octet, COMMA, State.ELEMENT);
    }
  }

  #expect(octet: number, expected: number, next: State): undefined {
    if (octet !== expected) throw this.#invalid();
    this.position++;
    this.#state = next;
  }

  #readByteOrderMark(octet: number): undefined {
    const { offset } = this;
    if (octet === BYTE_ORDER_MARK[offset]) {
      this.position++;
      if (offset === 2) this.#state = State.TEXT;
    } else if (offset === 0) {
      this.#state = State.TEXT;
    } else {
      throw this.#invalid();
    }
  }

  #startText(octet: number): undefined {
    const isEnvelope = this.#keys !== undefined;
    if (octet !== (isEnvelope ? LEFT_BRACE : LEFT_BRACKET)) throw this.#noArray(octet);
    this.position++;
    this.#state = isEnvelope ? State.FIRST_NAME : State.FIRST_ELEMENT;
  }

  #startName(octet: number): undefined {
    if (octet !== DQUOTE) throw this.#invalid();
    this.#nameOffset = this.offset;
    this.#values.allowance = this.budget.limits.maxHeaderBytes;
    this.#values.start(octet);
    this.#state = State.IN_NAME;
  }

  #startValue(octet: number): undefined {
    this.#valueOffset = this.offset;
    const isWanted = this.#keys!.includes(this.#name);
    if (isWanted && !this.#hasArray) {
      if (octet !== LEFT_BRACKET) throw this.#noArray(octet);
      this.position++;
      this.#hasArray = true;
      this.#state = State.FIRST_ELEMENT;
      return;
    }
    // Two readers of two arrays, one of which takes the first and the other the last, would see
    // different operations: neither mode may let that pass, so it is no `repeated-member`.
    if (isWanted && octet === LEFT_BRACKET)
      throw this.verdict.error(
        "missing-batch-array",
        this.offset,
        "Envelope has a second array of operations",
      );
    if (JSON_VALUE_START[octet] !== 1) throw this.#invalid();
    this.#countMember();
    this.#values.start(octet);
    this.#state = State.IN_VALUE;
  }

  #countMember(): void {
    const { maxHeaderCount } = this.budget.limits;
    if (++this.#members > maxHeaderCount)
      throw this.verdict.exceeded("maxHeaderCount", maxHeaderCount, this.#nameOffset);
  }

  #startElement(octet: number): undefined {
    if (JSON_VALUE_START[octet] !== 1) throw this.#invalid();
    this.verdict.part = ++this.#elements;
    const { maxParts, maxBufferedBytes } = this.budget.limits;
    if (++this.budget.parts > maxParts) throw this.verdict.exceeded("maxParts", maxParts, this.offset);
    this.#valueOffset = this.offset;
    this.#values.allowance = maxBufferedBytes;
    this.#values.start(octet);
    this.#state = State.IN_ELEMENT;
  }

  #endArray(): JsonArrayEvent | undefined {
    this.verdict.part = 0;
    if (this.#keys === undefined) return this.#end();
    this.position++;
    this.#state = State.BEHIND_VALUE;
    return undefined;
  }

  #endEnvelope(): JsonArrayEvent {
    if (!this.#hasArray) throw this.verdict.error("missing-batch-array", this.offset);
    return this.#end();
  }

  #end(): JsonArrayEvent {
    this.position++;
    this.#state = State.ENDED;
    return END;
  }

  /** Reads on in a name, a member's value or an element. */
  #readValue(): JsonArrayEvent | undefined {
    const values = this.#values;
    const scanned = values.read(this.chunk, this.position, this.chunkEnd);
    this.position = values.next;
    switch (scanned) {
      case Scanned.VALUE_END:
        return this.#value(values.octets);
      case Scanned.CHUNK_END:
        return this.starve();
      case Scanned.TOO_LONG:
        throw this.#exceeded();
      case Scanned.TOO_DEEP:
        throw this.#invalid(`More than ${MAX_BRACKETS} brackets are open`);
      default:
        throw this.#invalid();
    }
  }

  #value(octets: Uint8Array): JsonArrayEvent | undefined {
    if (this.#state === State.IN_ELEMENT) {
      this.#state = State.BEHIND_ELEMENT;
      return { type: "element", data: octets };
    }
    if (this.#state === State.IN_VALUE) {
      const [text] = readJson(octets, this.#valueOffset, this.verdict);
      this.#state = State.BEHIND_VALUE;
      return { type: "member", name: this.#name, text };
    }
    const [, name] = readJson(octets, this.#nameOffset, this.verdict);
    this.#name = name as string;
    if (this.#names.has(this.#name)) this.verdict.tolerate("repeated-member", this.#nameOffset);
    this.#names.add(this.#name);
    this.#state = State.COLON;
    return undefined;
  }

  #exceeded(): BatchwireError {
    const { maxBufferedBytes, maxHeaderBytes } = this.budget.limits;
    return this.#state === State.IN_ELEMENT
      ? this.verdict.exceeded("maxBufferedBytes", maxBufferedBytes, this.offset)
      : this.verdict.exceeded("maxHeaderBytes", maxHeaderBytes, this.offset);
  }

  /** The octet at `position` cannot stand there. */
  #invalid(detail?: string): BatchwireError {
    return this.verdict.error("invalid-json", this.offset, detail);
  }

  /** Something begins with `octet` that should have been the array, or hold it. */
  #noArray(octet: number): BatchwireError {
    return JSON_VALUE_START[octet] === 1
      ? this.verdict.error("missing-batch-array", this.offset)
      : this.#invalid();
  }
}
