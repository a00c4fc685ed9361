import { createBatchHandler, ucwa } from "../../src/batch.ts";
import type { BatchHandlerOptions } from "../../src/batch.ts";

/** A handler whose operations are answered `reached`. */
export const handlerOf = (options: Partial<BatchHandlerOptions>): ((request: Request) => Promise<Response>) =>
  createBatchHandler({
    dialects: [ucwa],
    handler: () => new Response("reached", { headers: { "Content-Type": "text/plain" } }),
    ...options,
  });

/** A JSON batch as it stands on the wire. */
export const json = (requests: unknown, headers: Record<string, string> = {}): Request =>
  new Request("https://example.com/service/$batch", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ requests }),
  });
