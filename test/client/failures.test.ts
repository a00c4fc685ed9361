/** What callers get when there is no answer to hand on: one typed error each, and nothing hangs. */
import { describe, expect, test } from "vitest";
import { BatchClient, BatchError, google, graph, odata, ucwa } from "../../src/batch.ts";
import type {
  BatchClientOptions,
  BatchRequestInit,
  ChunkSource,
  Deviation,
  Dialect,
} from "../../src/batch.ts";
import { octets } from "../support/chunkings.ts";
import { answerOf, batchResponse, cameOf, echo, FakeServer, operationsOf } from "../support/batch-server.ts";
import {
  rejection,
  streamOf,
  streamsRequests,
  Tap,
  turns,
  whereRequestsStream,
} from "../support/web-streams.ts";

const url = "https://example.com/v1.0/$batch";

function clientOf(
  dialect: Dialect,
  fetch: (request: Request) => Response | Promise<Response>,
  options: Partial<BatchClientOptions> = {},
): BatchClient {
  return new BatchClient({ url, dialect, fetch, ...options });
}

async function errorsOf(client: BatchClient, ...paths: string[]): Promise<BatchError[]> {
  const errors = await Promise.all(paths.map((path) => rejection(client.fetch(path))));
  for (const error of errors) expect(error).toBeInstanceOf(BatchError);
  return errors as BatchError[];
}

