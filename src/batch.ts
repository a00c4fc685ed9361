/**
 * Batches of HTTP operations over `Request` and `Response`: a server, a client, and the dialects of
 * real systems.
 *
 * @module
 */

export { BatchwireError } from "./errors.ts";
export type { ErrorCode, Position, SyntaxCode } from "./errors.ts";
export type { Deviation, Tolerance, ToleranceOptions } from "./deviation.ts";
export type { Limits } from "./limits.ts";

export { operationOf } from "./batch/batch-hooks.ts";
export type { BatchHooks, BatchInfo, OperationInfo } from "./batch/batch-hooks.ts";
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
export type { AtomicGroup, AtomicGroups } from "./batch/group-runner.ts";
export type { BatchRequestHandler } from "./batch/operation-runner.ts";
export { createBatchHandler } from "./batch/server.ts";
export type { BatchHandlerOptions } from "./batch/server.ts";
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
export type { OperationStreamOptions } from "./batch/operation-stream.ts";

export { BatchClient } from "./batch/client.ts";
export type { BatchResult, SendOptions } from "./batch/client.ts";
export type { BatchClientOptions } from "./batch/client-options.ts";
export { BatchError } from "./batch/batch-error.ts";
export type { BatchErrorOptions } from "./batch/batch-error.ts";
export type { OnUnauthorized } from "./batch/batch-headers.ts";
export type { BatchRequest, BatchRequestInit } from "./batch/call.ts";
export type { RetryOptions } from "./batch/retry.ts";

export { azureBlob, azureTables } from "./dialects/azure.ts";
export { cronofy, cronofyDataCenters, cronofyOperations } from "./dialects/cronofy.ts";
export { google } from "./dialects/google.ts";
export { graph, odata, odataJson } from "./dialects/odata.ts";
export { salesforceBatch, salesforceComposite } from "./dialects/salesforce.ts";
export { multipartBatch } from "./dialects/snell.ts";
export { ucwa, ucwaErrors, ucwaScopes } from "./dialects/ucwa.ts";
