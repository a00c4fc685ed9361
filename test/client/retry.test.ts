/** What is sent again, when, and how often; and what is not. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { azureBlob, BatchClient, BatchError, graph, odata, ucwa } from "../../src/batch.ts";
import type { BatchClientOptions, Dialect } from "../../src/batch.ts";
import { retryAfter } from "../../src/client/retry.ts";
import { answerOf, cameOf, echo, FakeServer } from "../support/batch-server.ts";
import type { Got, Responses } from "../support/batch-server.ts";
import { octets } from "../support/chunkings.ts";
import { rejection, streamOf, streamsRequests, whereRequestsStream } from "../support/web-streams.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const url = "https://example.com/v1.0/$batch";

function setUp(
  dialect: Dialect,
  answer: (batch: Got[], count: number) => Responses | Response,
  options: Partial<BatchClientOptions> = {},
): { server: FakeServer; client: BatchClient; seconds: () => number[] } {
  const start = Date.now();
  const times: number[] = [];
  const server = new FakeServer(dialect, (batch, count) => {
    times.push((Date.now() - start) / 1000);
    return answer(batch, count);
  });
  const client = new BatchClient({ url, dialect, fetch: server.fetch, concurrency: 1, ...options });
  // When each batch came, without the fraction that the collecting takes.
  return { server, client, seconds: () => times.map(Math.floor) };
}

/** What a promise comes to, after all the waiting. Between the timers a browser has tasks of its own. */
async function afterAllWaiting<Value>(settling: Promise<Value>): Promise<Value> {
  const progress = { isSettled: false };
  const settle = (): void => void (progress.isSettled = true);
  settling.then(settle, settle);
  while (!progress.isSettled) {
    await vi.runAllTimersAsync();
    await new Promise((resolve) => realTimeout(resolve, 0));
  }
  return settling;
}

const realTimeout = setTimeout;

/** What comes of calls, after all the waiting. */
const cameOfAll = (calls: Promise<Response>[]): Promise<string[]> =>
  afterAllWaiting(Promise.all(calls.map(cameOf)));

const refusal = (status: number, retry?: string): Response =>
  new Response("{}", { status, headers: retry === undefined ? {} : { "Retry-After": retry } });

/** 429 until the `n`th batch. */
const throttled =
  (n: number, isIt: (got: Got) => boolean, retry: Record<string, string> = { "Retry-After": "2" }) =>
  (batch: Got[], count: number): Responses =>
    batch.map((got) => (isIt(got) && count < n ? answerOf(got.id, 429, "", retry) : echo(got)));

