import { HttpMessageParser } from "../codec/http-message-parser.ts";
import type { HttpMessageEvent, RequestHead, ResponseHead } from "../codec/http-event.ts";
import type { HttpMessageParserOptions } from "../codec/http-message-parser.ts";
import { topLevel } from "../deviation.ts";
import type { Origin } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { MediaType } from "../grammar/media-type.ts";
import { Budget } from "../limits.ts";
import { AbortableSource } from "./abortable-source.ts";
import { BodyPart } from "./body-part.ts";
import { Body } from "./body.ts";
import type { ReaderContext } from "./body.ts";
import { openSource } from "./chunk-source.ts";
import type { ByteSource, ChunkSource } from "./chunk-source.ts";
import { EventReader } from "./event-reader.ts";

/** How to read an HTTP message; beside a {@link BodyPart}, what is not given is the part's. */
export interface ReadHttpMessageOptions extends Omit<HttpMessageParserOptions, "budget" | "origin"> {
  /** Ends the reading: pending reads reject with its reason, and the source is cancelled. */
  signal?: AbortSignal | undefined;
}

/** Whether more of the body follows, as far as what has arrived tells. */
export type BodyState = "unknown" | "data" | "ended";

type MessageEvents = EventReader<HttpMessageEvent, HttpMessageParser>;

abstract class HttpMessageBody extends Body {
  readonly version: string;
  readonly headers: HeaderList;
  override readonly origin: Readonly<Origin>;
  /** @internal */
  override readonly context: ReaderContext;

  readonly #events: MessageEvents;
  readonly #headOrigin: Readonly<Origin>;
  #mediaType: MediaType | undefined;
  #next: Uint8Array | undefined;
  #ended = false;
  #reading = false;
  #trailers: HeaderList | undefined;

  constructor(
    head: RequestHead | ResponseHead,
    origin: Readonly<Origin>,
    context: ReaderContext,
    events: MessageEvents,
  ) {
    super();
    this.version = head.version;
    this.headers = head.headers;
    // Chunked framing is undone like a transfer encoding.
    const { isChunked, offset: read } = events.machine;
    const offset = isChunked ? 0 : origin.offset + read;
    this.origin = { ...origin, offset, offsetBase: isChunked ? "decoded-body" : origin.offsetBase };
    this.context = context;
    this.#headOrigin = origin;
    this.#events = events;
  }

