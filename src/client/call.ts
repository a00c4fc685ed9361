import { BatchwireError } from "../errors.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { Body } from "../stream/body.ts";
import { isByteSource, openSource } from "../stream/chunk-source.ts";
import { fromRequest } from "../stream/from-web-message.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";
import type { RequestMessageInit } from "../stream/http-writer.ts";
import { dropBody } from "../stream/outgoing-body.ts";
import { BatchAbort } from "./batch-abort.ts";
import type { Stop } from "./batch-abort.ts";
import { BatchError } from "./batch-error.ts";
import type { Dialect } from "../batch/dialect.ts";
import { bodyOf } from "../batch/json-elements.ts";
import { deleteConnectionFields } from "../batch/message-fields.ts";
import type { Operation, OperationLinks } from "../batch/operation.ts";
import { isReference, resolveTarget, writtenTarget } from "../batch/target.ts";
import type { BatchUrls } from "../batch/target.ts";

/** What a batch can be made of: what `fetch()` takes, or an operation as it is to be written. */
export type BatchRequest = Request | URL | string | Operation<"request">;

/** Options of `fetch()`, and what ties the operation to others of its batch. */
export interface BatchRequestInit extends RequestInit, OperationLinks {}

/** One operation that somebody waits for. */
export interface Call {
  /** Place among those that were given, 0-based. */
  readonly index: number;
  readonly links: OperationLinks;
  readonly signal: AbortSignal | undefined;
  /** Its body may be a stream until {@link readBody} has gathered it. */
  message: RequestMessageInit;
  /** How often it has been sent. */
  attempts: number;
}

/** Where batches go. */
export interface Destination {
  readonly dialect: Dialect;
  readonly url: URL;
  readonly urls: BatchUrls;
}

/**
 * The call for an operation; the body of one that cannot be expressed is cancelled.
 *
 * @throws {TypeError} As `new Request()` does.
 * @throws {BatchError} `inexpressible-operation`.
 */
export function createCall(
  index: number,
  input: BatchRequest,
  init: BatchRequestInit | undefined,
  destination: Destination,
): Call {
  if (isOperation(input)) {
    const { message: given, ...links } = input;
    const message = expressed(given, () => completed(given, destination));
    return { index, links, signal: undefined, message, attempts: 0 };
  }
  // The signal is the call's affair: a request that followed it would hold a listener for nothing.
  const { id, group, dependsOn, condition, signal, ...rest } = init ?? {};
  const { request, reference } = requestOf(input, rest, destination);
  const given = fromRequest(request);
  const message = expressed(given, () => {
    const target = reference ?? writtenTarget(destination.dialect, request.url, destination.urls);
    if (target === undefined) throw refusal(destination.dialect, `the URL ${request.url} in its batch`);
    return completed({ ...given, target }, destination);
  });
  const own = input instanceof Request ? input.signal : undefined;
  return {
    index,
    links: { id, group, dependsOn, condition },
    signal: signal === undefined ? own : (signal ?? undefined),
    message,
    attempts: 0,
  };
}

/** What `express` makes of a message, whose body nobody will read if that fails. */
function expressed(given: RequestMessageInit, express: () => RequestMessageInit): RequestMessageInit {
  try {
    return express();
  } catch (error) {
    dropBody(bodyOf(given), error);
    throw error;
  }
}

function isOperation(input: BatchRequest): input is Operation<"request"> {
  return typeof input === "object" && "message" in input;
}

/** The request, and its target where that is no URL but begins with a reference to another operation. */
function requestOf(
  input: Request | URL | string,
  init: RequestInit,
  { dialect, url, urls }: Destination,
): { request: Request; reference?: string } {
  if (typeof input !== "string") return { request: new Request(input, init) };
  if (dialect.references === true && isReference(input)) {
    return { request: new Request(url, init), reference: input };
  }
  return { request: new Request(resolveTarget(dialect, input, urls), init) };
}

