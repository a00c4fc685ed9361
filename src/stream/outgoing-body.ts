import { Body } from "./body.ts";
import { toChunkSource } from "./chunk-source.ts";
import type { ByteSource, ChunkSource } from "./chunk-source.ts";
import { utf8Encode } from "../octets/text.ts";

/** A body to write: text (written as UTF-8), octets in any form, or none. */
export type OutgoingBody = string | ByteSource | null | undefined;

/** A body to write and its length in octets, where that is known before it is read. */
export interface MeasuredBody {
  source: ChunkSource;
  length: number | undefined;
}

const NO_CHUNKS: readonly Uint8Array[] = [];

/** @throws {TypeError} The body is none of the forms; or a stream or `Body` that has been used. */
export function measureBody(body: OutgoingBody): MeasuredBody {
  if (body === null || body === undefined) return { source: toChunkSource(NO_CHUNKS), length: 0 };
  if (typeof body === "string") return measureBody(utf8Encode(body));
  if (body instanceof Body) return { source: body, length: undefined };
  if (ArrayBuffer.isView(body) || body instanceof ArrayBuffer) {
    return { source: toChunkSource(body), length: body.byteLength };
  }
  const isBlob = "size" in body && "stream" in body && typeof body.size === "number";
  return { source: toChunkSource(body), length: isBlob ? (body.size as number) : undefined };
}