describe("A batch that fails as a whole", () => {
  test.each([
    [401, "no"],
    [403, "unknown"],
    [413, "no"],
    [500, "unknown"],
  ])("with %d is an error of each caller, with a response of its own", async (status, executed) => {
    const headers = { "WWW-Authenticate": "Bearer" };
    const client = clientOf(graph, () => new Response('{"error":1}', { status, headers }));
    const errors = await errorsOf(client, "/a", "/b");
    expect(errors[0]!.response).not.toBe(errors[1]!.response);
    for (const error of errors) {
      expect([error.code, error.executed, error.status]).toEqual(["batch-failed", executed, 502]);
      expect(error.message).toBe(`Batch was answered ${status}`);
      expect(error.response!.status).toBe(status);
      expect(error.response!.headers.get("www-authenticate")).toBe("Bearer");
      expect(await error.response!.json()).toEqual({ error: 1 });
    }
  });

  test.each<[string, () => Response]>([
    ["no media type", () => new Response(null)],
    ["another media type", () => new Response("<html>", { headers: { "Content-Type": "text/html" } })],
    ["JSON that is no batch", () => Response.json({ error: 1 })],
    ["202, for it goes on elsewhere", () => new Response(null, { status: 202 })],
  ])("or is answered with %s", async (_, answer) => {
    const [error] = await errorsOf(clientOf(graph, answer), "/a");
    expect([error!.code, error!.executed]).toEqual(["batch-failed", "unknown"]);
    expect(error!.response!.status).toBe(answer().status);
    expect(await error!.response!.text()).toBe(await answer().text());
  });

  describe("or is answered with a Content-Type that is no media type", () => {
    test.each(["", "/json", "a b/c", '"x"', "application/;x"])("%j", async (type) => {
      for (const status of [200, 503]) {
        const answer = (): Response => new Response("busy", { status, headers: { "Content-Type": type } });
        const errors = await errorsOf(clientOf(graph, answer), "/a", "/b");
        for (const { code, executed, response } of errors) {
          expect([code, executed, response!.status]).toEqual(["batch-failed", "unknown", status]);
          expect(await response!.text()).toBe("busy");
        }
      }
    });

    test("is no error of the calls in other batches", async () => {
      const server = new FakeServer(graph, (batch) => {
        if (batch[0]!.target !== "/bad") return batch.map(echo);
        return new Response("busy", { status: 503, headers: { "Content-Type": "" } });
      });
      const client = clientOf(graph, server.fetch, { maxOperations: 1, concurrency: 1 });
      const came: string[] = [];
      for await (const { request, response, error } of client.send(["/a", "/bad", "/c"])) {
        came.push(`${request} ${response?.status ?? (error as BatchError).code}`);
      }
      expect(came).toEqual(["/a 200", "/bad batch-failed", "/c 200"]);
    });
  });

  describe("or is answered with JSON that is no batch has that as it came", () => {
    const headers = { "Content-Type": "application/json; charset=utf-8" };
    const notBatches = [
      '[{"errorCode":"X"}]',
      '"maintenance"',
      '{"responses":null,"error":{"code":"x"}}',
      '{ "limit": 1.00000000000000000001, "error": {}, "error": "\u00c3\u00a9" }\n',
    ];

    test.each(notBatches)("%s", async (text) => {
      for (const size of [1, 1000]) {
        const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, n) =>
          octets(text.slice(n * size, (n + 1) * size)),
        );
        const client = clientOf(graph, () => new Response(streamOf(chunks), { headers }));
        const errors = await errorsOf(client, "/a", "/b");
        for (const { code, executed, cause, response } of errors) {
          expect([code, executed]).toEqual(["batch-failed", "unknown"]);
          expect(cause).toMatchObject({ code: "missing-batch-array" });
          expect(new Uint8Array(await response!.arrayBuffer())).toEqual(octets(text));
        }
      }
    });

    test.each(notBatches)("unless it is longer than the limit: %s", async (text) => {
      const tap = new Tap(text.slice(0, 5), text.slice(5));
      const client = clientOf(graph, () => new Response(tap.stream, { headers }), {
        limits: { maxBufferedBytes: text.length - 1 },
      });
      const [error] = await errorsOf(client, "/a");
      expect([error!.code, error!.response!.body]).toEqual(["batch-failed", null]);
      expect(tap.cancels.length).toBe(1);
    });
  });

  test("or is answered with an error whose body somebody else reads", async () => {
    const answer = new Response("x", { status: 500 });
    answer.body?.getReader();
    const [error] = await errorsOf(
      clientOf(graph, () => answer),
      "/a",
    );
    expect([error!.code, error!.response!.status]).toEqual(["batch-failed", 500]);
  });

  test("has no more of the answer than the limit", async () => {
    const answer = (): Response => new Response("x".repeat(101), { status: 500 });
    const [error] = await errorsOf(clientOf(graph, answer, { limits: { maxBufferedBytes: 100 } }), "/a");
    expect([error!.response!.status, error!.response!.body]).toEqual([500, null]);
  });

  test("or cannot be sent", async () => {
    const cause = new TypeError("Failed to fetch");
    const [error] = await errorsOf(
      clientOf(graph, () => Promise.reject(cause)),
      "/a",
    );
    expect([error!.code, error!.executed, error!.cause]).toEqual(["batch-unreachable", "unknown", cause]);
  });

  test("or is answered with an error of the network", async () => {
    const [error] = await errorsOf(
      clientOf(graph, () => Response.error()),
      "/a",
    );
    expect([error!.code, error!.executed]).toEqual(["batch-unreachable", "unknown"]);
  });

  test("or has a boundary that is none", async () => {
    const headers = { "Content-Type": "multipart/mixed" };
    const [error] = await errorsOf(
      clientOf(google, () => new Response("", { headers })),
      "/a",
    );
    expect([error!.code, error!.executed]).toEqual(["operation-unanswered", "unknown"]);
    expect(error!.cause).toMatchObject({ code: "missing-boundary" });
  });
});

