import { describe, expect, test, vi } from "vitest";
import {
  azureBlob,
  createBatchHandler,
  cronofy,
  google,
  graph,
  odata,
  odataJson,
  operationOf,
  salesforceBatch,
  ucwa,
} from "../../src/batch.ts";
import type { BatchHandlerOptions, BatchInfo, Dialect, OperationInfo } from "../../src/batch.ts";
import { answers, batch, deferred, settle } from "../batch/support.ts";
import { octets } from "../support/chunkings.ts";
import { streamsRequests, whereRequestsStream } from "../support/web-streams.ts";

/** Answers method, path and body of its request. */
const echo = async (request: Request): Promise<Response> => {
  const { pathname, search } = new URL(request.url);
  return new Response(`${request.method} ${pathname}${search} ${await request.text()}`.trim(), {
    headers: { "Content-Type": "text/plain" },
  });
};

/** Answers the status that is the last segment of its path. */
const status = (request: Request): Response => {
  const code = Number(new URL(request.url).pathname.split("/").at(-1));
  return Response.json({ code }, { status: code });
};

const handlerOf = (options: Partial<BatchHandlerOptions> = {}): ((request: Request) => Promise<Response>) =>
  createBatchHandler({
    dialects: [ucwa, cronofy, odata, odataJson, google, azureBlob, salesforceBatch],
    handler: echo,
    ...options,
  });

