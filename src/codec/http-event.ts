import type { RequestLine, StatusLine } from "../grammar/start-line.ts";
import type { HeaderList } from "../grammar/header-list.ts";

/** Start-line and header section of an HTTP request, kept as written. */
export interface RequestHead extends RequestLine {
  headers: HeaderList;
}

/** Start-line and header section of an HTTP response, kept as written. */
export interface ResponseHead extends StatusLine {
  headers: HeaderList;
}

/**
 * What an HTTP message consists of, in the order of the input: `head *data [trailers] end`.
 *
 * `data` is never empty: a view of the chunk that was pushed, or a small copy. Chunked framing has
 * been removed from it; the head still names it.
 */
export type HttpMessageEvent =
  | { type: "head"; head: RequestHead | ResponseHead }
  | { type: "data"; data: Uint8Array }
  /** Trailer fields of a chunked body (RFC 9112 §7.1.2), if there are any. */
  | { type: "trailers"; headers: HeaderList }
  | { type: "end" };
