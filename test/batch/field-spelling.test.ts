import { expect, test } from "vitest";
import { createBatchHandler, graph, odata, odataJson } from "../../src/batch.ts";
import type { Dialect } from "../../src/batch.ts";

async function answer(dialect: Dialect, contentType: string, body: string): Promise<string> {
  const handle = createBatchHandler({
    dialects: [dialect],
    handler: () => {
      const headers = { "ETag": '"1"', "OData-Version": "4.0", "x-ms-request-id": "r", "Location": "/a" };
      return new Response("{}", { headers: { "Content-Type": "application/json", ...headers } });
    },
  });
  const request = { method: "POST", headers: { "Content-Type": contentType }, body };
  return (await handle(new Request("https://example.com/$batch", request))).text();
}

test("fields of an answer are spelled as readers search for them, those of no known spelling in lower case", async () => {
  const body = "--b\r\nContent-Type: application/http\r\n\r\nGET /a HTTP/1.1\r\n\r\n\r\n--b--\r\n";
  const text = await answer(odata, "multipart/mixed; boundary=b", body);
  const lines = text.split("\r\n");
  const head = lines.slice(lines.indexOf("HTTP/1.1 200 OK") + 1, lines.indexOf("{}") - 1);
  expect(head.sort()).toEqual([
    "Content-Length: 2",
    "Content-Type: application/json",
    'ETag: "1"',
    "Location: /a",
    "OData-Version: 4.0",
    "x-ms-request-id: r",
  ]);
});

test.each([
  [
    "OData's JSON has lower case (OData JSON Format 4.01 §19)",
    odataJson,
    ["content-type", "etag", "location", "odata-version"],
  ],
  ["Graph's client looks for Content-Type", graph, ["Content-Type", "ETag", "Location", "OData-Version"]],
])("in a JSON envelope: %s", async (_, dialect, names) => {
  const text = await answer(
    dialect,
    "application/json",
    '{"requests":[{"id":"1","method":"GET","url":"/a"}]}',
  );
  const { headers } = JSON.parse(text).responses[0];
  expect(Object.keys(headers).sort()).toEqual([...names, "x-ms-request-id"]);
});

test("so are those of a refusal", async () => {
  const batch = '{"requests":[{"id":"1","method":"GET","url":"//elsewhere/"}]}';
  expect(await answer(odataJson, "application/json", batch)).toContain('"headers":{"content-type":');
  expect(await answer(graph, "application/json", batch)).toContain('"headers":{"Content-Type":');
});
