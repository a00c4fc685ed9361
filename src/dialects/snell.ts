import type { Dialect, MultipartEnvelope } from "../batch/dialect.ts";

/**
 * `multipart/batch` of draft-snell-http-batch (expired): answers name their request in In-Reply-To.
 * What the draft leaves open, as the scheme of targets, is that of the batch here; what of it could
 * not be read again, such as limits, is the default of this library.
 *
 * @example
 * ```ts
 * import { BatchClient, multipartBatch } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://example.com/batch", dialect: multipartBatch });
 * ```
 */
export const multipartBatch: Dialect<MultipartEnvelope> = {
  name: "multipartBatch",
  envelope: {
    format: "multipart",
    subtype: "batch",
    parameters: {
      request: [["type", "application/http;version=1.1"]],
      response: [["type", "application/http;type=1.1"]],
    },
    partParameter: "version",
    contentId: { fields: { request: "Content-ID", response: "In-Reply-To" }, around: ["<", "@batchwire>"] },
  },
  maxOperations: 100,
  order: "any",
};
