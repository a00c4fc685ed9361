import { describe, expect, test } from "vitest";
import { odata } from "../../src/batch.ts";
import { AuthorService } from "../node/interop/support/authors.ts";
import type { Author } from "../node/interop/support/authors.ts";
import { asked, serveBatches } from "../node/interop/support/serve.ts";
import { loadBatch, loadDataJs } from "./openui5.ts";
import type { Ui5Request } from "./openui5.ts";

const SEED: Author = { ID: 1, name: "Seed" };
const NEW: Author = { ID: 2, name: "Größe € 😀" };

describe("OpenUI5's V4 model is answered (writes an epilogue, and fields without a space)", () => {
  const batch = loadBatch();
  const json = { "Content-Type": "application/json;charset=UTF-8;IEEE754Compatible=true" };

  async function send(requests: (Ui5Request | Ui5Request[])[]) {
    const service = new AuthorService([SEED]);
    const server = await serveBatches({ dialects: [odata], atomic: service.atomic }, service.answer);
    const { body, headers } = batch.serializeBatchRequest(requests, "Group ID: $auto");
    const response = await fetch(`${server.origin}/odata/$batch`, { method: "POST", headers, body });
    const contentType = response.headers.get("content-type")!;
    return { service, server, answers: batch.deserializeBatchResponse(contentType, await response.text()) };
  }

  test("with a change set whose second operation refers to the first, and reads", async () => {
    const { service, server, answers } = await send([
      [
        { method: "POST", url: "Authors", headers: json, body: NEW },
        { method: "PATCH", url: "$0", headers: json, body: { name: "changed" } },
      ],
      { method: "GET", url: "Authors?$count=true", headers: { Accept: "application/json" } },
      { method: "GET", url: "Authors(9)", headers: {} },
    ]);
    const changed = { ID: 2, name: "changed" };
    expect(answers).toMatchObject([
      [
        { status: 201, statusText: "Created", headers: { ETag: 'W/"2"' }, responseText: JSON.stringify(NEW) },
        { status: 204, statusText: "No Content", responseText: "" },
      ],
      { status: 200, statusText: "OK", responseText: JSON.stringify({ value: [SEED, changed] }) },
      { status: 404, responseText: expect.stringContaining("There is no author 9") },
    ]);
    expect(asked(server)).toEqual([
      "POST /odata/Authors",
      "PATCH /odata/Authors(2)",
      "GET /odata/Authors?$count=true",
      "GET /odata/Authors(9)",
    ]);
    expect(server.operations.map(({ id }) => id)).toEqual(["0.0", "1.0", undefined, undefined]);
    expect(service.authors.get(2)).toEqual(changed);
  });

  test("with a change set that fails: one answer, behind which there is none", async () => {
    const { service, server, answers } = await send([
      [
        { method: "POST", url: "Authors", headers: json, body: NEW },
        { method: "POST", url: "Authors", headers: json, body: SEED },
      ],
      { method: "GET", url: "Authors", headers: {} },
    ]);
    expect(answers).toMatchObject([
      { status: 409, responseText: expect.stringContaining("Author 1 exists") },
    ]);
    expect(server.operations).toHaveLength(2);
    expect([...service.authors.values()]).toEqual([SEED]);
  });
});

describe("OpenUI5's datajs is answered (OData 2; has ids in the message, and a Content-Length too long for astral characters)", () => {
  const send = loadDataJs();

  test("with a change set and reads", async () => {
    const service = new AuthorService([SEED], 2);
    const odata2 = { ...odata, status: 202, alternatives: () => [] };
    const server = await serveBatches({ dialects: [odata2], atomic: service.atomic }, service.answer);
    const { __batchResponses: answers } = await send(`${server.origin}/odata/$batch`, {
      __batchRequests: [
        {
          __changeRequests: [
            { method: "POST", requestUri: "Authors", headers: { "Content-ID": "7" }, data: NEW },
            { method: "MERGE", requestUri: "Authors(1)", data: { name: "merged" } },
            { method: "DELETE", requestUri: "Authors(2)" },
          ],
        },
        { method: "GET", requestUri: "Authors" },
        { method: "GET", requestUri: "Authors(9)" },
      ],
    });
    expect(answers).toMatchObject([
      {
        __changeResponses: [
          { statusCode: "201", statusText: "Created", headers: { Location: "Authors(2)" }, data: NEW },
          { statusCode: "204", statusText: "No Content" },
          { statusCode: "204", statusText: "No Content" },
        ],
      },
      { statusCode: "200", data: { results: [{ ID: 1, name: "merged" }] } },
      {
        message: "HTTP request failed",
        response: { statusCode: "404", body: expect.stringContaining("There is no author 9") },
      },
    ]);
    expect(server.operations.map(({ id, method, path }) => [id, method, path])).toEqual([
      ["7", "POST", "/odata/Authors"],
      [undefined, "MERGE", "/odata/Authors(1)"],
      [undefined, "DELETE", "/odata/Authors(2)"],
      [undefined, "GET", "/odata/Authors"],
      [undefined, "GET", "/odata/Authors(9)"],
    ]);
    expect(JSON.parse(server.operations[0]!.body)).toEqual(NEW);
    expect([...server.deviations]).toEqual(["content-length-mismatch"]);
    expect([...service.authors.values()]).toEqual([{ ID: 1, name: "merged" }]);
  });
});
