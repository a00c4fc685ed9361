import { HeaderList } from "../grammar/header-list.ts";
import type { HttpMessage, RequestMessage, ResponseMessage } from "./http-message.ts";
import type { RequestMessageInit, ResponseMessageInit } from "./http-writer.ts";
import type { OutgoingBody } from "./outgoing-body.ts";

/** Something of a message that a `Request`, a `Response` or a message in return cannot hold. */
export interface Dropped {
  what: "method" | "target" | "version" | "reason" | "field" | "trailers" | "body";
  /** Name of the field. */
  name?: string;
  /** Why: the rule that forbids it. */
  because: string;
}

export interface ConversionOptions {
  /** Called with everything that is lost; what is not named here is kept. */
  onDropped?: ((dropped: Dropped) => void) | undefined;
}

export interface ToRequestOptions extends ConversionOptions {
  /**
   * What the target is resolved against, such as the URL of the batch request. Default: `https` and
   * the message's Host. An absolute target needs neither.
   */
  base?: string | URL | undefined;
  signal?: AbortSignal | undefined;
}

/** Statuses whose `Response` may have no body (WHATWG Fetch, "null body status"). */
const NULL_BODY_STATUSES: ReadonlySet<number> = /* @__PURE__ */ new Set([101, 103, 204, 205, 304]);

/** Methods that Fetch writes in upper case. */
const NORMALIZED_METHODS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "POST",
  "PUT",
]);

/**
 * The `Request` of a request message. Its body is the message's own, read when the request's is.
 *
 * Lost, and told to `onDropped`: the form of the target beside its URL, a version other than
 * HTTP/1.1, fields that describe the framing or that the runtime forbids (browsers: `Host`), the
 * body of a GET or HEAD request, and trailers.
 *
 * @throws {TypeError} The target makes no URL, or the method is one that `Request` refuses (CONNECT,
 * TRACE), or the runtime cannot stream request bodies: then read the body with `bytes()` first.
 *
 * @example
 * ```ts
 * import { readHttpMessage, toRequest } from "batchwire";
 *
 * const octets = new TextEncoder().encode("GET /me HTTP/1.1\r\nHost: example.com\r\n\r\n");
 * const message = await readHttpMessage(octets);
 * if (message.kind === "request") console.log(toRequest(message).url); // https://example.com/me
 * ```
 */
export function toRequest(
  message: RequestMessage | RequestMessageInit,
  options: ToRequestOptions = {},
): Request {
  const { base, signal, onDropped } = options;
  const headers = listOf(message.headers);
  const url = resolveTarget(message.target, base ?? `https://${headers.get("host") ?? ""}`, onDropped);
  dropVersion(message, onDropped);
  const { method } = message;
  const upper = method.toUpperCase();
  const isNormalized = method !== upper && NORMALIZED_METHODS.has(upper);
  if (isNormalized) onDropped?.({ what: "method", because: `Fetch writes ${method} as ${upper}` });
  const fields = toHeaders(headers, onDropped);
  const init: RequestInit & { duplex?: "half" } = { method, headers: fields, signal: signal ?? null };
  const body = bodyOf(message);
  if (upper === "GET" || upper === "HEAD") {
    if (body !== null) dropBody(body, `A ${upper} request has no body in Fetch`, onDropped);
  } else if (body !== null) {
    init.body = body as BodyInit;
    if (isStream(body)) {
      if (!canStreamRequests())
        throw new TypeError("This runtime cannot stream request bodies: read it with bytes() first");
      init.duplex = "half";
    }
  }
  const request = new Request(url, init);
  for (const [name] of fields) {
    if (!request.headers.has(name))
      onDropped?.({ what: "field", name, because: "The runtime forbids it in a Request" });
  }
  return request;
}

/**
 * The `Response` of a response message. Its body is the message's own, read when the response's is.
 *
 * Lost, and told to `onDropped`: a version other than HTTP/1.1, a reason that Fetch refuses, fields
 * that describe the framing, the body of a 204, 205 or 304 response, and trailers.
 *
 * @throws {RangeError} The status is below 200 or above 599, which `Response` refuses.
 *
 * @example
 * ```ts
 * import { readHttpMessage, toResponse } from "batchwire";
 *
 * const message = await readHttpMessage(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\nHello"));
 * if (message.kind === "response") console.log(await toResponse(message).text()); // Hello
 * ```
 */
export function toResponse(
  message: ResponseMessage | ResponseMessageInit,
  { onDropped }: ConversionOptions = {},
): Response {
  dropVersion(message, onDropped);
  const { status } = message;
  const headers = toHeaders(listOf(message.headers), onDropped);
  let body = bodyOf(message);
  if (body !== null && NULL_BODY_STATUSES.has(status)) {
    dropBody(body, `A ${status} response has no body in Fetch`, onDropped);
    body = null;
  }
  const init = { status, headers };
  try {
    return new Response(body as BodyInit | null, { ...init, statusText: message.reason ?? "" });
  } catch (error) {
    if (error instanceof RangeError) throw error;
    onDropped?.({ what: "reason", because: "Fetch takes Latin-1 without control characters" });
    return new Response(body as BodyInit | null, init);
  }
}

