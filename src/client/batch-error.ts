import { BatchwireError } from "../errors.ts";
import type { ErrorCode, Position } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { ResponseRead } from "../batch/operation.ts";

export interface BatchErrorOptions {
  executed: "no" | "yes" | "unknown";
  /** In place of the code's own words. */
  detail?: string | undefined;
  /** Where in the answer to the batch. */
  position?: Partial<Position> | undefined;
  limit?: { name: keyof Limits; value: number } | undefined;
  cause?: unknown;
  response?: Response | undefined;
  answer?: ResponseRead | undefined;
}

/**
 * What the caller of one operation of a batch gets where there is no response to hand on: what
 * happened, and whether the operation was executed.
 *
 * @example
 * ```ts
 * import { BatchClient, BatchError, ucwa } from "batchwire/batch";
 *
 * const url = "https://fe1.contoso.com/ucwa/v1/applications/192/batch";
 * const fetch = async () => new Response("Closed for maintenance", { status: 503 });
 * const client = new BatchClient({ url, dialect: ucwa, fetch });
 * try {
 *   await client.fetch("/ucwa/v1/applications/192/me");
 * } catch (error) {
 *   if (!(error instanceof BatchError)) throw error;
 *   console.log(error.code, error.executed, error.response?.status); // batch-failed unknown 503
 * }
 * ```
 */
export class BatchError extends BatchwireError {
  override readonly name = "BatchError";
  /** Whether the operation was executed: only one that was not can be sent again without harm. */
  readonly executed: "no" | "yes" | "unknown";
  /** The answer to the batch as a whole, where that is what failed, with a body of this error's own. */
  readonly response: Response | undefined;
  /** The operation's own answer, where no `Response` can hold it. */
  readonly answer: ResponseRead | undefined;

  constructor(code: ErrorCode, options: BatchErrorOptions) {
    const { executed, detail, position, limit, response, answer } = options;
    super(code, position, {
      ...(detail === undefined ? {} : { detail }),
      ...(limit === undefined ? {} : { limit }),
      ...("cause" in options ? { cause: options.cause } : {}),
    });
    this.executed = executed;
    this.response = response;
    this.answer = answer;
  }
}
