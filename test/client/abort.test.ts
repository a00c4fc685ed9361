/** Aborted calls: before the batch is sent, after it, and all of them; leaving a `send()` early. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BatchClient, graph, odata, ucwa } from "../../src/batch.ts";
import type { BatchClientOptions, Dialect, Operation } from "../../src/batch.ts";
import { deferred } from "../batch/support.ts";
import { cameOf, FakeServer } from "../support/batch-server.ts";
import {
  outcomeOf,
  rejection,
  streamsRequests,
  Tap,
  turns,
  whereRequestsStream,
} from "../support/web-streams.ts";

const url = "https://example.com/v1.0/$batch";

/** A server that answers nothing until it is told to, and knows that it was aborted. */
class SilentServer {
  readonly reasons: unknown[] = [];
  count = 0;

  readonly fetch = (request: Request): Promise<Response> => {
    this.count++;
    return new Promise((_, reject) => {
      request.signal.addEventListener("abort", () => {
        this.reasons.push(request.signal.reason);
        reject(request.signal.reason);
      });
    });
  };
}

function clientOf(
  server: { fetch: BatchClientOptions["fetch"]; dialect?: Dialect },
  options: Partial<BatchClientOptions> = {},
): BatchClient {
  return new BatchClient({ url, dialect: server.dialect ?? ucwa, fetch: server.fetch, ...options });
}

describe("A call that is aborted", () => {
  test("before it is made is never collected", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server);
    const signal = AbortSignal.abort("reason");
    const calls = [
      client.fetch("/a", { signal }),
      client.fetch(new Request("https://example.com/b", { signal })),
    ];
    for (const call of calls) expect(await rejection(call)).toBe("reason");
    await turns();
    expect(server.requests).toEqual([]);
  });

  test("is never asked to throw by itself, which ends the program in StarlingMonkey", async () => {
    const signal = AbortSignal.abort("reason");
    const throwIfAborted = vi.spyOn(signal, "throwIfAborted");
    const client = clientOf(new FakeServer(ucwa));
    for (const call of [client.fetch("/a", { signal }), client.send(["/a"], { signal }).next()])
      expect(await rejection(call)).toBe("reason");
    expect(throwIfAborted).not.toHaveBeenCalled();
  });

  test("is rejected at once, also where listeners have no `this`, as in StarlingMonkey", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    vi.spyOn(signal, "addEventListener").mockImplementation((type: string, listener: unknown) =>
      add(type, (event) => (listener as EventListener).call(undefined, event)),
    );
    const call = outcomeOf(clientOf(new SilentServer()).fetch("/a", { signal }));
    await turns(1);
    controller.abort("reason");
    expect(await call).toEqual({ error: "reason" });
  });

  test("before the batch is sent is not in it", async () => {
    const server = new FakeServer(ucwa);
    const client = clientOf(server);
    const controller = new AbortController();
    const aborted = client.fetch("/a", { signal: controller.signal });
    const other = client.fetch("/b");
    controller.abort("reason");
    expect(await rejection(aborted)).toBe("reason");
    expect(await cameOf(other)).toBe("GET /b");
    expect(server.held).toEqual([["GET /b"]]);
  });

  test("before the batch is sent takes the rest of its group with it", async () => {
    const server = new FakeServer(odata);
    const client = clientOf(server);
    const controller = new AbortController();
    const group = { method: "DELETE", group: "g" };
    const calls = [
      client.fetch("/v1.0/a", { ...group, signal: controller.signal }),
      client.fetch("/v1.0/b", group),
      client.fetch("/v1.0/c"),
    ].map(cameOf);
    controller.abort("reason");
    expect(await Promise.all(calls)).toEqual(["reason", "operation-not-executed (no)", "GET c"]);
  });

  test("while it waits for the window is rejected at once", async () => {
    vi.useFakeTimers();
    const server = new FakeServer(ucwa);
    const controller = new AbortController();
    const call = clientOf(server, { window: 1000 }).fetch("/a", { signal: controller.signal });
    controller.abort("reason");
    expect(await rejection(call)).toBe("reason");
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.requests).toEqual([]);
    vi.useRealTimers();
  });

  test("after the batch is sent is detached, and the others get their answers", async () => {
    const tap = new Tap();
    const headers = { "Content-Type": "application/json" };
    let isAborted = false;
    const fetch = (request: Request): Response => {
      request.signal.addEventListener("abort", () => (isAborted = true));
      return new Response(tap.stream, { headers });
    };
    const client = clientOf({ fetch, dialect: graph });
    const controller = new AbortController();
    const aborted = client.fetch("/a", { signal: controller.signal });
    const other = client.fetch("/b", { signal: new AbortController().signal });
    await turns();
    controller.abort("reason");
    expect(await rejection(aborted)).toBe("reason");
    const answers = [1, 2].map((id) => ({ id: String(id), status: 200, body: { did: `${id}` } }));
    tap.push(JSON.stringify({ responses: answers })).close();
    expect(await cameOf(other)).toBe("2");
    expect(isAborted).toBe(false);
  });

  test("after its answer has come keeps its response", async () => {
    const controller = new AbortController();
    const response = await clientOf(new FakeServer(ucwa)).fetch("/a", { signal: controller.signal });
    controller.abort();
    expect(await response.json()).toEqual({ did: "GET /a" });
  });
});

