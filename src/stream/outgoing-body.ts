import { BatchwireError } from "../errors.ts";
import { utf8Encode } from "../octets/text.ts";
import { Body } from "./body.ts";
import { destroy, isByteSource, openSource } from "./chunk-source.ts";
import type { ByteSource, ChunkSource } from "./chunk-source.ts";

/** A body to write: text (written as UTF-8), octets in any form, or none. */
export type OutgoingBody = string | ByteSource | null | undefined;

const NO_CHUNKS: readonly Uint8Array[] = [];

/** The length of a body in octets, where that is known before it is read. */
export function lengthOf(body: OutgoingBody): number | undefined {
  if (body === null || body === undefined) return 0;
  if (typeof body === "string") return utf8Encode(body).length;
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) return body.byteLength;
  const isBlob = "size" in body && "arrayBuffer" in body && typeof body.size === "number";
  return isBlob ? (body.size as number) : undefined;
}

/** Throws what {@link openBody} would, without opening the body. */
export function assertUnused(body: OutgoingBody): void {
  if (body === null || body === undefined || typeof body === "string") return;
  if (!isByteSource(body))
    throw new TypeError("Body is no text, stream, iterable, Blob, Response or Uint8Array");
  const stream =
    "getReader" in body ? body : "body" in body && !(body instanceof Body) ? body.body : undefined;
  if (stream?.locked === true) throw new TypeError("Body is locked");
  if ("bodyUsed" in body && body.bodyUsed === true) {
    throw body instanceof Body
      ? new BatchwireError("body-used", body.origin)
      : new TypeError("Body has been used");
  }
}

/**
 * Opens a body for reading: a stream is locked, a `Body` is used from here on.
 *
 * @throws {TypeError} The body is none of the forms, or locked.
 * @throws {BatchwireError} `body-used`.
 */
export function openBody(body: OutgoingBody): ChunkSource {
  if (body === null || body === undefined) return openSource(NO_CHUNKS);
  return openSource(typeof body === "string" ? utf8Encode(body) : body);
}

/** {@link discardBody} where nobody waits for it, or could do anything about its failure. */
export function dropBody(body: OutgoingBody, reason?: unknown): void {
  discardBody(body, reason).catch(() => {});
}

/** Tells a body that nobody will read it; what cannot be cancelled, or is another's to read, is left alone. */
export async function discardBody(body: OutgoingBody, reason: unknown): Promise<void> {
  if (typeof body !== "object" || body === null) return;
  if ("bodyUsed" in body && body.bodyUsed === true) return;
  if ("pull" in body) await body.cancel(reason);
  else if ("getReader" in body) await body.cancel(reason);
  else if ("body" in body) await body.body?.cancel(reason);
  else await destroy(body);
}

/**
 * Ends several things, each whatever becomes of the others.
 *
 * @throws What the first of those that fail does.
 */
export async function endAll(endings: Iterable<() => unknown>): Promise<void> {
  const settled = await Promise.allSettled([...endings].map(async (end) => end()));
  for (const result of settled) if (result.status === "rejected") throw result.reason;
}