/**
 * The message of a `Request`: its target is the path and query of the URL, its first field the Host.
 * The URL's fragment and credentials are told to `onDropped`.
 *
 * @example
 * ```ts
 * import { fromRequest, httpMessageStream } from "batchwire";
 *
 * const request = new Request("https://example.com/me?x=1", { headers: { Accept: "text/plain" } });
 * const { body } = httpMessageStream(fromRequest(request));
 * console.log(await new Response(body).text());
 * // GET /me?x=1 HTTP/1.1
 * // Host: example.com
 * // accept: text/plain
 * ```
 */
export function fromRequest(request: Request, { onDropped }: ConversionOptions = {}): RequestMessageInit {
  const url = new URL(request.url);
  if (url.hash !== "" || url.username !== "" || url.password !== "") {
    onDropped?.({ what: "target", because: "A request-target has no fragment and no credentials" });
  }
  const fields = [...request.headers];
  if (!request.headers.has("host")) fields.unshift(["Host", url.host]);
  const headers = HeaderList.fromIsomorphic(fields);
  return {
    kind: "request",
    method: request.method,
    target: url.pathname + url.search,
    headers,
    body: request.body,
  };
}

/**
 * The message of a `Response`. One that came from the network has had its Content-Encoding undone:
 * that field and the Content-Length then describe other octets, are left out and told to `onDropped`.
 *
 * @throws {TypeError} It is an error or an opaque response, of which nothing may be known.
 *
 * @example
 * ```ts
 * import { fromResponse, httpMessageStream } from "batchwire";
 *
 * const { body } = httpMessageStream(fromResponse(new Response(null, { status: 204 })));
 * console.log(await new Response(body).text()); // HTTP/1.1 204
 * ```
 */
export function fromResponse(response: Response, { onDropped }: ConversionOptions = {}): ResponseMessageInit {
  if (response.status === 0) throw new TypeError(`A response of type "${response.type}" cannot be written`);
  const headers = HeaderList.fromIsomorphic(response.headers);
  if (response.url !== "" && headers.has("content-encoding")) {
    for (const name of ["content-encoding", "content-length"]) {
      const because = "The runtime has undone the content coding";
      if (headers.delete(name)) onDropped?.({ what: "field", name, because });
    }
  }
  const { status, statusText, body } = response;
  return { kind: "response", status, reason: statusText, headers, body };
}

/** Targets are joined by hand where URL resolution would change them: `//host/path` is a path here. */
function resolveTarget(
  target: string,
  base: string | URL,
  onDropped: ConversionOptions["onDropped"],
): string {
  try {
    if (target === "*") {
      onDropped?.({ what: "target", because: "A URL cannot say *" });
      return new URL("/", base).href;
    }
    return target.startsWith("/") ? new URL(new URL(base).origin + target).href : new URL(target, base).href;
  } catch {
    throw new TypeError(
      `Target ${JSON.stringify(target)} makes no URL with base ${JSON.stringify(String(base))}`,
    );
  }
}

function listOf(headers: RequestMessageInit["headers"]): HeaderList {
  return headers instanceof HeaderList ? headers : new HeaderList(headers);
}

/** Fields of the message's own framing, which the body that is handed over has no more. */
function toHeaders(list: HeaderList, onDropped: ConversionOptions["onDropped"]): Headers {
  const headers = new Headers();
  for (const [name, value] of list.isomorphicEntries()) {
    if (name.toLowerCase() === "transfer-encoding") {
      onDropped?.({ what: "field", name, because: "The chunked coding has been undone" });
      continue;
    }
    try {
      headers.append(name, value);
    } catch {
      onDropped?.({ what: "field", name, because: "Fetch refuses its name or value" });
    }
  }
  return headers;
}

function dropVersion(
  { version }: { version?: string | undefined },
  onDropped: ConversionOptions["onDropped"],
): void {
  if (version !== undefined && version !== "HTTP/1.1") {
    onDropped?.({ what: "version", because: `Fetch has no place for ${version}` });
  }
}

/** The body as Fetch takes it; `null` if it is known to be empty. */
function bodyOf(
  message: HttpMessage | RequestMessageInit | ResponseMessageInit,
): (OutgoingBody & object) | string | null {
  if (!("pull" in message)) return (message.body as string | object | undefined as never) ?? null;
  message.peek();
  return message.bodyState === "ended" ? null : message.body;
}

function dropBody(body: object | string, because: string, onDropped: ConversionOptions["onDropped"]): void {
  if (isStream(body)) body.cancel().catch(() => {});
  if (body !== "") onDropped?.({ what: "body", because });
}

function isStream(body: unknown): body is ReadableStream {
  return typeof body === "object" && body !== null && "getReader" in body;
}

let streamsRequests: boolean | undefined;

/** Firefox takes a stream for a string, without a word: it asks for no `duplex` and sets a content type. */
function canStreamRequests(): boolean {
  if (streamsRequests === undefined) {
    let asked = false;
    const probe = new Request("https://probe.invalid", {
      method: "POST",
      body: new ReadableStream(),
      get duplex() {
        asked = true;
        return "half";
      },
    } as RequestInit);
    streamsRequests = asked && !probe.headers.has("content-type");
  }
  return streamsRequests;
}
