/** The batch client: what it collects, divides and refuses, and what each caller gets. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  azureBlob,
  azureTables,
  BatchClient,
  cronofy,
  google,
  graph,
  odata,
  odataJson,
  salesforceBatch,
  salesforceComposite,
  ucwa,
} from "../../src/batch.ts";
import type { BatchClientOptions, BatchError, Dialect } from "../../src/batch.ts";
import { rejection } from "../support/web-streams.ts";
import { answerOf, cameOf, echo, FakeServer } from "../support/batch-server.ts";

const origin = "https://example.com";
const urls = new Map<Dialect, string>([
  [graph, `${origin}/v1.0/$batch`],
  [odata, `${origin}/service/$batch`],
  [odataJson, `${origin}/service/$batch`],
  [cronofy, `${origin}/v1/batch`],
]);

function clientOf(server: FakeServer, options: Partial<BatchClientOptions> = {}): BatchClient {
  const { dialect, fetch } = server;
  const url = urls.get(dialect) ?? `${origin}/batch`;
  // One batch after the other, so that they come in order.
  return new BatchClient({ url, dialect, fetch, concurrency: 1, ...options });
}

describe("Calls are collected", () => {
  test("to the end of the task, behind an await of something at hand too", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server);
    const later = Promise.resolve().then(() => client.fetch("/c"));
    const all = [client.fetch("/a"), client.fetch(`${origin}/b`), later];
    expect(await Promise.all(all.map(cameOf))).toEqual(["GET /a", "GET /b", "GET /c"]);
    expect(server.held).toEqual([["GET /a", "GET /b", "GET /c"]]);
  });

  test("of a fetch that stands alone too, as it is handed to other people's clients", async () => {
    const server = new FakeServer(ucwa);
    const { fetch }: { fetch: typeof globalThis.fetch } = clientOf(server);
    expect(await Promise.all([fetch("/a"), fetch("/b")].map(cameOf))).toEqual(["GET /a", "GET /b"]);
    expect(server.held).toEqual([["GET /a", "GET /b"]]);
  });

  test("and those of the next task are another batch", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server);
    const first = client.fetch("/a");
    await new Promise((resolve) => setTimeout(resolve, 0));
    await Promise.all([first, client.fetch("/b")]);
    expect(server.held).toEqual([["GET /a"], ["GET /b"]]);
  });

  test("in batches of as many as the dialect takes", async () => {
    const server = new FakeServer(graph);
    const client = clientOf(server);
    const targets = Array.from({ length: 45 }, (_, n) => `/users/${n}`);
    const all = await Promise.all(targets.map((target) => cameOf(client.fetch(target))));
    expect(all).toEqual(targets.map((target) => `GET ${target}`));
    expect(server.held.map((batch) => batch.length)).toEqual([20, 20, 5]);
  });
});

describe("With a window, calls are collected", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("from the first one on", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server, { window: 50 });
    const first = client.fetch("/a");
    await vi.advanceTimersByTimeAsync(49);
    const second = client.fetch("/b");
    expect(server.held).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all([first, second]);
    expect(server.held).toEqual([["GET /a", "GET /b"]]);
  });

  test.each([2 ** 31, Infinity])("of %d ms for as long as a timer can run", async (window) => {
    const server = new FakeServer(ucwa);
    const call = clientOf(server, { window }).fetch("/a");
    await vi.advanceTimersByTimeAsync(2 ** 31 - 2);
    expect(server.held).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await call;
    expect(server.held).toEqual([["GET /a"]]);
  });

  test("until a batch is full", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server, { window: 50, maxOperations: 2 });
    const all = [client.fetch("/a"), client.fetch("/b")];
    expect(await Promise.all(all.map(cameOf))).toEqual(["GET /a", "GET /b"]);
  });
});

describe("What is sent", () => {
  test("is what fetch() was given, with the fields of the dialect and without those of a connection", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server, { headers: { Authorization: "Bearer x" } });
    await client.fetch("/me?x=1#y", {
      method: "POST",
      headers: { "Connection": "X-Hop", "X-Hop": "1", "Content-Type": "application/json" },
      body: '{"a":1}',
    });
    // A browser's Request has no Connection, so that nothing says what else is of the connection.
    const isKept = new Request(origin, { headers: { Connection: "X-Hop" } }).headers.has("connection");
    const hop = isKept ? [] : [["x-hop", "1"]];
    // StarlingMonkey's Request says how long its body is, ahead of the other fields.
    const isCounted = new Request(origin, { method: "POST", body: "a" }).headers.has("content-length");
    expect(server.batches).toEqual([
      [
        {
          index: 0,
          id: undefined,
          group: undefined,
          dependsOn: [],
          method: "POST",
          target: "/me?x=1",
          headers: [
            ["Host", "example.com"],
            ...(isCounted ? [["content-length", "7"]] : []),
            ["content-type", "application/json"],
            ...hop,
            ...(isCounted ? [] : [["Content-Length", "7"]]),
          ],
          body: '{"a":1}',
        },
      ],
    ]);
    const [request] = server.requests;
    expect(request!.headers.get("accept")).toBe("multipart/batching");
    expect(request!.headers.get("authorization")).toBe("Bearer x");
  });

  test.each([
    [google, "/batch/a", "/calendar/v3?x", "/calendar/v3?x"],
    [graph, "/v1.0/$batch", "/me", "/me"],
    [graph, "/v1.0/$batch", `${origin}/v1.0/me`, "/me"],
    [odata, "/service/$batch", "Orders(1)", "Orders(1)"],
    [odata, "/service/$batch", "$1/Items", "$1/Items"],
    [azureTables, "/$batch", "/Table1", `${origin}/Table1`],
  ] as const)("$0.name at $1 is asked for $2 as $3", async (dialect, path, input, target) => {
    const server = new FakeServer(dialect);
    const client = clientOf(server, { url: origin + path });
    const first = input.startsWith("$1")
      ? client.fetch("Orders", { id: "1", method: "POST", body: "{}" })
      : undefined;
    await Promise.all([first, client.fetch(input)]);
    const last = server.batches[0]!.at(-1)!;
    expect(last.target).toBe(target);
    expect(last.headers.some(([name]) => name.toLowerCase() === "host")).toBe(false);
  });

  test.each<[string, Dialect, string, RequestInit, string]>([
    ["a URL of another origin", ucwa, "https://elsewhere.example/a", {}, "inexpressible-operation"],
    ["a method that the dialect has not", azureBlob, "/a", {}, "inexpressible-operation"],
    [
      "credentials of its own",
      { ...graph, credentials: "refuse" },
      "/a",
      { headers: { Authorization: "x" } },
      "inexpressible-operation",
    ],
    ["a field that is refused", odata, "a", { headers: { Range: "bytes=0-1" } }, "inexpressible-operation"],
    ["fields where there is no place", cronofy, "/a", { headers: { "X-A": "b" } }, "inexpressible-operation"],
    ["a resource that is refused", ucwa, "/me/photo", {}, "inexpressible-operation"],
  ])("is not %s: nor are the others held up", async (_, dialect, input, init, code) => {
    const server = new FakeServer(dialect);
    const client = clientOf(server);
    const other = client.fetch(`${origin}/v1.0/b`, { method: dialect === azureBlob ? "DELETE" : "GET" });
    const error = await rejection(client.fetch(input, init));
    expect([(error as BatchError).code, (error as BatchError).executed]).toEqual([code, "no"]);
    expect((await other).status).toBe(200);
    expect(server.batches.flat().length).toBe(1);
  });

  test("a relative URL that is none rejects as fetch() does", async () => {
    const client = clientOf(new FakeServer(ucwa));
    expect(await rejection(client.fetch("http://"))).toBeInstanceOf(TypeError);
  });
});

describe("Batches are divided", () => {
  test("by octets", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server, { maxBytes: 3000 });
    const body = "x".repeat(700);
    const all = Array.from({ length: 5 }, (_, n) => client.fetch(`/${n}`, { method: "PUT", body }));
    expect(await Promise.all(all.map(async (one) => (await one).status))).toEqual([200, 200, 200, 200, 200]);
    expect(server.batches.map((batch) => batch.length)).toEqual([3, 2]);
    const [first, second] = server.lengths;
    expect(first).toBeLessThanOrEqual(3000);
    expect(first! + second! / 2).toBeGreaterThan(3000);
  });

  test("and an operation that is longer by itself is an error", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server, { maxBytes: 3000 });
    const long = client.fetch("/a", { method: "PUT", body: "x".repeat(3000) });
    expect(await Promise.all([long, client.fetch("/b")].map(cameOf))).toEqual([
      "batch-too-large (no)",
      "GET /b",
    ]);
  });

  test.each([
    azureBlob,
    azureTables,
    cronofy,
    google,
    graph,
    odata,
    odataJson,
    salesforceBatch,
    salesforceComposite,
    ucwa,
  ])("$name: never into one of more octets than it may hold, whatever the limit", async (dialect) => {
    const isJson = dialect.envelope.format === "json";
    const note = ["note", "x".repeat(50)] as const;
    const members = isJson ? [note, note] : undefined;
    const grouped = dialect === azureTables || dialect === odata || dialect === salesforceComposite;
    let sent = 0;
    let excess = 0;
    for (const group of grouped ? [undefined, "g"] : [undefined]) {
      for (let maxBytes = 100; maxBytes < 660; maxBytes += 17) {
        const fetch = async (request: Request): Promise<Response> => {
          sent++;
          excess = Math.max(excess, (await request.arrayBuffer()).byteLength - maxBytes);
          return new Response(null, { status: 500 });
        };
        const options = { url: `${origin}/v1/x/batch`, dialect, members, maxBytes, retry: false } as const;
        const client = new BatchClient({ ...options, fetch });
        const init = { method: dialect === azureBlob ? "PUT" : "POST", body: isJson ? "{}" : "x", group };
        const headers = { "Content-Type": "application/json" };
        const calls = [1, 2].map((n) => client.fetch(`${origin}/v1/x/${n}`, { ...init, headers }));
        await Promise.allSettled(calls);
      }
    }
    expect([excess, sent > 10]).toEqual([0, true]);
  });

  test("but not in the middle of a group", async () => {
    const server = new FakeServer(odata, (batch) => batch.map((got) => ({ ...echo(got), group: got.group })));
    const client = clientOf(server, { maxOperations: 3 });
    const init = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
    const all = [
      client.fetch("a"),
      client.fetch("b", { ...init, group: "g" }),
      client.fetch("c"),
      client.fetch("d", { ...init, group: "g" }),
      client.fetch("e", { ...init, group: "g" }),
    ];
    expect(await Promise.all(all.map(cameOf))).toEqual(["GET a", "POST b", "GET c", "POST d", "POST e"]);
    expect(server.held).toEqual([["GET a"], ["POST b", "POST d", "POST e"], ["GET c"]]);
  });

  test("nor between operations of which one depends on another", async () => {
    const server = new FakeServer(graph);
    const client = clientOf(server, { maxOperations: 2 });
    const all = [
      client.fetch("/a", { id: "x" }),
      client.fetch("/b"),
      client.fetch("/c", { dependsOn: ["X"] }),
    ];
    expect(await Promise.all(all.map(cameOf))).toEqual(["GET /a", "GET /b", "GET /c"]);
    expect(server.held).toEqual([["GET /a", "GET /c"], ["GET /b"]]);
  });

  test("and what cannot be in one batch, but must be, is an error of those alone", async () => {
    const server = new FakeServer(odata);
    const client = clientOf(server, { maxOperations: 2 });
    const all = ["a", "b", "c"].map((path) => client.fetch(path, { method: "DELETE", group: "g" }));
    const other = client.fetch("d");
    expect(await Promise.all([...all, other].map(cameOf))).toEqual([
      "batch-too-large (no)",
      "batch-too-large (no)",
      "batch-too-large (no)",
      "GET d",
    ]);
  });

  test("a dependency on nothing is an error", async () => {
    const client = clientOf(new FakeServer(graph));
    const all = [client.fetch("/a", { dependsOn: ["y"] }), client.fetch("/b")];
    expect(await Promise.all(all.map(cameOf))).toEqual(["unknown-dependency (no)", "GET /b"]);
  });

  test("a dialect with one group a batch has a batch for each, and makes groups of what is no query", async () => {
    const server = new FakeServer(azureTables, (batch) =>
      batch.map((got) => ({ ...echo(got), group: got.group })),
    );
    const client = clientOf(server, { url: `${origin}/$batch` });
    const all = [
      client.fetch("/t", { method: "DELETE", group: "g" }),
      client.fetch("/u", { method: "DELETE" }),
      client.fetch("/v", { method: "DELETE", group: "g" }),
      client.fetch("/w"),
    ];
    const did = (method: string, path: string): string => `${method} ${origin}${path}`;
    expect(await Promise.all(all.map(cameOf))).toEqual([
      did("DELETE", "/t"),
      did("DELETE", "/u"),
      did("DELETE", "/v"),
      did("GET", "/w"),
    ]);
    expect(server.batches.map((batch) => batch.map(({ group }) => group))).toEqual([
      ["changeset 1", "changeset 1"],
      ["changeset 1"],
      [undefined],
    ]);
  });

  test("a dialect with a member for it says that a batch is atomic", async () => {
    const server = new FakeServer(salesforceComposite);
    const bodies: unknown[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      bodies.push(JSON.parse(await request.clone().text()));
      return await server.fetch(request);
    };
    const client = clientOf(server, { fetch });
    await Promise.all([client.fetch("/a"), client.fetch("/b", { method: "DELETE", group: "g" })]);
    expect(bodies).toEqual([
      { compositeRequest: [{ method: "GET", url: "/a", referenceId: "1" }] },
      { allOrNone: true, compositeRequest: [{ method: "DELETE", url: "/b", referenceId: "1" }] },
    ]);
  });

  test("the same id twice, in operations that have nothing to do with each other", async () => {
    const server = new FakeServer(graph);
    const client = clientOf(server);
    const all = [client.fetch("/a", { id: "2" }), client.fetch("/b", { id: "2" }), client.fetch("/c")];
    expect(await Promise.all(all.map(cameOf))).toEqual(["GET /a", "GET /b", "GET /c"]);
    expect(server.batches.map((batch) => batch.map(({ id }) => id))).toEqual([["2"], ["2", "1"]]);
  });
});

describe("Each caller", () => {
  test("gets its response, whole and buffered", async () => {
    const server = new FakeServer(google, ([first, second, third]) => [
      answerOf(first!.id, 201, '{"did":"x"}', { ETag: '"1"' }),
      answerOf(second!.id, 204),
      answerOf(third!.id, 404, "{}"),
    ]);
    const client = clientOf(server, { url: `${origin}/batch/a` });
    const all = await Promise.all(["/1", "/2", "/3"].map((path) => client.fetch(path)));
    expect(all.map(({ status, statusText }) => `${status} ${statusText}`)).toEqual([
      "201 Status",
      "204 Status",
      "404 Status",
    ]);
    expect(all[0]!.headers.get("etag")).toBe('"1"');
    expect(all[1]!.body).toBe(null);
  });
});
