import type { Dialect, MultipartEnvelope } from "../batch/dialect.ts";

/**
 * Google, `POST /batch/{api}/{version}`: `multipart/mixed`, answers by Content-ID in any order. The
 * batch's fields, but for those of its body, count for every operation. Admin SDK and Cloud Storage
 * take 1,000 operations: `{ ...google, maxOperations: 1000 }`.
 *
 * @example
 * ```ts
 * import { BatchClient, google } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: "https://gmail.googleapis.com/batch/gmail/v1", dialect: google });
 * ```
 */
export const google: Dialect<MultipartEnvelope> = {
  name: "google",
  envelope: {
    format: "multipart",
    subtype: "mixed",
    boundaryPrefix: { request: ["batch_", ""], response: ["batch_", ""] },
    contentId: { around: ["<item", ">"], responsePrefix: "response-" },
  },
  matches: ({ pathname }) => pathname.split("/")[1] === "batch",
  maxOperations: 100,
  host: false,
  inheritFields: true,
  order: "any",
  problem: ({ status, code, message }) => ({
    contentType: "application/json; charset=UTF-8",
    body: JSON.stringify({ error: { code: status, message, status: code } }),
  }),
};
