import { HeaderList } from "../grammar/header-list.ts";
import { lowerCase } from "../grammar/field-section.ts";
import { foreignCharacter } from "../grammar/field.ts";
import { toIsomorphic } from "../octets/text.ts";
import { canStreamRequests, DeferredSource, toBodyInit } from "./body-init.ts";
import { streamOf } from "./chunk-source.ts";
import type { RequestMessage, ResponseMessage } from "./http-message.ts";
import type { RequestMessageInit, ResponseMessageInit } from "./http-writer.ts";
import { assertUnused } from "./outgoing-body.ts";
import { requestMethod } from "./request-method.ts";
import { requestUrl } from "./request-url.ts";

/** Something of a message that a `Request`, a `Response` or a message in return cannot hold. */
export interface Dropped {
  what: "method" | "target" | "version" | "reason" | "field" | "trailers" | "body";
  /** Name of the field. */
  name?: string;
  /** Why: the rule that forbids it. */
  because: string;
}

export interface ConversionOptions {
  /**
   * Called with everything that is lost or changed, once nothing can fail any more; what is not
   * named is kept. Trailers come behind the body, so those of a message that was read are told when
   * the body has been read to its end.
   */
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

/** Statuses from 200 on whose `Response` may have no body (WHATWG Fetch, "null body status"). */
const NULL_BODY_STATUSES: ReadonlySet<number> = /* @__PURE__ */ new Set([204, 205, 304]);

const lostTrailers = (): Dropped => ({ what: "trailers", because: "Fetch has none" });

/**
 * The `Request` of a request message. Its body is the message's own, read when the request's is.
 * When this throws, the body is as it was.
 *
 * Lost, and told to `onDropped`: what of the target its URL cannot say, the case of a method that
 * Fetch or the runtime writes in upper case, a version other than HTTP/1.1, Transfer-Encoding, fields
 * that the runtime forbids (browsers: `Host`), the body of a GET or HEAD request unless it is known
 * to be empty, and trailers.
 *
 * @throws {TypeError} The target makes no URL, or one of another host; or the method is one that
 * Fetch refuses (CONNECT, TRACE, TRACK) or the runtime does not know (Bun takes only some); or the
 * body is locked or used; or the runtime cannot stream request bodies (Firefox): then read it with
 * `bytes()` first.
 * @throws {BatchwireError} `body-used`: the body of a message that was read has been used.
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
  { base, signal, onDropped }: ToRequestOptions = {},
): Request {
  const { method, target } = message;
  const upper = method.toUpperCase();
  const bodiless = upper === "GET" || upper === "HEAD" ? `${upper} request` : undefined;
  const conversion = new Conversion(message, bodiless, onDropped);
  const { headers, body } = conversion;
  const { url, loss } = requestUrl(target, base, conversion.fields.get("host"));
  if (loss !== undefined) conversion.drop({ what: "target", because: loss });

  const init: RequestInit & { duplex?: "half" } = { method: requestMethod(method), headers, body };
  if (signal !== undefined) init.signal = signal;
  if (body instanceof ReadableStream) {
    if (!canStreamRequests())
      throw new TypeError("This runtime cannot stream request bodies: read it with bytes() first");
    init.duplex = "half";
  }
  const request = new Request(url.href, init);
  if (request.method !== method) {
    conversion.drop({ what: "method", because: `It is written as ${request.method}` });
  }
  conversion.finish(request.headers);
  return request;
}

/**
 * The `Response` of a response message. Its body is the message's own, read when the response's is.
 * When this throws, the body is as it was.
 *
 * Lost, and told to `onDropped`: a version other than HTTP/1.1, a reason that Fetch or the runtime
 * refuses, Transfer-Encoding, fields that the runtime forbids (browsers: `Set-Cookie`), the body of a
 * 204, 205 or 304 response unless it is known to be empty, and trailers.
 *
 * @throws {RangeError} The status is below 200 or above 599, which `Response` refuses.
 * @throws {TypeError} The body is locked or used.
 * @throws {BatchwireError} `body-used`: the body of a message that was read has been used.
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
  const { status, reason = "" } = message;
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`Status ${status} is not between 200 and 599, as that of a Response is`);
  }
  const bodiless = NULL_BODY_STATUSES.has(status) ? `${status} response` : undefined;
  const conversion = new Conversion(message, bodiless, onDropped);
  const { fields, headers, body } = conversion;
  // A reason that was read and is not UTF-8 is isomorphic already.
  let statusText = fields.startLine?.endsWith(` ${reason}`) === true ? reason : toIsomorphic(reason);
  if (foreignCharacter(statusText) >= 0) {
    conversion.drop({ what: "reason", because: "Fetch refuses control characters" });
    statusText = "";
  } else if (statusText.includes("\t") && !takesReason(statusText)) {
    conversion.drop({ what: "reason", because: "The runtime refuses a tab" });
    statusText = "";
  }
  const response = new Response(body, { status, statusText, headers });
  conversion.finish(response.headers);
  return response;
}

/**
 * What requests and responses have in common. The constructor checks, and claims nothing of the
 * body; losses are held back until `finish()`, when Fetch has accepted everything.
 */
class Conversion {
  readonly fields: HeaderList;
  readonly headers: Headers = new Headers();
  /** In a form that Fetch takes for octets; `null` if there is none or may be none. */
  readonly body: BodyInit | null;
  readonly #onDropped: ConversionOptions["onDropped"];
  readonly #dropped: Dropped[] = [];
  /** Names of the fields that Fetch has accepted. */
  readonly #accepted: string[] = [];
  readonly #lostBody: BodyInit | null;

