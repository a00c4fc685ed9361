import { BatchwireError } from "../errors.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { isThenable } from "../stream/chunk-source.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import { fromResponse } from "../stream/from-web-message.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";
import { openBody } from "../stream/outgoing-body.ts";
import { problemBody } from "./dialect.ts";
import type { BatchProblem, Dialect } from "./dialect.ts";
import { bodyText } from "./json-body.ts";
import { inexpressible } from "./json-elements.ts";
import { deleteConnectionFields } from "./message-fields.ts";
import type { Operation, OperationLinks } from "./operation.ts";

/** The answer to an operation, ready to be written. */
export type Answer = Operation<"response">;

/**
 * Octets of a response's body that are read before its turn to be written comes: its length is then
 * known, and what fails so early can be answered as an error.
 */
const READ_AHEAD = 65_536;

/**
 * The answer that a `Response` is. Its body is read up to {@link READ_AHEAD}, in a JSON envelope to
 * its end.
 *
 * @throws {BatchwireError} `limit-exceeded` or `inexpressible-operation`: a JSON envelope cannot hold the body.
 */
export async function answerOf(
  response: Response,
  { id, group }: OperationLinks,
  { dialect, maxBufferedBytes }: { dialect: Dialect; maxBufferedBytes: number },
): Promise<Answer> {
  const message = fromResponse(response);
  const headers = message.headers as HeaderList;
  deleteConnectionFields(headers);
  // Written anew where the length is known; what the handler said of a body that it streams may be wrong.
  headers.delete("content-length");
  const reason = message.reason === "" ? reasonOf(message.status) : message.reason;
  const { envelope } = dialect;
  const isJson = envelope.format === "json";
  // Some readers of batches take a head without fields for broken.
  if (!isJson && headers.size === 0) headers.append("Date", new Date().toUTCString());
  const max = isJson ? maxBufferedBytes : READ_AHEAD;
  const body = response.body === null ? null : await readAhead(openBody(response), max);
  if (isJson && body !== null) {
    if (!(body instanceof Uint8Array)) {
      const limit = { name: "maxBufferedBytes", value: maxBufferedBytes } as const;
      const error = new BatchwireError("limit-exceeded", {}, { limit });
      body.cancel(error).catch(() => {});
      throw error;
    }
    const isEmpty = body.length === 0;
    if (!isEmpty && bodyText(envelope, body, headers) === undefined) throw inexpressible(dialect, "the body");
  }
  return { id, group, message: { ...message, reason, headers, body } };
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

async function readAhead(source: ChunkSource, max: number): Promise<Uint8Array | ChunkSource> {
  const octets = new GatheredOctets();
  for (let length = 0; length <= max;) {
    const pulled = source.pull();
    const chunk = isThenable(pulled) ? await pulled : pulled;
    if (chunk === undefined) return octets.take();
    octets.add(chunk);
    length += chunk.length;
  }
  let beginning: Uint8Array | undefined = octets.take();
  return {
    pull: () => {
      const first = beginning;
      beginning = undefined;
      return first ?? source.pull();
    },
    cancel: (reason) => source.cancel(reason),
  };
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