describe("A batch is answered", () => {
  test("in the order of its operations, though they finish in another", async () => {
    const gates = [deferred(), deferred(), deferred()];
    const handle = handlerOf({
      handler: async (request) => {
        await gates[Number(new URL(request.url).pathname.slice(1))]!.promise;
        return echo(request);
      },
    });
    const answered = batch(ucwa, ["GET /0", "GET /1", "GET /2"]).then(handle);
    for (const gate of gates.reverse()) {
      await settle(2);
      gate.resolve();
    }
    expect(await answers(await answered, ucwa)).toEqual(["200 GET /0", "200 GET /1", "200 GET /2"]);
  });

  test("as they finish, where the dialect lets it", async () => {
    const gates = [deferred(), deferred()];
    const handle = handlerOf({
      dialects: [graph],
      handler: async (request) => {
        await gates[Number(request.url.at(-1))]!.promise;
        return echo(request);
      },
    });
    const answered = batch(graph, ["#a GET /0", "#b GET /1"]).then(handle);
    await settle();
    gates[1]!.resolve();
    await settle();
    gates[0]!.resolve();
    expect(await answers(await answered, graph)).toEqual(["#b 200 GET /service/1", "#a 200 GET /service/0"]);
  });

  test.each([
    [ucwa, "200", "multipart/batching"],
    [cronofy, "207", "application/json"],
    [odata, "200", "multipart/mixed"],
    [odataJson, "200", "application/json"],
    [google, "200", "multipart/mixed"],
    [salesforceBatch, "200", "application/json"],
  ] as const)("in the dialect of the request: $0.name", async (dialect, code, essence) => {
    const response = await handlerOf({ dialects: [dialect] })(await batch(dialect, ["POST /service/x {}"]));
    expect(`${response.status}`).toBe(code);
    expect(response.headers.get("content-type")!.split(";")[0]).toBe(essence);
    const [line, ...others] = await answers(response, dialect);
    // Without fields a text cannot be told from a JSON string.
    expect(line).toMatch(/200 "?POST \/service\/x {}"?$/);
    expect(others).toEqual([]);
  });

  test("in the other format of OData, if that alone is accepted", async () => {
    const request = await batch(odata, ["GET x"], { headers: { Accept: "application/json" } });
    expect(await answers(await handlerOf()(request), odataJson)).toEqual(["#1 200 GET /service/x"]);
  });

  test("without an id that a field cannot have, in the other format", async () => {
    const requests = [
      { id: "a\nb", method: "GET", url: "x" },
      { id: "é", method: "GET", url: "y" },
      { id: "3", dependsOn: ["a\nb"], method: "GET", url: "z" },
    ];
    const headers = { "Content-Type": "application/json", "Accept": "multipart/mixed" };
    const request = new Request("https://h/service/$batch", {
      method: "POST",
      headers: { ...headers, Prefer: "continue-on-error" },
      body: JSON.stringify({ requests }),
    });
    expect(await answers(await handlerOf()(request), odata)).toEqual([
      expect.stringMatching(/^400 .*malformed-operation/),
      "#é 200 GET /service/y",
      expect.stringMatching(/^#3 400 .*unknown-dependency/),
    ]);
  });

  test.each([google, odata])(
    "without an id that is written in no field, though $name has read it",
    async (dialect) => {
      const part = (id: string): string =>
        `--b\r\nContent-Type: application/http\r\nContent-ID: ${id}\r\n\r\nGET /x HTTP/1.1\r\n\r\n\r\n`;
      const request = new Request("https://h/service/$batch", {
        method: "POST",
        headers: { "Content-Type": "multipart/mixed; boundary=b", "Prefer": "continue-on-error" },
        body: `${part("1")}${part("2\u0001")}${part("3\u007f")}${part("4")}--b--`,
      });
      const response = await handlerOf({ dialects: [dialect] })(request);
      expect((await answers(response, dialect)).sort()).toEqual([
        "#1 200 GET /x",
        "#4 200 GET /x",
        expect.stringMatching(/^400 .*malformed-operation/),
        expect.stringMatching(/^400 .*malformed-operation/),
      ]);
    },
  );

  test("with an id that is its own, where it came without one", async () => {
    const requests = [
      { id: "r2", method: "GET", url: "a" },
      { method: "GET", url: "b" },
      { id: "3", method: "GET", url: "c", dependsOn: ["r2"] },
    ];
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ requests });
    const response = await handlerOf()(
      new Request("https://h/service/$batch", { method: "POST", headers, body }),
    );
    expect((await answers(response, odataJson)).sort()).toEqual([
      "#3 200 GET /service/c",
      "#r2 200 GET /service/a",
      expect.stringMatching(/^#r2-[0-9a-f]{32} 200 GET \/service\/b$/),
    ]);
  });

  test("with its id as it was written, though that is a number no double has", async () => {
    const ids = ["9007199254740993", "9007199254740992", "0.10"];
    const requests = ids.map((id) => `{"id":${id},"method":"GET","url":"x"}`);
    const headers = { "Content-Type": "application/json" };
    const body = `{"requests":[${requests.join(",")}]}`;
    const response = await handlerOf()(
      new Request("https://h/service/$batch", { method: "POST", headers, body }),
    );
    expect((await answers(response, odataJson)).map((line) => line.split(" ")[0]).sort()).toEqual(
      ids.map((id) => `#${id}`).sort(),
    );
  });

  test("by its URL, where two dialects have one media type", async () => {
    const seen: string[] = [];
    const hooks = { onBatchStart: (info: BatchInfo): void => void seen.push(info.dialect) };
    const handle = handlerOf({ hooks });
    for (const url of [
      "https://h/$batch",
      "https://h/batch/gmail/v1",
      "https://h/?comp=batch",
      "https://h/other",
    ]) {
      await handle(await batch(google, ["DELETE /x"], { url }));
    }
    expect(seen).toEqual(["odata", "google", "azureBlob", "odata"]);
  });
});