  /** @param bodiless - What the message is, if Fetch lets it have no body. */
  constructor(
    message: RequestMessage | ResponseMessage | RequestMessageInit | ResponseMessageInit,
    bodiless: string | undefined,
    onDropped: ConversionOptions["onDropped"],
  ) {
    const { headers, version = "HTTP/1.1" } = message;
    this.fields = headers instanceof HeaderList ? headers : new HeaderList(headers);
    this.#onDropped = onDropped;
    if (version !== "HTTP/1.1") this.drop({ what: "version", because: `Fetch has no place for ${version}` });
    this.#appendFields();
    const body = "pull" in message ? this.#bodyRead(message) : toBodyInit(message.body);
    this.#dropTrailers(message.trailers);
    this.body = bodiless === undefined ? body : null;
    this.#lostBody = bodiless === undefined ? null : body;
    if (this.#lostBody !== null) this.drop({ what: "body", because: `A ${bodiless} has no body in Fetch` });
  }

  drop(dropped: Dropped): void {
    this.#dropped.push(dropped);
  }

  /** Tells what is lost: what was found before, and those fields that are not among the `kept`. */
  finish(kept: Headers): void {
    for (const name of this.#accepted) {
      if (!kept.has(name)) this.drop({ what: "field", name, because: "The runtime forbids it" });
    }
    for (const dropped of this.#dropped) this.#onDropped?.(dropped);
    if (this.#lostBody instanceof ReadableStream) this.#lostBody.cancel().catch(() => {});
  }

  #appendFields(): void {
    for (const [name, value] of this.fields.isomorphicEntries()) {
      if (lowerCase(name) === "transfer-encoding") {
        this.drop({ what: "field", name, because: "Fetch has no transfer codings; chunked is undone" });
        continue;
      }
      try {
        this.headers.append(name, value);
        this.#accepted.push(name);
      } catch {
        this.drop({ what: "field", name, because: "Fetch refuses its name or value" });
      }
    }
  }

  #dropTrailers(trailers: RequestMessageInit["trailers"]): void {
    if (trailers === undefined || new HeaderList(trailers).size === 0) return;
    this.drop(lostTrailers());
  }

  /** The body of a message that was read; at its end its trailers are known. */
  #bodyRead(message: RequestMessage | ResponseMessage): BodyInit | null {
    assertUnused(message);
    try {
      message.peek();
    } catch {
      // What is wrong with the body is thrown where it is read, however the input came in chunks.
    }
    if (message.bodyState === "ended") return null;
    const atEnd = (): void => {
      if (message.trailers !== undefined) this.#onDropped?.(lostTrailers());
    };
    return streamOf(new DeferredSource(message, atEnd));
  }
}

/** Not so on workerd, although a tab is allowed (WHATWG Fetch, "reason-phrase token production"). */
function takesReason(statusText: string): boolean {
  try {
    return new Response(null, { statusText }).statusText === statusText;
  } catch {
    return false;
  }
}