test.each([
  ["", (): object => ({})],
  [", also while their bodies are gathered,", () => ({ method: "POST", body: new Tap("x").close().stream })],
])("A signal of many calls%s has one listener, and none when they are settled", async (_, init) => {
  const { signal } = new AbortController();
  let count = 0;
  let most = 0;
  const add = vi.spyOn(signal, "addEventListener").mockImplementation(() => {
    most = Math.max(most, ++count);
  });
  const remove = vi.spyOn(signal, "removeEventListener").mockImplementation(() => void count--);
  const client = clientOf(new FakeServer(ucwa), { maxOperations: 5 });
  const calls = Array.from({ length: 50 }, (__, n) => {
    return client.fetch(`/${n}`, { ...init(), duplex: "half", signal } as RequestInit);
  });
  expect(count).toBe(1);
  await Promise.all(calls);
  await turns();
  expect([most, count, add.mock.calls.length > 0, remove.mock.calls.length > 0]).toEqual([1, 0, true, true]);
});

describe("When all calls of a batch are aborted", () => {
  test("so is the batch, with the last reason", async () => {
    const server = new SilentServer();
    const client = clientOf(server);
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }, n) => rejection(client.fetch(`/${n}`, { signal })));
    await turns();
    controllers[0]!.abort("first");
    await turns();
    expect(server.reasons).toEqual([]);
    controllers[1]!.abort("second");
    expect(await Promise.all(calls)).toEqual(["first", "second"]);
    await turns();
    expect(server.reasons.length).toBe(1);
  });

  test("the reading of its answer is cancelled", async () => {
    const tap = new Tap('{"responses":[');
    const fetch = (): Response =>
      new Response(tap.stream, { headers: { "Content-Type": "application/json" } });
    const controller = new AbortController();
    const call = clientOf({ fetch, dialect: graph }).fetch("/a", { signal: controller.signal });
    await turns();
    controller.abort("reason");
    expect(await rejection(call)).toBe("reason");
    await turns();
    expect(tap.cancels.length).toBe(1);
  });

  test("what fetch() then answers may be anything: it is nobody's unhandled rejection", async () => {
    const gate = deferred<Response>();
    const controller = new AbortController();
    const client = clientOf({ fetch: () => gate.promise });
    const call = client.fetch("/a", { signal: controller.signal });
    await turns();
    controller.abort("reason");
    expect(await rejection(call)).toBe("reason");
    gate.resolve(undefined as unknown as Response);
    // It would fail the run.
    await turns();
  });

  test("the next batch has its turn, even if fetch() never ends", async () => {
    let isFirst = true;
    const server = new FakeServer(ucwa);
    const fetch = (request: Request): Promise<Response> => {
      if (!isFirst) return server.fetch(request);
      isFirst = false;
      return new Promise(() => {});
    };
    const client = clientOf({ fetch }, { concurrency: 1 });
    const controller = new AbortController();
    const stuck = client.fetch("/a", { signal: controller.signal });
    await turns();
    const next = client.fetch("/b");
    await turns();
    controller.abort("reason");
    expect(await rejection(stuck)).toBe("reason");
    expect(await cameOf(next)).toBe("GET /b");
  });
});

test("A renewal of the fields that never ends holds up nobody when the calls of its batch are aborted", async () => {
  const server = new FakeServer(ucwa);
  let isFirst = true;
  const fetch = async (request: Request): Promise<Response> => {
    if (!isFirst) return await server.fetch(request);
    isFirst = false;
    return new Response(null, { status: 401 });
  };
  const client = clientOf({ fetch }, { concurrency: 1, onUnauthorized: () => new Promise(() => {}) });
  const controller = new AbortController();
  const stuck = client.fetch("/a", { signal: controller.signal });
  await turns();
  const next = cameOf(client.fetch("/b"));
  controller.abort("reason");
  expect([await rejection(stuck), await next]).toEqual(["reason", "GET /b"]);
});

