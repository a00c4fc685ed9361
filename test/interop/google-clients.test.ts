import { batchFetchImplementation } from "@jrmdayn/googleapis-batcher";
import Batchelor from "batchelor";
import type { BatchelorResult } from "batchelor";
import { expect, test } from "vitest";
import { google } from "../../src/batch.ts";
import type { Dialect } from "../../src/batch.ts";
import { serveBatches } from "../node/interop/support/serve.ts";
import type { BatchServer } from "../node/interop/support/serve.ts";
import { pathOf, run } from "./support.ts";

/** Answers what it was asked; no operation on `/missing`. */
function start(dialect: Dialect = google): Promise<BatchServer> {
  return serveBatches({ dialects: [dialect] }, ({ method, path, body }) => {
    if (path === "/missing")
      return Response.json({ error: { code: 404, message: "Größe" } }, { status: 404 });
    if (method === "DELETE") return new Response(null, { status: 204 });
    return Response.json({ method, path, body }, { headers: { ETag: '"1"' } });
  });
}

const NOTE = '{"n":"ü 😀"}';

/** Ids, methods and targets of all operations. */
const operationsOf = ({ operations }: BatchServer): unknown[] =>
  operations.map(({ id, method, path }) => [id, method, path]);

test("python3-googleapi's BatchHttpRequest is answered (framed by bare LF; folds long ids; sends no body beyond Latin-1)", async () => {
  const server = await start();
  const long = "a rather long id, which is folded";
  const note = String.raw`{"n":"\u00fc"}`;
  const operations = [
    { method: "GET", uri: `${server.origin}/a?x=1`, id: "first" },
    { method: "POST", uri: `${server.origin}/b`, body: note },
    { method: "GET", uri: `${server.origin}/missing`, id: long },
    { method: "DELETE", uri: `${server.origin}/c` },
  ];
  const output = await run("/usr/bin/python3", [pathOf("google_batch.py"), `${server.origin}/batch`], {
    input: JSON.stringify(operations),
    debian: "python3-googleapi",
  });
  expect(JSON.parse(output)).toEqual([
    ["first", 200, '{"method":"GET","path":"/a?x=1","body":""}'],
    ["1", 200, JSON.stringify({ method: "POST", path: "/b", body: note })],
    [long, 404, '{"error":{"code":404,"message":"Größe"}}'],
    ["2", 204, ""],
  ]);
  const id = (name: string): unknown => expect.stringMatching(new RegExp(`^<[-0-9a-f]{36} \\+ ${name}>$`));
  expect(operationsOf(server)).toEqual([
    [id("first"), "GET", "/a?x=1"],
    [id("1"), "POST", "/b"],
    [id(encodeURIComponent(long)), "GET", "/missing"],
    [id("2"), "DELETE", "/c"],
  ]);
  expect([...server.deviations]).toEqual(["bare-lf"]);
});

test("googleapis-batcher is answered (pairs answers by position, so that they are kept in order; framed by bare LF; escapes field values as HTML; adds two LF to each body)", async () => {
  const server = await start({ ...google, order: "request" });
  const fetchInBatch = batchFetchImplementation();
  const responses = await Promise.all([
    fetchInBatch(`${server.origin}/a?x=1&y=%20`, { headers: { Authorization: "Bearer t" } }),
    fetchInBatch(`${server.origin}/b`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "If-Match": '"1"' },
      body: NOTE,
    }),
    fetchInBatch(`${server.origin}/missing`, {}),
    fetchInBatch(`${server.origin}/c`, { method: "DELETE" }),
  ]);
  const seen = responses.map(async (response) => [
    response.status,
    response.headers.get("etag"),
    await response.text(),
  ]);
  expect(await Promise.all(seen)).toEqual([
    [200, '"1"', '{"method":"GET","path":"/a?x=1&y=%20","body":""}'],
    [200, '"1"', JSON.stringify({ method: "POST", path: "/b", body: `${NOTE}\n\n` })],
    [404, null, '{"error":{"code":404,"message":"Größe"}}'],
    [204, null, ""],
  ]);
  expect(operationsOf(server)).toEqual([
    ["1", "GET", "/a?x=1&y=%20"],
    ["2", "POST", "/b"],
    ["3", "GET", "/missing"],
    ["4", "DELETE", "/c"],
  ]);
  expect(server.operations[1]!.headers.get("if-match")).toBe("&quot;1&quot;");
  expect(server.operations.map(({ headers }) => headers.get("authorization"))).toEqual(
    Array.from({ length: 4 }, () => "Bearer t"),
  );
  expect([...server.deviations]).toEqual(["bare-lf"]);
});

test("batchelor is answered (has no HTTP version in request lines, mixes LF and CRLF; cuts reason phrases)", async () => {
  const server = await start();
  const batch = new Batchelor({
    uri: `${server.origin}/batch`,
    method: "POST",
    auth: { bearer: "t" },
    headers: { "Content-Type": "multipart/mixed" },
  });
  const parameters = { "Content-Type": "application/json;", "body": JSON.parse(NOTE) as unknown };
  batch.add([
    { method: "GET", path: "/a?x=1", requestId: "a" },
    { method: "POST", path: "/b", parameters, requestId: "b" },
    { method: "GET", path: "/missing", requestId: "c" },
    { method: "DELETE", path: "/c", parameters, requestId: "d" },
  ]);
  const { parts, errors } = await new Promise<BatchelorResult>((resolve, reject) => {
    batch.run((error, result) => (error === null ? resolve(result) : reject(error)));
  });
  expect(errors).toBe(0);
  // By id, in the order of their coming.
  const seen = parts.map(({ headers, statusCode, body }) => [headers["Content-ID"], statusCode, body]);
  expect(seen.sort(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
    ["a", "200", { method: "GET", path: "/a?x=1", body: "" }],
    ["b", "200", { method: "POST", path: "/b", body: NOTE }],
    ["c", "404", { error: { code: 404, message: "Größe" } }],
    ["d", "204", ""],
  ]);
  expect(operationsOf(server).sort()).toEqual([
    ["a", "GET", "/a?x=1"],
    ["b", "POST", "/b"],
    ["c", "GET", "/missing"],
    ["d", "DELETE", "/c"],
  ]);
  expect([...server.deviations].sort()).toEqual(["bare-lf", "missing-http-version", "unterminated-head"]);
});
