import type { BatchProblem, Dialect, MultipartEnvelope } from "../batch/dialect.ts";

/** Text of an XML element. */
function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** `limit-exceeded` as `LimitExceeded`. */
function pascalCase(code: string): string {
  return code
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/**
 * Azure Blob Storage, `POST /?comp=batch`: `multipart/mixed` with up to 256 operations of one kind
 * without bodies, each with an Authorization of its own. A batch that cannot be read is answered
 * 202 with a single part that has no Content-ID.
 *
 * @example
 * ```ts
 * import { azureBlob, BatchClient } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://account.blob.core.windows.net/?comp=batch", dialect: azureBlob });
 * ```
 */
export const azureBlob: Dialect<MultipartEnvelope> = {
  name: "azureBlob",
  envelope: {
    format: "multipart",
    subtype: "mixed",
    boundaryPrefix: { request: ["batch_", ""], response: ["batchresponse_", ""] },
    contentId: { first: 0 },
    // As its service and its clients write it.
    trailingLineEnd: false,
  },
  matches: ({ searchParams }) => searchParams.get("comp") === "batch",
  minOperations: 1,
  maxOperations: 256,
  maxBytes: 4 * 1024 * 1024,
  methods: ["DELETE", "PUT"],
  host: false,
  credentials: "own",
  // Its clients count on the order, which the service does not promise.
  order: "request",
  // Where a batch is refused none of it has run; its clients take a response that breaks off for a
  // failure of the network, and send the batch again.
  admission: "whole",
  status: 202,
  wholeFailure: "operation",
  problem: ({ code, message }: BatchProblem) => ({
    contentType: "application/xml",
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${pascalCase(code)}</Code><Message>${escape(message)}</Message></Error>`,
  }),
};

/**
 * Azure Table Storage, `POST /$batch`: `multipart/mixed` with one change set of up to 100 operations.
 * Its Content-ID stands among the message's own fields.
 *
 * @example
 * ```ts
 * import { azureTables, BatchClient } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://account.table.core.windows.net/$batch", dialect: azureTables });
 * ```
 */
export const azureTables: Dialect<MultipartEnvelope> = {
  name: "azureTables",
  envelope: {
    format: "multipart",
    subtype: "mixed",
    boundaryPrefix: { request: ["batch_", "changeset_"], response: ["batchresponse_", "changesetresponse_"] },
    contentId: { place: "message" },
    changeSets: true,
  },
  matches: ({ pathname }) => pathname.endsWith("/$batch"),
  maxOperations: 100,
  maxBytes: 4 * 1024 * 1024,
  target: "absolute",
  host: false,
  correlation: "position",
  execution: "serial",
  admission: "whole",
  oneGroup: true,
  groupFailure: "once",
  status: 202,
  problem: ({ code, message }: BatchProblem) => ({
    contentType: "application/json;odata=minimalmetadata;charset=utf-8",
    body: JSON.stringify({
      "odata.error": { code: pascalCase(code), message: { lang: "en-US", value: message } },
    }),
  }),
};
