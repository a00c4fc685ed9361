import { expect, test } from "vitest";
import { createBatchHandler, cronofy } from "../../src/batch.ts";
import { batch } from "../batch/support.ts";

test("Cronofy: of a batch that is too long nothing is run", async () => {
  const ran: string[] = [];
  const handle = createBatchHandler({
    dialects: [{ ...cronofy, maxOperations: 2 }],
    handler: ({ url }) => {
      ran.push(url);
      return new Response(null, { status: 202 });
    },
  });
  expect((await handle(await batch(cronofy, ["GET /1", "GET /2", "GET /3"]))).status).toBe(429);
  expect(ran).toEqual([]);
  const answer = await handle(await batch(cronofy, ["GET /1", "GET /2"]));
  expect(await answer.json()).toEqual({ batch: [{ status: 202 }, { status: 202 }] });
  expect(ran).toEqual(["https://example.com/1", "https://example.com/2"]);
});
