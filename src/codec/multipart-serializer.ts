import { createBoundary, isBoundary } from "../grammar/boundary.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { defaultLimits } from "../limits.ts";
import { copyOf, emptyOctets } from "../octets/octet-pool.ts";
import type { OctetPool } from "../octets/octet-pool.ts";
import { isomorphicEncode, toIsomorphic } from "../octets/text.ts";
import { Words } from "../octets/words.ts";
import { DelimiterScanner, Found } from "./delimiter-scanner.ts";
import type { MultipartEvent } from "./multipart-event.ts";
import { assertLength, failure, outOfOrder } from "./serializer-failure.ts";
import { assertOctets } from "./transfer-coder.ts";

/** A {@link MultipartEvent} to write; a part may declare how long its body will be. */
export type MultipartWriteEvent =
  | Exclude<MultipartEvent, { type: "part" }>
  | { type: "part"; headers: HeaderList; bodyLength?: number | undefined }
  /**
   * The delimiter of a part that is sure to follow, ahead of it: a reader knows that a part has ended
   * only when it has read the next delimiter.
   */
  | { type: "delimiter" };

export interface MultipartSerializerOptions {
  /**
   * Default: a new one from a cryptographic generator, which is not searched for: no content that is
   * older can hold it. One of your own, as when a body is written again as it was read, is searched
   * for in everything that is written.
   */
  boundary?: string | undefined;
  /** What a new boundary begins with: see `createBoundary()`. Default nothing. */
  boundaryPrefix?: string | undefined;
  /** Whether the body starts with a line end, as UCWA's clients have it. Default `false`. */
  leadingLineEnd?: boolean | undefined;
  /** Whether the close-delimiter's line ends, as some readers need it. Default `true`. */
  trailingLineEnd?: boolean | undefined;
  /** Where delimiters and header sections share a buffer with others. Default: all are the caller's own, to transfer. */
  pool?: OctetPool | undefined;
}

const State = { START: 0, PREAMBLE: 1, BODY: 2, BETWEEN: 3, DELIMITED: 4, ENDED: 5 } as const;
type State = (typeof State)[keyof typeof State];

const CRLF = "\r\n";
/**
 * After so many parts without one, no repeated head is looked for: to copy it in place of encoding it
 * saves 11 to 16 % of a request or response, but to look for it costs a small form field 7 % (Node 20).
 */
const MOST_UNREPEATED = 8;

/**
 * Writes a multipart body (RFC 2046 §5.1): the mirror of {@link MultipartParser}. Line ends are
 * CRLF and the close-delimiter's line ends too.
 *
 * A header section that was read and not edited is written octet for octet. Content is not copied:
 * `write()` of a `data` event returns its octets as they are, so write them out before they change.
 *
 * @example
 * ```ts
 * import { HeaderList, MultipartSerializer } from "batchwire/codec";
 *
 * const serializer = new MultipartSerializer({ boundary: "b" });
 * const chunks = [
 *   serializer.write({ type: "part", headers: new HeaderList([["Content-Type", "text/plain"]]) }),
 *   serializer.write({ type: "data", data: new TextEncoder().encode("Hello") }),
 *   serializer.write({ type: "part-end" }),
 *   serializer.write({ type: "end" }),
 * ];
 * console.log(chunks.map((chunk) => new TextDecoder().decode(chunk)).join(""));
 * // --b
 * // Content-Type: text/plain
 * //
 * // Hello
 * // --b--
 * ```
 */
export class MultipartSerializer {
  /** The boundary, without dashes. */
  readonly boundary: string;
  readonly #dashBoundary: string;
  readonly #delimiterLine: string;
  readonly #innerDelimiterLine: string;
  readonly #leading: string;
  readonly #trailing: string;
  readonly #pool: OctetPool | undefined;
  readonly #words = new Words();
  /** Looks for delimiter lines in content; there are none of a boundary nobody could know. */
  readonly #scanner: DelimiterScanner | undefined;
  #state: State = State.START;
  #failure: unknown;
  #lastFields: string | undefined;
  #lastDelimiter = "";
  /** Octets of both and the empty line, once they have come twice; no caller holds them. */
  #lastHead: Uint8Array | undefined;
  /** Parts in a row whose head was not that of the part before. */
  #unrepeated = 0;
  /** Octets of content left to write, where the part declared them. */
  #remaining: number | undefined;

