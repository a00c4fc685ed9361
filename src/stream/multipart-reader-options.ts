import { topLevel } from "../deviation.ts";
import type { ToleranceOptions } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { HeaderList } from "../grammar/header-list.ts";
import type { Profile } from "../grammar/parameters.ts";
import type { LimitsInit } from "../limits.ts";
import type { OctetPool } from "../octets/octet-pool.ts";
import { toText } from "../octets/text.ts";
import { Body } from "./body.ts";
import type { ByteSource } from "./chunk-source.ts";

/** How to read a multipart body. Beside a {@link BodyPart} all of it is optional, and what is not given is the part's. */
export interface MultipartReaderOptions extends ToleranceOptions {
  /** The boundary, without dashes. */
  boundary?: string | undefined;
  /** Or the Content-Type that names it. Default: that of the `Request`, `Response` or `BodyPart` that is read. */
  contentType?: string | undefined;
  /** Default: `"form-data"` for `multipart/form-data`, else `"mime"`. */
  profile?: Profile | undefined;
  limits?: LimitsInit | undefined;
  /** Whether bodies are transfer-decoded (RFC 2045 §6). Default `true`; form data never is (RFC 7578 §4.7). */
  decode?: boolean | undefined;
  /**
   * Where what `bytes()` answers of short bodies shares a buffer of 8 KiB with others: it must not be
   * transferred, and who keeps one body keeps the buffer. Default: each has a buffer of its own, which
   * costs 0.2 us and more a part (Node 20), as much as to read it.
   */
  pool?: OctetPool | undefined;
  /** Ends the reading: pending reads reject with its reason, and the source is cancelled. */
  signal?: AbortSignal | undefined;
  /** Called with the octets before the first delimiter, in pieces; a piece is valid during the call. */
  onPreamble?: ((octets: Uint8Array) => void) | undefined;
  /** The same with the octets behind the close-delimiter's line; they are all there when `closed` settles. */
  onEpilogue?: ((octets: Uint8Array) => void) | undefined;
}

/**
 * The Content-Type of a `Request`, `Response` or part, as text.
 *
 * @throws {BatchwireError} `not-multipart`: the source has fields, and no Content-Type among them.
 */
export function contentTypeOf(source: ByteSource): string {
  const hasHeaders = typeof source === "object" && source !== null && "headers" in source;
  const headers = hasHeaders ? (source.headers as HeaderList | Pick<Headers, "get"> | undefined) : undefined;
  if (typeof headers?.get !== "function") {
    throw new TypeError("Source has no Content-Type: give a boundary or a contentType");
  }
  const contentType =
    headers instanceof HeaderList ? headers.get("content-type") : fetchedContentType(headers);
  if (contentType !== undefined) return contentType;
  const origin = source instanceof Body ? source.origin : topLevel;
  throw new BatchwireError("not-multipart", origin, { detail: "Input has no Content-Type" });
}

/** The Content-Type among fields of Fetch, which are isomorphic, as text. */
export function fetchedContentType(headers: Pick<Headers, "get">): string | undefined {
  const contentType = headers.get("content-type");
  return typeof contentType === "string" ? toText(contentType) : undefined;
}
