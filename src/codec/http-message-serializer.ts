import { HeaderList } from "../grammar/header-list.ts";
import { isToken } from "../grammar/token.ts";
import { emptyOctets } from "../octets/octet-pool.ts";
import type { OctetPool } from "../octets/octet-pool.ts";
import { isPrintableAscii, isomorphicEncode, toIsomorphic, toText } from "../octets/text.ts";
import type { HttpMessageEvent, RequestHead, ResponseHead } from "./http-event.ts";
import { carriesNoBody, endInChunked, parseDecimal } from "./message-framing.ts";
import { assertLength, failure, outOfOrder } from "./serializer-failure.ts";
import { assertOctets } from "./transfer-coder.ts";

/** An {@link HttpMessageEvent} to write; a head may declare how long its body will be. */
export type HttpMessageWriteEvent =
  | Exclude<HttpMessageEvent, { type: "head" }>
  | { type: "head"; head: RequestHead | ResponseHead; bodyLength?: number | undefined };

export interface HttpMessageSerializerOptions {
  /** Method of the request that a response answers: the Content-Length of one to HEAD counts no octets here. */
  requestMethod?: string | undefined;
  /** Where the octets of a head share a buffer with others. Default: all are the caller's own, to transfer. */
  pool?: OctetPool | undefined;
}

const State = { START: 0, BODY: 1, TRAILERS: 2, ENDED: 3 } as const;
type State = (typeof State)[keyof typeof State];

const CRLF = "\r\n";
const NONE: readonly string[] = [];

/** Requests whose empty body needs a length, for their method expects content (RFC 9110 §8.6). */
const METHODS_WITH_CONTENT: ReadonlySet<string> = /* @__PURE__ */ new Set(["POST", "PUT", "PATCH"]);

/**
 * Writes an HTTP/1.1 message (RFC 9112): the mirror of {@link HttpMessageParser}.
 *
 * The framing is that of the head's own fields: `Transfer-Encoding: chunked` has the data written
 * as chunks, `Content-Length` is held to, and without either the body lasts until the body part
 * ends. A head with neither whose `bodyLength` is declared gets its Content-Length. Data is not
 * copied, except that a chunk is framed.
 *
 * @example
 * ```ts
 * import { HeaderList, HttpMessageSerializer } from "batchwire/codec";
 *
 * const serializer = new HttpMessageSerializer();
 * const headers = new HeaderList([["Host", "example.com"]]);
 * const head = { kind: "request", method: "GET", target: "/me", version: "HTTP/1.1", headers } as const;
 * const chunks = [serializer.write({ type: "head", head }), serializer.write({ type: "end" })];
 * console.log(chunks.map((chunk) => new TextDecoder().decode(chunk)).join(""));
 * // GET /me HTTP/1.1
 * // Host: example.com
 * ```
 */
export class HttpMessageSerializer {
  readonly #requestMethod: string | undefined;
  readonly #pool: OctetPool | undefined;
  #state: State = State.START;
  #failure: unknown;
  #chunked = false;
  /** Octets of the body left to write, where its length is known. */
  #remaining: number | undefined;

  constructor({ requestMethod, pool }: HttpMessageSerializerOptions = {}) {
    this.#requestMethod = requestMethod;
    this.#pool = pool;
  }

  /** Whether the head that was written has its data framed as chunks, so that trailers may follow. @internal */
  get isChunked(): boolean {
    return this.#chunked;
  }

  /**
   * The octets of `event`, which follow those of the event before.
   *
   * @throws {BatchwireError} `event-out-of-order`, `body-length-mismatch`,
   * `content-length-with-transfer-encoding`, `invalid-content-length`; every later call throws the same error.
   * @throws {TypeError} Method, target, version, reason or a field may not be written: CR, LF and NUL never.
   * @throws {RangeError} The declared length counts no octets.
   */
  write(event: HttpMessageWriteEvent): Uint8Array {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#write(event);
    } catch (error) {
      throw (this.#failure = error);
    }
  }