describe("An operation that is answered 429 or 503 with a Retry-After", () => {
  test("is sent again after that time, alone; the others have their answers already", async () => {
    const { server, client, seconds } = setUp(
      graph,
      throttled(2, ({ target }) => target === "/b"),
    );
    const calls = ["/a", "/b", "/c"].map((path) => client.fetch(path));
    expect(await cameOfAll(calls)).toEqual(["GET /a", "GET /b", "GET /c"]);
    expect(server.held).toEqual([["GET /a", "GET /b", "GET /c"], ["GET /b"]]);
    expect(seconds()).toEqual([0, 2]);
  });

  test("together with the others, after the longest of their times", async () => {
    const answer = (batch: Got[], count: number): Responses =>
      count === 1
        ? batch.map((got, n) => answerOf(got.id, 503, "", { "Retry-After": String([3, 7, 5][n]) }))
        : batch.map(echo);
    const { server, client, seconds } = setUp(graph, answer);
    const calls = ["/a", "/b", "/c"].map((path) => client.fetch(path));
    expect(await cameOfAll(calls)).toEqual(["GET /a", "GET /b", "GET /c"]);
    expect([server.held.length, seconds()]).toEqual([2, [0, 7]]);
  });

  test("in the order in which they were sent, in whichever they are answered", async () => {
    const answer = (batch: Got[], count: number): Responses =>
      batch
        .map((got) => (count === 1 ? answerOf(got.id, 429, "", { "Retry-After": "1" }) : echo(got)))
        .reverse();
    const { server, client } = setUp(graph, answer);
    const calls = ["PUT", "DELETE"].map((method) => client.fetch("/x", { method }));
    expect(await cameOfAll(calls)).toEqual(["PUT /x", "DELETE /x"]);
    expect(server.held[1]).toEqual(["PUT /x", "DELETE /x"]);
  });

  test("as often as allowed, and then is handed on", async () => {
    for (const attempts of [1, 2, 3, 5]) {
      const { server, client } = setUp(
        graph,
        throttled(Infinity, () => true),
        { retry: { attempts } },
      );
      expect(await cameOfAll([client.fetch("/a")])).toEqual(["429"]);
      expect(server.held.length).toBe(attempts);
    }
  });

  test("three times by default, and once if `retry` is false", async () => {
    const byDefault = setUp(
      graph,
      throttled(Infinity, () => true),
    );
    expect(await cameOfAll([byDefault.client.fetch("/a")])).toEqual(["429"]);
    expect(byDefault.server.held.length).toBe(3);
    const off = setUp(
      graph,
      throttled(Infinity, () => true),
      { retry: false },
    );
    expect(await cameOfAll([off.client.fetch("/a")])).toEqual(["429"]);
    expect(off.server.held.length).toBe(1);
  });

  test.each<[string, Record<string, string>]>([
    ["without a Retry-After", {}],
    ["with one that is none", { "Retry-After": "soon" }],
    ["with one beyond maxDelay", { "Retry-After": "31" }],
  ])("%s is handed on", async (_, retry) => {
    const { server, client } = setUp(
      graph,
      throttled(Infinity, () => true, retry),
    );
    expect(await cameOfAll([client.fetch("/a")])).toEqual(["429"]);
    expect(server.held.length).toBe(1);
  });

  test("is handed on where no timer waits as long, whatever maxDelay", async () => {
    const { server, client } = setUp(
      graph,
      throttled(Infinity, () => true, { "Retry-After": "3000000" }),
      { retry: { maxDelay: Infinity } },
    );
    expect(await cameOfAll([client.fetch("/a")])).toEqual(["429"]);
    expect(server.held.length).toBe(1);
  });

  test("is handed on if its method is not idempotent, unless that is allowed", async () => {
    const init = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
    const careful = setUp(
      graph,
      throttled(2, () => true),
    );
    expect(await cameOfAll([careful.client.fetch("/a", init)])).toEqual(["429"]);
    const bold = setUp(
      graph,
      throttled(2, () => true),
      { retry: { methods: ["POST"] } },
    );
    expect(await cameOfAll([bold.client.fetch("/a", init)])).toEqual(["POST /a"]);
    expect(bold.server.batches[1]![0]!.body).toBe("{}");
  });

  test("is sent again if the batch is a stream", async () => {
    const { server, client } = setUp(
      ucwa,
      throttled(2, () => true),
      { stream: true },
    );
    const call = client.fetch("/a", { method: "PUT", body: "text" });
    expect(await cameOfAll([call])).toEqual(["PUT /a"]);
    expect(server.batches.map(([got]) => got!.body)).toEqual(["text", "text"]);
  });

  test.skipIf(!streamsRequests)(`but not if its own body is one, ${whereRequestsStream}`, async () => {
    const { server, client } = setUp(
      ucwa,
      throttled(2, () => true),
      { stream: true },
    );
    const body = streamOf([octets("text")]);
    const message = { kind: "request" as const, method: "PUT", target: "/a", body };
    const { value } = await client.send([{ message }]).next();
    expect([value!.response!.status, server.held.length]).toEqual([429, 1]);
  });

  test("is handed on if what it depends on has been done", async () => {
    const { server, client } = setUp(
      graph,
      throttled(Infinity, ({ target }) => target === "/b"),
    );
    const calls = [client.fetch("/a", { id: "x" }), client.fetch("/b", { dependsOn: ["x"] })];
    expect(await cameOfAll(calls)).toEqual(["GET /a", "429"]);
    expect(server.held.length).toBe(1);
  });

  test("with its whole group, or not at all", async () => {
    const put = { method: "PUT", body: "{}", group: "g" };
    const answer = (batch: Got[], count: number): Responses =>
      count === 1
        ? [answerOf(undefined, 503, "", { "Retry-After": "1" })]
        : batch.map((got) => ({ ...echo(got), group: got.group }));
    const { server, client } = setUp(odata, answer);
    const calls = [client.fetch("a", put), client.fetch("b", put)];
    expect(await cameOfAll(calls)).toEqual(["PUT a", "PUT b"]);
    expect(server.batches.map((batch) => batch.map(({ group }) => group))).toEqual([
      ["changeset 1", "changeset 1"],
      ["changeset 1", "changeset 1"],
    ]);
    const mixed = setUp(odata, answer);
    const rest = [mixed.client.fetch("a", put), mixed.client.fetch("b", { ...put, method: "POST" })];
    expect(await cameOfAll(rest)).toEqual(["503", "503"]);
    expect(mixed.server.held.length).toBe(1);
  });
});