describe("An operation", () => {
  test("that throws is answered 500, its text told to the hook alone", async () => {
    const errors: unknown[] = [];
    const handle = handlerOf({
      handler: () => {
        throw new Error("secret");
      },
      hooks: { onError: (error) => void errors.push(error) },
    });
    const [line] = await answers(await handle(await batch(ucwa, ["GET /a"])), ucwa);
    expect(line).toMatch(/^500 /);
    expect(line).not.toContain("secret");
    expect(errors).toEqual([new Error("secret")]);
  });

  test("that answers no Response is answered 500", async () => {
    const handle = handlerOf({ handler: () => "text" as unknown as Response });
    expect((await answers(await handle(await batch(ucwa, ["GET /a"])), ucwa))[0]).toMatch(/^500 /);
  });

  test("that is malformed is answered 400, and those around it run", async () => {
    const body =
      "--b\r\nContent-Type: application/http\r\n\r\nGET /a HTTP/1.1\r\n\r\n" +
      "\r\n--b\r\nContent-Type: application/http\r\n\r\nthis is no request\r\nat: all\r\n\r\n" +
      "\r\n--b\r\nContent-Type: text/plain\r\n\r\nno message at all" +
      "\r\n--b\r\nContent-Type: application/http\r\n\r\nGET /b HTTP/1.1\r\n\r\n\r\n--b--\r\n";
    const headers = { "Content-Type": "multipart/batching; boundary=b" };
    const response = await handlerOf({ tolerance: "strict" })(
      new Request("https://example.com/batch", { method: "POST", headers, body }),
    );
    const lines = await answers(response, ucwa);
    expect(lines.map((line) => line.slice(0, 6))).toEqual(["200 GE", '400 {"', '400 {"', "200 GE"]);
  });

  test("has the credentials of the batch, or its own", async () => {
    const body = JSON.stringify({
      requests: [
        { id: "1", method: "GET", url: "x" },
        { id: "2", method: "GET", url: "x", headers: { authorization: "own" } },
      ],
    });
    const headers = { "Content-Type": "application/json", "Authorization": "of the batch" };
    const send = (dialect: Dialect): Promise<Response> =>
      handlerOf({
        dialects: [dialect],
        handler: (request) => Response.json(request.headers.get("authorization") ?? "none"),
      })(new Request("https://example.com/$batch", { method: "POST", headers, body }));

    expect(await answers(await send(odataJson), odataJson)).toEqual([
      '#1 200 "of the batch"',
      '#2 200 "own"',
    ]);
    const refusing: Dialect = { ...odataJson, credentials: "refuse" };
    // A refusal needs no handler, and comes first where the order does not count.
    expect(await answers(await send(refusing), odataJson)).toEqual([
      expect.stringMatching(/^#2 400 .*own-credentials/),
      '#1 200 "of the batch"',
    ]);
    const owning: Dialect = { ...odataJson, credentials: "own" };
    expect(await answers(await send(owning), odataJson)).toEqual(['#1 200 "none"', '#2 200 "own"']);
  });

  test.each([
    ["another origin", "https://evil.example/a", 400],
    ["another origin by URL parsing", "/\\evil.example/a", 200],
    ["a batch", "/ucwa/batch", 400],
    ["a resource that may not be in a batch", "/ucwa/v1/me/photo", 409],
    ["the event channel", "/ucwa/v1/events?ack=1", 409],
  ])("may not address %s", async (_, target, code) => {
    const request = await batch(ucwa, [`GET ${target}`], { url: "https://example.com/ucwa/batch" });
    const [line] = await answers(await handlerOf()(request), ucwa);
    expect(line).toMatch(new RegExp(`^${code} `));
    if (code === 200) expect(line).toContain("GET /");
  });

  test("may address an origin that is allowed", async () => {
    const allowOrigin = (origin: string): boolean => origin === "https://other.example";
    const handle = handlerOf({ allowOrigin, handler: (request) => new Response(request.url) });
    const request = await batch(odata, ["GET https://other.example/a"]);
    expect(await answers(await handle(request), odata)).toEqual(["#1 200 https://other.example/a"]);
  });

  test("has the batch's credentials in the batch's own origin only, by any of its names", async () => {
    const allowOrigin = (origin: string): boolean | "own" =>
      origin === "https://public.example" ? "own" : true;
    const handle = handlerOf({
      allowOrigin,
      handler: (request) => new Response(request.headers.get("authorization")),
    });
    const lines = ["GET a", "GET https://public.example/a", "GET https://other.example/a"];
    const request = await batch(odata, lines, { headers: { Authorization: "secret" } });
    expect(await answers(await handle(request), odata)).toEqual(["#1 200 secret", "#2 200 secret", "#3 200"]);
  });

  test("knows its place, its transaction, and the context of the batch", async () => {
    const seen: unknown[] = [];
    const handle = createBatchHandler({
      dialects: [odata],
      handler: (request, env: { name: string }) => {
        const { index, id, transaction } = operationOf(request)!;
        seen.push([index, id, transaction, env.name]);
        return new Response(null, { status: 204 });
      },
      atomic: {
        begin: (group, env: { name: string }) => `${env.name} ${group.operations}`,
        commit: () => {},
        rollback: () => {},
      },
    });
    const response = await handle(await batch(odata, ["#1 GET x", "#2 @g POST y {}", "#3 @g POST z {}"]), {
      name: "env",
    });
    await response.text();
    expect(seen).toEqual([
      [0, "1", undefined, "env"],
      [1, "2", "env 2", "env"],
      [2, "3", "env 2", "env"],
    ]);
    expect(operationOf(new Request("https://example.com/"))).toBeUndefined();
  });
});

test("A batch may have a boundary that is not ASCII, where the dialect is read leniently", async () => {
  const body = octets(
    "--\xc3\xa9\r\nContent-Type: application/http\r\n\r\nGET /a HTTP/1.1\r\n\r\n\r\n--\xc3\xa9--",
  );
  const headers = { "Content-Type": "multipart/batching; boundary=\xc3\xa9" };
  const response = await handlerOf()(new Request("https://h/", { method: "POST", headers, body }));
  expect(await response.text()).toContain("GET /a");
});

describe("A batch is refused", () => {
  const refused: [string, () => Promise<Request> | Request, number, string][] = [
    ["that is no POST", () => new Request("https://h/"), 405, "method-not-allowed"],
    [
      "without a media type",
      () => new Request("https://h/", { method: "POST", body: new Uint8Array(1) }),
      415,
      "unsupported-media-type",
    ],
    ["of a media type of no dialect", () => post("text/html", "x"), 415, "unsupported-media-type"],
    ["without a boundary", () => post("multipart/batching", "x"), 400, "missing-boundary"],
    ["that is no JSON", () => post("application/json", "{"), 400, "unexpected-end"],
    ["without operations in its envelope", () => post("application/json", "{}"), 400, "missing-batch-array"],
    [
      "with no operation where there must be one",
      () => post("application/json", '{"batch":[]}'),
      400,
      "empty-batch",
    ],
    [
      "with too many operations",
      () =>
        batch(
          cronofy,
          Array.from({ length: 51 }, () => "GET /x"),
        ),
      429,
      "too-many-operations",
    ],
    [
      "that breaks off before an answer was sent",
      () => post("multipart/batching; boundary=b", "--b\r\n\r\nx"),
      400,
      "unexpected-end",
    ],
  ];
  const post = (type: string, body: string): Request =>
    new Request("https://h/v1/batch", { method: "POST", headers: { "Content-Type": type }, body });

  const plain: Dialect[] = [cronofy, ucwa].map(
    (dialect) => ({ ...dialect, problem: undefined }) as unknown as Dialect,
  );

  test.each(refused)("%s", async (_, make, code, name) => {
    const handle = handlerOf({ admission: "whole", dialects: plain });
    const response = await handle(await make());
    expect(response.status).toBe(code);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: code, code: name });
  });

  test("in the dialect's own shape", async () => {
    const response = await handlerOf()(post("multipart/batching", "x"));
    expect(await response.json()).toMatchObject({ code: "missing-boundary", subcode: "None" });
    const tooMany = Array.from({ length: 101 }, () => "GET /x");
    const many = await handlerOf({ admission: "whole" })(await batch(ucwa, tooMany));
    expect(many.status).toBe(429);
    expect(await many.json()).toMatchObject({ code: "TooManyRequests" });
  });

  test("as one operation, by Azure Blob", async () => {
    const url = "https://h/?comp=batch";
    const headers = { "Content-Type": "multipart/mixed; boundary=b" };
    const response = await handlerOf({ dialects: [azureBlob] })(
      new Request(url, { method: "POST", headers, body: "--b--\r\n" }),
    );
    expect(response.status).toBe(202);
    expect(await answers(response, azureBlob)).toEqual([
      expect.stringMatching(/^400 <\?xml .*<Code>EmptyBatch/),
    ]);
  });

  test("none of its operations having run, where it is admitted as a whole", async () => {
    const handler = vi.fn(echo);
    const handle = handlerOf({ handler, admission: "whole" });
    const whole = await batch(ucwa, ["GET /a", "GET /b"]);
    const cut = (await whole.text()).slice(0, -10);
    const headers = { "Content-Type": whole.headers.get("content-type")! };
    const response = await handle(new Request(whole.url, { method: "POST", headers, body: cut }));
    expect([response.status, handler.mock.calls.length]).toEqual([400, 0]);
  });
});

