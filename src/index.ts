/**
 * Reading and writing multipart bodies and HTTP messages over web streams.
 *
 * @module
 */

export { BatchwireError } from "./errors.ts";
export type { ErrorCode, Position, SyntaxCode } from "./errors.ts";
export type { Deviation, Origin, Tolerance, ToleranceOptions } from "./deviation.ts";
export { defaultLimits } from "./limits.ts";
export type { Limits, LimitsInit } from "./limits.ts";

export { createBoundary, isBoundary } from "./grammar/boundary.ts";
export { formatContentDisposition, parseContentDisposition } from "./grammar/content-disposition.ts";
export type {
  ContentDisposition,
  ContentDispositionInit,
  ContentDispositionOptions,
} from "./grammar/content-disposition.ts";
export type { ParametersInit } from "./grammar/format-parameters.ts";
export { HeaderList } from "./grammar/header-list.ts";
export type { HeaderListInit } from "./grammar/header-list.ts";
export { formatMediaType, parseMediaType } from "./grammar/media-type.ts";
export type { MediaType, MediaTypeInit } from "./grammar/media-type.ts";
export type { ParameterOptions, Profile } from "./grammar/parameters.ts";
export type { Within } from "./grammar/start-line.ts";

export { OctetPool } from "./octets/octet-pool.ts";
export type { Base64EncoderOptions } from "./codec/base64-encoder.ts";
export type { QuotedPrintableEncoderOptions } from "./codec/quoted-printable-encoder.ts";
export type { TransferDecoderOptions } from "./codec/transfer-coder.ts";

export { BodyPart } from "./stream/body-part.ts";
export type { ByteSource, ChunkSource } from "./stream/chunk-source.ts";
export { fromRequest, fromResponse } from "./stream/from-web-message.ts";
export { readHttpMessage, RequestMessage, ResponseMessage } from "./stream/http-message.ts";
export type { HttpMessage, ReadHttpMessageOptions } from "./stream/http-message.ts";
export { httpMessageStream } from "./stream/http-writer.ts";
export type {
  HttpMessageInit,
  HttpMessageStream,
  HttpMessageStreamOptions,
  RequestMessageInit,
  ResponseMessageInit,
} from "./stream/http-writer.ts";
export { MultipartReader } from "./stream/multipart-reader.ts";
export type { MultipartReaderOptions } from "./stream/multipart-reader-options.ts";
export { multipartStream } from "./stream/multipart-writer.ts";
export type { MultipartStream, MultipartStreamOptions, PartInit } from "./stream/multipart-writer.ts";
export type { OutgoingBody } from "./stream/outgoing-body.ts";
export { toRequest, toResponse } from "./stream/to-web-message.ts";
export type { ConversionOptions, Dropped, ToRequestOptions } from "./stream/to-web-message.ts";
export {
  Base64DecoderStream,
  Base64EncoderStream,
  QuotedPrintableDecoderStream,
  QuotedPrintableEncoderStream,
} from "./stream/transfer-encoding-streams.ts";