describe("A batch that is answered 429 or 503 with a Retry-After", () => {
  test("is sent again, with those that may be", async () => {
    const { server, client, seconds } = setUp(graph, (batch, count) =>
      count === 1 ? refusal(503, "4") : batch.map(echo),
    );
    const calls = [
      client.fetch("/a"),
      client.fetch("/b", { method: "PATCH", body: "{}" }),
      client.fetch("/c"),
    ];
    expect(await cameOfAll(calls)).toEqual(["GET /a", "batch-failed (unknown)", "GET /c"]);
    expect([server.held[1], seconds()]).toEqual([
      ["GET /a", "GET /c"],
      [0, 4],
    ]);
  });

  test("in one part is, too", async () => {
    const { client, server } = setUp(azureBlob, (batch, count) =>
      count === 1 ? [answerOf(undefined, 503, "", { "Retry-After": "1" })] : batch.map(echo),
    );
    const calls = ["/a", "/b"].map((path) => client.fetch(path, { method: "DELETE" }));
    expect(await cameOfAll(calls)).toEqual(["DELETE /a", "DELETE /b"]);
    expect(server.held.length).toBe(2);
  });

  test("without a Retry-After is an error of each", async () => {
    const { server, client } = setUp(graph, () => refusal(503));
    expect(await cameOfAll([client.fetch("/a"), client.fetch("/b")])).toEqual([
      "batch-failed (unknown)",
      "batch-failed (unknown)",
    ]);
    expect(server.held.length).toBe(1);
  });
});

describe("A batch that was refused, none of it having been executed", () => {
  const post = { method: "POST", body: "{}" };
  const paths = Array.from({ length: 8 }, (_, n) => `/${n}`);
  const did = paths.map((path) => `POST ${path}`);
  const upTo =
    (max: number, retry?: string) =>
    (batch: Got[]): Responses | Response =>
      batch.length > max ? refusal(429, retry) : batch.map(echo);

  test.each([
    [8, [8]],
    [7, [8, 4, 4]],
    [3, [8, 4, 2, 2, 4, 2, 2]],
    [1, [8, 4, 2, 1, 1, 2, 1, 1, 4, 2, 1, 1, 2, 1, 1]],
  ])("is divided in halves until %d go through, whatever the methods", async (max, sizes) => {
    const { server, client } = setUp(ucwa, upTo(max));
    expect(await cameOfAll(paths.map((path) => client.fetch(path, post)))).toEqual(did);
    expect(server.batches.map((batch) => batch.length)).toEqual(sizes);
  });

  test("after the time that it says", async () => {
    const { seconds, client } = setUp(ucwa, upTo(4, "3"));
    expect(await cameOfAll(paths.map((path) => client.fetch(path, post)))).toEqual(did);
    expect(seconds()).toEqual([0, 3, 3]);
  });

  test("to the last one, which is an error that says so", async () => {
    const { server, client } = setUp(ucwa, upTo(0));
    expect(await cameOfAll(["/a", "/b"].map((path) => client.fetch(path, post)))).toEqual([
      "batch-failed (no)",
      "batch-failed (no)",
    ]);
    expect(server.batches.map((batch) => batch.length)).toEqual([2, 1, 1]);
  });

  test("is sent again after a while if there is but one, whatever its method", async () => {
    const { server, client, seconds } = setUp(ucwa, (batch, count) =>
      count < 3 ? refusal(429, "1") : batch.map(echo),
    );
    expect(await cameOfAll([client.fetch("/a", post)])).toEqual(["POST /a"]);
    expect([server.held.length, seconds()]).toEqual([3, [0, 1, 2]]);
  });

  test("is not if `retry` is false", async () => {
    const { server, client } = setUp(ucwa, upTo(4), { retry: false });
    expect(new Set(await cameOfAll(paths.map((path) => client.fetch(path, post))))).toEqual(
      new Set(["batch-failed (no)"]),
    );
    expect(server.held.length).toBe(1);
  });
});

