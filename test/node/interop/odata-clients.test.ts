import { OData } from "@odata/client";
import { o } from "odata";
import { ODataBatch } from "odata-batch";
import { ODataBatchChangeset, ODataBatchOperation, ODataBatchRequest } from "odata-batch-request";
import { describe, expect, test } from "vitest";
import { odata, odataJson } from "../../../src/batch.ts";
import type { Dialect } from "../../../src/batch.ts";
import { AuthorService } from "./support/authors.ts";
import type { Author } from "./support/authors.ts";
import { asked, serveBatches } from "./support/serve.ts";
import type { BatchServer } from "./support/serve.ts";

const SEED: Author = { ID: 1, name: "Seed" };
const NEW: Author = { ID: 2, name: "Größe € 😀" };

/** Answered in multipart whatever the request accepts, as these clients need it that send `Accept: application/json`. */
const odataMultipart: Dialect = { ...odata, alternatives: () => [] };

interface Started {
  service: AuthorService;
  server: BatchServer;
  root: string;
}

async function start(dialect: Dialect, version: 2 | 4 = 4): Promise<Started> {
  const service = new AuthorService([SEED], version);
  const server = await serveBatches({ dialects: [dialect], atomic: service.atomic }, service.answer);
  return { service, server, root: `${server.origin}/odata/` };
}

describe("odata-batch is answered (OData 2; asks for JSON and cannot read it; cannot read a 204; puts reads into change sets)", () => {
  test("when change sets succeed, and one fails and leaves nothing behind", async () => {
    const { service, server, root } = await start({ ...odataMultipart, status: 202 }, 2);
    const batch = new ODataBatch({
      url: `${root}$batch`,
      auth: "user:password",
      headers: { Prefer: "odata.continue-on-error" },
      calls: [
        [
          { method: "POST", url: `${root}Authors`, data: NEW },
          { method: "GET", url: `${root}Authors(2)`, data: null },
        ],
        [
          { method: "POST", url: `${root}Authors`, data: { ID: 3, name: "rolled back" } },
          { method: "POST", url: `${root}Authors`, data: SEED },
        ],
        [{ method: "GET", url: `${root}Authors`, data: null }],
      ],
    });
    const answers = await batch.send();
    expect(
      answers.map(({ code, status, success, changesetIndex }) => [code, status, success, changesetIndex]),
    ).toEqual([
      ["201", "Created", true, 0],
      ["200", "OK", true, 0],
      ["409", "Conflict", false, 1],
      ["200", "OK", true, 2],
    ]);
    expect(answers.map(({ data }) => data)).toEqual([
      { d: NEW },
      { d: NEW },
      { error: { code: "409", message: { lang: "en", value: "Author 1 exists" } } },
      { d: { results: [SEED, NEW] } },
    ]);
    expect(asked(server)).toEqual([
      "POST /odata/Authors",
      "GET /odata/Authors(2)",
      "POST /odata/Authors",
      "POST /odata/Authors",
      "GET /odata/Authors",
    ]);
    expect(server.operations.map(({ group }) => group?.at(-1))).toEqual(["1", "1", "2", "2", "3"]);
    expect(server.operations.map(({ headers }) => headers.get("authorization"))).toEqual(
      Array(5).fill(`Basic ${btoa("user:password")}`),
    );
    expect([...service.authors.values()]).toEqual([SEED, NEW]);
  });
});

describe("odata-batch-request is answered", () => {
  const json = { "Content-Type": "application/json" };
  const post = (author: Author): ODataBatchOperation =>
    new ODataBatchOperation("post", "Authors", { headers: json, body: JSON.stringify(author) });

  test("with a change set and reads", async () => {
    const { service, server, root } = await start(odata);
    const create = post(NEW);
    const change = new ODataBatchOperation("patch", [create, ""], {
      headers: json,
      body: '{"name":"changed"}',
    });
    const read = new ODataBatchOperation("get", "Authors(2)", { headers: { Accept: "application/json" } });
    const missing = new ODataBatchOperation("get", "Authors(9)");
    const batch = new ODataBatchRequest(root, [new ODataBatchChangeset([create, change]), read, missing]);
    const response = await fetch(batch.url, { method: "POST", headers: batch.headers, body: batch.body });
    expect(response.status).toBe(200);
    const { operations } = batch.parseResponse(await response.text(), response.headers.get("content-type")!);
    expect(operations).toMatchObject([
      [
        { operation: create, status: 201, body: JSON.stringify(NEW) },
        { operation: change, status: 204, body: "" },
      ],
      { operation: read, status: 200, body: '{"ID":2,"name":"changed"}' },
      { operation: missing, status: 404, body: expect.stringContaining("There is no author 9") },
    ]);
    // The second refers to what the first one made: `PATCH $1/`.
    expect(asked(server)).toEqual([
      "POST /odata/Authors",
      "PATCH /odata/Authors(2)/",
      "GET /odata/Authors(2)",
      "GET /odata/Authors(9)",
    ]);
    expect(server.operations.map(({ id }) => id)).toEqual(["1", "2", undefined, undefined]);
    expect(service.authors.get(2)).toEqual({ ID: 2, name: "changed" });
  });

  test("with a change set that fails, behind which nothing is run", async () => {
    const { service, server, root } = await start(odata);
    const changeSet = new ODataBatchChangeset([post(NEW), post(SEED)]);
    const batch = new ODataBatchRequest(root, [changeSet, new ODataBatchOperation("get", "Authors")]);
    const response = await fetch(batch.url, { method: "POST", headers: batch.headers, body: batch.body });
    const answer = batch.parseResponse(await response.text(), response.headers.get("content-type")!);
    expect(answer.operations).toMatchObject([
      { changeset: changeSet, status: 409, body: expect.stringContaining("Author 1 exists") },
    ]);
    expect(asked(server)).toEqual(["POST /odata/Authors", "POST /odata/Authors"]);
    expect([...service.authors.values()]).toEqual([SEED]);
  });
});