describe("A batch that nobody waits for any more gives its place to the next", () => {
  const element = (id: number): string => `{"id":"${id}","status":200,"body":{"did":"${id}"}}`;

  /** Answers the first batches with what a tap gives, and the rest as a server does. */
  function stalling(...taps: Tap[]): { fetch: (request: Request) => Promise<Response>; reasons: unknown[] } {
    const server = new FakeServer(graph);
    const headers = { "Content-Type": "application/json" };
    const reasons: unknown[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      const tap = taps.shift();
      if (tap === undefined) return await server.fetch(request);
      request.signal.addEventListener("abort", () => reasons.push(request.signal.reason));
      return new Response(tap.stream, { headers });
    };
    return { fetch, reasons };
  }

  test("when the calls that are not answered are aborted", async () => {
    const taps = Array.from({ length: 4 }, () => new Tap(`{"responses":[${element(1)},`));
    const { fetch, reasons } = stalling(...taps);
    const client = clientOf({ fetch, dialect: graph });
    for (let batch = 0; batch < 4; batch++) {
      const { signal } = new AbortController();
      const controller = new AbortController();
      const answered = [client.fetch("/fast", { signal })];
      const aborted = client.fetch("/slow", { signal: controller.signal });
      expect(await Promise.all(answered.map(cameOf))).toEqual(["1"]);
      controller.abort(batch);
      expect(await rejection(aborted)).toBe(batch);
    }
    expect(await cameOf(client.fetch("/other"))).toBe("GET /other");
    expect(reasons).toEqual([0, 1, 2, 3]);
  });

  test("when the others wait to be sent again", async () => {
    const throttled = '{"id":"1","status":429,"headers":{"Retry-After":"0"}}';
    const { fetch, reasons } = stalling(new Tap(`{"responses":[${throttled},`));
    const client = clientOf({ fetch, dialect: graph }, { concurrency: 1 });
    const controller = new AbortController();
    const again = client.fetch("/a");
    const aborted = client.fetch("/b", { signal: controller.signal });
    await turns();
    controller.abort("reason");
    expect(await rejection(aborted)).toBe("reason");
    expect([await cameOf(again), reasons]).toEqual(["GET /a", ["reason"]]);
  });

  describe("when all are answered, after a while for the rest of the answer", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    test("if the rest does not come", async () => {
      // Browsers read streams in tasks, which nobody knows how long to wait for.
      vi.useRealTimers();
      const tap = new Tap(`{"responses":[${element(1)}]}`);
      const { fetch, reasons } = stalling(tap);
      const client = clientOf({ fetch, dialect: graph }, { concurrency: 1 });
      expect(await cameOf(client.fetch("/a"))).toBe("1");
      expect(await cameOf(client.fetch("/b"))).toBe("GET /b");
      expect([tap.cancels.length, reasons.length]).toEqual([1, 1]);
    });

    test("though nothing follows the last answer but the end of a multipart body", async () => {
      const part = "--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n";
      const taps: Tap[] = [];
      const fetch = (): Response => {
        taps.push(new Tap(`${part}--b--\r\n`));
        return new Response(taps.at(-1)!.stream, {
          headers: { "Content-Type": "multipart/mixed; boundary=b" },
        });
      };
      const client = clientOf({ fetch, dialect: odata }, { concurrency: 1 });
      const [answered, unanswered] = [client.fetch("a"), client.fetch("b")].map(cameOf);
      await vi.advanceTimersByTimeAsync(10);
      expect([await answered, await unanswered]).toEqual(["204", "operation-unanswered (unknown)"]);
      expect(taps[0]!.cancels.length).toBe(0);
      const next = cameOf(client.fetch("c"));
      await vi.advanceTimersByTimeAsync(10);
      expect(await next).toBe("204");
      taps[1]!.close();
      await vi.advanceTimersByTimeAsync(1000);
      expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 0]);
      expect(vi.getTimerCount()).toBe(0);
    });

    test("which is read to its end if it comes", async () => {
      const tap = new Tap(`{"responses":[${element(1)},`);
      const { fetch, reasons } = stalling(tap);
      const unexpected: unknown[] = [];
      const client = clientOf({ fetch, dialect: graph }, { onUnexpected: ({ id }) => unexpected.push(id) });
      const call = cameOf(client.fetch("/a"));
      await vi.advanceTimersByTimeAsync(10);
      tap
        .push(`${element(7)}]`)
        .push("}")
        .close();
      await vi.advanceTimersByTimeAsync(1000);
      expect([await call, unexpected, reasons, tap.cancels]).toEqual(["1", ["7"], [], []]);
      expect(vi.getTimerCount()).toBe(0);
    });

    test("but not while a result of send() is looked at", async () => {
      const tap = new Tap(`{"responses":[${element(1)}]}`);
      const { fetch, reasons } = stalling(tap);
      const results = clientOf({ fetch, dialect: graph }).send(["/a"]);
      const first = results.next();
      await vi.advanceTimersByTimeAsync(1000);
      expect([(await first).value?.response?.status, reasons.length]).toEqual([200, 0]);
      const last = results.next();
      await vi.advanceTimersByTimeAsync(1000);
      expect([(await last).done, reasons.length]).toEqual([true, 1]);
    });
  });
});

