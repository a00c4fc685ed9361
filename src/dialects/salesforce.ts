import type { BatchProblem, Dialect, JsonEnvelope } from "../batch/dialect.ts";

const problem = ({ code, message }: BatchProblem): { contentType: string; body: string } => ({
  contentType: "application/json;charset=UTF-8",
  body: JSON.stringify([{ errorCode: code.replaceAll("-", "_").toUpperCase(), message }]),
});

/**
 * Salesforce, `POST /services/data/vXX.X/composite/batch`: up to 25 operations, one after the other,
 * answered in order. URLs begin at the version: `v34.0/sobjects/…`. With `haltOnError` in the
 * envelope those behind a failed one are answered 412.
 *
 * That a result's body is its `result` is from memory of the service's documentation.
 *
 * @example
 * ```ts
 * import { BatchClient, salesforceBatch } from "batchwire/batch";
 *
 * const url = "https://example.my.salesforce.com/services/data/v60.0/composite/batch";
 * const client = new BatchClient({ url, dialect: salesforceBatch });
 * ```
 */
export const salesforceBatch: Dialect<JsonEnvelope> = {
  name: "salesforceBatch",
  envelope: {
    format: "json",
    key: { request: "batchRequests", response: "results" },
    members: {
      request: { method: "method", target: "url", body: "richInput" },
      response: { status: "statusCode", body: "result" },
    },
    body: "value",
    failureMember: "hasErrors",
  },
  matches: ({ pathname }) => pathname.endsWith("/composite/batch"),
  maxOperations: 25,
  methods: ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"],
  serviceDepth: 2,
  target: "relative",
  correlation: "position",
  execution: "serial",
  admission: "whole",
  onFailureSwitch: { stopMember: "haltOnError" },
  skipped: { status: 412, code: "batch-processing-halted", message: "Batch processing is halted" },
  problem,
};

/**
 * Salesforce, `POST /services/data/vXX.X/composite`: operations that refer to each other by
 * `referenceId`, all or none of which take effect where the envelope has `allOrNone`. References of
 * the form `@{ref.field}` are handed on as they are written.
 *
 * @example
 * ```ts
 * import { BatchClient, salesforceComposite } from "batchwire/batch";
 *
 * const url = "https://example.my.salesforce.com/services/data/v60.0/composite";
 * const client = new BatchClient({ url, dialect: salesforceComposite });
 * ```
 */
export const salesforceComposite: Dialect<JsonEnvelope> = {
  name: "salesforceComposite",
  envelope: {
    format: "json",
    key: { request: "compositeRequest", response: "compositeResponse" },
    members: {
      request: { method: "method", target: "url", id: "referenceId", body: "body", headers: "httpHeaders" },
      response: { body: "body", headers: "httpHeaders", status: "httpStatusCode", id: "referenceId" },
    },
    body: "value",
  },
  matches: ({ pathname }) => pathname.endsWith("/composite"),
  maxOperations: 25,
  methods: ["DELETE", "GET", "PATCH", "POST", "PUT"],
  execution: "serial",
  admission: "whole",
  atomicMember: "allOrNone",
  rolledBack: { status: 400, code: "processing-halted", message: "The transaction was rolled back" },
  problem,
};