describe("@odata/client is answered", () => {
  // Its type for the options of a batch request has no union of the forms that it takes.
  type Options = Parameters<OData["newBatchRequest"]>[0];
  const create = { method: "POST", collection: "Authors", entity: NEW, requestId: "create" } as Options;
  const read = { method: "GET", collection: "Authors", id: 2, requestId: "read" } as Options;
  const missing = { method: "GET", collection: "Authors", id: 404, requestId: "missing" } as Options;

  test("in multipart (asks for JSON and cannot read it; has one operation a change set)", async () => {
    const { service, server, root } = await start({
      ...odataMultipart,
      onFailure: "continue",
    });
    const client = OData.New4({ serviceEndpoint: root });
    const requests = [create, missing, read].map((options) => client.newBatchRequest(options));
    const responses = await client.execBatchRequests(requests);
    const seen = responses.map(async (response) => [response.status, await response.json()]);
    expect(await Promise.all(seen)).toEqual([
      [201, NEW],
      [404, { error: { code: "404", message: "There is no author 404" } }],
      [200, NEW],
    ]);
    expect(asked(server)).toEqual([
      "POST /odata/Authors",
      "GET /odata/Authors(404)",
      "GET /odata/Authors(2)",
    ]);
    expect(server.operations.map(({ group }) => group)).toEqual(["changeset 1", undefined, undefined]);
    // There is an empty line in front of each body.
    expect(server.operations[0]!.body).toBe(`\r\n${JSON.stringify(NEW)}\r\n`);
    expect(service.authors.get(2)).toEqual(NEW);
  });

  test("in JSON (pairs answers by position, so that they are kept in order)", async () => {
    const { service, server, root } = await start({
      ...odataJson,
      order: "request",
      execution: "serial",
      onFailure: "continue",
    });
    const client = OData.New4({ serviceEndpoint: root });
    const requests = [create, missing, read].map((options) => client.newBatchRequest(options));
    const responses = await client.execBatchRequestsJson(requests);
    const seen = responses.map(async (response) => [response.status, await response.json()]);
    expect(await Promise.all(seen)).toEqual([
      [201, NEW],
      [404, { error: { code: "404", message: "There is no author 404" } }],
      [200, NEW],
    ]);
    expect(server.operations.map(({ id, method }) => [id, method])).toEqual([
      ["create", "POST"],
      ["missing", "GET"],
      ["read", "GET"],
    ]);
    expect(service.authors.get(2)).toEqual(NEW);
  });
});

describe("o.js is answered (all of its targets are absolute; its change sets are malformed when there are reads, too)", () => {
  test("when operations succeed and fail", async () => {
    const { service, server, root } = await start({ ...odata, onFailure: "continue" });
    const handler = o(root, { batch: { endpoint: "$batch" } as never });
    handler.post("Authors", NEW).get("Authors(404)").patch("Authors(2)", { name: "later" }).get("Authors(2)");
    expect(await handler.batch()).toEqual([
      { contentId: 1, status: 201, body: NEW },
      { contentId: 2, status: 404, body: { error: { code: "404", message: "There is no author 404" } } },
      { contentId: 3, status: 204, body: undefined },
      { contentId: 4, status: 200, body: { ID: 2, name: "later" } },
    ]);
    expect(server.operations.map(({ id, method, path }) => [id, method, path])).toEqual([
      ["1", "POST", "/odata/Authors"],
      ["2", "GET", "/odata/Authors(404)"],
      ["3", "PATCH", "/odata/Authors(2)"],
      ["4", "GET", "/odata/Authors(2)"],
    ]);
    expect(service.authors.get(2)).toEqual({ ID: 2, name: "later" });
  });

  test("when a change set succeeds", async () => {
    const { service, server, root } = await start(odata);
    const handler = o(root, { batch: { endpoint: "$batch", useChangset: true } as never });
    handler.post("Authors", NEW).patch("Authors(1)", { name: "changed" });
    expect(await handler.batch()).toEqual([
      { contentId: 1, status: 201, body: NEW },
      { contentId: 2, status: 204, body: undefined },
    ]);
    expect(server.operations.map(({ group }) => group)).toEqual(["changeset 1", "changeset 1"]);
    expect([...service.authors.values()]).toEqual([{ ID: 1, name: "changed" }, NEW]);
  });
});
