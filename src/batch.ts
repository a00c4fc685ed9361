/**
 * Batches of HTTP operations over `Request` and `Response`: a server, a client, and the dialects of
 * real systems.
 *
 * @module
 */

export { BatchwireError } from "./errors.ts";
export type { ErrorCode, Position, SyntaxCode } from "./errors.ts";
export type { Deviation, Tolerance, ToleranceOptions } from "./deviation.ts";
export type { Limits, LimitsInit } from "./limits.ts";
export type { HeaderList, HeaderListInit } from "./grammar/header-list.ts";
export type { ByteSource, ChunkSource } from "./stream/chunk-source.ts";
export type { HttpMessageInit, RequestMessageInit, ResponseMessageInit } from "./stream/http-writer.ts";
export type { OutgoingBody } from "./stream/outgoing-body.ts";

export { operationOf } from "./server/batch-hooks.ts";
export type { BatchHooks, BatchInfo, OperationInfo } from "./server/batch-hooks.ts";
export type {
  BatchProblem,
  ContentIdForm,
  Dialect,
  JsonEnvelope,
  JsonRequestMembers,
  JsonResponseMembers,
  MultipartEnvelope,
  PerKind,
} from "./batch/dialect.ts";
export type { AtomicGroup, AtomicGroups } from "./server/group-runner.ts";
export type { BatchRequestHandler } from "./server/operation-runner.ts";
export { createBatchHandler } from "./server/server.ts";
export type { BatchHandlerOptions } from "./server/settings.ts";
export type { EnvelopeMembers } from "./batch/element-steps.ts";
export type {
  Operation,
  OperationKind,
  OperationLinks,
  OperationPlace,
  OperationRead,
  RequestRead,
  ResponseRead,
} from "./batch/operation.ts";
export { OperationReader } from "./batch/operation-reader.ts";
export type { OperationReaderOptions } from "./batch/operation-reader.ts";
export { operationStream } from "./batch/operation-stream.ts";
export type { OperationStream, OperationStreamOptions } from "./batch/operation-stream.ts";

export { BatchClient } from "./client/client.ts";
export type { BatchResult, SendOptions } from "./client/client.ts";
export type { BatchClientOptions } from "./client/client-options.ts";
export { BatchError } from "./client/batch-error.ts";
export type { BatchErrorOptions } from "./client/batch-error.ts";
export type { FieldsInit, OnUnauthorized } from "./client/batch-headers.ts";
export type { BatchRequest, BatchRequestInit } from "./client/call.ts";
export type { RetryOptions } from "./client/retry.ts";

export { azureBlob, azureTables } from "./dialects/azure.ts";
export { cronofy, cronofyDataCenters, cronofyOperations } from "./dialects/cronofy.ts";
export { google } from "./dialects/google.ts";
export { graph, odata, odataJson } from "./dialects/odata.ts";
export { salesforceBatch, salesforceComposite } from "./dialects/salesforce.ts";
export { multipartBatch } from "./dialects/snell.ts";
export { ucwa, ucwaErrors, ucwaScopes } from "./dialects/ucwa.ts";
