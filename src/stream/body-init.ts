import { utf8Encode } from "../octets/text.ts";
import { streamOf } from "./chunk-source.ts";
import type { ChunkSource } from "./chunk-source.ts";
import { assertUnused, lengthOf, openBody } from "./outgoing-body.ts";
import type { OutgoingBody } from "./outgoing-body.ts";

/**
 * A body as Fetch takes it, and takes it for octets: it adds a Content-Type to text and typed
 * Blobs, and makes text of what it does not know. `null` if it is known to be empty.
 */
export function toBodyInit(body: OutgoingBody): BodyInit | null {
  assertUnused(body);
  if (typeof body === "string") return body === "" ? null : utf8Encode(body);
  if (body === null || body === undefined || lengthOf(body) === 0) return null;
  // Not slice(), which keeps the type on Bun.
  if (body instanceof Blob) return body.type === "" ? body : new Blob([body], { type: "" });
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body as BufferSource as BodyInit;
  const stream = "body" in body && !("pull" in body) ? body.body : body;
  if (stream === null || stream instanceof ReadableStream) return stream;
  return streamOf(new DeferredSource(body));
}

/** A body that is opened when it is first read, not before; `atEnd` is called behind its last octet. */
export class DeferredSource implements ChunkSource {
  readonly #body: OutgoingBody;
  readonly #atEnd: (() => void) | undefined;
  #source: ChunkSource | undefined;

  constructor(body: OutgoingBody, atEnd?: () => void) {
    this.#body = body;
    this.#atEnd = atEnd;
  }

  get mayTransfer(): boolean {
    return this.#source?.mayTransfer === true;
  }

  async pull(): Promise<Uint8Array | undefined> {
    const chunk = await this.#open().pull();
    if (chunk === undefined) this.#atEnd?.();
    return chunk;
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#open().cancel(reason);
  }

  #open(): ChunkSource {
    this.#source ??= openBody(this.#body);
    return this.#source;
  }
}

let streamsRequests: boolean | undefined;

/** Firefox takes a stream for text, without a word, and adds the Content-Type of text; others throw. */
export function canStreamRequests(): boolean {
  if (streamsRequests === undefined) {
    try {
      const init = { method: "POST", body: new ReadableStream(), duplex: "half" };
      const probe = new Request("https://probe.invalid", init as RequestInit);
      streamsRequests = !probe.headers.has("content-type");
    } catch {
      streamsRequests = false;
    }
  }
  return streamsRequests;
}
