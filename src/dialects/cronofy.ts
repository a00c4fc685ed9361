import type { Dialect, JsonEnvelope } from "../batch/dialect.ts";

/**
 * Cronofy, `POST /v1/batch`: a JSON envelope of up to 50 operations, answered 207 in their order.
 * An operation's body is a JSON object, that of a DELETE too; it has no fields of its own.
 *
 * @example
 * ```ts
 * import { BatchClient, cronofy, cronofyDataCenters } from "batchwire/batch";
 *
 * const client = new BatchClient({ url: `https://${cronofyDataCenters.uk}/v1/batch`, dialect: cronofy });
 * ```
 */
export const cronofy: Dialect<JsonEnvelope> = {
  name: "cronofy",
  envelope: {
    format: "json",
    key: { request: "batch", response: "batch" },
    members: {
      request: { method: "method", target: "relative_url", body: "data" },
      response: { status: "status", headers: "headers", body: "data" },
    },
    body: "value",
    bodyRequired: true,
  },
  matches: ({ pathname }) => pathname.endsWith("/v1/batch"),
  minOperations: 1,
  maxOperations: 50,
  correlation: "position",
  // Nothing says that operations on one event do not depend on each other.
  execution: "serial",
  // Its client never sees what ran of a batch that turns out too long behind the first answer.
  admission: "whole",
  status: 207,
  problem: ({ code, message }) => ({
    contentType: "application/json; charset=utf-8",
    body: JSON.stringify({ errors: { batch: [{ key: `errors.${code}`, description: message }] } }),
  }),
};

/** Hosts of the data centres. */
export const cronofyDataCenters = {
  au: "api-au.cronofy.com",
  ca: "api-ca.cronofy.com",
  de: "api-de.cronofy.com",
  sg: "api-sg.cronofy.com",
  uk: "api-uk.cronofy.com",
  us: "api.cronofy.com",
} as const;

/**
 * The operations that a batch may hold, `:calendar_id` and such standing for a segment. To any other
 * the answer may be 404. Which of the two an operation on `/events` is, its body tells by `event_id`
 * or `event_uid`.
 */
export const cronofyOperations = [
  { name: "upsert_event", method: "POST", path: "/v1/calendars/:calendar_id/events", key: "event_id" },
  { name: "delete_event", method: "DELETE", path: "/v1/calendars/:calendar_id/events", key: "event_id" },
  {
    name: "edit_external_event",
    method: "POST",
    path: "/v1/calendars/:calendar_id/events",
    key: "event_uid",
  },
  {
    name: "delete_external_event",
    method: "DELETE",
    path: "/v1/calendars/:calendar_id/events",
    key: "event_uid",
  },
  {
    name: "upsert_available_period",
    method: "POST",
    path: "/v1/available_periods",
    key: "available_period_id",
  },
  {
    name: "delete_available_period",
    method: "DELETE",
    path: "/v1/available_periods",
    key: "available_period_id",
  },
] as const;