  #write(event: HttpMessageWriteEvent): Uint8Array {
    switch (event.type) {
      case "head":
        if (this.#state !== State.START) throw outOfOrder(event.type);
        this.#state = State.BODY;
        return this.#writeHead(event.head, event.bodyLength);
      case "data":
        assertOctets(event.data);
        if (this.#state !== State.BODY) throw outOfOrder(event.type);
        return this.#writeData(event.data);
      case "trailers":
        if (this.#state !== State.BODY || !this.#chunked) throw outOfOrder(event.type);
        this.#state = State.TRAILERS;
        return isomorphicEncode(`0${CRLF}${event.headers.unfolded().toIsomorphic()}${CRLF}`);
      case "end": {
        if (this.#state !== State.BODY && this.#state !== State.TRAILERS) throw outOfOrder(event.type);
        if (this.#remaining !== undefined && this.#remaining > 0) {
          throw failure("body-length-mismatch", `Body is ${this.#remaining} octets shorter than declared`);
        }
        const needsLastChunk = this.#chunked && this.#state === State.BODY;
        this.#state = State.ENDED;
        return needsLastChunk ? isomorphicEncode(`0${CRLF}${CRLF}`) : emptyOctets(this.#pool);
      }
      default:
        throw new TypeError(`Event type ${JSON.stringify((event as { type: unknown }).type)} is unknown`);
    }
  }

  #writeHead(head: RequestHead | ResponseHead, bodyLength: number | undefined): Uint8Array {
    const startLine = startLineOf(head);
    assertLength(bodyLength);
    const hasOwnLength = head.kind === "request" || !carriesNoBody(head.status, this.#requestMethod);
    let headers = head.headers.unfolded();
    const isCoded = headers.has("transfer-encoding");
    if (isCoded && !endInChunked(headers.getAll("transfer-encoding"))) {
      throw failure("invalid-transfer-encoding");
    }
    this.#chunked = hasOwnLength && isCoded;
    const declared = headers.has("content-length") ? headers.getAll("content-length") : NONE;
    if (this.#chunked && declared.length > 0) throw failure("content-length-with-transfer-encoding");

    const length = declared.length === 1 ? parseDecimal(declared[0]!) : undefined;
    if (declared.length > 0 && length === undefined) throw failure("invalid-content-length");

    this.#remaining = bodyLength;
    if (hasOwnLength && !this.#chunked) {
      if (length !== undefined) {
        if (bodyLength !== undefined && bodyLength !== length) throw failure("body-length-mismatch");
        this.#remaining = length;
      } else if (bodyLength !== undefined && needsLength(head, bodyLength)) {
        headers = new HeaderList(headers);
        headers.append("Content-Length", String(bodyLength));
      }
    }
    return isomorphicEncode(startLine + CRLF + headers.toIsomorphic() + CRLF, this.#pool);
  }

  #writeData(data: Uint8Array): Uint8Array {
    if (this.#remaining !== undefined && (this.#remaining -= data.length) < 0) {
      throw failure("body-length-mismatch", `Body is ${-this.#remaining} octets longer than declared`);
    }
    if (!this.#chunked) return data;
    // A chunk of no octets would be the last chunk.
    if (data.length === 0) return emptyOctets(this.#pool);
    const size = data.length.toString(16);
    const octets = new Uint8Array(size.length + data.length + 4);
    octets.set(isomorphicEncode(size + CRLF));
    octets.set(data, size.length + 2);
    octets.set([0x0d, 0x0a], octets.length - 2);
    return octets;
  }
}

function needsLength(head: RequestHead | ResponseHead, bodyLength: number): boolean {
  return bodyLength > 0 || head.kind === "response" || METHODS_WITH_CONTENT.has(head.method);
}

/**
 * The start-line: as it was read, where it still says what the head says, for a reason or a target
 * may hold octets that are not UTF-8.
 */
function startLineOf(head: RequestHead | ResponseHead): string {
  if (head.kind !== "request" && head.kind !== "response") {
    throw new TypeError(
      'Message must be of kind "request" or "response"; of a Request or Response, fromRequest() or fromResponse() makes one',
    );
  }
  const line = formatStartLine(head);
  const read = head.headers.startLine;
  return read !== undefined && toText(read) === toText(line) ? read : line;
}

/** @throws {TypeError} It would not be read back as it was given. */
function formatStartLine(head: RequestHead | ResponseHead): string {
  if (!isVersion(head.version))
    throw new TypeError(`HTTP version ${JSON.stringify(head.version)} is malformed`);
  if (head.kind === "request") {
    if (!isToken(head.method)) throw new TypeError(`Method ${JSON.stringify(head.method)} is not a token`);
    const target = writable(head.target, 0x21);
    if (target === undefined || target === "") {
      throw new TypeError(
        `Request-target ${JSON.stringify(head.target)} is empty or holds white space or a control character`,
      );
    }
    return `${head.method} ${target} ${head.version}`;
  }
  if (!Number.isInteger(head.status) || head.status < 100 || head.status > 999) {
    throw new TypeError(`Status ${head.status} is not a number of three digits`);
  }
  const reason = writable(head.reason, 0x20);
  if (reason === undefined)
    throw new TypeError(`Reason ${JSON.stringify(head.reason)} holds a control character`);
  return `${head.version} ${head.status} ${reason}`;
}

/** `HTTP/d` or `HTTP/d.d`. */
function isVersion(version: string): boolean {
  const isDigit = (at: number): boolean => version.charCodeAt(at) >= 0x30 && version.charCodeAt(at) <= 0x39;
  if (version === "HTTP/1.1") return true;
  if (!version.startsWith("HTTP/") || !isDigit(5)) return false;
  return version.length === 6 || (version.length === 8 && version[6] === "." && isDigit(7));
}

/** The isomorphic form of `text`, if it may be written. */
function writable(text: string, least: number): string | undefined {
  // Mostly one look at each character, which takes as long as all else.
  if (isPrintableAscii(text, least)) return text;
  const isomorphic = toIsomorphic(text);
  return isPrintable(isomorphic, least) ? isomorphic : undefined;
}

/** Whether all octets are `least` or above, or HTAB where SP is allowed too, and none is DEL. */
function isPrintable(isomorphic: string, least: number): boolean {
  for (let i = 0; i < isomorphic.length; i++) {
    const octet = isomorphic.charCodeAt(i);
    if (octet === 0x7f || (octet < least && !(octet === 0x09 && least === 0x20))) return false;
  }
  return true;
}
