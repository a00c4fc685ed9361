import { BatchwireError } from "../errors.ts";
import { createBoundary } from "../grammar/boundary.ts";
import { mayStandInField } from "../batch/content-id.ts";
import type { Dialect } from "../batch/dialect.ts";
import { HeldBody } from "../batch/held-body.ts";
import type { OperationRead } from "../batch/operation.ts";

type RequestOperation = OperationRead<"request">;

/**
 * The operation with an id, where its answer must have one and it came without; without one, as an
 * error, where no field of the answer may hold it, though JSON does, and a lenient reader lets it pass.
 */
export function withId(operation: RequestOperation, answers: Dialect): RequestOperation {
  const { id, index } = operation;
  const { envelope } = answers;
  if (envelope.format === "json") {
    const isNeeded = id === undefined && envelope.members.response.id !== undefined;
    // An operation that is still to come may have any id but one that nobody can guess.
    return isNeeded ? { ...operation, id: createBoundary(`r${index + 1}-`) } : operation;
  }
  if (id === undefined || mayStandInField(id)) return operation;
  const detail = "Id of the operation may not stand in a field";
  const error = new BatchwireError("malformed-operation", { path: String(index + 1) }, { detail });
  return refused({ ...operation, id: undefined }, error);
}

/** An operation that must wait for what is behind it: then a body that holds that up is too long. */
export function withoutHeldBody(operation: RequestOperation, value: number): RequestOperation {
  if (!(operation.message?.body instanceof HeldBody)) return operation;
  const limit = { name: "maxBufferedBytes", value } as const;
  const path = String(operation.index + 1);
  return refused(operation, new BatchwireError("limit-exceeded", { path }, { limit }));
}

/** Lets go of bodies that nobody will read, for what is behind them. */
export function letGo(operations: readonly RequestOperation[]): void {
  for (const { message } of operations) {
    if (message?.body instanceof HeldBody) message.body.cancel().catch(() => {});
  }
}

function refused(operation: RequestOperation, error: BatchwireError): RequestOperation {
  letGo([operation]);
  const { message: _, ...place } = operation;
  return { ...place, error };
}
