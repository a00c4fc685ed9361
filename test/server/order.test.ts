/** In which order operations run and are answered, and that none is waited for in vain. */
import { describe, expect, test } from "vitest";
import { createBatchHandler, google, odata, odataJson, ucwa } from "../../src/batch.ts";
import type { BatchHandlerOptions, BatchInfo, Dialect } from "../../src/batch.ts";
import { answers, batch, settle } from "../batch/support.ts";
import { streamsRequests, whereRequestsStream } from "../support/web-streams.ts";

/** A service that takes its time, answers the status that its path ends in, or 200, and logs paths. */
function service(
  dialect: Dialect,
  options: Partial<BatchHandlerOptions> = {},
): { run: (lines: string[]) => Promise<string[]>; log: string[] } {
  const log: string[] = [];
  const handle = createBatchHandler({
    dialects: [dialect],
    admission: "stream",
    handler: async (request) => {
      const path = new URL(request.url).pathname.replace("/service/", "");
      log.push(path);
      await settle(1);
      const status = Number(/\/(\d{3})$/.exec(request.url)?.[1] ?? 200);
      return new Response(null, { status, headers: { Location: request.url } });
    },
    ...options,
  });
  return { run: async (lines) => answers(await handle(await batch(dialect, lines)), dialect), log };
}

const statuses = (lines: readonly string[]): string[] => lines.map((line) => line.split(" ")[1]!);

describe("One after the other", () => {
  test("an operation that refers to the one before runs in its turn, not behind those that do not", async () => {
    const { run, log } = service(odata);
    await run(["#1 POST A {}", "#2 POST $1/B {}", "#3 GET C", "#4 GET $2/D"]);
    expect(log).toEqual(["A", "A/B", "C", "A/B/D"]);
  });

  test("what refers to nothing is refused in its turn: not at all, behind the failure that ends the batch", async () => {
    const { run } = service(odata);
    expect(await run(["#1 GET 404", "#2 GET $9/x"])).toEqual(["#1 404"]);
  });

  test("and ends the batch like any other failure", async () => {
    const { run, log } = service(odata);
    expect(await run(["#1 GET $9/x", "#2 GET y"])).toEqual([expect.stringMatching(/^#1 400 /)]);
    expect(log).toEqual([]);
  });

  test("as an operation of a scattered group does", async () => {
    const { run, log } = service({ ...odataJson, execution: "serial", order: "request" });
    const lines = await run(["#0 GET a", "#1 @g GET b", "#2 GET c", "#3 @g GET d"]);
    expect(statuses(lines)).toEqual(["200", "@g"]);
    expect(lines[1]).toMatch(/ 400 /);
    expect(log).toEqual(["a"]);
  });
});

describe("With fewer answers waiting than operations that depend on each other", () => {
  const others = Array.from({ length: 20 }, (_, i) => `#o${i} GET o${i}`);

  test.each([
    ["in the order of the requests", { ...odataJson, order: "request", onFailure: "continue" } as Dialect],
    ["as they come", { ...odataJson, onFailure: "continue" } as Dialect],
  ])("all are answered, %s", async (_, dialect) => {
    const { run } = service(dialect, { maxPending: 4 });
    const lines = await run(["#1 GET a", "#2 >1 GET b", ...others, "#3 >2 GET c"]);
    expect(lines.length).toBe(23);
  });

  test("all are answered, one after the other", async () => {
    const { run } = service(odata, { maxPending: 4 });
    expect((await run(["#1 GET a", "#2 GET $1/b", ...others])).length).toBe(22);
  });
});

describe("Answers without an id", () => {
  const bodyOf = (ids: readonly (string | undefined)[]): string => {
    const parts = ids.map((id, i) => {
      const field = id === undefined ? "" : `Content-ID: ${id}\r\n`;
      return `--b\r\nContent-Type: application/http\r\n${field}\r\nGET /${i} HTTP/1.1\r\n\r\n\r\n`;
    });
    return `${parts.join("")}--b--\r\n`;
  };

  test.each([
    [
      "stand in the order of their requests, where others need not",
      [undefined, undefined, undefined],
      "0 1 2",
    ],
    ["those with one need not", ["a", "b", "c"], "2 1 0"],
  ])("%s", async (_, ids, expected) => {
    const handle = createBatchHandler({
      dialects: [google],
      handler: async (request) => {
        const place = Number(request.url.at(-1));
        await settle(3 * (3 - place));
        return new Response(`${place}`);
      },
    });
    const headers = { "Content-Type": "multipart/mixed; boundary=b" };
    const url = "https://example.com/batch/gmail/v1";
    const response = await handle(new Request(url, { method: "POST", headers, body: bodyOf(ids) }));
    const lines = await answers(response, google);
    expect(lines.map((line) => line.at(-1)).join(" ")).toBe(expected);
  });
});

describe("A body beyond maxBufferedBytes", () => {
  const big = `{"n":"${"x".repeat(5000)}"}`;
  const limits = { maxBufferedBytes: 1000 };
  const atomic = { begin: () => {}, commit: () => {}, rollback: () => {} };

  test("of an operation that refers to nothing holds up nothing", async () => {
    const { run } = service({ ...odata, onFailure: "continue" }, { limits });
    expect(statuses(await run([`#1 POST $9/x ${big}`, "#2 GET y"]))).toEqual(["400", "200"]);
  });

  test("of an operation behind the failure that ends the batch holds up nothing", async () => {
    const { run } = service(odata, { limits });
    expect(await run(["#1 GET 404", `#2 POST x ${big}`, "#3 GET y"])).toEqual(["#1 404"]);
  });

  test.skipIf(!streamsRequests)(
    `of an operation whose time is up holds up nothing, ${whereRequestsStream}`,
    async () => {
      const { run } = service(ucwa, {
        limits,
        batchTimeout: 20,
        handler: () => new Promise<Response>(() => {}),
      });
      // The batch has not been read by then.
      await expect(run([`POST /x ${big}`, "GET /y"])).rejects.toThrow();
    },
  );

  test("is refused in a group, whose operations wait for those behind them", async () => {
    const { run, log } = service(odata, { limits, atomic });
    expect(await run([`#1 @g POST x ${big}`, "#2 @g POST y {}"])).toEqual([
      expect.stringMatching(/^#1 413 /),
    ]);
    expect(log).toEqual([]);
  });

  test("is read though as many answers wait as may, so that nobody must read them first", async () => {
    const infos: BatchInfo[] = [];
    const handle = createBatchHandler({
      dialects: [ucwa],
      admission: "stream",
      limits,
      maxPending: 1,
      handler: () => new Response("ok"),
      hooks: { onBatchStart: (info) => void infos.push(info) },
    });
    const response = await handle(await batch(ucwa, ["GET /a", "GET /b", `POST /c ${big}`, "GET /d"]));
    await settle();
    expect(infos[0]!.operations).toBe(4);
    expect((await answers(response, ucwa)).length).toBe(4);
  });
});
