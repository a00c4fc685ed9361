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

/** @throws {RangeError} `length` is declared and counts no octets; of NaN every body would have the length. */
export function assertLength(length: number | undefined): void {
  if (length !== undefined && !(Number.isSafeInteger(length) && length >= 0)) {
    throw new RangeError(`Length of a body must be a whole number of at least 0, not ${String(length)}`);
  }
}
