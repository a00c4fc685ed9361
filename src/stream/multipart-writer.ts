import { Base64Encoder, base64Length } from "../codec/base64-encoder.ts";
import { MultipartSerializer } from "../codec/multipart-serializer.ts";
import { createTransferEncoder } from "../codec/transfer-encoding.ts";
import { assertLength } from "../codec/serializer-failure.ts";
import { lowerCase } from "../grammar/field-section.ts";
import { HeaderList } from "../grammar/header-list.ts";
import type { HeaderListInit } from "../grammar/header-list.ts";
import { formatMediaType } from "../grammar/media-type.ts";
import { BodyPart } from "./body-part.ts";
import { Body } from "./body.ts";
import { OctetWriter, smallPool, streamOfSteps } from "./octet-writer.ts";
import { assertUnused, lengthOf } from "./outgoing-body.ts";
import type { OutgoingBody } from "./outgoing-body.ts";
import { PartSteps } from "./part-steps.ts";
import type { PreparedPart } from "./part-steps.ts";

/** A body part to write; a `BodyPart` that was read is one too. Of an HTTP message `httpMessageStream()` makes one. */
export interface PartInit {
  /** What tells messages: the start-line of one would have no place in a part. */
  kind?: undefined;
  headers?: HeaderListInit | HeaderList | undefined;
  body?: OutgoingBody;
  /** Length of `body` in octets, where `body` does not tell it: a body that differs is an error. */
  bodyLength?: number | undefined;
  /** Content-Type, where `headers` has none: what `httpMessageStream()` and `multipartStream()` answer is a part. */
  contentType?: string | undefined;
  /** The same as `bodyLength`, as they answer it. */
  contentLength?: number | undefined;
}

export interface MultipartStreamOptions {
  /** Subtype of the media type. Default `"mixed"`. */
  subtype?: string | undefined;
  /** Parameters of the media type beside the boundary. */
  parameters?: Iterable<readonly [name: string, value: string]> | undefined;
  /**
   * Default: a new one from a cryptographic generator, which is not searched for: keep it from whoever
   * makes content while the body is written. One of your own is searched for in all content, and
   * `boundary-in-content` is the error if it is there.
   */
  boundary?: string | undefined;
  /** What a new boundary begins with: see `createBoundary()`. Default nothing. */
  boundaryPrefix?: string | undefined;
  /** Whether the body starts with a line end, as UCWA's clients have it. Default `false`. */
  leadingLineEnd?: boolean | undefined;
  /** Whether the close-delimiter's line ends, as some readers need it. Default `true`. */
  trailingLineEnd?: boolean | undefined;
  /**
   * Whether bodies are put into the transfer encoding that their part's Content-Transfer-Encoding
   * names. Default `true`, but `false` for the subtype `form-data` (RFC 7578 §4.7). A `BodyPart` that is
   * decoded as it is read is never left under a field that says otherwise: it is encoded again, or loses the
   * field in form data.
   */
  encode?: boolean | undefined;
}

/** A body with the fields that describe it. */
export interface MultipartStream {
  /** Made as it is read: nothing is read ahead of the parts' bodies. */
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Value of the Content-Type field, with the boundary. */
  contentType: string;
  /** Exact length of `body`, if `parts` is an array and the lengths of all bodies are known. */
  contentLength: number | undefined;
}

/**
 * Writes a multipart body (RFC 2046 §5.1) as a stream. `parts` may be an async iterable: each part
 * is written as soon as it comes. An error of a part or of its body errors the stream, which then
 * has no close-delimiter; cancelling the stream cancels the body being read and the iteration.
 *
 * @throws {RangeError} The boundary is not a boundary, or a length counts no octets; and what
 * `createBoundary()` throws of a prefix.
 *
 * @example
 * ```ts
 * import { multipartStream } from "batchwire";
 *
 * const { body, contentType } = multipartStream([
 *   { headers: { "Content-Type": "text/plain" }, body: "Hello" },
 *   { headers: { "Content-Type": "application/octet-stream" }, body: new Uint8Array([1, 2, 3]) },
 * ]);
 * const response = new Response(body, { headers: { "Content-Type": contentType } });
 * ```
 */
