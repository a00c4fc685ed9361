import { expect, test } from "vitest";
import { createBatchHandler, google } from "../../src/batch.ts";
import { batch } from "../batch/support.ts";

test("an operation takes over the batch's fields, but for those of the batch's own body and answer", async () => {
  const fields: string[][] = [];
  const handle = createBatchHandler({
    dialects: [google],
    handler: (request) => {
      fields.push([...request.headers].map(([name, value]) => `${name}: ${value}`));
      return new Response();
    },
  });
  const headers = {
    "Accept": "multipart/mixed",
    "Accept-Encoding": "gzip",
    "Accept-Language": "de",
    "Authorization": "Bearer t",
    "Content-Language": "de",
    "Prefer": "wait=1",
    "X-Own": "of the batch",
  };
  await (await handle(await batch(google, ["GET /1"], { headers, url: "https://example.com/batch" }))).text();
  expect(fields).toEqual([["accept-language: de", "authorization: Bearer t", "x-own: of the batch"]]);
});

test("a field that is taken over for two reasons is taken over once", async () => {
  const found: (string | null)[] = [];
  const handle = createBatchHandler({
    dialects: [google],
    traceContext: true,
    handler: (request) => {
      found.push(request.headers.get("tracestate"));
      return new Response();
    },
  });
  const headers = { Tracestate: "vendor=1" };
  await (await handle(await batch(google, ["GET /1"], { headers, url: "https://example.com/batch" }))).text();
  expect(found).toEqual(["vendor=1"]);
});