  /** @throws {RangeError} `boundary` is not a boundary (RFC 2046 §5.1.1); and what `createBoundary()` throws of a prefix. */
  constructor(options: MultipartSerializerOptions = {}) {
    const { boundary, boundaryPrefix, leadingLineEnd = false, trailingLineEnd = true, pool } = options;
    if (boundary !== undefined) {
      if (!isBoundary(boundary)) {
        throw new RangeError(
          `Boundary ${JSON.stringify(boundary)} is not 1 to 70 ASCII characters without CTL or trailing space`,
        );
      }
      this.#scanner = new DelimiterScanner(
        isomorphicEncode(toIsomorphic(boundary)),
        defaultLimits.maxPaddingBytes,
        this.#words,
      );
      // A preamble has no framing yet that says what a line end is.
      this.#scanner.lineFeeds = true;
    }
    this.boundary = boundary ?? createBoundary(boundaryPrefix);
    this.#dashBoundary = `--${toIsomorphic(this.boundary)}`;
    this.#delimiterLine = this.#dashBoundary + CRLF;
    this.#innerDelimiterLine = CRLF + this.#delimiterLine;
    this.#leading = leadingLineEnd ? CRLF : "";
    this.#pool = pool;
    this.#trailing = trailingLineEnd ? CRLF : "";
  }

  /**
   * The octets of `event`, which follow those of the event before.
   *
   * @throws {BatchwireError} `event-out-of-order`, `boundary-in-content`, `body-length-mismatch`;
   * every later call throws the same error.
   * @throws {TypeError} A field may not be written.
   * @throws {RangeError} A declared length counts no octets.
   */
  write(event: MultipartWriteEvent): Uint8Array {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#write(event);
    } catch (error) {
      throw (this.#failure = error);
    }
  }

  /**
   * Length of a whole body of these parts, without preamble and epilogue: an exact `Content-Length`.
   *
   * @throws {RangeError} A length counts no octets.
   */
  contentLength(parts: Iterable<{ headers: HeaderList; bodyLength: number }>): number {
    const delimiter = this.#dashBoundary.length + CRLF.length;
    let length = this.#leading.length;
    let lineEnd = 0;
    for (const { headers, bodyLength } of parts) {
      assertLength(bodyLength);
      length += lineEnd + delimiter + headers.toIsomorphic().length + CRLF.length + bodyLength;
      lineEnd = CRLF.length;
    }
    return length + lineEnd + this.#dashBoundary.length + "--".length + this.#trailing.length;
  }

  #write(event: MultipartWriteEvent): Uint8Array {
    switch (event.type) {
      case "part": {
        const delimiter = this.#state === State.DELIMITED ? "" : this.#delimiter(event.type);
        assertLength(event.bodyLength);
        const octets = this.#writeHead(delimiter, event.headers);
        this.#state = State.BODY;
        this.#remaining = event.bodyLength;
        this.#scanner?.start();
        return octets;
      }
      case "delimiter": {
        const delimiter = this.#delimiter(event.type);
        this.#state = State.DELIMITED;
        return isomorphicEncode(delimiter, this.#pool);
      }
      case "data":
        assertOctets(event.data);
        if (this.#state !== State.BODY) throw outOfOrder(event.type);
        if (this.#remaining !== undefined && (this.#remaining -= event.data.length) < 0) {
          throw failure("body-length-mismatch", `Body is ${-this.#remaining} octets longer than declared`);
        }
        this.#check(event.data);
        return event.data;
      case "part-end":
        if (this.#state !== State.BODY) throw outOfOrder(event.type);
        if (this.#remaining !== undefined && this.#remaining > 0) {
          throw failure("body-length-mismatch", `Body is ${this.#remaining} octets shorter than declared`);
        }
        if (this.#scanner?.endsInDelimiter === true) throw failure("boundary-in-content");
        this.#state = State.BETWEEN;
        return emptyOctets(this.#pool);
      case "end": {
        const lineEnd = this.#lineEndBeforeDelimiter(event.type);
        this.#state = State.ENDED;
        return isomorphicEncode(`${lineEnd}${this.#dashBoundary}--${this.#trailing}`);
      }
      case "preamble":
        if (this.#state !== State.START && this.#state !== State.PREAMBLE) throw outOfOrder(event.type);
        this.#state = State.PREAMBLE;
        this.#check(event.data);
        return event.data;
      case "epilogue":
        if (this.#state !== State.ENDED) throw outOfOrder(event.type);
        return event.data;
      default:
        throw new TypeError(`Event type ${JSON.stringify((event as { type: unknown }).type)} is unknown`);
    }
  }

  /** `delimiter` and a header section, which the parts of a batch repeat and those of a form do not. */
  #writeHead(delimiter: string, headers: HeaderList): Uint8Array {
    const fields = headers.toIsomorphic();
    const isRepeated =
      this.#unrepeated < MOST_UNREPEATED && fields === this.#lastFields && delimiter === this.#lastDelimiter;
    if (!isRepeated) {
      this.#checkFields(fields);
      this.#unrepeated++;
      this.#lastFields = fields;
      this.#lastDelimiter = delimiter;
      this.#lastHead = undefined;
      return isomorphicEncode(delimiter + fields + CRLF, this.#pool);
    }
    this.#unrepeated = 0;
    this.#lastHead ??= isomorphicEncode(delimiter + fields + CRLF);
    return copyOf(this.#lastHead, this.#pool);
  }

  /** A delimiter line; of two kinds, so that equal ones are one string, which is fast to compare. */
  #delimiter(type: string): string {
    return this.#lineEndBeforeDelimiter(type) === "" ? this.#delimiterLine : this.#innerDelimiterLine;
  }

  /** `[preamble CRLF]` before the first delimiter, the delimiter's own CRLF before the others. */
  #lineEndBeforeDelimiter(type: string): string {
    switch (this.#state) {
      case State.START:
        this.#startContent();
        return this.#leading;
      case State.PREAMBLE:
        if (this.#scanner?.endsInDelimiter === true) throw failure("boundary-in-content");
        this.#startContent();
        return CRLF;
      case State.BETWEEN:
        return CRLF;
      default:
        throw outOfOrder(type);
    }
  }

  #startContent(): void {
    if (this.#scanner !== undefined) this.#scanner.lineFeeds = false;
  }

  /** A field line may be a delimiter line: a name may begin with `--`, and a boundary may hold a colon. */
  #checkFields(fields: string): void {
    if (this.#scanner === undefined || !fields.includes(this.#dashBoundary)) return;
    this.#scanner.start();
    this.#check(isomorphicEncode(fields));
  }

  #check(data: Uint8Array): void {
    if (this.#scanner === undefined) return;
    for (let at = 0; ; at = this.#scanner.next) {
      const found = this.#scanner.scan(data, at, data.length);
      if (found === Found.CHUNK_END) break;
      if (found !== Found.CONTENT && found !== Found.REPLAY) throw failure("boundary-in-content");
    }
    // The octets are the caller's again.
    this.#words.forget();
  }
}
