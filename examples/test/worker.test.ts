/** The gateway of `examples/worker`, in workerd, in front of an origin on loopback. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { cronofy, graph, odataJson, ucwa } from "batchwire/batch";
import type { Dialect } from "batchwire/batch";
import { startOrigin } from "./origin.ts";
import type { Origin } from "./origin.ts";
import { CLIENT_OUTPUT, examples, runClient, start, startExample, temporaryFolder } from "./process.ts";
import { answersOf, batchOf, post, until } from "./wire.ts";
import type { Exchange } from "./wire.ts";

const worker = join(examples, "worker");
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/** Starts the Worker as its `wrangler.jsonc` says, but with `origin` for its ORIGIN. */
async function startWorker(origin: string): Promise<string> {
  const folder = temporaryFolder();
  const settings = readFileSync(join(worker, "wrangler.jsonc"), "utf8").replaceAll(
    /^\s*\/\/.*$|,(?=\s*\})/gm,
    "",
  );
  const { main, compatibility_date: date, compatibility_flags: flags } = JSON.parse(settings);
  await build({
    entryPoints: [join(worker, main)],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
  });
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "gateway", worker = (
          modules = [(name = "worker.js", esModule = embed "worker.js")],
          compatibilityDate = "${date}", compatibilityFlags = ${JSON.stringify(flags)},
          bindings = [(name = "ORIGIN", text = "${origin}")], globalOutbound = "loopback")),
        (name = "loopback", network = (allow = ["private"])),
      ],
      sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "gateway")]);`,
  );
  const workerd = join(worker, "node_modules/.bin/workerd");
  const port = await start(workerd, ["serve", "--control-fd=3", "config.capnp"], {
    announcement: /"port":(\d+)/,
    cwd: folder,
  });
  return `http://127.0.0.1:${port}`;
}

/** Sends a batch of GET requests through a Worker of its own. */
async function send(
  dialect: Dialect,
  targets: readonly string[],
  path = "/v1/batch",
): Promise<{ origin: Origin; exchange: Exchange }> {
  const origin = await startOrigin();
  const { contentType, pieces } = await batchOf(dialect, targets);
  const url = `${await startWorker(origin.url)}${path}`;
  const headers = { "Content-Type": contentType, "traceparent": TRACE, "Prefer": "continue-on-error" };
  const exchange = post(url, headers);
  exchange.sending.end(Buffer.concat(pieces));
  return { origin, exchange };
}

/** `/0` to `/999`, but for those that are something else. */
const thousandBut = (changes: Record<number, string>): string[] =>
  Array.from({ length: 1000 }, (_, index) => changes[index] ?? `/${index}`);
const longUcwa: Dialect = { ...ucwa, maxOperations: 1000 };

describe("1,000 UCWA operations", () => {
  test("of which one is slow and one fails are answered in order, those in front of the slow one at once", async () => {
    const targets = thousandBut({ 500: "/held", 700: "/broken" });
    const { origin, exchange } = await send(ucwa, targets);
    await until(() => exchange.received.includes("\r\n\r\n/499"));
    expect(exchange.received.split("HTTP/1.1 200 OK").length - 1).toBe(500);
    // Nobody takes what is behind it meanwhile: 64 answers wait, and 6 operations run.
    expect(origin.started.length).toBeLessThanOrEqual(500 + 64 + 6);
    expect(origin.closed).toEqual([]);
    origin.release();
    const problem = '{"code":"ServiceFailure","subcode":"None","message":"Operation has failed"}';
    expect(await answersOf(exchange, longUcwa)).toEqual(
      targets.map((path) => (path === "/broken" ? `500 ${problem}` : `200 ${path}`)),
    );
    expect(new Set(origin.started)).toEqual(new Set(targets));
    expect(origin.peak).toBeGreaterThan(1);
    expect(origin.peak).toBeLessThanOrEqual(6);
    expect([...origin.traces]).toEqual([TRACE]);
  });

  test("are given up when their client goes away: what runs is aborted, and no more starts", async () => {
    const { origin, exchange } = await send(ucwa, thousandBut({ 500: "/held" }));
    await until(() => exchange.received.includes("\r\n\r\n/499") && origin.started.includes("/held"));
    // workerd learns of it by the reset; of a connection that is closed, when it writes to it next.
    exchange.sending.socket!.resetAndDestroy();
    await until(() => origin.closed.includes("/held"));
    origin.release();
    const started = origin.started.length;
    expect(started).toBeLessThanOrEqual(500 + 64 + 6);
    // As many round trips as would let what is left start, if anything still did.
    for (let n = 0; n < 100; n++) await fetch(`${origin.url}/probe`);
    expect(origin.started.length - started).toBe(100);
    await expect(exchange.ended).rejects.toThrow();
  });

  test("are given up when their client goes away before the first answer", async () => {
    const { origin, exchange } = await send(ucwa, thousandBut({ 0: "/held" }));
    await until(() => origin.started.includes("/held"));
    exchange.sending.socket!.resetAndDestroy();
    await until(() => origin.closed.includes("/held"));
    expect(origin.started.length).toBeLessThanOrEqual(64 + 6);
  });
});

describe("JSON batches", () => {
  test("of Cronofy are run one after the other, and answered 207", async () => {
    const { origin, exchange } = await send(cronofy, ["/a", "/broken", "/c"]);
    const problem =
      '{"errors":{"batch":[{"key":"errors.internal-error","description":"Operation has failed"}]}}';
    expect(await answersOf(exchange, cronofy)).toEqual(["200 /a", `500 ${problem}`, "200 /c"]);
    expect(exchange.status).toBe(207);
    expect(origin).toMatchObject({ started: ["/a", "/broken", "/c"], peak: 1 });
  });

  test("of OData are answered as answers come: one that is slow holds no other up", async () => {
    const targets = thousandBut({ 3: "/held" });
    const { origin, exchange } = await send(odataJson, targets, "/service/$batch");
    await until(() => exchange.received.split('"status":200').length - 1 === 999);
    origin.release();
    const answers = await answersOf(exchange, odataJson);
    expect(answers.at(-1)).toBe("4 200 /held");
    expect(answers).toHaveLength(1000);
    expect(new Set(answers)).toEqual(new Set(targets.map((path, index) => `${index + 1} 200 ${path}`)));
    expect([...origin.traces]).toEqual([TRACE]);
  });

  test("of Graph have URLs below the version", async () => {
    const { exchange } = await send(graph, ["/me", "/users"], "/v1.0/$batch");
    expect(await answersOf(exchange, graph)).toEqual(["1 200 /v1.0/me", "2 200 /v1.0/users"]);
  });
});

test("The batches of the client are answered by the example for Node behind it", async () => {
  const origin = await startExample("node.js", [process.execPath]);
  expect(runClient(await startWorker(origin))).toBe(CLIENT_OUTPUT);
});

test("Operations go to the origin, whatever they say, and come back as it sent them", async () => {
  const { origin, exchange } = await send(ucwa, ["//example.net/a?b=c", "/gzip", "/moved"]);
  expect(await answersOf(exchange, ucwa)).toEqual(["200 //example.net/a?b=c", "200 gzip", "302 moved"]);
  expect(exchange.received.toLowerCase()).not.toContain("content-encoding");
  expect(origin.started).toEqual(["//example.net/a?b=c", "/gzip", "/moved"]);
});

test("Another media type is refused with 415", async () => {
  const exchange = post(await startWorker((await startOrigin()).url), { "Content-Type": "text/plain" });
  exchange.sending.end("hello");
  await exchange.ended;
  expect(exchange.status).toBe(415);
});