describe("An answer that no Response can hold", () => {
  test.each([101, 600, 999])("is the error of its operation: %d", async (status) => {
    const server = new FakeServer(google, (batch) => [answerOf(batch[0]!.id, status, "{}"), echo(batch[1]!)]);
    const client = clientOf(google, server.fetch);
    const [error, other] = await Promise.all([rejection(client.fetch("/a")), cameOf(client.fetch("/b"))]);
    expect(error).toMatchObject({ code: "unusable-status", executed: "unknown", answer: { status } });
    expect(other).toBe("GET /b");
  });

  test("is too long: those behind it are read all the same", async () => {
    const server = new FakeServer(ucwa, (batch) => [
      echo(batch[0]!),
      answerOf(undefined, 200, JSON.stringify("x".repeat(5000))),
      echo(batch[2]!),
    ]);
    const client = clientOf(ucwa, server.fetch, { limits: { maxBufferedBytes: 1000 } });
    const came = await Promise.all(["/a", "/b", "/c"].map((path) => cameOf(client.fetch(path))));
    expect(came).toEqual(["GET /a", "limit-exceeded (yes)", "GET /c"]);
  });

  test("is malformed: the error says where", async () => {
    const part = (text: string): string => `--b\r\nContent-Type: application/http\r\n\r\n${text}\r\n`;
    const body = `${part("HTTP/1.1 2x0\r\n\r\n")}${part("HTTP/1.1 204\r\n\r\n")}--b--\r\n`;
    const headers = { "Content-Type": "multipart/batching; boundary=b" };
    const client = clientOf(ucwa, () => new Response(body, { headers }));
    const [error, other] = await Promise.all([rejection(client.fetch("/a")), cameOf(client.fetch("/b"))]);
    expect(error).toMatchObject({ code: "invalid-status-line", executed: "unknown", path: "1" });
    expect((error as BatchError).offset).toBeGreaterThan(0);
    expect(other).toBe("204");
  });
});

describe("Bodies that Fetch forbids", () => {
  test.each([204, 205, 304])("are dropped: %d", async (status) => {
    const server = new FakeServer(graph, (batch) => [answerOf(batch[0]!.id, status, '{"a":1}')]);
    const response = await clientOf(graph, server.fetch).fetch("/a");
    expect([response.status, response.body]).toEqual([status, null]);
  });
});

describe("An answer that is cut off", () => {
  const three = ["/a", "/b", "/c"];

  /** The octets of the answer to three calls, and what became of them when only `length` of it had come. */
  async function cutAt(dialect: Dialect, length: number): Promise<{ came: string[]; whole: number }> {
    let whole = 0;
    const client = clientOf(dialect, async (request) => {
      const answers = (await operationsOf(request, dialect)).map(echo);
      const answer = await batchResponse(answers, dialect);
      const octetsOfAnswer = new Uint8Array(await answer.arrayBuffer());
      whole = octetsOfAnswer.length;
      return new Response(octetsOfAnswer.subarray(0, length), { headers: answer.headers });
    });
    const came = await Promise.all(three.map((path) => cameOf(client.fetch(path))));
    return { came, whole };
  }

  test.each([ucwa, google, graph].map((dialect) => [dialect.name, dialect] as const))(
    "at any octet: as %s, who has been answered gets the answer, and the others an error",
    async (_, dialect) => {
      const { whole } = await cutAt(dialect, Infinity);
      const counts: number[] = [];
      for (let length = 0; length < whole; length++) {
        const { came } = await cutAt(dialect, length);
        const answered = came.filter((what) => what.startsWith("GET")).length;
        const rest = Array.from({ length: 3 - answered }, () => "operation-unanswered (unknown)");
        expect(came).toEqual([...three.slice(0, answered).map((path) => `GET ${path}`), ...rest]);
        counts.push(answered);
      }
      // The more has come, the more are answered.
      expect(counts).toEqual([...counts].sort());
      expect(new Set(counts)).toEqual(new Set([0, 1, 2, 3]));
    },
  );

  test("by an error of the stream, which is the cause", async () => {
    const failure = new Error("Connection reset");
    const body = new Tap('{"responses":[{"id":"1","status":200,"body":{"did":"GET /a"}},').fail(
      failure,
    ).stream;
    const headers = { "Content-Type": "application/json" };
    const client = clientOf(graph, () => new Response(body, { headers }));
    const [first, second] = [cameOf(client.fetch("/a")), rejection(client.fetch("/b"))];
    expect(await first).toBe("GET /a");
    const error = (await second) as BatchError;
    expect([error.code, error.executed, error.cause]).toEqual(["operation-unanswered", "unknown", failure]);
  });

  test("in the middle of a change set: its failure is not known to be that of all", async () => {
    const body = [
      "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n",
      "--c\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 409 Conflict\r\n\r\n\r\n--c\r\nContent-",
    ].join("");
    const headers = { "Content-Type": "multipart/mixed; boundary=b" };
    const client = clientOf(odata, () => new Response(body, { headers }));
    const all = ["a", "b"].map((path) => cameOf(client.fetch(path, { method: "DELETE", group: "g" })));
    expect(await Promise.all(all)).toEqual(["409", "operation-unanswered (unknown)"]);
  });
});

