import type { BodyPart, ByteSource, MultipartReader } from "../../src/index.ts";
import { octets } from "./chunkings.ts";
import { isomorphic } from "./transfer.ts";

/** A stream that is fed by hand, and tells what is asked of it. Nothing is queued before it is pulled. */
export class Tap {
  /** How often a chunk has been asked for. */
  pulls = 0;
  /** Reasons of all cancels. */
  readonly cancels: unknown[] = [];
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #actions: ((controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void)[] = [];
  #wake: (() => void) | undefined;

  /** @param chunks - Isomorphic text of the first chunks. */
  constructor(...chunks: string[]) {
    for (const chunk of chunks) this.push(chunk);
    this.stream = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          this.pulls++;
          if (this.#actions.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
          this.#actions.shift()?.(controller);
        },
        cancel: (reason) => {
          this.cancels.push(reason);
          this.#wake?.();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Answers the next pull with a chunk. */
  push(chunk: string | Uint8Array<ArrayBuffer>): this {
    return this.#do((controller) => controller.enqueue(typeof chunk === "string" ? octets(chunk) : chunk));
  }

  close(): this {
    return this.#do((controller) => controller.close());
  }

  fail(error: unknown): this {
    return this.#do((controller) => controller.error(error));
  }

  #do(action: (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => void): this {
    this.#actions.push(action);
    this.#wake?.();
    return this;
  }
}

/** A stream of `chunks`, which are enqueued one by one when they are asked for. */
export function streamOf<Chunk>(chunks: Iterable<Chunk>): ReadableStream<Chunk> {
  const iterator = chunks[Symbol.iterator]();
  return new ReadableStream<Chunk>(
    {
      pull(controller) {
        const { done, value } = iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}

/** All chunks of a stream. */
export async function chunksOf<Chunk>(stream: ReadableStream<Chunk>): Promise<Chunk[]> {
  const reader = stream.getReader();
  const chunks: Chunk[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
  }
}

/** All octets of a stream, as isomorphic text. */
export async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return isomorphic(...(await chunksOf(stream)));
}

/**
 * All octets of a stream whose consumer takes each chunk away from under everybody else, as
 * `postMessage()` with a transfer list and byte streams do.
 */
export async function textOfTransferred(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const reader = stream.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += isomorphic(structuredClone(value, { transfer: [value.buffer] }));
  }
}

/** Fields and body of a part, as text. */
export interface PartText {
  fields: [string, string][];
  body: string;
}

/** Every part, read with `readBody`. */
export async function partsOf(
  reader: MultipartReader,
  readBody: (part: BodyPart) => Promise<string> = async (part) => isomorphic(await part.bytes()),
): Promise<PartText[]> {
  const parts: PartText[] = [];
  for await (const part of reader) parts.push({ fields: [...part.headers], body: await readBody(part) });
  return parts;
}

/** The next part, which there must be. */
export async function nextPart(reader: MultipartReader): Promise<BodyPart> {
  const { done, value } = await reader.next();
  if (done === true) throw new Error("There is no next part");
  return value;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Fulfilled with ${JSON.stringify(value)}`);
}

/** What a call throws. */
export function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("Threw nothing");
}

/** Lets everything happen that waits for nothing but its turn. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** The outcome of a promise that nothing more will happen to: a hang is `"pending"`, not a time-out. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = "pending";
  promise.then(
    (value) => (outcome = { value }),
    (error: unknown) => (outcome = { error }),
  );
  await turns();
  return outcome;
}

/** Joins octets to a body in one chunk. */
export function chunked(...chunks: string[]): ByteSource {
  return streamOf(chunks.map(octets));
}

/** Whether a `Request` may have a stream for its body. Firefox takes it for text, without a word. */
export const streamsRequests: boolean = (() => {
  try {
    const init = { method: "POST", body: new ReadableStream(), duplex: "half" } as RequestInit;
    return !new Request("https://probe.invalid", init).headers.has("content-type");
  } catch {
    return false;
  }
})();

/** For names of tests that are skipped without that. */
export const whereRequestsStream = "where requests can be streams";
