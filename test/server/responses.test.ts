/** What becomes of the responses that a handler makes. */
import { describe, expect, test } from "vitest";
import { cronofy, graph, odata, ucwa } from "../../src/batch.ts";
import type { OperationInfo } from "../../src/batch.ts";
import { answers, batch } from "../batch/support.ts";
import { handlerOf, json } from "./support.ts";

describe("The answer to HEAD", () => {
  test.each([
    [
      "has the length that the body would have",
      { "Content-Length": "1234" },
      /Content-Length: 1234\r\n\r\n\r\n--/i,
    ],
    ["has none where that is not known", { "X-A": "b" }, /200 OK\r\nX-A: b\r\n\r\n\r\n--/i],
  ])("%s", async (_, headers, expected) => {
    const handle = handlerOf({ handler: () => new Response(null, { headers: headers as HeadersInit }) });
    expect(await (await handle(await batch(ucwa, ["HEAD /a"]))).text()).toMatch(expected);
  });

  test("lets go of the body that a handler has made", async () => {
    let cancelled = 0;
    const handle = handlerOf({
      dialects: [ucwa, cronofy],
      handler: () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(50_000)),
            cancel: () => void cancelled++,
          }),
        ),
    });
    expect(await answers(await handle(await batch(ucwa, ["HEAD /a"])), ucwa)).toEqual(["200"]);
    expect(cancelled).toBe(1);
  });
});

describe("A response", () => {
  test("whose body has been used is no answer", async () => {
    const handle = handlerOf({
      handler: async () => {
        const response = new Response("data");
        await response.text();
        return response;
      },
    });
    expect((await answers(await handle(await batch(ucwa, ["GET /a"])), ucwa))[0]).toMatch(/^500 /);
  });

  test("whose chunks are no octets is none either, and its body is cancelled", async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue("text" as unknown as Uint8Array),
      cancel: () => void (cancelled = true),
    });
    const handle = handlerOf({ handler: () => new Response(body) });
    expect((await answers(await handle(await batch(ucwa, ["GET /a"])), ucwa))[0]).toMatch(/^500 /);
    expect(cancelled).toBe(true);
  });

  test("without a Content-Type is octets, where JSON can have them", async () => {
    const handle = handlerOf({ dialects: [graph], handler: () => new Response(new Uint8Array([1, 2, 255])) });
    const response = await handle(json([{ id: "1", method: "GET", url: "x" }]));
    expect(await response.json()).toEqual({
      responses: [
        { id: "1", status: 200, headers: { "Content-Type": "application/octet-stream" }, body: "AQL_" },
      ],
    });
  });

  test("without a body has 0 octets, for the hooks", async () => {
    const infos: OperationInfo[] = [];
    const handle = handlerOf({
      handler: () => new Response(null, { status: 204 }),
      hooks: { onOperationEnd: (info) => void infos.push(info) },
    });
    await (await handle(await batch(ucwa, ["GET /a"]))).text();
    expect(infos).toMatchObject([{ status: 204, requestBytes: 0, responseBytes: 0 }]);
  });
});

test("A change set of one operation that fails is answered by one part, without transactions, too", async () => {
  const handle = handlerOf({ dialects: [odata], handler: () => new Response(null, { status: 409 }) });
  expect(await answers(await handle(await batch(odata, ["#1 @g POST x {}"])), odata)).toEqual(["#1 409"]);
});