/** The message as the dialect has it: with a Host or without, and nothing that it refuses. */
function completed(message: RequestMessageInit, { dialect, url }: Destination): RequestMessageInit {
  const { envelope, host = envelope.format === "multipart" } = dialect;
  const { method, target, version } = message;
  const fields = new HeaderList(message.headers);
  deleteConnectionFields(fields);
  if (!host) fields.delete("host");
  const headers =
    host && !fields.has("host")
      ? HeaderList.fromIsomorphic([["Host", url.host], ...fields.isomorphicEntries()])
      : fields;
  assertAllowed(dialect, method, target, headers);
  const { body, bodyLength } = message instanceof Body ? { body: message } : message;
  return { kind: "request", method, target, version, headers, body, bodyLength };
}

function assertAllowed(dialect: Dialect, method: string, target: string, headers: HeaderList): void {
  const { methods, refusedFields = [], refusedSegments = [], credentials } = dialect;
  if (methods !== undefined && !methods.includes(method)) throw refusal(dialect, `the method ${method}`);
  const fields = credentials === "refuse" ? [...refusedFields, "authorization", "cookie"] : refusedFields;
  const field = fields.find((name) => headers.has(name));
  if (field !== undefined) {
    throw refusal(dialect, `the field ${field} of an operation: put it in the fields of the batch`);
  }
  const question = target.indexOf("?");
  const segments = (question < 0 ? target : target.slice(0, question)).split("/");
  const segment = refusedSegments.find((name) => segments.includes(name));
  if (segment !== undefined) throw refusal(dialect, `operations on the resource ${segment}`);
}

function refusal({ name }: Dialect, what: string): BatchError {
  return new BatchError("inexpressible-operation", {
    executed: "no",
    detail: `${name} cannot express ${what}`,
  });
}

/** Whether the call's body can be written more than once. */
export function isRepeatable({ message: { body } }: Call): boolean {
  return body === null || typeof body !== "object" || body instanceof Uint8Array;
}

/**
 * Gathers the body of a call, or cancels it: by the call's signal, when everything is stopped, or beyond
 * `max` octets.
 *
 * @throws What its stream fails with, or the reason of the call's signal.
 * @throws {BatchwireError} `batch-too-large`, `body-length-mismatch`.
 */
export async function readBody(call: Call, max: number, stop: Stop): Promise<void> {
  const { body } = call.message;
  if (isRepeatable(call) || !isByteSource(body)) return;
  const source = openSource(body);
  // Nobody else is to cancel it.
  call.message = { ...call.message, body: null };
  const abort = new BatchAbort([call], stop);
  const pull = (): Promise<Uint8Array | undefined> => abort.race(Promise.resolve(source.pull()));
  const octets = new GatheredOctets();
  let length = 0;
  try {
    for (let chunk = await pull(); chunk !== undefined; chunk = await pull()) {
      length += chunk.length;
      if (length > max) throw tooLarge(max);
      octets.add(chunk);
    }
  } catch (error) {
    source.cancel(error).catch(() => {});
    throw error;
  } finally {
    abort.release();
  }
  const { bodyLength = length } = call.message;
  if (bodyLength !== length) throw new BatchwireError("body-length-mismatch");
  call.message = { ...call.message, body: length === 0 ? null : octets.take() };
}

function tooLarge(max: number): BatchwireError {
  const detail = `A body has more than the ${max} octets that a batch may hold`;
  return new BatchwireError("batch-too-large", {}, { detail });
}

/** How a call came out. */
export type Settlement =
  | { call: Call; response: Response; error?: undefined }
  | { call: Call; response?: undefined; error: unknown };

/** The settlement of a call that is not sent: nobody will read its body, which is cancelled once. */
export function dropped(call: Call, error: unknown): Settlement {
  const settlement = failed(call, error);
  const { body } = call.message;
  call.message = { ...call.message, body: null };
  dropBody(body, settlement.error);
  return settlement;
}

/** The settlement with an error, or with the reason of the signal where the call was aborted. */
export function failed(call: Call, error: unknown): Settlement {
  return { call, error: call.signal?.aborted === true ? call.signal.reason : error };
}
