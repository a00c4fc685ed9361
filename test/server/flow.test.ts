import { describe, expect, test } from "vitest";
import { createBatchHandler, graph, odata, odataJson, OperationReader, ucwa } from "../../src/batch.ts";
import type { BatchHandlerOptions, BatchInfo, Dialect } from "../../src/batch.ts";
import { chunksOf, rejection, Tap, streamsRequests, whereRequestsStream } from "../support/web-streams.ts";
import { answers, batch, deferred, request as operation, settle, text } from "../batch/support.ts";

const handlerOf = (options: Partial<BatchHandlerOptions>): ((request: Request) => Promise<Response>) =>
  createBatchHandler({
    dialects: [ucwa, odata, odataJson],
    handler: () => new Response("ok"),
    admission: "stream",
    ...options,
  });

/** A batch whose octets arrive when they are told to. */
async function arriving(
  dialect: Dialect,
  lines: string[],
): Promise<{
  request: Request;
  /** Octets up to the end of the first occurrence of a text. */
  lengthTo: (ending: string) => number;
  arrive: (octets: number) => void;
  end: () => void;
}> {
  const whole = await batch(dialect, lines);
  const octets = new Uint8Array(await whole.arrayBuffer());
  let sent = 0;
  const tap = new Tap();
  const headers = { "Content-Type": whole.headers.get("content-type")! };
  const request = new Request(whole.url, {
    method: "POST",
    headers,
    body: tap.stream,
    duplex: "half",
  } as RequestInit);
  const arrive = (count = Infinity): void => {
    tap.push(octets.slice(sent, sent + count));
    sent += count;
  };
  const end = (): void => {
    arrive();
    tap.close();
  };
  const lengthTo = (ending: string): number => text(octets).indexOf(ending) + ending.length;
  return { request, lengthTo, arrive, end };
}

