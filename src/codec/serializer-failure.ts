import { BatchwireError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";

/** What a serializer throws of a body it may not write; there is no input, so no offset. */
export function failure(code: ErrorCode, detail?: string): BatchwireError {
  return new BatchwireError(code, {}, detail === undefined ? {} : { detail });
}

/** An event came that the grammar of the body has no place for. */
export function outOfOrder(type: string): BatchwireError {
  return failure("event-out-of-order", `Event "${type}" cannot follow the one before it`);
}
