/**
 * The sans-I/O machines: chunk in, events out, and back. No promise, no stream, no global beyond
 * ECMAScript is needed here.
 *
 * @module
 */

export { BatchwireError } from "./errors.ts";
export type { ErrorCode, Position, SyntaxCode } from "./errors.ts";
export type { Deviation, Origin, Tolerance, ToleranceOptions } from "./deviation.ts";
export { Budget, defaultLimits } from "./limits.ts";
export type { Limits, LimitsInit } from "./limits.ts";

export { boundaryOf, createBoundary, isBoundary } from "./grammar/boundary.ts";
export { formatContentDisposition, parseContentDisposition } from "./grammar/content-disposition.ts";
export type {
  ContentDisposition,
  ContentDispositionInit,
  ContentDispositionOptions,
} from "./grammar/content-disposition.ts";
export { decodeWord, decodeWords, encodeWords } from "./grammar/encoded-word.ts";
export type { DecodeWordsOptions, EncodeWordsOptions } from "./grammar/encoded-word.ts";
export type { ParametersInit } from "./grammar/format-parameters.ts";
export { HeaderList } from "./grammar/header-list.ts";
export type { HeaderListInit } from "./grammar/header-list.ts";
export { formatMediaType, parseMediaType } from "./grammar/media-type.ts";
export type { MediaType, MediaTypeInit } from "./grammar/media-type.ts";
export type { ParameterOptions, Profile } from "./grammar/parameters.ts";
export type { RequestLine, StatusLine, Within } from "./grammar/start-line.ts";

export { OctetPool } from "./octets/octet-pool.ts";
export { PullMachine } from "./codec/pull-machine.ts";
export type { MultipartEvent } from "./codec/multipart-event.ts";
export { MultipartParser } from "./codec/multipart-parser.ts";
export type { MultipartParserOptions } from "./codec/multipart-options.ts";
export { WholePart } from "./codec/whole-part.ts";
export { WholePartParser } from "./codec/whole-part-parser.ts";
export type { WholePartParserOptions } from "./codec/whole-part-parser.ts";
export type { EmbeddedMessageOptions } from "./codec/embedded-message-reader.ts";
export { MultipartSerializer } from "./codec/multipart-serializer.ts";
export type { MultipartSerializerOptions, MultipartWriteEvent } from "./codec/multipart-serializer.ts";

export type { HttpMessageEvent, RequestHead, ResponseHead } from "./codec/http-event.ts";
export { HttpMessageParser } from "./codec/http-message-parser.ts";
export type { HttpMessageParserOptions } from "./codec/http-message-parser.ts";
export { HttpMessageSerializer } from "./codec/http-message-serializer.ts";
export type { HttpMessageSerializerOptions, HttpMessageWriteEvent } from "./codec/http-message-serializer.ts";

export type { JsonArrayEvent } from "./codec/json-array-event.ts";
export { JsonArrayParser } from "./codec/json-array-parser.ts";
export type { JsonArrayParserOptions } from "./codec/json-array-options.ts";

export { Base64Decoder } from "./codec/base64-decoder.ts";
export { Base64Encoder, base64Length } from "./codec/base64-encoder.ts";
export type { Base64EncoderOptions } from "./codec/base64-encoder.ts";
export { QuotedPrintableDecoder } from "./codec/quoted-printable-decoder.ts";
export { QuotedPrintableEncoder } from "./codec/quoted-printable-encoder.ts";
export type { QuotedPrintableEncoderOptions } from "./codec/quoted-printable-encoder.ts";
export type {
  CodeOptions,
  TransferDecoder,
  TransferDecoderOptions,
  TransferEncoder,
} from "./codec/transfer-coder.ts";
export { createTransferDecoder, createTransferEncoder } from "./codec/transfer-encoding.ts";