describe("A send() that is left", () => {
  test("by its signal rejects with the reason, even if fetch() never ends", async () => {
    const controller = new AbortController();
    const client = clientOf({ fetch: () => new Promise(() => {}) });
    const next = client.send(["/a", "/b"], { signal: controller.signal }).next();
    await turns();
    controller.abort("reason");
    expect(await rejection(next)).toBe("reason");
  });

  test("by a signal that is aborted already sends nothing", async () => {
    const server = new SilentServer();
    const signal = AbortSignal.abort("reason");
    expect(await rejection(clientOf(server).send(["/a"], { signal }).next())).toBe("reason");
    expect(server.count).toBe(0);
  });

  test("by a break aborts the batches that are under way", async () => {
    const fast = new FakeServer(ucwa);
    const silent = new SilentServer();
    const fetch = (request: Request): Promise<Response> =>
      fast.requests.length === 0 ? fast.fetch(request) : silent.fetch(request);
    const client = clientOf({ fetch }, { maxOperations: 1, concurrency: 2 });
    const seen: number[] = [];
    for await (const { index } of client.send(["/a", "/b", "/c"])) {
      seen.push(index);
      break;
    }
    await turns();
    expect([seen, fast.requests.length, silent.count, silent.reasons.length]).toEqual([[0], 1, 1, 1]);
  });

  test("by a break cancels the answer that is being read", async () => {
    const answer = '{"id":"1","status":204},{"id":"2","status":204},';
    const tap = new Tap('{"responses":[', answer);
    const fetch = (): Response =>
      new Response(tap.stream, { headers: { "Content-Type": "application/json" } });
    for await (const { response } of clientOf({ fetch, dialect: graph }).send(["/a", "/b", "/c"])) {
      expect(response?.status).toBe(204);
      break;
    }
    await turns();
    expect(tap.cancels.length).toBe(1);
  });
});

