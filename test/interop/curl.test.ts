import { expect, test } from "vitest";
import { ucwa } from "../../src/batch.ts";
import { serveBatches } from "../node/interop/support/serve.ts";
import type { BatchServer } from "../node/interop/support/serve.ts";
import { pathOf, run } from "./support.ts";

interface Part {
  headers: Record<string, string>;
  statusLine: string;
  fields: Record<string, string>;
  body: string;
  defects: string[];
}

interface Answer {
  statusLine: string;
  type: string;
  defects: string[];
  preamble: string | null;
  epilogue: string | null;
  parts: Part[];
}

const start = (): Promise<BatchServer> =>
  serveBatches({ dialects: [ucwa] }, ({ method, path, body }) => {
    if (path === "/missing") return Response.json({ code: "NotFound" }, { status: 404 });
    if (method === "DELETE") return new Response(null, { status: 204 });
    return Response.json({ method, path, body: body.length });
  });

/** Sends a batch with curl; reads the answer with Python's `email`. */
async function send(server: BatchServer, args: string[], input: string): Promise<Answer> {
  const url = `${server.origin}/ucwa/batch`;
  // Without Expect there is no interim response in front of the answer.
  const options = ["--silent", "--show-error", "--include", "--header", "Expect:"];
  const response = await run("curl", [...options, ...args, url], { input, debian: "curl" });
  const text = await run("/usr/bin/python3", [pathOf("read_batch.py")], {
    input: response,
    debian: "python3",
  });
  return JSON.parse(text) as Answer;
}

/** What Python reads of a part, framed as it should be. */
function part(statusLine: string, fields: Record<string, string>, body: string): Part {
  const headers = {
    "Content-Type": 'application/http; msgtype="response"',
    "Content-Transfer-Encoding": "binary",
  };
  return { headers, statusLine, fields, body, defects: [] };
}

const json = (value: unknown): [fields: Record<string, string>, body: string] => {
  const body = JSON.stringify(value);
  return [{ "Content-Type": "application/json", "Content-Length": String(body.length) }, body];
};

test("curl --form writes a batch, Python's email reads the answer (curl ends heads at the delimiter)", async () => {
  const server = await start();
  const { host } = new URL(server.origin);
  const form = (message: string, more = ""): string[] => [
    "--form",
    `=${message.replace("\r\n", `\r\nHost: ${host}\r\n`)};type=application/http;msgtype=request${more}`,
  ];
  const note = "é".repeat(40);
  const answer = await send(
    server,
    [
      "--header",
      "Content-Type: multipart/batching",
      ...form("GET /ucwa/me?x=1 HTTP/1.1\r\n"),
      ...form(`POST /ucwa/note HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n${note}`, ";encoder=base64"),
      ...form("GET /missing HTTP/1.1\r\n", ";encoder=quoted-printable"),
      ...form("DELETE /ucwa/note HTTP/1.1\r\n"),
    ],
    "",
  );
  expect(server.operations.map(({ method, path, body }) => [method, path, body])).toEqual([
    ["GET", "/ucwa/me?x=1", ""],
    ["POST", "/ucwa/note", note],
    ["GET", "/missing", ""],
    ["DELETE", "/ucwa/note", ""],
  ]);
  expect([...server.deviations]).toEqual(["unterminated-head"]);
  expect(answer).toMatchObject({ type: "multipart/batching", defects: [], preamble: null, epilogue: "" });
  expect(answer.statusLine).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer.parts).toEqual([
    part("HTTP/1.1 200 OK", ...json({ method: "GET", path: "/ucwa/me?x=1", body: 0 })),
    part("HTTP/1.1 200 OK", ...json({ method: "POST", path: "/ucwa/note", body: 40 })),
    part("HTTP/1.1 404 Not Found", ...json({ code: "NotFound" })),
    part("HTTP/1.1 204 No Content", { Date: expect.any(String) }, ""),
  ]);
});

test("curl --data-binary sends in chunks what UCWA's own client writes: an empty preamble, two octets behind the Content-Length", async () => {
  const server = await start();
  const { host } = new URL(server.origin);
  const section = "Content-Type: application/http; msgtype=request";
  const body = `{"note":"${"x".repeat(100_000)}"}`;
  const lines = [
    "",
    `--b\r\n${section}\r\n`,
    `GET /ucwa/me HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `--b\r\n${section}\r\n`,
    `POST /ucwa/note HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}\r\n`,
    "--b--\r\n",
  ];
  const type = ["--header", "Content-Type: multipart/batching;boundary=b"];
  const chunked = ["--header", "Transfer-Encoding: chunked", "--data-binary", "@-"];
  const answer = await send(server, [...type, ...chunked], lines.join("\r\n"));
  expect(server.operations.map(({ method, path }) => [method, path])).toEqual([
    ["GET", "/ucwa/me"],
    ["POST", "/ucwa/note"],
  ]);
  expect(server.operations[1]!.body === body).toBe(true);
  expect([...server.deviations]).toEqual(["content-length-mismatch"]);
  expect(answer.parts).toEqual([
    part("HTTP/1.1 200 OK", ...json({ method: "GET", path: "/ucwa/me", body: 0 })),
    part("HTTP/1.1 200 OK", ...json({ method: "POST", path: "/ucwa/note", body: body.length })),
  ]);
});

test("curl is answered with an error when the batch is none", async () => {
  const server = await start();
  const answer = await send(
    server,
    ["--header", "Content-Type: application/json", "--data-binary", "@-"],
    "{}",
  );
  expect(answer).toMatchObject({
    statusLine: expect.stringMatching(/^HTTP\/1\.1 415 /),
    type: "application/json",
  });
  expect(server.operations).toEqual([]);
});