describe("Each response settles its caller as soon as its own part has arrived", () => {
  test("while the others are still to come", async () => {
    const element = (id: number): string => `{"id":"${id}","status":200,"body":{"did":"${id}"}}`;
    const tap = new Tap();
    const headers = { "Content-Type": "application/json" };
    const client = clientOf(graph, () => new Response(tap.stream, { headers }));
    const settled: string[] = [];
    const all = ["/1", "/2", "/3"].map(async (path) => settled.push(await cameOf(client.fetch(path))));
    tap.push(`{"responses":[${element(2)}`);
    await all[1];
    expect(settled).toEqual(["2"]);
    tap.push(`,${element(3)}`);
    await all[2];
    expect(settled).toEqual(["2", "3"]);
    tap.push(`,${element(1)}]}`).close();
    await Promise.all(all);
    expect(settled).toEqual(["2", "3", "1"]);
  });
});

describe("Options of the reading", () => {
  const lf = "--b\nContent-Type: application/http\n\nHTTP/1.1 204 No Content\n\n\n--b--\n";
  const answer = (): Response =>
    new Response(lf, { headers: { "Content-Type": "multipart/batching; boundary=b" } });

  test("deviations are told", async () => {
    const deviations: string[] = [];
    const onDeviation = ({ code }: Deviation): void => void deviations.push(code);
    expect(await cameOf(clientOf(ucwa, answer, { onDeviation }).fetch("/a"))).toBe("204");
    expect(new Set(deviations)).toEqual(new Set(["bare-lf"]));
  });

  test("and are errors if asked for", async () => {
    const [error] = await errorsOf(clientOf(ucwa, answer, { tolerance: "strict" }), "/a");
    expect([error!.code, (error!.cause as BatchError).code]).toEqual(["operation-unanswered", "bare-lf"]);
  });

  test("a hook that throws rejects those who still wait", async () => {
    const onUnexpected = (): void => {
      throw new Error("Hook");
    };
    const server = new FakeServer(graph, (batch) => [answerOf("nobody", 200), ...batch.map(echo)]);
    const client = clientOf(graph, server.fetch, { onUnexpected });
    expect(await rejection(client.fetch("/a"))).toEqual(new Error("Hook"));
  });
});

describe("The body of a batch", () => {
  test.skipIf(!streamsRequests)(
    `is one piece, or a stream if asked for, ${whereRequestsStream}`,
    async () => {
      for (const stream of [false, true]) {
        const server = new FakeServer(ucwa);
        const client = clientOf(ucwa, server.fetch, { stream });
        const body = streamOf([octets("Hel"), octets("lo")]);
        const init = { method: "POST", body, duplex: "half" } as RequestInit;
        expect(await cameOf(client.fetch("/a", init))).toBe("POST /a");
        expect(server.batches[0]![0]!.body).toBe("Hello");
      }
    },
  );

  test.skipIf(!streamsRequests)(
    `is not held up by a request whose own body fails, ${whereRequestsStream}`,
    async () => {
      const server = new FakeServer(ucwa);
      const client = clientOf(ucwa, server.fetch);
      const body = new Tap("Hel").fail(new Error("Disk")).stream;
      const failing = client.fetch("/a", { method: "POST", body, duplex: "half" } as RequestInit);
      const error = (await rejection(failing)) as BatchError;
      expect([error.code, error.executed]).toEqual(["operation-not-executed", "no"]);
      expect(await cameOf(client.fetch("/b"))).toBe("GET /b");
    },
  );
});

