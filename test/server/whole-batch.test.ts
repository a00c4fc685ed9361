/** Which dialect a batch is of, and what its refusal says. */
import { describe, expect, test } from "vitest";
import { createBatchHandler, cronofy, ucwa } from "../../src/batch.ts";
import type { BatchHandlerOptions, Dialect } from "../../src/batch.ts";
import { batch, settle } from "../batch/support.ts";

const handlerOf = (options: Partial<BatchHandlerOptions>): ((request: Request) => Promise<Response>) =>
  createBatchHandler({
    dialects: [ucwa],
    handler: () => new Response("reached", { headers: { "Content-Type": "text/plain" } }),
    ...options,
  });

describe("A batch", () => {
  const house: Dialect = {
    name: "house",
    envelope: {
      format: "json",
      key: { request: "calls", response: "answers" },
      members: { request: { method: "verb", target: "path" }, response: { status: "code" } },
      body: "value",
    },
    maxOperations: 20,
  };

  test("of a dialect for any URL is not taken for one of a dialect that knows its URLs", async () => {
    const handle = handlerOf({ dialects: [cronofy, house] });
    const post = (path: string, body: string): Promise<Response> =>
      handle(
        new Request(`https://example.com${path}`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body,
        }),
      );
    expect((await post("/house", '{"calls":[{"verb":"GET","path":"/x"}]}')).status).toBe(200);
    expect((await post("/v1/batch", '{"batch":[{"method":"GET","relative_url":"/x"}]}')).status).toBe(207);
  });

  test("of too many operations is not answered as if none had been executed, when some have", async () => {
    let count = 0;
    const handle = handlerOf({
      admission: "stream",
      handler: async () => {
        count++;
        await settle(5);
        return new Response("ok");
      },
    });
    const lines = Array.from({ length: 101 }, () => "POST /x {}");
    const response = await handle(await batch(ucwa, lines));
    expect([response.status, count > 0]).toEqual([413, true]);
    // Nothing had begun here: it may be divided and sent again.
    const whole = await handlerOf({})(await batch(ucwa, lines));
    expect(whole.status).toBe(429);
  });
});
