import type { Dialect, MultipartEnvelope } from "../batch/dialect.ts";

/**
 * UCWA (Skype for Business), `POST …/batch`: `multipart/batching`, answers by position.
 *
 * Its document says that each part includes both Content-Type and Content-Transfer-Encoding; those
 * of real clients and servers have the first alone. Neither is demanded of others.
 *
 * A batch is read whole before its operations start, for "none was executed" is what a 429 promises;
 * a handler with `admission: "stream"` starts them as they arrive.
 *
 * @example
 * ```ts
 * import { BatchClient, ucwa } from "batchwire/batch";
 *
 * const url = "https://fe1.contoso.com/ucwa/v1/applications/192/batch";
 * const documented = new BatchClient({ url, dialect: ucwa });
 * // As real clients write it
 * const envelope = { ...ucwa.envelope, transferEncoding: false };
 * const real = new BatchClient({ url, dialect: { ...ucwa, envelope } });
 * ```
 */
export const ucwa: Dialect<MultipartEnvelope> = {
  name: "ucwa",
  envelope: {
    format: "multipart",
    subtype: "batching",
    partParameter: "msgtype",
    transferEncoding: true,
  },
  // "100 per user across batches; do not depend on it"
  maxOperations: 100,
  // Of a batch that is answered 429 no operation has been executed.
  admission: "whole",
  correlation: "position",
  refusalStatus: 429,
  refusedSegments: ["batch", "photo", "photos", "events"],
  problem: ({ status, code, message }) => {
    // The subcodes name troubles of UCWA's own, which nothing here can have.
    const known = ucwaErrors.find((error) => error.status === status);
    const body = JSON.stringify({ code: known?.code ?? code, subcode: "None", message });
    return { contentType: "application/json", body };
  },
};

/** The errors of the batch resource, as documented; in answer to a 429 none of the operations has been executed. */
export const ucwaErrors = [
  { status: 429, code: "TooManyRequests", subcode: "None", executed: false },
  { status: 500, code: "ServiceFailure", subcode: "CallbackChannelError", executed: undefined },
  { status: 409, code: "Conflict", subcode: "None", executed: undefined },
  { status: 409, code: "Conflict", subcode: "AlreadyExists", executed: undefined },
  { status: 409, code: "Conflict", subcode: "TooManyGroups", executed: undefined },
  { status: 410, code: "Gone", subcode: "CannotRedirect", executed: undefined },
] as const;

/** OAuth scopes of which a user must have at least one. */
export const ucwaScopes = [
  "User.ReadWrite",
  "Contacts.ReadWrite",
  "Conversations.Initiate",
  "Conversations.Receive",
  "Meetings.ReadWrite",
] as const;
