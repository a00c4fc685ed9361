import { BatchwireError } from "../errors.ts";
import { defaultLimits } from "../limits.ts";
import type { LimitsInit } from "../limits.ts";
import { openSource, streamOf } from "../stream/chunk-source.ts";
import type { ByteSource, ChunkSource } from "../stream/chunk-source.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";
import { toResponse } from "../stream/to-web-message.ts";
import { BatchError } from "./batch-error.ts";
import type { BatchErrorOptions } from "./batch-error.ts";
import { failed } from "./call.ts";
import type { Call, Settlement } from "./call.ts";
import type { Answer } from "./correlator.ts";
import type { Dialect } from "../batch/dialect.ts";
import { mediaTypeOf } from "../batch/media.ts";
import type { ResponseRead } from "../batch/operation.ts";

/** The dialect that a body of this media type is a batch of: the one that was asked in, or one it may be answered in. */
export function answerDialect(dialect: Dialect, contentType: string | null): Dialect | undefined {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === undefined) return undefined;
  const { type, subtype } = mediaType;
  const isJson = subtype === "json" || subtype.endsWith("+json");
  const format = type === "multipart" ? "multipart" : isJson ? "json" : undefined;
  return [dialect, ...(dialect.alternatives?.() ?? [])].find(({ envelope }) => envelope.format === format);
}

/** An answer to a batch that has none to its operations. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What is wrong, where the status does not tell. */
  readonly detail?: string | undefined;
  readonly cause?: unknown;
  /** A response of the caller's own. */
  create(): Response;
}

/**
 * The answer that a response is. Its body is gathered from `content`; one beyond `maxBufferedBytes`, or
 * that cannot be read, is left out.
 */
export async function wholeAnswer(
  response: Response,
  content: ByteSource | null,
  limits: LimitsInit | undefined,
  signal: AbortSignal | undefined,
): Promise<WholeAnswer> {
  const { status, statusText, headers } = response;
  const body = await gather(content, maxBuffered(limits), signal);
  const detail = response.ok ? `Answer to the batch is no batch: ${status}` : `Batch was answered ${status}`;
  const create = (): Response => new Response(sharedBody(body), { status, statusText, headers });
  return { status, headers, detail, create };
}

/** Octets up to which a copy is made at once: a thousand of them take 16 MiB. */
const SMALL = 16_384;

/**
 * The octets as the body of one response of many: one answer may be that of a thousand calls. A response
 * copies what it is given, so that it gets a stream, which copies when it is read.
 */
function sharedBody(
  octets: Uint8Array<ArrayBuffer> | null,
): Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null {
  return octets === null || octets.length <= SMALL ? octets : streamOf(openSource(octets));
}

/** The response of an answer whose body is not too long to be held. */
function responseOf(message: ResponseRead): Response {
  const { body } = message;
  return toResponse(body instanceof Uint8Array ? { ...message, body: sharedBody(body) } : message);
}

export function maxBuffered(limits: LimitsInit | undefined): number {
  return limits?.maxBufferedBytes ?? defaultLimits.maxBufferedBytes;
}

async function gather(
  content: ByteSource | null,
  max: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (content === null) return null;
  const octets = new GatheredOctets();
  let length = 0;
  let source: ChunkSource | undefined;
  try {
    source = openSource(content, signal);
    for (let chunk = await source.pull(); chunk !== undefined; chunk = await source.pull()) {
      length += chunk.length;
      if (length > max) throw new RangeError("Body is longer than maxBufferedBytes");
      octets.add(chunk);
    }
  } catch {
    // The status says what is to be known; what its body would have said is lost.
    source?.cancel().catch(() => {});
    return null;
  }
  return length === 0 ? null : octets.take();
}

/** An answer of the batch that is one to all of it. */
export function wholeOfPart(message: ResponseRead): WholeAnswer | undefined {
  if (message.status < 200 || message.status > 599) return undefined;
  const detail = `Batch was answered ${message.status}, in one part`;
  const create = (): Response => responseOf(message);
  return { status: message.status, headers: create().headers, detail, create };
}

/** The error of a call whose batch was answered as a whole. */
export function wholeError(whole: WholeAnswer, executed: BatchErrorOptions["executed"]): BatchError {
  const { detail, cause } = whole;
  return new BatchError("batch-failed", {
    executed,
    detail,
    response: whole.create(),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Lets go of a body that is too long to be held, so that the answers behind it can be read. */
export async function withoutLongBody(answer: Answer, limits: LimitsInit | undefined): Promise<Answer> {
  const body = answer.message?.body ?? null;
  if (body === null || body instanceof Uint8Array) return answer;
  await body.cancel();
  const value = maxBuffered(limits);
  const position = { path: String(answer.index + 1) };
  const limit = { name: "maxBufferedBytes", value } as const;
  const { index, id, group, dependsOn } = answer;
  return { index, id, group, dependsOn, error: new BatchwireError("limit-exceeded", position, { limit }) };
}

/** What an answer is to its call. */
export function settlementOf(call: Call, { message, error }: Answer): Settlement {
  if (error !== undefined) {
    const { code, limit, offset, offsetBase, path } = error;
    const executed = code === "limit-exceeded" ? "yes" : "unknown";
    const position = { offset, offsetBase, path };
    return failed(call, new BatchError(code, { executed, position, limit, cause: error }));
  }
  if (message.status < 200 || message.status > 599) {
    const detail = `Operation was answered ${message.status}, which no Response can be`;
    return failed(call, new BatchError("unusable-status", { executed: "unknown", detail, answer: message }));
  }
  if (call.signal?.aborted === true) return failed(call, undefined);
  return { call, response: responseOf(message) };
}
