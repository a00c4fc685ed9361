import { HttpMessageSerializer } from "../codec/http-message-serializer.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { NO_OCTETS } from "../octets/ascii.ts";
import { utf8Encode } from "../octets/text.ts";
import { Body } from "../stream/body.ts";
import { headOf, httpMessageStream } from "../stream/http-writer.ts";
import type { HttpMessageInit } from "../stream/http-writer.ts";
import { multipartStream } from "../stream/multipart-writer.ts";
import type { PartInit } from "../stream/multipart-writer.ts";
import { smallPool } from "../stream/octet-writer.ts";
import { idField, responseId } from "./content-id.ts";
import type { MultipartEnvelope } from "./dialect.ts";
import { bodyOf } from "./json-elements.ts";
import type { Operation, OperationKind } from "./operation.ts";
import { percentEncoded } from "./target.ts";

/** A body up to this size is put behind its head: a chunk of a stream costs more than the copy. */
const SMALL_BODY = 4096;

/** The part of a change set: a multipart body of its operations. */
export function changeSetPart(operations: readonly Operation[], envelope: MultipartEnvelope): PartInit {
  const parts = operations.map((operation) => operationPart(operation, envelope));
  const kind = operations[0]!.message.kind;
  return multipartStream(parts, { boundaryPrefix: envelope.boundaryPrefix?.[kind][1] });
}

/** The part of an operation: its message, and what the dialect has in the part's header section. */
export function operationPart(operation: Operation, envelope: MultipartEnvelope): PartInit {
  const { requestMethod } = operation;
  const message = withWrittenTarget(operation.message);
  const { kind } = message;
  const { partParameter, transferEncoding = true, contentId } = envelope;
  const headers = new HeaderList([["Content-Type", contentType(partParameter, kind)]]);
  if (transferEncoding) headers.append("Content-Transfer-Encoding", "binary");
  if (contentId === undefined || operation.id === undefined)
    return { headers, ...messageBody(message, requestMethod) };

  const id = kind === "response" ? responseId(contentId, operation.id) : operation.id;
  const field = idField(contentId, kind);
  const { place = "part" } = contentId;
  if (place !== "message") headers.append(field, id);
  if (place === "part") return { headers, ...messageBody(message, requestMethod) };
  const fields = new HeaderList(message.headers);
  fields.set(field, id);
  return { headers, ...messageBody(withHead(message, { headers: fields }), requestMethod) };
}

/** The message with a target that a request-line may hold, which in JSON and in lenient mode has spaces. */
function withWrittenTarget(message: HttpMessageInit): HttpMessageInit {
  if (message.kind !== "request") return message;
  const target = percentEncoded(message.target);
  return target === message.target ? message : withHead(message, { target });
}

/** The message with another head. A copy would lack the body and the trailers of one that was read, which are getters. */
function withHead(
  message: HttpMessageInit,
  changes: { headers?: HeaderList; target?: string },
): HttpMessageInit {
  return {
    ...headOf(message),
    ...changes,
    body: bodyOf(message),
    bodyLength: message instanceof Body ? undefined : message.bodyLength,
    // Behind its body the trailers of a message that was read are known.
    get trailers() {
      return message.trailers;
    },
  };
}

function contentType(parameter: MultipartEnvelope["partParameter"], kind: OperationKind): string {
  if (parameter === undefined) return "application/http";
  return `application/http; ${parameter}=${parameter === "version" ? "1.1" : kind}`;
}

/** The octets of a message. One whose body is at hand needs no stream, unless it has trailers. */
function messageBody(message: HttpMessageInit, requestMethod: string | undefined): PartInit {
  const body = bodyOf(message);
  const data = typeof body === "string" ? utf8Encode(body) : (body ?? NO_OCTETS);
  if (!(data instanceof Uint8Array) || message.trailers !== undefined)
    return httpMessageStream(message, { requestMethod });
  // With buffers of their own a small message takes 2.4 us to be written on Node 20 instead of 1.9.
  const serializer = new HttpMessageSerializer({ requestMethod, pool: smallPool });
  const start = serializer.write({ type: "head", head: headOf(message), bodyLength: data.length });
  // Framed as chunks, if the message says so.
  const written = serializer.write({ type: "data", data });
  const last = serializer.write({ type: "end" });
  if (start.length + written.length > SMALL_BODY || last.length > 0) {
    return { body: [start, written, last], bodyLength: start.length + written.length + last.length };
  }
  const whole = smallPool.take(start.length + written.length);
  whole.set(start);
  whole.set(written, start.length);
  return { body: whole };
}