test.each<[what: string, dialects: unknown]>([
  ["no dialect", []],
  ["a dialect alone", ucwa],
  ["the name of one", ["ucwa"]],
  ["an import that is not there", [ucwa, undefined]],
  ["one without an envelope", [{ name: "house", maxOperations: 1 }]],
])("No handler is made of %s", (_, dialects) => {
  expect(() => handlerOf({ dialects: dialects as Dialect[] })).toThrow(
    new TypeError("Option dialects must be an array of dialects, one at least"),
  );
});

test.each<[options: object, type: new () => Error]>([
  [{ handler: undefined }, TypeError],
  [{ tolerance: "Strict" }, TypeError],
  [{ admission: "Whole" }, TypeError],
  [{ concurrency: 0 }, RangeError],
  [{ maxPending: Number.NaN }, RangeError],
  [{ limits: { maxParts: -1 } }, RangeError],
  [{ limits: { maxPart: 4 } }, TypeError],
])("No handler is made with %o", (options, type) => {
  expect(() => handlerOf(options)).toThrow(type);
});

describe("Behind the first answer", () => {
  test.skipIf(!streamsRequests)(
    `what is wrong with the batch ends the body without a close-delimiter, and is told, ${whereRequestsStream}`,
    async () => {
      const ends: BatchInfo[] = [];
      const whole = await batch(ucwa, ["GET /a", "GET /b"]);
      const [head, rest] = (await whole.text()).split("GET /b");
      expect(rest).toBeDefined();
      const gate = deferred();
      const body = new ReadableStream<Uint8Array>({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode(head));
          await gate.promise;
          controller.error(new Error("connection lost"));
        },
      });
      const request = new Request(whole.url, {
        method: "POST",
        headers: { "Content-Type": whole.headers.get("content-type")! },
        body,
        duplex: "half",
      } as RequestInit);
      const handle = handlerOf({
        admission: "stream",
        hooks: { onBatchEnd: (info) => void ends.push(info) },
      });
      const response = await handle(request);
      const reader = response.body!.getReader();
      const { value } = await reader.read();
      expect(new TextDecoder().decode(value)).toContain("GET /a");
      gate.resolve();
      await expect(reader.read()).rejects.toThrow("connection lost");
      await settle(2);
      expect(ends).toMatchObject([{ error: new Error("connection lost"), operations: 1 }]);
    },
  );
});