  /**
   * The parsed Content-Type, read leniently whatever the message's tolerance, for Fetch does so too;
   * `application/octet-stream` without one (RFC 9110 §8.3).
   */
  override get mediaType(): MediaType {
    const contentType = this.headers.get("content-type") ?? "application/octet-stream";
    if (this.#mediaType === undefined) {
      const { tolerance, onDeviation } = this.context;
      const offset = this.#headOrigin.offset + (this.headers.valueOffset("content-type") ?? 0);
      this.#mediaType = parseMediaType(contentType, {
        tolerance: "lenient",
        onDeviation: tolerance === "lenient" ? onDeviation : undefined,
        origin: { ...this.#headOrigin, offset },
      });
    }
    return this.#mediaType;
  }

  /** Trailer fields of a chunked body (RFC 9112 §7.1.2), once it has been read; `undefined` if there are none. */
  get trailers(): HeaderList | undefined {
    return this.#trailers;
  }

  /**
   * A copy of what follows a message of its own (`within: "message"`) in the chunk that it ended in,
   * once its body has been read; the rest of the source is left where it is.
   */
  get remainder(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#events.machine.remainder);
  }

  /** What is known of the body without waiting for more input. @internal */
  get bodyState(): BodyState {
    if (this.#next !== undefined) return "data";
    return this.#ended ? "ended" : "unknown";
  }

  /** Looks what the input at hand tells of the body; what is wrong with it is thrown when the body is read. @internal */
  peek(): void {
    if (this.#next !== undefined || this.#reading) return;
    try {
      this.#next = this.pullAtHand() ?? undefined;
    } catch {
      // The events keep their error for whoever reads on.
    }
  }

  /** @internal */
  pullAtHand(): Uint8Array | undefined | null {
    if (this.#reading) return null;
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) return next;
    while (!this.#ended) {
      const event = this.#events.readAtHand();
      if (event === null) return null;
      const data = this.#dataOf(event);
      if (data !== undefined) return data;
    }
    return undefined;
  }

  override pull(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (this.#reading) throw new BatchwireError("concurrent-read", this.origin);
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) return next;
    while (!this.#ended) {
      const event = this.#events.read();
      if (event instanceof Promise) return this.#pullOn(event);
      const data = this.#dataOf(event);
      if (data !== undefined) return data;
    }
    return undefined;
  }

  override async cancel(reason?: unknown): Promise<void> {
    this.#next = undefined;
    if (!this.#ended && !this.#events.failed) await this.#events.source.cancel(reason);
    this.#ended = true;
  }

  /** @internal */
  override get mayTransfer(): boolean {
    return this.#events.mayTransfer;
  }

  async #pullOn(pending: Promise<HttpMessageEvent | undefined>): Promise<Uint8Array | undefined> {
    this.#reading = true;
    try {
      let data = this.#dataOf(await pending);
      while (data === undefined && !this.#ended) data = this.#dataOf(await this.#events.read());
      return data;
    } finally {
      this.#reading = false;
    }
  }

  #dataOf(event: HttpMessageEvent | undefined): Uint8Array | undefined {
    if (event?.type === "data") return event.data;
    if (event?.type === "trailers") {
      this.#trailers = event.headers;
    } else {
      this.#ended = true;
      const { source } = this.#events;
      if (source instanceof AbortableSource) source.release();
    }
    return undefined;
  }
}

/**
 * An HTTP request as it was read: everything that `Request` cannot hold too. Its body is read once.
 *
 * @example
 * ```ts
 * import { readHttpMessage, RequestMessage } from "batchwire";
 *
 * const message = await readHttpMessage(new TextEncoder().encode("Post //a HTTP/1.0\r\n\r\nHello"));
 * if (message instanceof RequestMessage) {
 *   console.log(message.method, message.target, message.version); // Post //a HTTP/1.0
 * }
 * ```
 */
export class RequestMessage extends HttpMessageBody implements RequestHead {
  readonly kind = "request";
  readonly method: string;
  readonly target: string;

  /** Made by {@link readHttpMessage}. */
  constructor(head: RequestHead, origin: Readonly<Origin>, context: ReaderContext, events: MessageEvents) {
    super(head, origin, context, events);
    this.method = head.method;
    this.target = head.target;
  }
}

/**
 * An HTTP response as it was read: everything that `Response` cannot hold too. Its body is read once.
 *
 * @example
 * ```ts
 * import { readHttpMessage, ResponseMessage } from "batchwire";
 *
 * const octets = new TextEncoder().encode("HTTP/1.1 204 Nothing there\r\nA: 1\r\n\r\n");
 * const message = await readHttpMessage(octets);
 * if (message instanceof ResponseMessage) {
 *   console.log(message.status, message.reason, message.headers.get("a")); // 204 Nothing there 1
 * }
 * ```
 */
export class ResponseMessage extends HttpMessageBody implements ResponseHead {
  readonly kind = "response";
  readonly status: number;
  readonly reason: string;

  /** Made by {@link readHttpMessage}. */
  constructor(head: ResponseHead, origin: Readonly<Origin>, context: ReaderContext, events: MessageEvents) {
    super(head, origin, context, events);
    this.status = head.status;
    this.reason = head.reason;
  }
}

/** Either message; `kind` tells which. */
export type HttpMessage = RequestMessage | ResponseMessage;

/**
 * Reads an HTTP message (RFC 9112): a body part of type `application/http`, or any octets. Resolves
 * once the head has arrived; the body is read from the message.
 *
 * A part whose transfer encoding is base64 or quoted-printable is decoded first. Whether it holds a
 * request or a response is told by `kind`, else by its `msgtype` parameter, else by the octets.
 *
 * @throws {BatchwireError} What is wrong with the head; what is wrong with the body is thrown where it is read.
 *
 * @example
 * ```ts
 * import { readHttpMessage } from "batchwire";
 *
 * const octets = new TextEncoder().encode("HTTP/1.1 404 Not Found\r\n\r\nnobody");
 * const message = await readHttpMessage(octets);
 * if (message.kind === "response") console.log(message.status, await message.text()); // 404 nobody
 * ```
 */
export function readHttpMessage(
  source: ByteSource,
  options: ReadHttpMessageOptions & { kind: "request" },
): Promise<RequestMessage>;
export function readHttpMessage(
  source: ByteSource,
  options: ReadHttpMessageOptions & { kind: "response" },
): Promise<ResponseMessage>;
export function readHttpMessage(source: ByteSource, options?: ReadHttpMessageOptions): Promise<HttpMessage>;
export async function readHttpMessage(
  source: ByteSource,
  options: ReadHttpMessageOptions = {},
): Promise<HttpMessage> {
  const part = source instanceof BodyPart ? source : undefined;
  return readMessageFrom(openSource(source, options.signal), part, options);
}

/** {@link readHttpMessage} of a part's octets that come by way of `source`, which is open. */
export async function readMessageFrom(
  source: ChunkSource,
  part: BodyPart | undefined,
  options: ReadHttpMessageOptions,
): Promise<HttpMessage> {
  const outer = part?.context;
  const budget =
    outer === undefined || options.limits !== undefined ? new Budget(options.limits) : outer.budget;
  const tolerance = options.tolerance ?? outer?.tolerance;
  const onDeviation = options.onDeviation ?? outer?.onDeviation;
  const origin = part?.origin ?? topLevel;
  const { within, requestMethod } = options;
  const parser = new HttpMessageParser({
    kind: options.kind ?? (part === undefined ? undefined : kindOf(part)),
    within,
    requestMethod,
    tolerance,
    onDeviation,
    origin,
    budget,
  });
  const events: MessageEvents = new EventReader(parser, source, options.signal);
  const event = await events.read();
  // Without a head the parser has thrown.
  if (event?.type !== "head") throw new BatchwireError("unexpected-end", origin);
  const context = { tolerance, onDeviation, decode: outer?.decode ?? true, budget, pool: outer?.pool };
  return event.head.kind === "request"
    ? new RequestMessage(event.head, origin, context, events)
    : new ResponseMessage(event.head, origin, context, events);
}

function kindOf(part: BodyPart): "request" | "response" | undefined {
  const msgtype = part.mediaTypeParameter("msgtype")?.toLowerCase();
  return msgtype === "request" || msgtype === "response" ? msgtype : undefined;
}
