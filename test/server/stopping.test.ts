/** What stops a batch reaches everything that it has begun, and nothing of it is left open. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createBatchHandler, odata, odataJson, operationStream, ucwa } from "../../src/batch.ts";
import type { AtomicGroups, BatchHandlerOptions, BatchInfo } from "../../src/batch.ts";
import { answers, batch, deferred, request as operation, settle } from "../batch/support.ts";
import { chunksOf, streamsRequests, Tap, whereRequestsStream } from "../support/web-streams.ts";

const handlerOf = (options: Partial<BatchHandlerOptions>): ((request: Request) => Promise<Response>) =>
  createBatchHandler({ dialects: [ucwa, odata, odataJson], handler: () => new Response("ok"), ...options });

/** A body of so many octets, which then goes on for ever, or fails; it tells whether it was cancelled. */
function endless(
  octets: number,
  error?: Error,
): { body: ReadableStream<Uint8Array>; state: { cancelled: boolean } } {
  const state = { cancelled: false };
  let left = octets;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (left > 0) {
          left -= 10_000;
          controller.enqueue(new Uint8Array(10_000));
          return undefined;
        }
        if (error !== undefined) throw error;
        return new Promise<void>(() => {});
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, state };
}

describe("A batch that is aborted", () => {
  test("before it is handled runs nothing", async () => {
    let count = 0;
    const handle = handlerOf({
      handler: () => {
        count++;
        return new Response("ok");
      },
    });
    const request = await batch(odataJson, ["GET x"], { signal: AbortSignal.abort(new Error("gone")) });
    await expect(handle(request)).rejects.toThrow("gone");
    expect(count).toBe(0);
  });

  test("by a handler that then never answers is over", async () => {
    const controller = new AbortController();
    const handle = handlerOf({
      handler: () => {
        controller.abort(new Error("gone"));
        return new Promise<Response>(() => {});
      },
    });
    await expect(handle(await batch(ucwa, ["GET /x"], { signal: controller.signal }))).rejects.toThrow(
      "gone",
    );
  });

  test("while an operation's origin is asked about aborts that operation", async () => {
    const controller = new AbortController();
    const aborted: boolean[] = [];
    const handle = handlerOf({
      allowOrigin: () => {
        controller.abort(new Error("gone"));
        return true;
      },
      handler: ({ signal }) => {
        aborted.push(signal.aborted);
        return new Promise<Response>(() => {});
      },
    });
    const request = await batch(ucwa, ["GET https://elsewhere.example/a"], { signal: controller.signal });
    await expect(handle(request)).rejects.toThrow("gone");
    expect(aborted).toEqual([true]);
  });

  test("is not answered as if it were whole, though its reader was slow", async () => {
    const controller = new AbortController();
    const ends: BatchInfo[] = [];
    const handle = handlerOf({
      handler: (request) =>
        request.url.endsWith("/a") ? new Response("ok") : new Promise<Response>(() => {}),
      hooks: { onBatchEnd: (info) => void ends.push(info) },
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b"], { signal: controller.signal }));
    await settle();
    controller.abort(new Error("gone"));
    await settle();
    await expect(chunksOf(response.body!)).rejects.toThrow("gone");
    expect(ends).toMatchObject([{ error: new Error("gone") }]);
  });

  test("is over, and its answers are let go of, though nobody reads or cancels its response", async () => {
    const controller = new AbortController();
    const bodies = [endless(200_000), endless(200_000)];
    const ends: BatchInfo[] = [];
    const handle = handlerOf({
      handler: (request) => new Response(bodies[request.url.endsWith("/a") ? 0 : 1]!.body),
      hooks: { onBatchEnd: (info) => void ends.push(info) },
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b"], { signal: controller.signal }));
    await settle();
    controller.abort(new Error("gone"));
    await settle();
    expect(bodies.map(({ state }) => state.cancelled)).toEqual([true, true]);
    expect(ends).toMatchObject([{ error: new Error("gone") }]);
    await expect(chunksOf(response.body!)).rejects.toThrow("gone");
    expect(ends.length).toBe(1);
  });

  test("lets go of the answers that nobody has taken", async () => {
    const first = endless(200_000);
    const second = endless(200_000);
    const handle = handlerOf({
      handler: (request) => new Response((request.url.endsWith("/a") ? first : second).body),
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b"]));
    await settle();
    await response.body!.cancel("enough");
    await settle();
    expect([first.state, second.state]).toEqual([{ cancelled: true }, { cancelled: true }]);
  });
});

describe("An answer that is being sent", () => {
  test("is of a running operation: the abort reaches its signal, and its body", async () => {
    const controller = new AbortController();
    const { body, state } = endless(200_000);
    let signal: AbortSignal | undefined;
    const handle = handlerOf({
      handler: (request) => {
        ({ signal } = request);
        return new Response(body);
      },
    });
    const response = await handle(await batch(ucwa, ["GET /a"], { signal: controller.signal }));
    const text = chunksOf(response.body!);
    text.catch(() => {});
    await settle();
    expect(signal!.aborted).toBe(false);
    controller.abort(new Error("gone"));
    await expect(text).rejects.toThrow("gone");
    expect([signal!.aborted, state.cancelled]).toEqual([true, true]);
  });

  test("does not outlast the time of the batch", async () => {
    const { body, state } = endless(200_000);
    const handle = handlerOf({ batchTimeout: 30, handler: () => new Response(body) });
    const response = await handle(await batch(ucwa, ["GET /a"]));
    await expect(chunksOf(response.body!)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(state.cancelled).toBe(true);
  });

  test("and fails ends the batch with its error", async () => {
    const ends: BatchInfo[] = [];
    const { body } = endless(200_000, new Error("disk"));
    const handle = handlerOf({
      handler: () => new Response(body),
      hooks: { onBatchEnd: (info) => void ends.push(info) },
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b"]));
    await expect(chunksOf(response.body!)).rejects.toThrow("disk");
    await settle();
    expect(ends).toMatchObject([{ error: new Error("disk") }]);
  });
});

describe("The body of an answer that is not complete when its operation is given up", () => {
  test.each([
    ["is cancelled", 0],
    ["is cancelled when it comes, if that is later", 60],
  ])("%s", async (_, delay) => {
    for (const dialect of [ucwa, odataJson]) {
      const { body, state } = endless(10_000);
      const handle = handlerOf({
        operationTimeout: 30,
        handler: async () => {
          if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
          return new Response(body);
        },
      });
      const lines = await answers(await handle(await batch(dialect, ["#1 GET a"])), dialect);
      expect(lines).toEqual([expect.stringMatching(/504 /)]);
      if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
      expect(state.cancelled).toBe(true);
    }
  });

  test("is cancelled with the reason of the batch", async () => {
    const controller = new AbortController();
    const { body, state } = endless(10_000);
    const handle = handlerOf({ handler: () => new Response(body) });
    const response = handle(await batch(ucwa, ["GET /a"], { signal: controller.signal }));
    response.catch(() => {});
    await settle();
    controller.abort(new Error("gone"));
    await expect(response).rejects.toThrow("gone");
    expect(state.cancelled).toBe(true);
  });
});

describe.runIf(streamsRequests)(
  `A request without an end behind its close-delimiter, ${whereRequestsStream},`,
  () => {
    /** What has come of a batch that has been answered. */
    async function answered(options: Partial<BatchHandlerOptions> = {}) {
      const { body, contentType } = operationStream([operation("GET /a")], {
        dialect: ucwa,
        kind: "request",
      });
      const tap = new Tap().push(new Uint8Array(await new Response(body).arrayBuffer()));
      const controller = new AbortController();
      const request = new Request("https://example.com/batch", {
        method: "POST",
        headers: { "Content-Type": contentType },
        body: tap.stream,
        duplex: "half",
        signal: controller.signal,
      } as RequestInit);
      const ends: BatchInfo[] = [];
      const handle = handlerOf({ hooks: { onBatchEnd: (info) => void ends.push(info) }, ...options });
      expect(await answers(await handle(request), ucwa)).toEqual(["200 ok"]);
      return { tap, controller, ends };
    }

    test("is cancelled when it is aborted, though its batch is over", async () => {
      const { tap, controller, ends } = await answered();
      controller.abort(new Error("gone"));
      await settle();
      expect(tap.cancels.length).toBe(1);
      expect(ends.map(({ error }) => error)).toEqual([undefined]);
    });

    describe("with timers", () => {
      beforeEach(() => void vi.useFakeTimers());
      afterEach(() => void vi.useRealTimers());

      test.each([
        ["when the batch's time is up", 1000],
        ["some time after its answers, be it that the batch has more", 60_000],
        ["some time after its answers", undefined],
      ])("is cancelled %s", async (_, batchTimeout) => {
        const { tap, ends } = await answered({ batchTimeout });
        await vi.advanceTimersByTimeAsync(999);
        expect(tap.cancels.length).toBe(0);
        await vi.advanceTimersByTimeAsync(batchTimeout === 1000 ? 1 : 10_000);
        expect([tap.cancels.length, vi.getTimerCount()]).toEqual([1, 0]);
        expect(ends.map(({ error }) => error)).toEqual([undefined]);
      });

      test("is read to its end if there is one, and leaves no timer", async () => {
        const { tap } = await answered({ batchTimeout: 60_000 });
        tap.push("\r\n").close();
        await vi.advanceTimersByTimeAsync(10);
        expect([tap.cancels.length, vi.getTimerCount()]).toEqual([0, 0]);
      });
    });
  },
);

describe("Timeouts", () => {
  test.each(["operationTimeout", "batchTimeout"] as const)("%s may be Infinity", async (name) => {
    const handle = handlerOf({
      [name]: Infinity,
      handler: async () => {
        await settle(3);
        return new Response("ok");
      },
    });
    expect(await answers(await handle(await batch(ucwa, ["GET /a"])), ucwa)).toEqual(["200 ok"]);
  });

  test.each([0, -1, NaN])("must be more than 0: %s", (time) => {
    expect(() => handlerOf({ operationTimeout: time })).toThrow(RangeError);
    expect(() => handlerOf({ batchTimeout: time })).toThrow(RangeError);
  });
});

describe("A transaction that never settles", () => {
  const never = (): Promise<never> => new Promise(() => {});
  const lines = ["#1 @g POST x {}", "#2 @g POST y {}"];
  const none: AtomicGroups<unknown> = { begin: () => {}, commit: () => {}, rollback: () => {} };

  test.each([
    ["begin", { ...none, begin: never }],
    ["commit", { ...none, commit: never }],
  ])("%s: is answered 504 when the batch's time is up", async (_, atomic) => {
    const handle = handlerOf({ batchTimeout: 20, atomic });
    expect(await answers(await handle(await batch(odata, lines)), odata)).toEqual([
      expect.stringMatching(/^#1 504 /),
    ]);
  });

  test("rollback: the failure is answered when the batch's time is up", async () => {
    const handle = handlerOf({
      batchTimeout: 20,
      atomic: { ...none, rollback: never },
      handler: () => new Response(null, { status: 409 }),
    });
    expect(await answers(await handle(await batch(odata, lines)), odata)).toEqual(["#1 409"]);
  });

  test("one that begins too late is rolled back", async () => {
    const begun = deferred<string>();
    const log: unknown[] = [];
    const atomic: AtomicGroups<unknown> = {
      begin: () => begun.promise,
      commit: () => void log.push("commit"),
      rollback: (transaction) => void log.push(["rollback", transaction]),
    };
    const handle = handlerOf({ batchTimeout: 20, atomic });
    await (await handle(await batch(odata, lines))).text();
    begun.resolve("late");
    await settle();
    expect(log).toEqual([["rollback", "late"]]);
  });
});

test("A group whose operations have succeeded is rolled back if its batch has been given up by then", async () => {
  const controller = new AbortController();
  const log: string[] = [];
  const { body, state } = endless(200_000);
  const handle = handlerOf({
    atomic: {
      begin: () => void log.push("begin"),
      commit: () => void log.push("commit"),
      rollback: () => void log.push("rollback"),
    },
    hooks: { onOperationEnd: () => controller.abort(new Error("gone")) },
    handler: () => new Response(body),
  });
  const request = await batch(odata, ["#1 @g POST x {}"], { signal: controller.signal });
  await expect(handle(request)).rejects.toThrow("gone");
  await settle();
  expect([log, state.cancelled]).toEqual([["begin", "rollback"], true]);
});

test("Answers of a group that is rolled back are let go of", async () => {
  const { body, state } = endless(200_000);
  const handle = handlerOf({
    atomic: { begin: () => {}, commit: () => {}, rollback: () => {} },
    handler: (request) =>
      request.url.endsWith("x") ? new Response(body) : new Response(null, { status: 409 }),
  });
  const response = await handle(await batch(odata, ["#1 @g POST x {}", "#2 @g POST y {}"]));
  expect(await answers(response, odata)).toEqual(["#2 409"]);
  await settle();
  expect(state.cancelled).toBe(true);
});

describe("What the user's own functions throw", () => {
  test("ends the batch, and hangs nothing: the dialect's problem()", async () => {
    const problem = (): never => {
      throw new Error("boom");
    };
    const handle = handlerOf({
      dialects: [{ ...ucwa, problem }],
      handler: () => {
        throw new Error("first");
      },
    });
    await expect(handle(await batch(ucwa, ["GET /a"]))).rejects.toThrow("boom");
  });

  test("is the operation's 500, and told: allowOrigin()", async () => {
    const errors: unknown[] = [];
    const allowOrigin = (): never => {
      throw new Error("boom");
    };
    const handle = handlerOf({ allowOrigin, hooks: { onError: (error) => void errors.push(error) } });
    const lines = await answers(
      await handle(await batch(ucwa, ["GET https://other.example/", "GET /b"])),
      ucwa,
    );
    expect(lines).toEqual([expect.stringMatching(/^500 /), "200 ok"]);
    expect(errors).toEqual([new Error("boom")]);
  });

  test("or their promises reject with is nobody's unhandled rejection: hooks", async () => {
    const handled: unknown[] = [];
    const hook = (): void => {
      const promise = Promise.reject(new Error("hook"));
      handled.push(vi.spyOn(promise, "then"));
      return promise as unknown as undefined;
    };
    const handle = handlerOf({
      hooks: { onBatchStart: hook, onBatchEnd: hook, onOperationStart: hook, onOperationEnd: hook },
    });
    await (await handle(await batch(ucwa, ["GET /a"]))).text();
    expect(handled.length).toBe(4);
    for (const then of handled) expect(then).toHaveBeenCalledWith(undefined, expect.any(Function));
  });
});
