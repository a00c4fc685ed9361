/** `send()`: results in the order of arrival, no faster than they are taken. */
import { describe, expect, test } from "vitest";
import { azureTables, BatchClient, cronofy, graph, odata, ucwa } from "../../src/batch.ts";
import type { BatchClientOptions, BatchError, Dialect } from "../../src/batch.ts";
import { readHttpMessage } from "../../src/index.ts";
import { batchResponse, echo, FakeServer, operationsOf } from "../support/batch-server.ts";
import { Tap, turns } from "../support/web-streams.ts";

const url = "https://example.com/v1.0/$batch";
const json = { headers: { "Content-Type": "application/json" } };
const element = (id: number): string => `{"id":"${id}","status":200,"body":{"did":"${id}"}}`;

function clientOf(
  dialect: Dialect,
  fetch: (request: Request) => Response | Promise<Response>,
  options: Partial<BatchClientOptions> = {},
): BatchClient {
  return new BatchClient({ url, dialect, fetch, ...options });
}

describe("send()", () => {
  test("takes requests in all forms, and tells with each result which one it was", async () => {
    const server = new FakeServer(ucwa);
    const requests = [
      "/a",
      new URL("https://example.com/b"),
      new Request("https://example.com/c", { method: "POST", body: "{}" }),
      { message: { kind: "request" as const, method: "DELETE", target: "/d" } },
    ];
    const seen: unknown[] = [];
    for await (const { index, request, response } of clientOf(ucwa, server.fetch).send(requests)) {
      expect(request).toBe(requests[index]);
      seen.push(await response!.json());
    }
    expect(seen).toEqual([
      { did: "GET /a" },
      { did: "GET /b" },
      { did: "POST /c", with: "{}" },
      { did: "DELETE /d" },
    ]);
    expect(server.batches[0]!.at(-1)!.headers).toEqual([["Host", "example.com"]]);
  });

  test("tells of each request that fails, and never throws", async () => {
    const server = new FakeServer(cronofy, (batch) => batch.slice(0, 1).map(echo));
    const requests = ["/a", "http://", "https://elsewhere.example/", "/b"];
    const seen: [number, string][] = [];
    for await (const { index, response, error } of clientOf(cronofy, server.fetch).send(requests)) {
      // What there is no error of has a response, for the compiler, too.
      seen.push([
        index,
        error === undefined ? `${response.status}` : ((error as BatchError).code ?? "TypeError"),
      ]);
    }
    expect(seen.sort(([a], [b]) => a - b)).toEqual([
      [0, "200"],
      [1, expect.stringMatching(/TypeError|ERR_INVALID_URL/)],
      [2, "inexpressible-operation"],
      [3, "operation-unanswered"],
    ]);
  });

  test("of nothing sends nothing", async () => {
    const server = new FakeServer(ucwa);
    expect(await clientOf(ucwa, server.fetch).send([]).next()).toEqual({ done: true, value: undefined });
    expect(server.requests).toEqual([]);
  });

  test("sends nothing before a result is asked for", async () => {
    const server = new FakeServer(ucwa);
    const results = clientOf(ucwa, server.fetch).send(["/a"]);
    await turns();
    expect(server.requests.length).toBe(0);
    await results.next();
    expect(server.requests.length).toBe(1);
  });

  test("hands out a result while later ones are on the wire", async () => {
    const tap = new Tap(`{"responses":[${element(3)}`);
    const results = clientOf(graph, () => new Response(tap.stream, json)).send(["/a", "/b", "/c"]);
    const indexes: number[] = [];
    for (const more of [`,${element(1)}`, `,${element(2)}`, "]}"]) {
      const { value } = await results.next();
      indexes.push(value!.index);
      tap.push(more);
    }
    tap.close();
    expect((await results.next()).done).toBe(true);
    expect(indexes).toEqual([2, 0, 1]);
  });

  test("reads no more of the answer than is asked for", async () => {
    const chunks = ['{"responses":[', ...[1, 2, 3, 4].map((id) => `${element(id)},`)];
    const tap = new Tap(...chunks);
    const results = clientOf(graph, () => new Response(tap.stream, json)).send(["/a", "/b", "/c", "/d"]);
    await results.next();
    await turns();
    expect(tap.pulls).toBe(2);
    await results.next();
    await turns();
    expect(tap.pulls).toBe(3);
  });

  test("nor sends more batches than that", async () => {
    const asked: string[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      const batch = await operationsOf(request, ucwa);
      asked.push(batch.map(({ target }) => target).join());
      return await batchResponse(batch.map(echo), ucwa);
    };
    const client = clientOf(ucwa, fetch, { maxOperations: 2, concurrency: 1 });
    const results = client.send(["/a", "/b", "/c", "/d", "/e"]);
    const counts: number[] = [];
    for await (const _ of results) {
      await turns();
      counts.push(asked.length);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  test("has so many batches under way at once, and no more", async () => {
    let open = 0;
    let most = 0;
    const fetch = async (request: Request): Promise<Response> => {
      most = Math.max(most, ++open);
      const batch = await operationsOf(request, ucwa);
      await turns(2);
      open--;
      return await batchResponse(batch.map(echo), ucwa);
    };
    const targets = Array.from({ length: 30 }, (_, n) => `/${n}`);
    for (const concurrency of [1, 3, 4]) {
      most = 0;
      const client = clientOf(ucwa, fetch, { maxOperations: 2, concurrency });
      const seen: number[] = [];
      for await (const { index } of client.send(targets)) seen.push(index);
      expect(seen.sort((a, b) => a - b)).toEqual(targets.map((_, n) => n));
      expect(most).toBe(concurrency);
      most = 0;
      await Promise.all(targets.map((target) => client.fetch(target)));
      expect(most).toBe(concurrency);
    }
  });

  test("does not wait for the results of others, nor do calls of fetch() for it", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(ucwa, server.fetch, { concurrency: 1, maxOperations: 1 });
    for await (const { index } of client.send(["/a", "/b"])) {
      expect((await client.fetch(`/inner/${index}`)).status).toBe(200);
    }
    expect(server.held).toEqual([["GET /a"], ["GET /inner/0"], ["GET /b"], ["GET /inner/1"]]);
  });

  test("takes operations with links, as they are read from another dialect", async () => {
    const server = new FakeServer(odata, (batch) => batch.map((got) => ({ ...echo(got), group: got.group })));
    const operations = ["a", "b"].map((target) => ({
      group: "g",
      message: { kind: "request" as const, method: "POST", target, headers: { Host: "x" }, body: "{}" },
    }));
    const seen: number[] = [];
    for await (const { index, response } of clientOf(odata, server.fetch).send(operations)) {
      seen.push(index, response!.status);
    }
    expect(seen).toEqual([0, 200, 1, 200]);
    expect(
      server.batches[0]!.map(({ group, headers }) => [group, headers.some(([name]) => name === "Host")]),
    ).toEqual([
      ["changeset 1", false],
      ["changeset 1", false],
    ]);
  });

  test("writes fields as the octets that they were read as, whatever their encoding", async () => {
    const head = Uint8Array.from("GET /a HTTP/1.1\r\nX-Name: caf\xe9\r\n\r\n", (c) => c.charCodeAt(0));
    const message = await readHttpMessage(head, { kind: "request" });
    let octets = new Uint8Array();
    const send = clientOf(ucwa, async (request) => {
      octets = new Uint8Array(await request.arrayBuffer());
      return new Response("no batches", { status: 400 });
    }).send([{ message }]);
    for await (const { error } of send) expect(error).toMatchObject({ code: "batch-failed" });
    expect(octets).toContain(0xe9);
    expect(octets).not.toContain(0xc3);
  });

  test("checks the length that an operation declares", async () => {
    const server = new FakeServer(ucwa);
    const operation = (bodyLength: number) => ({
      message: {
        kind: "request" as const,
        method: "PUT",
        target: "/a",
        body: new Tap("ab", "c").close().stream,
        bodyLength,
      },
    });
    const seen: unknown[] = [];
    for await (const { response, error } of clientOf(ucwa, server.fetch).send([operation(3), operation(4)])) {
      seen.push(response?.status ?? (error as BatchError).code);
    }
    expect(seen.sort()).toEqual([200, "body-length-mismatch"]);
  });

  test("sends streams as streams where they are asked for", async () => {
    const server = new FakeServer(azureTables);
    const body = new Tap("{", "}").close().stream;
    const operation = {
      message: { kind: "request" as const, method: "POST", target: "https://example.com/t", body },
    };
    for await (const { error } of clientOf(azureTables, server.fetch, { stream: true }).send([operation])) {
      expect(error).toBe(undefined);
    }
    expect(server.batches[0]![0]!.body).toBe("{}");
  });
});
