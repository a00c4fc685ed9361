import type { BatchProblem, Dialect, JsonEnvelope, MultipartEnvelope } from "../batch/dialect.ts";

/** OData JSON Format 4.01 §21. */
const problem = ({ code, message }: BatchProblem): { contentType: string; body: string } => ({
  contentType: "application/json",
  body: JSON.stringify({ error: { code, message } }),
});

const isBatch = ({ pathname }: URL): boolean => pathname.endsWith("/$batch");

/**
 * OData, `POST …/$batch`: `multipart/mixed` with change sets (OData Protocol 4.01 §11.7.7). Versions
 * 2 and 3 answer with 202, whatever their clients accept: `{ ...odata, status: 202, alternatives: () => [] }`.
 *
 * Operations run in their order, up to the first that fails unless `Prefer` has `continue-on-error`,
 * with `odata.` or without. `$1` in a target or in `If-Match` stands for what operation 1 made.
 *
 * @example
 * ```ts
 * import { BatchClient, odata } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://example.com/service/$batch", dialect: odata });
 * ```
 */
export const odata: Dialect<MultipartEnvelope> = {
  name: "odata",
  envelope: {
    format: "multipart",
    subtype: "mixed",
    boundaryPrefix: { request: ["batch_", "changeset_"], response: ["batchresponse_", "changesetresponse_"] },
    contentId: {},
    changeSets: true,
  },
  alternatives: () => [odataJson],
  matches: isBatch,
  maxOperations: 1000,
  // OData Protocol 4.01 §11.7.7.1
  refusedFields: ["authorization", "expect", "from", "max-forwards", "range", "te"],
  // Service after service takes the relative form; §11.7.7.1 has all of them accept all three.
  target: "relative",
  host: false,
  correlation: "position",
  execution: "serial",
  onFailure: "stop",
  onFailureSwitch: { prefer: true },
  groupFailure: "once",
  references: true,
  problem,
};

const envelope: JsonEnvelope = {
  format: "json",
  key: { request: "requests", response: "responses" },
  members: {
    request: {
      id: "id",
      group: "atomicityGroup",
      dependsOn: "dependsOn",
      condition: "if",
      method: "method",
      target: "url",
      headers: "headers",
      body: "body",
    },
    response: { id: "id", group: "atomicityGroup", status: "status", headers: "headers", body: "body" },
  },
  body: "typed",
  lowerCaseFields: true,
  nextLink: ["@nextLink", "nextLink", "@odata.nextLink"],
};

/**
 * OData 4.01 in JSON (OData JSON Format 4.01 §19): answers by id, in any order.
 *
 * @example
 * ```ts
 * import { BatchClient, odataJson } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://example.com/service/$batch", dialect: odataJson });
 * ```
 */
export const odataJson: Dialect<JsonEnvelope> = {
  name: "odataJson",
  envelope,
  alternatives: () => [odata],
  matches: isBatch,
  maxOperations: 1000,
  refusedFields: odata.refusedFields!,
  target: "relative",
  order: "any",
  onFailure: "stop",
  onFailureSwitch: { prefer: true },
  groupFailure: "each",
  references: true,
  problem,
};

/**
 * Microsoft Graph, `POST /v1.0/$batch`: OData's JSON with up to 20 operations, whose URLs are
 * relative to the version: `/me`. Ids do not differ by case.
 *
 * @example
 * ```ts
 * import { BatchClient, graph } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://graph.microsoft.com/v1.0/$batch", dialect: graph });
 * ```
 */
export const graph: Dialect<JsonEnvelope> = {
  name: "graph",
  envelope: {
    ...envelope,
    members: {
      request: {
        id: "id",
        dependsOn: "dependsOn",
        method: "method",
        target: "url",
        headers: "headers",
        body: "body",
      },
      response: { id: "id", status: "status", headers: "headers", body: "body" },
    },
    lowerCaseFields: false,
    idsIgnoreCase: true,
  },
  matches: isBatch,
  maxOperations: 20,
  base: "service",
  order: "any",
  admission: "whole",
  forwardDependencies: true,
  problem,
};