describe("A body that is gathered", () => {
  const put = (body: ReadableStream<Uint8Array>, target = "/a") => ({
    message: { kind: "request" as const, method: "PUT", target, body },
  });

  test.each<[string, Dialect, Partial<BatchClientOptions>]>([
    ["the dialect's", { ...ucwa, maxBytes: 1000 }, {}],
    ["the client's", ucwa, { maxBytes: 1000 }],
  ])("is cancelled beyond the limit, %s", async (_, dialect, options) => {
    const tap = new Tap("x".repeat(1000), "x", "x");
    const client = clientOf(dialect, new FakeServer(dialect).fetch, options);
    const { value } = await client.send([put(tap.stream)]).next();
    const error = value!.error as BatchError;
    expect([error.code, error.executed, tap.pulls]).toEqual(["batch-too-large", "no", 2]);
    expect(tap.cancels).toEqual([error.cause]);
  });

  test("is cancelled once, by whoever was to read it", async () => {
    for (const isLeft of [false, true]) {
      const reasons: unknown[] = [];
      const body: ChunkSource = {
        pull: async () => (isLeft ? new Promise<undefined>(() => {}) : new Uint8Array(1001)),
        cancel: async (reason) => void reasons.push(reason),
      };
      const client = clientOf(ucwa, new FakeServer(ucwa).fetch, { maxBytes: 1000, maxOperations: 1 });
      const message = { kind: "request", method: "PUT", target: "/a", body } as const;
      for await (const { response, error } of client.send(["/a", { message }])) {
        if (response === undefined) expect(error).toMatchObject({ code: "batch-too-large" });
        else await turns();
        if (isLeft) break;
      }
      await turns();
      expect(reasons.length).toBe(1);
    }
  });

  test("is cancelled once, if the send() is left at another that cannot be sent, either", async () => {
    const reasons: unknown[] = [];
    const body: ChunkSource = {
      pull: async () => undefined,
      cancel: async (reason) => void reasons.push(reason),
    };
    const message = { kind: "request", method: "PUT", target: "a", body } as const;
    const operations = [{ message: { ...message, body: null } }, { message }];
    const client = clientOf(odata, new FakeServer(odata).fetch);
    for await (const { error } of client.send(
      operations.map((operation) => ({ ...operation, group: "g", dependsOn: ["nothing"] })),
    )) {
      expect(error).toMatchObject({ code: "unknown-dependency" });
      break;
    }
    await turns();
    expect(reasons).toMatchObject([{ code: "unknown-dependency" }]);
  });

  test("is cancelled when the sending is aborted, or is left", async () => {
    for (const isLeft of [false, true]) {
      const taps = [new Tap("{"), new Tap()];
      const controller = new AbortController();
      const server = new FakeServer(ucwa);
      const client = clientOf(ucwa, server.fetch, { maxOperations: 1 });
      const results = client.send(["/a", ...taps.map(({ stream }) => put(stream))], controller);
      expect((await results.next()).value?.response?.status).toBe(200);
      await turns();
      if (isLeft) await results.return();
      else controller.abort("reason");
      if (!isLeft) expect(await rejection(results.next())).toBe("reason");
      await turns();
      // The other one, too, though nobody has begun with it.
      expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
      expect(server.held).toEqual([["GET /a"]]);
    }
  });
});