describe("Hooks", () => {
  test("see a batch and its operations, with times and sizes", async () => {
    const log: unknown[] = [];
    const note =
      (name: string) =>
      (info: BatchInfo | OperationInfo): void => {
        const { duration } = info;
        log.push([
          name,
          "index" in info
            ? [info.index, info.method, info.status, info.requestBytes, info.responseBytes]
            : [info.operations, info.failed],
          typeof duration,
        ]);
      };
    const handle = handlerOf({
      hooks: {
        onBatchStart: note("batch"),
        onBatchEnd: note("end"),
        onOperationStart: note("start"),
        onOperationEnd: note("done"),
      },
      handler: status,
    });
    await (await handle(await batch(ucwa, ["POST /404 {}"]))).text();
    expect(log).toEqual([
      ["batch", [0, 0], "undefined"],
      ["start", [0, "POST", undefined, 2, undefined], "undefined"],
      ["done", [0, "POST", 404, 2, 12], "number"],
      ["end", [1, 1], "number"],
    ]);
  });

  test("that throw change nothing", async () => {
    const fail = (): never => {
      throw new Error("hook");
    };
    const hooks = {
      onBatchStart: fail,
      onBatchEnd: fail,
      onOperationStart: fail,
      onOperationEnd: fail,
      onError: fail,
    };
    const response = await handlerOf({ hooks })(await batch(ucwa, ["GET /a"]));
    expect(await answers(response, ucwa)).toEqual(["200 GET /a"]);
  });
});