export function multipartStream(
  parts: Iterable<PartInit> | AsyncIterable<PartInit>,
  options: MultipartStreamOptions = {},
): MultipartStream {
  if (typeof parts !== "object" || parts === null)
    throw new TypeError("Parts must be an array or an iterable");
  const {
    subtype = "mixed",
    parameters = [],
    boundary,
    boundaryPrefix,
    leadingLineEnd,
    trailingLineEnd,
  } = options;
  const isForm = subtype.toLowerCase() === "form-data";
  const encoding: Encoding = { encode: options.encode ?? !isForm, isForm };
  const serializer = new MultipartSerializer({
    boundary,
    boundaryPrefix,
    leadingLineEnd,
    trailingLineEnd,
    pool: smallPool,
  });
  const others = [...parameters];
  if (others.some(([name]) => name.toLowerCase().startsWith("boundary"))) {
    throw new TypeError("The boundary is an option of its own, not one of the parameters");
  }
  const contentType = formatMediaType({
    type: "multipart",
    subtype,
    parameters: [...others, ["boundary", serializer.boundary]],
  });
  const prepared = Array.isArray(parts) ? parts.map((part: PartInit) => prepare(part, encoding)) : undefined;
  const lengths = prepared?.map(({ headers, bodyLength }) => ({ headers, bodyLength }));
  const contentLength = lengths?.every(isMeasured) === true ? serializer.contentLength(lengths) : undefined;
  const output = new OctetWriter();
  const steps = new PartSteps(serializer, prepared ?? parts, (part) => prepare(part, encoding), output);
  return { body: streamOfSteps(steps, output), contentType, contentLength };
}

function isMeasured<Part extends { bodyLength: number | undefined }>(
  part: Part,
): part is Part & { bodyLength: number } {
  return part.bodyLength !== undefined;
}

interface Encoding {
  /** Whether bodies are encoded. */
  encode: boolean;
  /** Whether the parts are those of a form, which have no transfer encoding of their own. */
  isForm: boolean;
}

const MECHANISM = "content-transfer-encoding";

function prepare(part: PartInit, { encode, isForm }: Encoding): PreparedPart {
  // A `BodyPart` is a body itself; its `body` would make a stream of it.
  assertPart(part);
  const isBody = part instanceof Body;
  const body: OutgoingBody = isBody ? part : part.body;
  assertUnused(body);
  let headers = headersOf(part);
  if (isForm) headers = headers.unfolded();
  const named = headers.get(MECHANISM);
  const mechanism = isEncodedHere(body, named, encode) ? named : undefined;
  // Line ends are content like any other: what is read again must be what was written.
  let encoder = createTransferEncoder(mechanism, { binary: true });
  if (encoder !== undefined && isForm && !encode) {
    encoder = undefined;
    headers = new HeaderList(headers);
    headers.delete(MECHANISM);
  }
  const contentLength = (isBody ? undefined : lengthIn(part)) ?? lengthOf(body);
  const isBase64 = encoder instanceof Base64Encoder && contentLength !== undefined;
  const encodedLength = isBase64 ? base64Length(contentLength) : undefined;
  return {
    headers,
    body,
    encoder,
    contentLength,
    bodyLength: encoder === undefined ? contentLength : encodedLength,
  };
}

/** Whether a body is not yet in the transfer encoding that is named, and is to be put into it. */
function isEncodedHere(body: OutgoingBody, mechanism: string | undefined, encode: boolean): boolean {
  if (!(body instanceof BodyPart)) return encode;
  if (!encode) return body.isDecoded;
  if (!body.isEncoded || mechanism === undefined) return true;
  return lowerCase(mechanism) !== lowerCase(body.headers.valueAsRead(MECHANISM) ?? "");
}

/** Members that tell bodies from parts. */
const FOREIGN = ["getReader", "arrayBuffer", "pull", Symbol.iterator, Symbol.asyncIterator];

/**
 * @throws {TypeError} `part` is something else, such as a body, which would be written as an empty part, or an
 * HTTP message, which would lose its start-line.
 */
function assertPart(part: PartInit): void {
  if (part instanceof BodyPart) return;
  const isForeign =
    typeof part !== "object" ||
    part === null ||
    ArrayBuffer.isView(part) ||
    part.kind !== undefined ||
    FOREIGN.some((member) => member in part);
  if (isForeign) {
    throw new TypeError(
      "A part must be { headers, body }; of a Request, a Response or a message, httpMessageStream() makes one",
    );
  }
}

/** @throws {RangeError} `length` counts no octets. */
function lengthIn({ bodyLength, contentLength = bodyLength }: PartInit): number | undefined {
  assertLength(contentLength);
  return contentLength;
}

function headersOf({ headers, contentType }: PartInit): HeaderList {
  if (contentType === undefined) return headers instanceof HeaderList ? headers : new HeaderList(headers);
  const list = new HeaderList(headers);
  if (!list.has("content-type")) list.append("Content-Type", contentType);
  return list;
}