describe.runIf(streamsRequests)(`A stream that one caller sends, ${whereRequestsStream},`, () => {
  const put = (tap: Tap, init: BatchRequestInit = {}): BatchRequestInit =>
    ({ method: "PUT", body: tap.stream, duplex: "half", ...init }) as BatchRequestInit;

  test("is no affair of the others, and joins a batch when it has come", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(ucwa, server.fetch);
    const tap = new Tap("Hel");
    const slow = cameOf(client.fetch("/slow", put(tap)));
    expect(await cameOf(client.fetch("/a"))).toBe("GET /a");
    tap.push("lo").close();
    expect([await slow, server.batches[1]![0]!.body]).toEqual(["PUT /slow", "Hello"]);
  });

  test("is waited for by those that must be in one batch with it", async () => {
    const server = new FakeServer(graph);
    const client = clientOf(graph, server.fetch);
    const tap = new Tap("{");
    const calls = [client.fetch("/a", put(tap, { id: "x" })), client.fetch("/b", { dependsOn: ["x"] })];
    await turns();
    expect(server.held).toEqual([]);
    tap.push("}").close();
    expect(await Promise.all(calls.map(cameOf))).toEqual(["PUT /a", "GET /b"]);
    expect(server.held).toEqual([["PUT /a", "GET /b"]]);
  });

  test("is cancelled beyond the limit, and when the call is aborted", async () => {
    const client = clientOf(ucwa, new FakeServer(ucwa).fetch, { maxBytes: 1000 });
    const taps = [new Tap("x".repeat(1001)), new Tap("x")];
    const controller = new AbortController();
    const large = cameOf(client.fetch("/a", put(taps[0]!)));
    const aborted = rejection(client.fetch("/a", put(taps[1]!, { signal: controller.signal })));
    await turns();
    controller.abort("reason");
    expect([await large, await aborted]).toEqual(["batch-too-large (no)", "reason"]);
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
  });
});

describe("A batch that cannot be made", () => {
  test.each([false, true])("for one body that is no JSON fails that one: stream %s", async (stream) => {
    const client = clientOf(graph, new FakeServer(graph).fetch, { stream });
    const operation = (target: string, body: string | null) => ({
      message: {
        kind: "request" as const,
        method: "PUT",
        target,
        body: body === null ? null : streamOf([octets(body)]),
      },
    });
    const came: string[] = [];
    const operations = [operation("/a", null), operation("/b", "Hello"), operation("/c", "{}")];
    for await (const { index, response, error } of client.send(operations)) {
      const { code, executed } = (error ?? {}) as BatchError;
      came[index] = response === undefined ? `${code} (${executed})` : String(response.status);
    }
    expect(came).toEqual(["200", "inexpressible-operation (no)", "200"]);
  });

  test("was not executed", async () => {
    let count = 0;
    const fetch = (): Response => {
      count++;
      return new Response();
    };
    let asked = 0;
    // It is JSON when the client is made, and none when a batch is.
    const value = { toJSON: () => (asked++ === 0 ? 1 : 1n) };
    const client = clientOf(graph, fetch, { members: [["value", value]] });
    const [error] = await errorsOf(client, "/a", "/b");
    expect([error!.code, error!.executed, count]).toEqual(["batch-unreachable", "no", 0]);
    expect(error!.cause).toBeInstanceOf(TypeError);
  });
});

describe("Options are checked before anything is sent", () => {
  test.each<[options: object, type: new () => Error]>([
    [{ url: "/batch" }, TypeError],
    [{ onFailure: "stop" }, TypeError],
    [{ tolerance: "Strict" }, TypeError],
    [{ concurrency: 0 }, RangeError],
    [{ window: -1 }, RangeError],
    [{ maxOperations: 0 }, RangeError],
    [{ maxBytes: Number.NaN }, RangeError],
    [{ limits: { maxParts: -1 } }, RangeError],
    [{ limits: { maxPart: 4 } }, TypeError],
    [{ members: [["noJson", 1n]], dialect: graph }, TypeError],
    [{ retry: { attempts: 0 } }, RangeError],
    [{ retry: { attempts: "x" } }, RangeError],
    [{ retry: { maxDelay: Number.NaN } }, RangeError],
    [{ retry: { methods: "PUT" } }, TypeError],
  ])("%o", (options, type) => {
    expect(() => clientOf(ucwa, () => new Response(), options)).toThrow(type);
  });
  test("onFailure, also for a dialect that has a switch for it", () => {
    const options: object = { onFailure: "halt" };
    expect(() => clientOf(odata, () => new Response(), options)).toThrow(TypeError);
  });
});