describe("Reading and running", () => {
  test.skipIf(!streamsRequests)(
    `an operation starts while those behind it are still on their way, ${whereRequestsStream}`,
    async () => {
      const seen: string[] = [];
      const handle = handlerOf({
        handler: (request) => {
          seen.push(new URL(request.url).pathname);
          return new Response("ok");
        },
      });
      const { request, arrive, end } = await arriving(ucwa, ["GET /a", "GET /b"]);
      const answered = handle(request);
      arrive(260);
      await settle();
      expect(seen).toEqual(["/a"]);
      end();
      expect(await answers(await answered, ucwa)).toEqual(["200 ok", "200 ok"]);
    },
  );

  test.skipIf(!streamsRequests)(
    `a change set starts once it has come whole, while what is behind it is still on its way, ${whereRequestsStream}`,
    async () => {
      const seen: string[] = [];
      const handle = handlerOf({
        atomic: { begin: () => {}, commit: () => {}, rollback: () => {} },
        handler: (request) => {
          seen.push(new URL(request.url).pathname);
          return new Response("ok");
        },
      });
      const { request, lengthTo, arrive, end } = await arriving(odata, ["@g POST a", "@g POST b", "GET c"]);
      const answered = handle(request);
      arrive(lengthTo("--\r\n") - 4);
      await settle();
      expect(seen).toEqual([]);
      arrive(4);
      await settle();
      expect(seen).toEqual(["/service/a", "/service/b"]);
      end();
      expect((await answers(await answered, odata)).length).toBe(3);
    },
  );

  test.skipIf(!streamsRequests)(
    `an answer is sent while operations behind it are still on their way, ${whereRequestsStream}`,
    async () => {
      const { request, arrive, end } = await arriving(ucwa, ["GET /a", "GET /b"]);
      const answered = handlerOf({})(request);
      arrive(260);
      const reader = (await answered).body!.getReader();
      expect(text((await reader.read()).value!)).toContain("200 OK");
      end();
      let rest = "";
      for (let chunk; !(chunk = await reader.read()).done;) rest += text(chunk.value);
      expect(rest).toMatch(/200 OK[^]*--\r\n$/);
    },
  );

  test("an answer can be read while the one behind it runs: its end does not wait for that", async () => {
    const gate = deferred();
    const handle = handlerOf({
      handler: async (request) => {
        if (request.url.endsWith("/b")) await gate.promise;
        return new Response(new URL(request.url).pathname);
      },
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b"]));
    const reader = new OperationReader(response, { dialect: ucwa, kind: "response" });
    expect(text((await reader.next()).value!.message!.body as Uint8Array)).toBe("/a");
    gate.resolve();
    expect(text((await reader.next()).value!.message!.body as Uint8Array)).toBe("/b");
    expect((await reader.next()).done).toBe(true);
  });

  test.each([
    ["has succeeded", "POST b", 201],
    ["has failed, which is answered once", "POST 409", 409],
  ])(
    "the answers of a change set that %s can be read while what is behind it runs",
    async (_, last, status) => {
      const gate = deferred();
      const handle = handlerOf({
        atomic: { begin: () => {}, commit: () => {}, rollback: () => {} },
        handler: async (request) => {
          if (request.url.endsWith("/next")) await gate.promise;
          return new Response(null, { status: request.url.endsWith("/409") ? 409 : 201 });
        },
      });
      const lines = ["@g POST a", `@g ${last}`, "GET next"];
      const headers = { Prefer: "continue-on-error" };
      const reader = new OperationReader(await handle(await batch(odata, lines, { headers })), {
        dialect: odata,
        kind: "response",
      });
      for (let left = status === 409 ? 1 : 2; left > 0; left--)
        expect((await reader.next()).value!.message!.status).toBe(status);
      gate.resolve();
      expect((await reader.next()).value!.group).toBeUndefined();
      expect((await reader.next()).done).toBe(true);
    },
  );

  test.skipIf(!streamsRequests)(
    `no operation starts before the whole batch is there, where it is admitted as a whole, ${whereRequestsStream}`,
    async () => {
      let started = 0;
      const handle = handlerOf({
        admission: "whole",
        handler: () => {
          started++;
          return new Response("ok");
        },
      });
      const { request, arrive, end } = await arriving(ucwa, ["GET /a", "GET /b"]);
      const answered = handle(request);
      arrive(260);
      await settle();
      expect(started).toBe(0);
      end();
      await (await answered).text();
      expect(started).toBe(2);
    },
  );

  test("no more operations run at once than are allowed", async () => {
    let running = 0;
    let most = 0;
    const handle = handlerOf({
      concurrency: 3,
      handler: async () => {
        most = Math.max(most, ++running);
        await settle(1);
        running--;
        return new Response("ok");
      },
    });
    const response = await handle(
      await batch(
        ucwa,
        Array.from({ length: 20 }, (_, i) => `GET /${i}`),
      ),
    );
    expect((await answers(response, ucwa)).length).toBe(20);
    expect(most).toBe(3);
  });

  test("one after the other, where the dialect is serial", async () => {
    let running = 0;
    const handle = handlerOf({
      handler: async () => {
        expect(++running).toBe(1);
        await settle(1);
        running--;
        return new Response("ok");
      },
    });
    expect(await answers(await handle(await batch(odata, ["GET a", "GET b", "GET c"])), odata)).toEqual([
      "#1 200 ok",
      "#2 200 ok",
      "#3 200 ok",
    ]);
  });
});

describe("Nothing hangs", () => {
  test.skipIf(!streamsRequests)(
    `a batch is read to its end though nobody reads the answers, ${whereRequestsStream}`,
    async () => {
      // A client that sends everything before it reads anything: half-duplex.
      const lines = Array.from({ length: 100 }, (_, i) => `POST /${i} {"n":"${"x".repeat(1000)}"}`);
      const { request, end } = await arriving(ucwa, lines);
      const infos: BatchInfo[] = [];
      const handle = handlerOf({
        maxPending: 2,
        handler: () => new Response("y".repeat(100_000)),
        hooks: { onBatchStart: (info) => void infos.push(info) },
      });
      end();
      const response = await handle(request);
      await settle(20);
      expect(infos[0]!.operations).toBe(100);
      expect((await answers(response, ucwa)).length).toBe(100);
    },
  );

  test("what waits to be run is bounded: beyond it a batch that only its reader could free is given up", async () => {
    const lines = Array.from({ length: 100 }, () => `POST /x {"n":"${"x".repeat(1000)}"}`);
    const ends: BatchInfo[] = [];
    const handle = handlerOf({
      maxPending: 1,
      limits: { maxQueuedBytes: 10_000 },
      handler: () => new Response("ok"),
      hooks: { onBatchEnd: (info) => void ends.push(info) },
    });
    const response = await handle(await batch(ucwa, lines));
    await settle();
    await expect(chunksOf(response.body!)).rejects.toMatchObject({
      code: "limit-exceeded",
      limit: { name: "maxQueuedBytes" },
    });
    expect(ends).toMatchObject([{ error: { code: "limit-exceeded" } }]);
  });

  test.each(["stream", "whole"] as const)(
    "an atomic group waits as long as it is read, and its octets count like any others: admission %s",
    async (admission) => {
      const lines = Array.from({ length: 100 }, () => `@g POST x {"n":"${"x".repeat(1000)}"}`);
      const handle = handlerOf({
        admission,
        limits: { maxQueuedBytes: 10_000 },
        atomic: { begin: () => {}, commit: () => {}, rollback: () => {} },
      });
      const response = await handle(await batch(odata, lines));
      expect([response.status, await response.text()]).toEqual([
        413,
        expect.stringContaining("maxQueuedBytes"),
      ]);
    },
  );

  test("reading waits for running operations to make room for the rest of a group, too", async () => {
    const group = (name: string): string[] =>
      Array.from({ length: 7 }, () => `@${name} POST x {"n":"${"x".repeat(1000)}"}`);
    const handle = handlerOf({
      limits: { maxQueuedBytes: 10_000 },
      atomic: { begin: () => {}, commit: () => {}, rollback: () => {} },
      handler: async () => {
        await settle(1);
        return new Response("ok");
      },
    });
    const response = await handle(await batch(odata, ["a", "b", "c", "d"].flatMap(group)));
    expect((await answers(response, odata)).length).toBe(28);
  });

  test("but where running operations will free it, reading waits for them", async () => {
    const lines = Array.from({ length: 100 }, () => `POST /x {"n":"${"x".repeat(1000)}"}`);
    const handle = handlerOf({
      concurrency: 2,
      maxPending: 1000,
      limits: { maxQueuedBytes: 10_000 },
      handler: async () => {
        await settle(1);
        return new Response("ok");
      },
    });
    expect((await answers(await handle(await batch(ucwa, lines)), ucwa)).length).toBe(100);
  });

  test("answers wait for a slow reader, and the operations behind them with them", async () => {
    let started = 0;
    const handle = handlerOf({
      maxPending: 5,
      handler: () => {
        started++;
        return new Response("z".repeat(50_000));
      },
    });
    const response = await handle(
      await batch(
        ucwa,
        Array.from({ length: 50 }, (_, i) => `GET /${i}`),
      ),
    );
    await settle();
    expect(started).toBe(5);
    const reader = response.body!.getReader();
    await reader.read();
    await settle();
    expect(started).toBeLessThan(10);
    while (!(await reader.read()).done);
    expect(started).toBe(50);
  });

  describe("a body beyond maxBufferedBytes is streamed, and", () => {
    const big = `{"n":"${"x".repeat(50_000)}"}`;
    const lines = [`POST /big ${big}`, "GET /next"];
    const limits = { maxBufferedBytes: 1000 };

    test.skipIf(!streamsRequests).each([
      ["read whole", async (request: Request) => new Response(String((await request.text()).length))],
      ["not read", () => new Response(String(big.length))],
      [
        "cancelled",
        async (request: Request) => {
          await request.body?.cancel();
          return new Response(String(big.length));
        },
      ],
      [
        "read in part",
        async (request: Request) => {
          const reader = request.body!.getReader();
          await reader.read();
          return new Response(String(big.length));
        },
      ],
    ])(`what is behind it follows when it is %s, ${whereRequestsStream}`, async (_, read) => {
      const handle = handlerOf({
        limits,
        handler: (request) => (request.url.endsWith("/big") ? read(request) : new Response("next")),
      });
      expect(await answers(await handle(await batch(ucwa, lines)), ucwa)).toEqual([
        `200 ${big.length}`,
        "200 next",
      ]);
    });

    test.skipIf(!streamsRequests).each([
      ["by its handler, which reads on", "early", 202],
      ["by its time limit", "late", 504],
    ])(
      `never looks whole where its operation is answered before its end, %s, ${whereRequestsStream}`,
      async (_, answered, status) => {
        const started = deferred<{ saved: Promise<string> }>();
        const handle = handlerOf({
          limits,
          operationTimeout: answered === "late" ? 20 : undefined,
          handler: async (request) => {
            if (request.url.endsWith("/next")) return new Response("next");
            const saved = request.text();
            saved.catch(() => {});
            started.resolve({ saved });
            if (answered === "late") await saved;
            return new Response(null, { status: 202 });
          },
        });
        const { request, arrive, end } = await arriving(ucwa, lines);
        const response = handle(request);
        arrive(10_000);
        const { saved } = await started.promise;
        // With the reason, but for browsers, which have one of their own.
        expect(await rejection(saved)).toBeDefined();
        end();
        const [first, next] = await answers(await response, ucwa);
        expect([first!.slice(0, 3), next]).toEqual([String(status), "200 next"]);
      },
    );

    test.skipIf(!streamsRequests)(
      `holds nothing up where its operation is answered at length without it, though nobody reads the answers, ${whereRequestsStream}`,
      async () => {
        const requests: Request[] = [];
        const infos: BatchInfo[] = [];
        const handle = handlerOf({
          limits,
          handler: (request) => {
            requests.push(request);
            return new Response("y".repeat(200_000));
          },
          hooks: { onBatchStart: (info) => void infos.push(info) },
        });
        const response = await handle(
          await batch(ucwa, [`POST /big ${big}`, `POST /big ${big}`, "GET /next"]),
        );
        await settle();
        expect(infos[0]!.operations).toBe(3);
        expect(await rejection(requests[0]!.text())).toBeDefined();
        expect((await answers(response, ucwa)).length).toBe(3);
      },
    );

    test.skipIf(streamsRequests)("is refused where requests cannot be streams", async () => {
      const lined = await answers(await handlerOf({ limits })(await batch(ucwa, lines)), ucwa);
      expect(lined).toEqual([expect.stringMatching(/^413 /), "200 ok"]);
    });

    test("refuses the batch, where it is admitted as a whole: nothing could ever read it", async () => {
      const response = await handlerOf({ limits, admission: "whole" })(await batch(ucwa, lines));
      expect(response.status).toBe(413);
    });

    test.skipIf(!streamsRequests).each([
      ["itself", (request: Request) => request.body],
      ["a clone of it", (request: Request) => request.clone().body],
    ])(
      `what is behind it follows when it was answered as it came, by %s, ${whereRequestsStream}`,
      async (_, echo) => {
        const long = `{"n":"${"x".repeat(300_000)}"}`;
        const handle = handlerOf({
          limits,
          handler: (request) => new Response(request.url.endsWith("/big") ? echo(request) : "next"),
        });
        const response = await handle(await batch(ucwa, [`POST /big ${long}`, "GET /next"]));
        expect(await answers(response, ucwa)).toEqual([`200 ${long}`, "200 next"]);
      },
    );
  });

  test("an operation that never ends is answered 504 when its time is up", async () => {
    const reasons: unknown[] = [];
    const handle = handlerOf({
      operationTimeout: 20,
      handler: (request) => {
        if (request.url.endsWith("/b")) return new Response("ok");
        request.signal.addEventListener("abort", () => reasons.push((request.signal.reason as Error).name));
        return new Promise<Response>(() => {});
      },
    });
    const lines = await answers(await handle(await batch(ucwa, ["GET /a", "GET /b"])), ucwa);
    expect(lines).toEqual([expect.stringMatching(/^504 /), "200 ok"]);
    expect(reasons).toEqual(["TimeoutError"]);
  });

  test("a batch whose time is up is answered as far as it came", async () => {
    const handle = handlerOf({
      batchTimeout: 30,
      concurrency: 1,
      handler: (request) =>
        request.url.endsWith("/a") ? new Response("ok") : new Promise<Response>(() => {}),
    });
    const lines = await answers(await handle(await batch(ucwa, ["GET /a", "GET /b", "GET /c"])), ucwa);
    expect(lines).toEqual(["200 ok", expect.stringMatching(/^504 /), expect.stringMatching(/^504 /)]);
  });

  test.skipIf(!streamsRequests)(
    `a batch that does not arrive in time is refused, ${whereRequestsStream}`,
    async () => {
      const { request } = await arriving(ucwa, ["GET /a"]);
      const response = await handlerOf({ batchTimeout: 20 })(request);
      expect(response.status).toBe(408);
    },
  );
});

describe("Whoever goes away", () => {
  test("aborting the batch reaches every running operation", async () => {
    const controller = new AbortController();
    const aborted: string[] = [];
    const handle = handlerOf({
      handler: (request) => {
        request.signal.addEventListener("abort", () => aborted.push(new URL(request.url).pathname));
        return new Promise<Response>(() => {});
      },
    });
    const request = await batch(ucwa, ["GET /a", "GET /b"], { signal: controller.signal });
    const answered = handle(request);
    await settle();
    controller.abort(new Error("gone"));
    // A server holds its request; Node's follow a signal only as long as somebody does.
    expect(request.signal.aborted).toBe(true);
    await expect(answered).rejects.toThrow("gone");
    expect(aborted).toEqual(["/a", "/b"]);
  });

  test("cancelling the answers reaches every running operation, and ends the batch", async () => {
    const gate = deferred();
    const aborted: string[] = [];
    const ends: BatchInfo[] = [];
    const handle = handlerOf({
      handler: (request) => {
        if (request.url.endsWith("/a")) return new Response("ok");
        request.signal.addEventListener("abort", () => aborted.push(new URL(request.url).pathname));
        return gate.promise.then(() => new Response("late"));
      },
      hooks: { onBatchEnd: (info) => void ends.push(info) },
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b"]));
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel("enough");
    await settle(2);
    expect(aborted).toEqual(["/b"]);
    expect(ends.length).toBe(1);
    expect(ends[0]!.error).toBeDefined();
  });

  test.skipIf(!streamsRequests)(
    `the input of a batch that is given up is cancelled, ${whereRequestsStream}`,
    async () => {
      const cancelled = deferred<unknown>();
      let sent = false;
      const whole = await (await batch(ucwa, ["GET /a", "GET /b"])).text();
      const boundary = /^--(\S+)/.exec(whole)![1];
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (!sent) controller.enqueue(new TextEncoder().encode(whole.slice(0, whole.indexOf("GET /b"))));
          sent = true;
          return new Promise(() => {});
        },
        cancel: cancelled.resolve,
      });
      const headers = { "Content-Type": `multipart/batching; boundary=${boundary}` };
      const request = new Request("https://h/batch", {
        method: "POST",
        headers,
        body,
        duplex: "half",
      } as RequestInit);
      const response = await handlerOf({})(request);
      await response.body!.cancel("enough");
      await cancelled.promise;
    },
  );
});

test("The last of a thousand operations depends on all the others", async () => {
  const ids = Array.from({ length: 999 }, (_, i) => `r${i}`);
  const body = JSON.stringify({
    requests: [
      { id: "last", method: "GET", url: "/last", dependsOn: ids },
      ...ids.map((id) => ({ id, method: "GET", url: `/${id}` })),
    ],
  });
  const order: string[] = [];
  const handle = handlerOf({
    dialects: [{ ...graph, maxOperations: 1000 }],
    handler: (request) => {
      order.push(request.url.slice(request.url.lastIndexOf("/") + 1));
      return new Response(null, { status: 204 });
    },
  });
  const headers = { "Content-Type": "application/json" };
  const response = await handle(new Request("https://h/v1.0/$batch", { method: "POST", headers, body }));
  expect((await answers(response, { ...graph, maxOperations: 1000 })).length).toBe(1000);
  expect(order.at(-1)).toBe("last");
  expect(operation("GET /x").message.target).toBe("/x");
});