describe("The body of a call that is not sent is cancelled", () => {
  const streaming = (tap: Tap): RequestInit =>
    ({ method: "POST", body: tap.stream, duplex: "half" }) as RequestInit;
  const posted = (tap: Tap, target = "/a"): Operation<"request"> => ({
    message: { kind: "request", method: "POST", target, headers: {}, body: tap.stream },
  });
  const silent = (options?: Partial<BatchClientOptions>): BatchClient =>
    clientOf(new SilentServer(), options);

  test.runIf(streamsRequests)(`if it was aborted before it was made, ${whereRequestsStream}`, async () => {
    const tap = new Tap();
    const call = silent().fetch("/a", { ...streaming(tap), signal: AbortSignal.abort("reason") });
    expect(await rejection(call)).toBe("reason");
    expect(tap.cancels).toEqual(["reason"]);
  });

  test.runIf(streamsRequests)(
    `if it is aborted before its batch is sent, and those of its group, ${whereRequestsStream}`,
    async () => {
      const controller = new AbortController();
      const taps = [new Tap(), new Tap()];
      const client = clientOf({ fetch: new SilentServer().fetch, dialect: odata }, { stream: true });
      const calls = taps.map((tap) =>
        rejection(client.fetch("a", { ...streaming(tap), group: "g", signal: controller.signal })),
      );
      controller.abort("reason");
      expect(await Promise.all(calls)).toEqual(["reason", "reason"]);
      await turns();
      expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
    },
  );

  test("if it depends on what is not there", async () => {
    const tap = new Tap();
    const operation = { ...posted(tap), dependsOn: ["nothing"] };
    for await (const { error } of clientOf({ fetch: new SilentServer().fetch, dialect: odata }).send([
      operation,
    ]))
      expect(error).toMatchObject({ code: "unknown-dependency" });
    expect(tap.cancels).toMatchObject([{ code: "unknown-dependency" }]);
  });

  test("if one that must be in the same batch cannot be sent", async () => {
    const taps = [new Tap().fail("broken"), new Tap()];
    const operations = taps.map((tap) => ({ ...posted(tap, "a"), group: "g" }));
    const client = clientOf({ fetch: new SilentServer().fetch, dialect: odata }, { maxBytes: 1000 });
    for await (const { error } of client.send([
      operations[0]!,
      { ...operations[1]!, dependsOn: ["nothing"] },
    ]))
      expect(error).toMatchObject({ executed: "no" });
    expect(taps[1]!.cancels.length).toBe(1);
  });

  test.each([true, false])("if the send() is left before it, with streamed bodies: %s", async (stream) => {
    const taps = [new Tap("x").close(), new Tap(), new Tap(), new Tap()];
    const client = clientOf(new FakeServer(ucwa), { stream, maxOperations: 1, concurrency: 1 });
    for await (const { response } of client.send(taps.map((tap) => posted(tap)))) {
      expect(response?.status).toBe(200);
      break;
    }
    await turns();
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([0, 1, 1, 1]);
  });

  test("if the signal of its send() is aborted already", async () => {
    const tap = new Tap();
    const results = silent().send([posted(tap)], { signal: AbortSignal.abort("reason") });
    expect(await rejection(results.next())).toBe("reason");
    expect(tap.cancels).toEqual(["reason"]);
  });

  test("if the dialect has no place for its field, or its method", async () => {
    const taps = [new Tap(), new Tap()] as const;
    const operations: Operation<"request">[] = [
      { message: { ...posted(taps[0]).message, headers: { Authorization: "a" } } },
      { message: { ...posted(taps[1]).message, method: "PATCH" } },
    ];
    const client = clientOf({
      fetch: new SilentServer().fetch,
      dialect: { ...odata, credentials: "refuse", methods: ["POST"] },
    });
    for await (const { error } of client.send(operations))
      expect(error).toMatchObject({ code: "inexpressible-operation" });
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
  });

  test.runIf(streamsRequests)(
    `if its URL cannot be in the batch, or its field, ${whereRequestsStream}`,
    async () => {
      const taps = [new Tap(), new Tap(), new Tap(), new Tap()];
      const client = clientOf({
        fetch: new SilentServer().fetch,
        dialect: { ...odata, credentials: "refuse" },
      });
      const calls = [
        client.fetch("https://elsewhere.example/", streaming(taps[0]!)),
        client.fetch("a", { ...streaming(taps[1]!), headers: { Authorization: "a" } }),
        client.fetch(new Request("https://elsewhere.example/", streaming(taps[2]!))),
      ];
      const errors = await Promise.all(calls.map(rejection));
      // A request that is made of another does not tell that one's body in Bun.
      const copy = new Request(new Request("https://elsewhere.example/", streaming(taps[3]!)));
      copy.body!.cancel().catch(() => {});
      await turns();
      const told = taps.slice(0, taps[3]!.cancels.length > 0 ? 3 : 2);
      expect(told.map(({ cancels }) => cancels)).toEqual(told.map((_, i) => [errors[i]]));
      expect(errors).toMatchObject(calls.map(() => ({ code: "inexpressible-operation" })));
    },
  );

  test("if the send() is left at one that cannot be sent", async () => {
    const tap = new Tap();
    const client = clientOf({ fetch: new SilentServer().fetch, dialect: odata });
    for await (const { error } of client.send([new URL("https://elsewhere.example/"), posted(tap)])) {
      expect(error).toMatchObject({ code: "inexpressible-operation" });
      break;
    }
    expect(tap.cancels.length).toBe(1);
  });
});

describe("With timers", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a call that is aborted while it waits to be sent again leaves no timer", async () => {
    const server = new FakeServer(
      ucwa,
      () => new Response(null, { status: 503, headers: { "Retry-After": "9" } }),
    );
    const controller = new AbortController();
    const call = clientOf(server).fetch("/a", { signal: controller.signal });
    const came = rejection(call);
    await vi.advanceTimersByTimeAsync(10);
    expect([server.requests.length, vi.getTimerCount()]).toEqual([1, 1]);
    controller.abort("reason");
    expect(await came).toBe("reason");
    await vi.advanceTimersByTimeAsync(0);
    expect([server.requests.length, vi.getTimerCount()]).toEqual([1, 0]);
  });
});
