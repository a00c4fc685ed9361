import { BatchwireError } from "../errors.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { toUint8Array } from "../stream/chunk-source.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import { responseWith } from "../stream/from-web-message.ts";
import { concat } from "../batch/concat.ts";
import { problemBody } from "../batch/dialect.ts";
import type { BatchProblem, Dialect, JsonEnvelope } from "../batch/dialect.ts";
import { spellingOf } from "../batch/field-spelling.ts";
import { bodyText } from "../batch/json-body.ts";
import { inexpressible } from "../batch/json-elements.ts";
import { connectionFields } from "../batch/message-fields.ts";
import type { ExpressedOperation, OperationLinks } from "../batch/operation.ts";
import type { Running } from "./running.ts";

/** The answer to an operation, ready to be written. */
export type Answer = ExpressedOperation<"response">;

/**
 * Octets of a response's body that are read before its turn to be written comes: its length is then
 * known, and what fails so early can be answered as an error.
 */
const READ_AHEAD = 65_536;

/** How a response is made an answer. */
export interface AnswerReading {
  /** The dialect that it is written in. */
  dialect: Dialect;
  /** Octets of its body that are gathered where it must be written whole. */
  maxBufferedBytes: number;
  requestMethod: string;
  /** The operation, which may be stopped before its answer is there. */
  running: Running;
}

/**
 * The answer that a handler's `Response` is. Its body is read up to {@link READ_AHEAD}, in a JSON
 * envelope to its end; that of an answer to HEAD is nobody's.
 *
 * @throws {TypeError} The response is opaque, or its body locked or used.
 * @throws {BatchwireError} `limit-exceeded` or `inexpressible-operation`: a JSON envelope cannot hold the body.
 */
export async function answerOf(
  handle: () => Response | Promise<Response>,
  { id, group }: OperationLinks,
  { dialect, maxBufferedBytes, requestMethod, running }: AnswerReading,
): Promise<Answer> {
  const response = await handle();
  const isHead = requestMethod === "HEAD";
  const message = responseWith(response, (fields) => fieldsOfAnswer(fields, isHead));
  if (response.bodyUsed) throw new TypeError("Body of the response has been used");
  const { envelope } = dialect;
  const isJson = envelope.format === "json";
  const { headers } = message;
  const reason = message.reason === "" ? reasonOf(message.status) : message.reason;
  // Some readers of batches take a head without fields for broken.
  if (!isJson && headers.size === 0) headers.append("Date", new Date().toUTCString());
  if (isHead) {
    response.body?.cancel().catch(() => {});
    return { id, group, requestMethod, message: { ...message, reason, body: null } };
  }
  const max = isJson ? maxBufferedBytes : READ_AHEAD;
  const body = response.body === null ? null : await readAhead(response.body, max, running);
  const answer: Answer = { id, group, message: { ...message, reason, body } };
  if (isJson && body !== null) {
    if (!(body instanceof Uint8Array)) {
      const limit = { name: "maxBufferedBytes", value: maxBufferedBytes } as const;
      const error = new BatchwireError("limit-exceeded", {}, { limit });
      body.cancel(error).catch(() => {});
      throw error;
    }
    if (body.length > 0) answer.bodyText = expressed(body, headers, dialect, envelope);
  }
  return answer;
}

/** The text of a body, which is then not parsed again to be written. */
function expressed(body: Uint8Array, headers: HeaderList, dialect: Dialect, envelope: JsonEnvelope): string {
  let text = bodyText(envelope, body, headers);
  // What says nothing of its type may be any octets (RFC 9110 §8.3).
  if (text === undefined && !headers.has("content-type")) {
    headers.append("Content-Type", "application/octet-stream");
    text = bodyText(envelope, body, headers);
  }
  if (text === undefined) throw inexpressible(dialect, "the body");
  return text;
}

/**
 * The fields without those of the connection. The Content-Length is written anew where it is known;
 * what the handler said of a body that it streams may be wrong. In answer to HEAD it is that of
 * another body.
 */
function fieldsOfAnswer(fields: Headers, isHead: boolean): [name: string, value: string][] {
  const names = connectionFields(fields.get("connection"));
  const kept: [string, string][] = [];
  for (const [name, value] of fields) {
    if (!names.has(name) && (isHead || name !== "content-length")) kept.push([spellingOf(name), value]);
  }
  return kept;
}

/** The answer that a refusal is, in the dialect's shape. */
export function answerOfProblem(
  dialect: Dialect,
  problem: BatchProblem,
  { id, group }: OperationLinks,
): Answer {
  const { contentType, body } = problemBody(dialect, problem);
  const headers = new HeaderList([["Content-Type", contentType]]);
  const { status } = problem;
  return { id, group, message: { kind: "response", status, reason: reasonOf(status), headers, body } };
}

/**
 * All octets of a stream, or, where it has more than `max`, a source of them. The chunks of a stream
 * are its reader's: one that is all of it is not copied.
 */
async function readAhead(
  stream: ReadableStream<Uint8Array>,
  max: number,
  running: Running,
): Promise<Uint8Array | ChunkSource> {
  const reader = stream.getReader();
  running.reads(reader);
  const chunks: Uint8Array[] = [];
  for (let length = 0; length <= max;) {
    const chunk = chunkOf(await reader.read(), reader);
    if (chunk === undefined) return chunks.length === 1 ? chunks[0]! : concat(chunks);
    chunks.push(chunk);
    length += chunk.length;
  }
  chunks.reverse();
  return {
    pull: () => chunks.pop() ?? reader.read().then((result) => chunkOf(result, reader)),
    cancel: (reason) => reader.cancel(reason),
  };
}

function chunkOf(
  { done, value }: ReadableStreamReadResult<Uint8Array>,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Uint8Array | undefined {
  try {
    return done ? undefined : toUint8Array(value);
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  }
}

/** Reason phrases (RFC 9110 §15): readers of batches take a status line without one for broken. */
function reasonOf(status: number): string {
  return REASONS[status] ?? (status < 400 ? "OK" : "Error");
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  207: "Multi-Status",
  301: "Moved Permanently",
  302: "Found",
  303: "See Other",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  408: "Request Timeout",
  409: "Conflict",
  410: "Gone",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  424: "Failed Dependency",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