describe("A batch that is answered 401", () => {
  const wants =
    (token: string, server: () => FakeServer) =>
    (batch: Got[]): Responses | Response =>
      server().requests.at(-1)!.headers.get("authorization") === token ? batch.map(echo) : refusal(401);

  test("is sent again with the fields that the hook answers, and so are all that follow", async () => {
    const seen: number[] = [];
    const onUnauthorized = async (response: Response): Promise<HeadersInit> => {
      seen.push(response.status);
      return { Authorization: "new" };
    };
    const { server, client } = setUp(
      graph,
      wants("new", () => server),
      { onUnauthorized, headers: { "Authorization": "old", "X-A": "1" } },
    );
    const post = { method: "POST", body: "{}", headers: { "Content-Type": "application/json" } };
    expect(await cameOfAll([client.fetch("/a", post)])).toEqual(["POST /a"]);
    expect(await cameOfAll([client.fetch("/b")])).toEqual(["GET /b"]);
    expect(seen).toEqual([401]);
    const sent = server.requests.map(({ headers }) => [headers.get("authorization"), headers.get("x-a")]);
    expect(sent).toEqual([
      ["old", "1"],
      ["new", "1"],
      ["new", "1"],
    ]);
  });

  test("once, and then is an error with the response", async () => {
    let calls = 0;
    const onUnauthorized = (): HeadersInit => ({ Authorization: `${++calls}` });
    const { server, client } = setUp(graph, () => refusal(401), { onUnauthorized });
    expect(await cameOfAll([client.fetch("/a")])).toEqual(["batch-failed (no)"]);
    expect([calls, server.held.length]).toEqual([1, 2]);
  });

  test("is an error if the hook has no other fields, or fails", async () => {
    const without = setUp(graph, () => refusal(401), { onUnauthorized: () => undefined });
    expect(await cameOfAll([without.client.fetch("/a")])).toEqual(["batch-failed (no)"]);
    const failure = new Error("No token");
    const failing = setUp(graph, () => refusal(401), { onUnauthorized: () => Promise.reject(failure) });
    const error = rejection(failing.client.fetch("/a"));
    await afterAllWaiting(error);
    expect(await error).toBeInstanceOf(BatchError);
    expect(await error).toMatchObject({ code: "batch-failed", executed: "no", cause: failure });
  });

  test("at the same time as others shares one call of the hook", async () => {
    let calls = 0;
    const onUnauthorized = async (): Promise<HeadersInit> => {
      calls++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { Authorization: "new" };
    };
    const fetch = async (request: Request): Promise<Response> => {
      const isNew = request.headers.get("authorization") === "new";
      return isNew ? await server.fetch(request) : refusal(401);
    };
    const { server, client } = setUp(graph, (batch) => batch.map(echo));
    expect(client).toBeInstanceOf(BatchClient);
    const many = new BatchClient({ url, dialect: graph, fetch, onUnauthorized, maxOperations: 1 });
    const paths = ["/a", "/b", "/c", "/d", "/e", "/f"];
    expect(await cameOfAll(paths.map((path) => many.fetch(path)))).toEqual(
      paths.map((path) => `GET ${path}`),
    );
    expect(calls).toBe(1);
  });
});

describe("Retry-After (RFC 9110 §10.2.3)", () => {
  const now = Date.parse("Sun, 06 Nov 1994 08:49:37 GMT");

  test.each([
    ["0", 0],
    ["120", 120_000],
    ["Sun, 06 Nov 1994 08:49:40 GMT", 3000],
    ["Sun, 06 Nov 1994 08:49:30 GMT", 0],
    ["", undefined],
    ["soon", undefined],
    ["-1s", undefined],
  ])("%j is %j milliseconds", (value, milliseconds) => {
    expect(retryAfter(value, now)).toBe(milliseconds);
  });
});
