import { expect, test } from "vitest";
import { azureBlob, createBatchHandler } from "../../src/batch.ts";

test("Azure Blob: a batch that is refused has not run at all", async () => {
  const ran: string[] = [];
  const handle = createBatchHandler({
    dialects: [{ ...azureBlob, maxOperations: 2 }],
    handler: ({ url }) => {
      ran.push(url);
      return new Response(null, { status: 202 });
    },
  });
  const part = "--b\r\nContent-Type: application/http\r\n\r\nDELETE /c/x HTTP/1.1\r\n\r\n\r\n";
  const send = (body: string): Promise<Response> =>
    handle(
      new Request("https://example.com/?comp=batch", {
        method: "POST",
        headers: { "Content-Type": "multipart/mixed; boundary=b" },
        body,
      }),
    );
  // One operation too many.
  expect((await send(`${part}${part}${part}--b--`)).status).toBe(429);
  // The close-delimiter is missing.
  const cut = await send(part);
  expect(cut.status).toBe(202);
  expect(await cut.text()).toContain("HTTP/1.1 400 Bad Request\r\n");
  expect(ran).toEqual([]);

  expect((await send(`${part}${part}--b--`)).status).toBe(202);
  expect(ran).toHaveLength(2);
});
