import type { Limits } from "./limits.ts";

/**
 * What is wrong with an input, as a stable code. In strict mode each is an error; those in the
 * first group can be tolerated in lenient mode, and then name the {@link Deviation}.
 */
export const syntaxCodes = {
  // Multipart framing (RFC 2046 §5.1)
  "bare-lf": "Line ends in LF without CR",
  "mixed-line-ends": "Line ends in CRLF where the framing uses LF",
  "text-after-close-delimiter": "Text follows the close-delimiter on its line",
  "preamble-in-form-data": "Text precedes the first delimiter of a form-data body",
  "repeated-delimiter": "Delimiter line directly follows a delimiter line",
  "unterminated-header-section": "Header section is ended by a delimiter instead of an empty line",
  "unclosed-multipart": "Multipart body has no close-delimiter",
  "invalid-boundary": "Boundary is not 1 to 70 characters without CTL or trailing space",

  // Header sections (RFC 5322 §2.2, RFC 9110 §5)
  "folded-field-line": "Field line is folded",
  "missing-colon": "Field line has no colon",
  "empty-field-name": "Field line has no name",
  "space-before-colon": "White space stands between field name and colon",
  "leading-white-space": "First field line starts with white space",
  "invalid-field-name": "Field name is not a token",
  "control-in-field-value": "Field value holds a control character",

  // Media types and parameters (RFC 2045 §5.1, RFC 2231)
  "malformed-media-type": "Media type is malformed",
  "repeated-parameter": "Parameter is given more than once",
  "malformed-parameter": "Parameter is malformed",
  "malformed-extended-parameter": "Extended parameter is malformed",
  "unsupported-charset": "Charset is not supported",

  // Transfer encodings (RFC 2045 §6)
  "unknown-transfer-encoding": "Content-Transfer-Encoding is unknown",
  "base64-foreign-character": "Base64 holds a character outside its alphabet",
  "base64-padding": "Base64 padding is missing, extra or in the middle",
  "base64-trailing-bits": "Base64 has bits other than zero before its padding",
  "qp-invalid-escape": "Quoted-printable escape is not two hexadecimal digits",
  "qp-control-character": "Quoted-printable holds a control character",

  // HTTP messages (RFC 9112)
  "content-length-mismatch": "Content-Length differs from the body's length",
  "unterminated-head": "Head is not ended by an empty line",
  "content-length-with-transfer-encoding": "Content-Length and Transfer-Encoding are both given",
  "repeated-content-length": "Content-Length is given more than once",
  "invalid-http-version": "HTTP version is not 1.0 or 1.1",
  "missing-http-version": "Request line has no HTTP version",
  "space-in-target": "Request line holds a space too many, as in the target",
  "invalid-target-form": "Request-target has none of the forms that a message of its own may have",
  "status-line-without-space": "Status line has no space after the status code",
  "extra-space-in-status-line": "Status line has more than one space before the status code",
  "status-below-100": "Status code is below 100",
  "empty-line-before-start-line": "Empty line precedes the start-line",
  "space-after-chunk-size": "White space follows a chunk size",
  "content-after-message": "Octets follow the end of the message",

  // JSON envelopes (RFC 8259)
  "repeated-member": "Member is given more than once",

  // Operations of a batch
  "malformed-operation": "Operation of a batch is malformed",
  "repeated-operation-id": "Operation has the id of another",
  "unknown-dependency": "Operation depends on one that is not in the batch",
} as const;

/** Wrong in both modes: to tolerate these would let two readers see different messages in the same octets. */
export const refusedCodes = {
  "unexpected-end": "Input ends too early",
  "missing-boundary": "Content-Type has no boundary parameter",
  "not-multipart": "Content-Type is not multipart",
  "malformed-content-disposition": "Content-Disposition has no disposition type",
  "bare-cr": "CR without LF",
  "nul": "NUL in a field line",
  "invalid-content-length": "Content-Length is not a single decimal number",
  "invalid-transfer-encoding": "Last transfer coding is not chunked",
  "invalid-request-line": "Request line is malformed",
  "invalid-status-line": "Status line is malformed",
  "invalid-chunk": "Chunk is malformed",
  "invalid-json": "Body is not JSON",
  "missing-batch-array": "Envelope has no array of operations",
  "empty-batch": "Batch has no operations",
  "not-an-operation": "Part of a batch is no HTTP message",
  "unsupported-media-type": "Media type is that of no dialect",
  "limit-exceeded": "Limit is exceeded",
} as const;

