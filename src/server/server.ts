import { operationOf } from "./batch-hooks.ts";
import { BatchExchange } from "./batch-exchange.ts";
import { chooseDialect } from "./choose-dialect.ts";
import { NOT_POST, codingOf, problemOf, refusal, unknownCoding, unknownType } from "./refusal.ts";
import { settingsOf } from "./settings.ts";
import type { BatchHandlerOptions } from "./settings.ts";
import { NESTED_BATCH } from "./sub-request.ts";

/**
 * Makes a fetch-style handler for batches of one for their operations: for Workers, Deno, Bun, Hono,
 * service workers, and Node through an adapter.
 *
 * Operations start while later ones still arrive, and are answered while others run, where the
 * dialect admits it; a slow reader of the answers slows the operations down. Reading the batch never
 * waits for the answers to be read.
 *
 * A batch that cannot be read is refused as a whole as long as nothing has been answered: 415 for its
 * media type, or a Content-Encoding, which nobody undoes here; 429 for too many operations (but 413 where
 * the dialect's 429 says that none was executed, and some may have been), 413 for too many octets, 408
 * for `batchTimeout`, 400 for the rest. After that the body breaks off, without a close-delimiter, and
 * `onBatchEnd` has the error.
 *
 * @example
 * ```ts
 * import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
 *
 * const app = (request: Request) => Response.json({ path: new URL(request.url).pathname });
 * const handle = createBatchHandler({ dialects: [ucwa, cronofy], handler: app });
 *
 * const answer = await handle(
 *   new Request("https://example.com/v1/batch", {
 *     method: "POST",
 *     headers: { "Content-Type": "application/json" },
 *     body: '{"batch":[{"method":"DELETE","relative_url":"/v1/events","data":{}}]}',
 *   }),
 * );
 * console.log(answer.status, await answer.text());
 * // 207 {"batch":[{"status":200,"data":{"path":"/v1/events"}}]}
 * ```
 */
export function createBatchHandler<Context extends unknown[] = [], Transaction = unknown>(
  options: BatchHandlerOptions<Context, Transaction>,
): (request: Request, ...context: Context) => Promise<Response> {
  const settings = settingsOf(options);
  return async (request, ...context) => {
    const { dialects } = settings;
    const contentType = request.headers.get("content-type");
    const dialect = chooseDialect(dialects, contentType, new URL(request.url));
    if (request.method !== "POST") return refusal(dialect ?? dialects[0]!, NOT_POST, { Allow: "POST" });
    if (dialect === undefined) return refusal(dialects[0]!, unknownType(contentType));
    if (operationOf(request) !== undefined) return refusal(dialect, NESTED_BATCH);
    const coding = codingOf(request);
    if (coding !== undefined)
      return refusal(dialect, unknownCoding(coding), { "Accept-Encoding": "identity" });
    const exchange = new BatchExchange(settings, dialect, request, context);
    try {
      return await exchange.respond();
    } catch (error) {
      const problem = problemOf(error, dialect, exchange.progress);
      if (problem === undefined) throw error;
      return refusal(dialect, problem);
    }
  };
}
