import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BatchClient, google, ucwa } from "../../src/batch.ts";
import type { BatchError } from "../../src/batch.ts";
import { pathOf, run, serve } from "./support.ts";

let origin = "";

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "batchwire-go-"));
  afterAll(() => rm(folder, { recursive: true }));
  const program = join(folder, "server");
  await run("go", ["build", "-o", program, pathOf("go/main.go")], { debian: "golang-go" });
  [, origin = ""] = await serve(program, [], /listening at (\S+)/);
}, 300_000);

describe.each([
  { dialect: ucwa, type: "multipart/batching", pairs: "position", hasHost: true },
  { dialect: google, type: "multipart/mixed", pairs: "Content-ID", hasHost: false },
])("Go's standard library answers $type, paired by $pairs", ({ dialect, hasHost }) => {
  test("operations that succeed and fail, in strict reading on both sides", async () => {
    const client = new BatchClient({ url: `${origin}/batch`, dialect, tolerance: "strict" });
    const text = "Größe\r\n--batch\r\n\r\n😀";
    const long = "0123456789".repeat(10_000);
    const responses = await Promise.all([
      client.fetch("/a?x=1&y=%20"),
      client.fetch("/b", { method: "POST", body: text }),
      client.fetch("/missing"),
      client.fetch("/c", { method: "DELETE" }),
      // Answered with chunks in the part, and with a body that only the delimiter ends.
      client.fetch("/chunked", { method: "PUT", body: long }),
      client.fetch("/close"),
    ]);
    const plain = "text/plain;charset=UTF-8";
    const host = hasHost ? new URL(origin).host : "";
    expect(responses.map(({ status, statusText }) => `${status} ${statusText}`)).toEqual([
      "200 OK",
      "200 OK",
      "404 Not Found",
      "204 No Content",
      "200 OK",
      "200 OK",
    ]);
    const seen = responses.filter(({ status }) => status !== 204).map((response) => response.json());
    expect(await Promise.all(seen)).toEqual([
      { method: "GET", target: "/a?x=1&y=%20", host, type: "", body: "" },
      { method: "POST", target: "/b", host, type: plain, body: text },
      { method: "GET", target: "/missing", host, type: "", body: "" },
      { method: "PUT", target: "/chunked", host, type: plain, body: long },
      { method: "GET", target: "/close", host, type: "", body: "" },
    ]);
  });

  test("operations whose bodies are streams, in a batch that is one", async () => {
    const client = new BatchClient({ url: `${origin}/batch`, dialect, stream: true });
    const chunks = Array.from({ length: 50 }, (_, i) => `chunk ${i}, ${".".repeat(1000)}\r\n`);
    const requests = ["/1", "/2"].map((target) => ({
      message: {
        kind: "request" as const,
        method: "PUT",
        target,
        headers: [["Content-Type", "text/plain"]] as const,
        body: new Blob(chunks).stream(),
        bodyLength: chunks.join("").length,
      },
    }));
    const results: unknown[] = [];
    for await (const { index, response, error } of client.send(requests))
      results.push([index, error ?? (await response!.json())]);
    expect(results).toMatchObject([
      [0, { target: "/1", body: chunks.join("") }],
      [1, { target: "/2", body: chunks.join("") }],
    ]);
  });

  test("a batch that it cannot read", async () => {
    const client = new BatchClient({ url: `${origin}/batch`, dialect: { ...dialect, target: "relative" } });
    const error: unknown = await client.fetch("/a").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "batch-failed", response: { status: 400 } });
    await expect((error as BatchError).response!.text()).resolves.toContain("invalid URI for request");
  });
});
