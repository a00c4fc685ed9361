import { BatchwireError } from "../errors.ts";
import { problemBody } from "../batch/dialect.ts";
import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import { operationStream } from "../batch/operation-stream.ts";
import type { Progress } from "./operation-runner.ts";
import { answerOfProblem } from "./response-operation.ts";

/** The batch has not arrived in its time. */
export const TOO_SLOW: DOMException = /* @__PURE__ */ new DOMException("Batch took too long", "TimeoutError");
export const NOT_POST: BatchProblem = {
  status: 405,
  code: "method-not-allowed",
  message: "A batch is sent by POST",
};

/** The coding of a batch other than the identity; a proxy that undoes one must drop the field (RFC 9110 §8.4). */
export function codingOf({ headers }: Request): string | undefined {
  const coding = headers.get("content-encoding")?.toLowerCase() ?? "";
  return coding === "" || coding === "identity" ? undefined : coding;
}

export function unknownCoding(coding: string): BatchProblem {
  return { status: 415, code: "unsupported-content-coding", message: `Batch is coded as ${coding}` };
}

export function unknownType(contentType: string | null): BatchProblem {
  const message = contentType === null ? "Batch has no Content-Type" : "Media type is that of no batch";
  return { status: 415, code: "unsupported-media-type", message };
}

/** What a batch is refused with as a whole; `undefined` if the error is not the batch's. */
export function problemOf(
  error: unknown,
  { refusalStatus }: Dialect,
  { hasStarted }: Progress,
): BatchProblem | undefined {
  if (error === TOO_SLOW) return { status: 408, code: "timeout", message: TOO_SLOW.message };
  if (!(error instanceof BatchwireError)) return undefined;
  const { code, message, status, limit } = error;
  if (code === "unsupported-media-type") return { status: 415, code, message };
  if (limit?.name === "maxParts") {
    return {
      // Where 429 says that no operation was executed, it must be true.
      status: refusalStatus === 429 && hasStarted ? 413 : 429,
      code: "too-many-operations",
      message: `A batch has ${limit.value} operations at most`,
    };
  }
  return { status, code, message };
}

/** The response that refuses a batch as a whole, in the dialect's shape. */
export function refusal(
  dialect: Dialect,
  problem: BatchProblem,
  headers: Record<string, string> = {},
): Response {
  if (dialect.wholeFailure === "operation" && (problem.status === 400 || problem.status === 413)) {
    const { body, contentType } = operationStream([answerOfProblem(dialect, problem, {})], {
      dialect,
      kind: "response",
    });
    return new Response(body, { status: dialect.status ?? 200, headers: { "Content-Type": contentType } });
  }
  const { contentType, body } = problemBody(dialect, problem);
  return new Response(body, { status: problem.status, headers: { "Content-Type": contentType, ...headers } });
}
