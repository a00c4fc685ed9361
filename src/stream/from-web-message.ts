import { HeaderList } from "../grammar/header-list.ts";
import { toText } from "../octets/text.ts";
import type { RequestMessageInit, ResponseMessageInit } from "./http-writer.ts";
import type { ConversionOptions } from "./to-web-message.ts";

/**
 * The message of a `Request`: its target is the path and query of the URL, its first field the Host.
 * The URL's fragment and credentials are told to `onDropped`. The body is used when the message is
 * written.
 *
 * @throws {TypeError} The URL has no host, as that of `data:` and `blob:` has none.
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
  const { method } = request;
  const url = new URL(request.url);
  if (url.host === "") throw new TypeError(`URL ${url.href} has no host that a request could be sent to`);
  if (url.href.includes("#") || url.username !== "" || url.password !== "") {
    onDropped?.({ what: "target", because: "A request-target has no fragment and no credentials" });
  }
  url.hash = url.username = url.password = "";
  const fields = [...request.headers];
  if (!request.headers.has("host")) fields.unshift(["Host", url.host]);
  // Firefox has no `Request.body`: the request itself stands for it.
  const hasBody = request.body !== null && method !== "GET" && method !== "HEAD";
  return {
    kind: "request",
    method,
    // Not `pathname + search`, which lacks the `?` of an empty query.
    target: url.href.slice(`${url.protocol}//${url.host}`.length),
    headers: HeaderList.fromIsomorphic(fields),
    body: hasBody ? request : null,
  };
}

/**
 * The message of a `Response`. One that came from the network has had its Content-Encoding undone:
 * that field and the Content-Length then describe other octets, are left out and told to
 * `onDropped`. The body is used when the message is written.
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
  return responseWith(response, (fields) => fields, onDropped);
}

/** {@link fromResponse}, with the fields that `edit` makes of the response's. */
export function responseWith(
  response: Response,
  edit: (fields: Headers) => Iterable<readonly [name: string, value: string]>,
  onDropped?: ConversionOptions["onDropped"],
): ResponseMessageInit & { reason: string; headers: HeaderList } {
  const { status } = response;
  if (status === 0) throw new TypeError(`A response of type "${response.type}" cannot be written`);
  const headers = HeaderList.fromIsomorphic(edit(response.headers));
  if (response.url !== "" && headers.has("content-encoding")) {
    for (const name of ["content-encoding", "content-length"]) {
      const because = "The runtime has undone the content coding";
      if (headers.delete(name)) onDropped?.({ what: "field", name, because });
    }
  }
  const reason = toText(response.statusText);
  return { kind: "response", status, reason, headers, body: response.body === null ? null : response };
}