/** Not the input's fault: a call out of order, or a body that cannot be written as asked. */
export const usageCodes = {
  "push-while-readable": "push() was called before read() had returned undefined",
  "push-after-end": "push() or end() was called after end()",
  "chunk-detached": "Chunk was detached or resized while the parser still read it",
  "event-out-of-order": "Event cannot follow the one before it",
  "boundary-in-content": "Content holds the boundary as a delimiter line",
  "body-length-mismatch": "Body is shorter or longer than declared",
  "concurrent-read": "Another part, operation or body was asked for while one was being read: await it first",
  "body-used": "Body has already been read",
  "part-abandoned": "Part was left behind when the next one was asked for",
  "inexpressible-operation": "Dialect cannot express the operation",
} as const;

/** What became of an operation of a batch that was sent, where no answer to it can be handed on. */
export const batchCodes = {
  "batch-failed": "Batch as a whole was answered with an error",
  "batch-unreachable": "Batch could not be sent, or no answer came",
  "batch-too-large": "Operations that must be in one batch exceed its limits",
  "operation-not-executed": "Operation was not executed",
  "operation-unanswered": "Answer to the batch has none to the operation",
  "ambiguous-answer": "Answers cannot be told apart",
  "unusable-status": "Status is none that a Response can have",
} as const;

/** Names a rule of the grammar that lenient mode tolerates. */
export type SyntaxCode = keyof typeof syntaxCodes;

/** Stable name of every error that batchwire reports about an input, a call sequence or a batch. */
export type ErrorCode =
  | SyntaxCode
  | keyof typeof refusedCodes
  | keyof typeof usageCodes
  | keyof typeof batchCodes;

const messages: Record<ErrorCode, string> = { ...syntaxCodes, ...refusedCodes, ...usageCodes, ...batchCodes };

/** Where in an input something is. */
export interface Position {
  /**
   * Octets from the start of the input, 0-based, whatever the chunking. Inside a body whose
   * transfer encoding is not identity: octets from the start of the decoded body.
   */
  offset: number;
  /** What `offset` counts from. */
  offsetBase: "input" | "decoded-body";
  /** The part's place: `"2"` is the second part, `"2.1"` the first part nested in it, `""` none. */
  path: string;
}

/**
 * The only error that batchwire throws about an input. A wrong argument is a `TypeError` or a
 * `RangeError` instead. A machine that has thrown throws the same error from every later call.
 *
 * @example
 * ```ts
 * import { BatchwireError, MultipartParser } from "batchwire/codec";
 *
 * const parser = new MultipartParser({ boundary: "b" });
 * try {
 *   parser.push(new TextEncoder().encode("--b\r\nno colon\r\n\r\n"));
 *   parser.read();
 * } catch (error) {
 *   if (!(error instanceof BatchwireError)) throw error;
 *   console.log(error.code, error.offset, error.path, error.status); // missing-colon 5 1 400
 * }
 * ```
 */
export class BatchwireError extends Error {
  override readonly name: string = "BatchwireError";
  /** Stable name of what is wrong, for programs; `message` is for people and may change. */
  readonly code: ErrorCode;
  readonly offset: number;
  readonly offsetBase: "input" | "decoded-body";
  readonly path: string;
  /** HTTP status that suits the error: 413 for a limit, 500 for a wrong call, 502 for a batch that was sent, else 400. */
  readonly status: 400 | 413 | 500 | 502;
  /** The limit that was exceeded, when `code` is `"limit-exceeded"`. */
  readonly limit: { readonly name: keyof Limits; readonly value: number } | undefined;

  constructor(
    code: ErrorCode,
    position: Partial<Position> = {},
    options: { limit?: { name: keyof Limits; value: number }; detail?: string; cause?: unknown } = {},
  ) {
    const { offset = 0, offsetBase = "input", path = "" } = position;
    const { limit, detail } = options;
    const subject =
      limit === undefined ? (detail ?? messages[code]) : `Limit ${limit.name} of ${limit.value} is exceeded`;
    const place = path === "" ? "" : ` in part ${path}`;
    super(
      code in usageCodes || code in batchCodes
        ? subject
        : `${subject} at octet ${offset}${offsetBase === "input" ? "" : " of the decoded body"}${place}`,
      "cause" in options ? { cause: options.cause } : undefined,
    );
    this.code = code;
    this.offset = offset;
    this.offsetBase = offsetBase;
    this.path = path;
    this.status = statusOf(code);
    this.limit = limit;
  }
}

function statusOf(code: ErrorCode): BatchwireError["status"] {
  if (code === "limit-exceeded" || code === "batch-too-large") return 413;
  if (code in usageCodes) return 500;
  return code in batchCodes ? 502 : 400;
}
