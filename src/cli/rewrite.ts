import { HeaderList } from "../grammar/header-list.ts";
import type { HttpMessage } from "../stream/http-message.ts";
import { httpMessageStream } from "../stream/http-writer.ts";
import { multipartStream } from "../stream/multipart-writer.ts";
import type { PartInit } from "../stream/multipart-writer.ts";
import type { Group, ReadPart } from "./read.ts";

/** Which line ends stand around the delimiters of a multipart body. */
export interface LineEnds {
  leading: boolean;
  trailing: boolean;
}

interface Rules {
  /** Whether bodies are put into their transfer encodings; those of form data were not decoded. */
  encode: boolean;
  /** Of the body in the part at `path`. */
  lineEndsOf: (path: string) => LineEnds;
}

/**
 * Writes a batch that was read, with its own boundaries.
 *
 * @throws {Error} Something that a lenient reader let pass may not be written.
 */
export async function write(batch: Group, lineEndsOf: Rules["lineEndsOf"]): Promise<Uint8Array> {
  const body = streamOf("", batch, { encode: batch.subtype !== "form-data", lineEndsOf });
  return new Uint8Array(await new Response(body).arrayBuffer());
}

function streamOf(
  path: string,
  { boundary, subtype, parts }: Group,
  rules: Rules,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { leading: leadingLineEnd, trailing: trailingLineEnd } = rules.lineEndsOf(path);
  const { encode } = rules;
  const written = parts.map((part) => toPart(part, rules));
  return multipartStream(written, { boundary, subtype, leadingLineEnd, trailingLineEnd, encode }).body;
}

function toPart({ path, headers, message, group, octets }: ReadPart, rules: Rules): PartInit {
  if (group !== undefined) return { headers, body: streamOf(path, group, rules) };
  if (message === undefined) return { headers, body: octets };
  const { body } = httpMessageStream({
    ...startLineOf(message),
    headers: framedBy(message, octets!.length),
    // Of unknown length, for a Content-Length is not to be added where the message had none.
    body: [octets!],
    trailers: message.trailers,
  });
  return { headers, body };
}

type StartLine =
  | { kind: "request"; method: string; target: string; version: string }
  | { kind: "response"; status: number; reason: string; version: string };

function startLineOf(message: HttpMessage): StartLine {
  const { version } = message;
  return message.kind === "request"
    ? { kind: "request", method: message.method, target: message.target, version }
    : { kind: "response", status: message.status, reason: message.reason, version };
}

/** The message's fields, with a Content-Length that tells the truth if there is one. */
function framedBy(message: HttpMessage, length: number): HeaderList {
  const { headers } = message;
  // There it is the length of a body that is not sent.
  if (message.kind === "response" && (message.status < 200 || [204, 304].includes(message.status)))
    return headers;
  const declared = headers.getAll("content-length");
  const isChunked = headers.has("transfer-encoding");
  if (declared.length === 0 || (declared.length === 1 && !isChunked && Number(declared[0]) === length)) {
    return headers;
  }
  const framed = new HeaderList(headers);
  if (isChunked) framed.delete("content-length");
  else framed.set("Content-Length", String(length));
  return framed;
}
