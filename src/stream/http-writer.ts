import { HttpMessageSerializer } from "../codec/http-message-serializer.ts";
import type { RequestHead, ResponseHead } from "../codec/http-event.ts";
import { HeaderList } from "../grammar/header-list.ts";
import type { HeaderListInit } from "../grammar/header-list.ts";
import { Body } from "./body.ts";
import { isThenable, ownedOf } from "./chunk-source.ts";
import type { ChunkSource } from "./chunk-source.ts";
import { OctetWriter, SMALL, streamOfSteps } from "./octet-writer.ts";
import type { Steps } from "./octet-writer.ts";
import { assertUnused, discardBody, lengthOf, openBody } from "./outgoing-body.ts";
import type { OutgoingBody } from "./outgoing-body.ts";

interface MessageInit {
  /** Default `"HTTP/1.1"`. */
  version?: string | undefined;
  headers?: HeaderListInit | HeaderList | undefined;
  body?: OutgoingBody;
  /** Length of `body` in octets, where `body` does not tell it: a body that differs is an error. */
  bodyLength?: number | undefined;
  /** Trailer fields, for a chunked body only. */
  trailers?: HeaderListInit | HeaderList | undefined;
}

/** An HTTP request to write; a `RequestMessage` that was read is one too. */
export interface RequestMessageInit extends MessageInit {
  kind: "request";
  method: string;
  /** In any of the forms of RFC 9112 §3.2, or relative: written as it is. */
  target: string;
}

/** An HTTP response to write; a `ResponseMessage` that was read is one too. */
export interface ResponseMessageInit extends MessageInit {
  kind: "response";
  status: number;
  /** Default empty. */
  reason?: string | undefined;
}

/** Either message; `kind` tells which. */
export type HttpMessageInit = RequestMessageInit | ResponseMessageInit;

export interface HttpMessageStreamOptions {
  /** Method of the request that a response answers. */
  requestMethod?: string | undefined;
}

/** An HTTP message as the body of a part, with the fields that describe it. */
export interface HttpMessageStream {
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** `application/http; msgtype=request` or `…=response` (RFC 9112 §10.2). */
  contentType: string;
  /** Exact length of `body`, if the length of the message's own body is known. */
  contentLength: number | undefined;
}

/**
 * Writes an HTTP message (RFC 9112) as a stream. A Content-Length is added where the length of the
 * body is known and the message has none; `Transfer-Encoding: chunked` is applied where it is given.
 *
 * @throws {TypeError} Something of the head or the trailers may not be written: CR, LF and NUL never, trailers only
 * behind chunks.
 * @throws {RangeError} `bodyLength` counts no octets.
 * @throws {BatchwireError} The fields that frame the body contradict each other or its length.
 *
 * @example
 * ```ts
 * import { httpMessageStream, multipartStream } from "batchwire";
 *
 * const { body, contentType } = httpMessageStream({
 *   kind: "request",
 *   method: "GET",
 *   target: "/me",
 *   headers: { Host: "example.com" },
 * });
 * const batch = multipartStream([{ headers: { "Content-Type": contentType }, body }], { subtype: "batching" });
 * ```
 */
export function httpMessageStream(
  message: HttpMessageInit,
  options: HttpMessageStreamOptions = {},
): HttpMessageStream {
  const serializer = new HttpMessageSerializer(options);
  const content: OutgoingBody = message instanceof Body ? message : message.body;
  const bodyLength = (message instanceof Body ? undefined : message.bodyLength) ?? lengthOf(content);
  const head = headOf(message);
  const output = new OctetWriter();
  assertUnused(content);
  // What may not be written is thrown here, not when the stream is read, and leaves the body alone.
  const headOctets = serializer.write({ type: "head", head, bodyLength });
  output.write(headOctets);
  const trailersOf = (): HeaderList | undefined =>
    message.trailers === undefined ? undefined : new HeaderList(message.trailers);
  // Those of a message that was read are not known yet.
  const trailers = trailersOf();
  if (trailers !== undefined && trailers.size > 0 && !serializer.isChunked)
    throw new TypeError("Trailers may only follow a chunked body");
  const isChunked = head.headers.has("transfer-encoding");
  const contentLength = isChunked || bodyLength === undefined ? undefined : headOctets.length + bodyLength;
  const body = streamOfSteps(
    new BodySteps(() => trailers ?? trailersOf(), content, serializer, output),
    output,
  );
  return { body, contentType: `application/http; msgtype=${message.kind}`, contentLength };
}

class BodySteps implements Steps {
  ended = false;
  readonly #trailers: () => HeaderList | undefined;
  readonly #content: OutgoingBody;
  readonly #serializer: HttpMessageSerializer;
  readonly #output: OctetWriter;
  #source: ChunkSource | undefined;

  constructor(
    trailers: () => HeaderList | undefined,
    content: OutgoingBody,
    serializer: HttpMessageSerializer,
    output: OctetWriter,
  ) {
    this.#trailers = trailers;
    this.#content = content;
    this.#serializer = serializer;
    this.#output = output;
  }

  step(): Promise<void> | undefined {
    this.#source ??= openBody(this.#content);
    const pulled = this.#source.pull();
    if (isThenable(pulled)) return Promise.resolve(pulled.then((data) => this.#write(data)));
    this.#write(pulled);
    return undefined;
  }

  async cancel(reason: unknown): Promise<void> {
    this.ended = true;
    if (this.#source === undefined) await discardBody(this.#content, reason);
    else await this.#source.cancel(reason);
  }

  #write(data: Uint8Array | undefined): void {
    if (data !== undefined) {
      const octets = this.#serializer.write({ type: "data", data });
      const isShared = octets === data && data.length > SMALL;
      this.#output.write(isShared ? ownedOf(data, this.#source!) : octets);
      return;
    }
    const headers = this.#trailers();
    if (headers !== undefined && headers.size > 0) {
      this.#output.write(this.#serializer.write({ type: "trailers", headers }));
    }
    this.#output.write(this.#serializer.write({ type: "end" }));
    this.ended = true;
  }
}

/** The head of a message, what it leaves out being the default; its kind is left for the serializer to judge. */
export function headOf(message: HttpMessageInit): RequestHead | ResponseHead {
  const { kind, version = "HTTP/1.1" } = message;
  const headers = message.headers instanceof HeaderList ? message.headers : new HeaderList(message.headers);
  return kind === "request"
    ? { kind, method: message.method, target: message.target, version, headers }
    : { kind, version, status: message.status, reason: message.reason ?? "", headers };
}
