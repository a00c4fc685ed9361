import { describe, expect, test } from "vitest";
import {
  azureTables,
  createBatchHandler,
  graph,
  odata,
  odataJson,
  salesforceBatch,
  salesforceComposite,
} from "../../src/batch.ts";
import type { AtomicGroups, Dialect } from "../../src/batch.ts";
import { answers, batch } from "../batch/support.ts";

/**
 * A service that answers the status in a path such as `/409`, else makes something: 201 with its
 * Location. What it did stands in `log`.
 */
function service(dialect: Dialect, isAtomic = true, fail: "begin" | "commit" | "rollback" | "none" = "none") {
  const log: string[] = [];
  let made = 0;
  const step = (name: typeof fail): void => {
    log.push(name);
    if (name === fail) throw new Error(name);
  };
  const atomic: AtomicGroups<unknown> = {
    begin: () => step("begin"),
    commit: () => step("commit"),
    rollback: () => step("rollback"),
  };
  const handle = createBatchHandler({
    dialects: [dialect],
    atomic: isAtomic ? atomic : undefined,
    handler: (request) => {
      const path = new URL(request.url).pathname.replace("/service/", "");
      const match = request.headers.get("if-match");
      log.push(`${request.method} ${path}${match === null ? "" : ` if ${match}`}`);
      const status = /\d+$/.exec(path)?.[0];
      if (status !== undefined && Number(status) >= 400)
        return new Response(null, { status: Number(status) });
      if (request.method !== "POST") return new Response("ok", { headers: { "Content-Type": "text/plain" } });
      const headers = { Location: `${path}(${++made})`, ETag: `"v${made}"` };
      return new Response(null, { status: 201, headers });
    },
  });
  const run = async (
    lines: string[],
    init: Parameters<typeof batch>[2] = {},
    answered: Dialect = dialect,
  ): Promise<string[]> => answers(await handle(await batch(dialect, lines, init)), answered);
  return { run, log };
}

describe("A change set", () => {
  test("is committed when all of its operations have succeeded", async () => {
    const { run, log } = service(odata);
    expect(await run(["#1 GET a", "#2 @g POST b {}", "#3 @g POST c {}", "#4 GET d"])).toEqual([
      "#1 200 ok",
      "#2 @changeset 1 201",
      "#3 @changeset 1 201",
      "#4 200 ok",
    ]);
    expect(log).toEqual(["GET a", "begin", "POST b", "POST c", "commit", "GET d"]);
  });

  test("is rolled back when one has failed, and answered once, as that one was", async () => {
    const { run, log } = service({ ...odata, onFailure: "continue" });
    expect(await run(["#1 @g POST b {}", "#2 @g POST 409 {}", "#3 @g POST c {}", "#4 GET d"])).toEqual([
      "#2 409",
      "#4 200 ok",
    ]);
    expect(log).toEqual(["begin", "POST b", "POST 409", "rollback", "GET d"]);
  });

  test("of Azure Tables is answered once, inside a change set", async () => {
    const { run } = service(azureTables);
    expect(await run(["@g POST b {}", "@g POST 409 {}"])).toEqual(["#2 @changeset 1 409"]);
  });

  test.each([
    ["begin", [], 500],
    ["commit", ["POST b"], 500],
    ["rollback", ["POST b", "POST 409"], 409],
  ] as const)("whose %s throws is answered as a failure", async (step, _, status) => {
    const { run, log } = service(odata, true, step);
    const lines = step === "rollback" ? ["@g POST b {}", "@g POST 409 {}"] : ["@g POST b {}", "@g POST c {}"];
    expect(await run(lines)).toEqual([expect.stringContaining(String(status))]);
    expect(log).toContain(step);
    expect(log.at(-1)).toBe(step === "begin" ? "begin" : "rollback");
  });

  test("is answered 501 where nothing can make it atomic, and runs not at all", async () => {
    const { run, log } = service(odata, false);
    expect(await run(["@g POST b {}", "@g POST c {}"])).toEqual([expect.stringMatching(/ 501 /)]);
    expect(log).toEqual([]);
  });

  test("of one operation is atomic by itself", async () => {
    const { run } = service(odata, false);
    expect(await run(["@g POST b {}"])).toEqual(["#1 @changeset 1 201"]);
  });

  test("in JSON is answered in each of its operations", async () => {
    const { run } = service({ ...odataJson, order: "request", onFailure: "continue" });
    expect(await run(["#1 @g POST b {}", "#2 @g POST 409 {}", "#3 @g POST c {}", "#4 GET d"])).toEqual([
      expect.stringMatching(/^#1 @g 424 /),
      "#2 @g 409",
      expect.stringMatching(/^#3 @g 424 /),
      "#4 200 ok",
    ]);
  });

  test("is answered as the dialect of the answer has it, where that is another than the request's", async () => {
    const lines = ["#1 @g POST b {}", "#2 @g POST 409 {}", "#3 @g POST c {}", "#4 GET d"];
    const send = async (asked: Dialect, answered: Dialect, accept: string): Promise<string[]> => {
      const { run } = service({ ...asked, onFailure: "continue", order: "request" });
      return run(lines, { headers: { Accept: accept } }, answered);
    };
    expect(await send(odata, odataJson, "application/json")).toEqual([
      expect.stringMatching(/^#1 @changeset 1 424 /),
      "#2 @changeset 1 409",
      expect.stringMatching(/^#3 @changeset 1 424 /),
      "#4 200 ok",
    ]);
    expect(await send(odataJson, odata, "multipart/mixed")).toEqual(["#2 409", "#4 200 ok"]);
  });

  test("in JSON must not be scattered: nothing of such a group is done", async () => {
    const { run, log } = service({ ...odataJson, order: "request" });
    const lines = ["#1 @g POST b {}", "#2 GET d", "#3 @g POST c {}", "#4 @h POST e {}"];
    expect(await run(lines, { headers: { Prefer: "continue-on-error" } })).toEqual([
      expect.stringMatching(/^#1 @g 400 .*scattered-group/),
      "#2 200 ok",
      expect.stringMatching(/^#3 @g 400 .*scattered-group/),
      "#4 @h 201",
    ]);
    expect(log).not.toContain("POST b");
    expect(log).not.toContain("POST c");
  });

  test("that is scattered in JSON is answered in multipart by as few change sets as may be", async () => {
    const { run } = service({ ...odataJson, order: "request", onFailure: "continue" });
    const lines = ["#1 @g POST b {}", "#2 @g POST c {}", "#3 GET d", "#4 @g POST e {}"];
    expect(await run(lines, { headers: { Accept: "multipart/mixed" } }, odata)).toEqual([
      expect.stringMatching(/^#1 @changeset 1 400 .*scattered-group/),
      expect.stringMatching(/^#2 @changeset 1 400 .*scattered-group/),
      "#3 200 ok",
      expect.stringMatching(/^#4 @changeset 2 400 .*scattered-group/),
    ]);
  });
});

describe("Where a failure ends the batch", () => {
  const lines = ["#1 GET a", "#2 GET 404", "#3 GET b"];

  test("what is behind it is neither run nor answered", async () => {
    const { run, log } = service(odata);
    expect(await run(lines)).toEqual(["#1 200 ok", "#2 404"]);
    expect(log).toEqual(["GET a", "GET 404"]);
  });

  test.each([
    "continue-on-error",
    "odata.continue-on-error",
    "respond-async, Continue-On-Error=true",
    "odata.continue-on-error; x=y",
  ])("it does not with Prefer: %s", async (prefer) => {
    const { run } = service(odata);
    expect(await run(lines, { headers: { Prefer: prefer } })).toEqual(["#1 200 ok", "#2 404", "#3 200 ok"]);
  });

  test("it does with Prefer: continue-on-error=false, whatever the dialect's default", async () => {
    const { run } = service({ ...odata, onFailure: "continue" });
    expect(await run(lines, { headers: { Prefer: "continue-on-error=false" } })).toEqual([
      "#1 200 ok",
      "#2 404",
    ]);
  });

  test("what has been preferred is told", async () => {
    const handle = createBatchHandler({ dialects: [odata], handler: () => new Response("ok") });
    const response = await handle(
      await batch(odata, ["GET a"], { headers: { Prefer: "odata.continue-on-error" } }),
    );
    expect(response.headers.get("preference-applied")).toBe("continue-on-error=true");
  });

  test("Salesforce answers what was not run, if its envelope has haltOnError, in front or behind", async () => {
    const url = "https://example.com/services/data/v60.0/composite/batch";
    for (const members of [[["haltOnError", true]], [["haltOnError", false]]] as [string, unknown][][]) {
      const { run } = service(salesforceBatch);
      const halted = members[0]![1] === true;
      expect(await run(["GET v60.0/a", "GET v60.0/404", "GET v60.0/b"], { url, members })).toEqual([
        '200 "ok"',
        "404",
        halted ? expect.stringMatching(/^412 .*BATCH_PROCESSING_HALTED/) : '200 "ok"',
      ]);
    }
    const handle = createBatchHandler({
      dialects: [salesforceBatch],
      handler: () => new Response(null, { status: 404 }),
    });
    const body =
      '{"batchRequests":[{"method":"GET","url":"v1/a"},{"method":"GET","url":"v1/b"}],"haltOnError":true}';
    const headers = { "Content-Type": "application/json" };
    const response = await handle(new Request(url, { method: "POST", headers, body }));
    const text = await response.text();
    expect(text).toMatch(/^{"results":\[{"statusCode":404},{"statusCode":412,.*}\],"hasErrors":true}$/);
  });

  test("allOrNone makes one group of a composite", async () => {
    const { run, log } = service(salesforceComposite);
    const members: [string, unknown][] = [["allOrNone", true]];
    expect(await run(["#a POST /x {}", "#b POST /400 {}", "#c POST /y {}"], { members })).toEqual([
      expect.stringMatching(/^#a 400 .*PROCESSING_HALTED/),
      "#b 400",
      expect.stringMatching(/^#c 400 .*PROCESSING_HALTED/),
    ]);
    expect(log).toEqual(["begin", "POST /x", "POST /400", "rollback"]);
  });
});

describe("References", () => {
  test("stand for what the operation has made, in targets and in If-Match", async () => {
    const { run, log } = service(odata);
    expect(await run(["#1 POST Customers {}", "#2 POST $1/Orders {}", "#3 GET $2"])).toEqual([
      "#1 201",
      "#2 201",
      "#3 200 ok",
    ]);
    expect(log).toEqual([
      "POST Customers",
      "POST Customers(1)/Orders",
      "GET Customers(1)/Customers(1)/Orders(2)",
    ]);
  });

  test("in If-Match stand for the ETag", async () => {
    const log: (string | null)[] = [];
    const handle = createBatchHandler({
      dialects: [odataJson],
      handler: (request) => {
        log.push(request.headers.get("if-match"));
        return new Response(null, { status: 204, headers: { ETag: '"v7"' } });
      },
    });
    const body = JSON.stringify({
      requests: [
        { id: "1", method: "GET", url: "a" },
        { id: "2", method: "PATCH", url: "$1", headers: { "if-match": "$1" }, body: {}, dependsOn: ["1"] },
      ],
    });
    const headers = { "Content-Type": "application/json" };
    await (await handle(new Request("https://h/$batch", { method: "POST", headers, body }))).text();
    expect(log).toEqual([null, '"v7"']);
  });

  test("to what has failed are answered 424, to what is not there 400", async () => {
    const { run } = service({ ...odata, onFailure: "continue" });
    expect(await run(["#1 POST 409 {}", "#2 POST $1/Orders {}", "#3 POST $9/Orders {}"])).toEqual([
      "#1 409",
      expect.stringMatching(/^#2 424 /),
      expect.stringMatching(/^#3 400 .*unknown-dependency/),
    ]);
  });

  test("are not what OData's own resources are", async () => {
    const { run, log } = service(odata);
    await run(["GET $metadata", "GET $crossjoin(A,B)", "GET $entity?$id=A(1)", "GET $all"]);
    expect(log).toEqual(["GET $metadata", "GET $crossjoin(A,B)", "GET $entity", "GET $all"]);
  });
});

describe("Dependencies", () => {
  const dialect: Dialect = { ...odataJson, order: "request", onFailure: "continue" };

  test("are waited for", async () => {
    const { run, log } = service(dialect);
    expect(await run(["#1 GET a", "#2 >1 GET b", "#3 >2 >1 GET c"])).toEqual([
      "#1 200 ok",
      "#2 200 ok",
      "#3 200 ok",
    ]);
    expect(log).toEqual(["GET a", "GET b", "GET c"]);
  });

  test("that have failed are answered 424, and what depends on that, too", async () => {
    const { run, log } = service(dialect);
    expect(await run(["#1 GET 404", "#2 >1 GET b", "#3 >2 GET c", "#4 GET d"])).toEqual([
      "#1 404",
      expect.stringMatching(/^#2 424 .*failed-dependency/),
      expect.stringMatching(/^#3 424 /),
      "#4 200 ok",
    ]);
    expect(log).toEqual(["GET 404", "GET d"]);
  });

  test("on a group are on all of it", async () => {
    const { run } = service(dialect);
    expect(await run(["#1 @g POST a {}", "#2 @g POST 409 {}", "#3 >g GET c", "#4 >1 GET d"])).toEqual([
      expect.stringMatching(/^#1 @g 424 /),
      "#2 @g 409",
      expect.stringMatching(/^#3 424 /),
      expect.stringMatching(/^#4 424 /),
    ]);
  });

  test.each([
    ["itself", ["#1 >1 GET a"], ["400"]],
    ["what comes later", ["#1 >2 GET a", "#2 GET b"], ["400", "200"]],
    ["what is not there", ["#1 >9 GET a", "#2 >1 GET b"], ["400", "424"]],
  ])("on %s are refused", async (_, lines, statuses) => {
    const { run } = service(dialect);
    const found = await run(lines);
    expect(found.map((line) => line.split(" ")[1])).toEqual(statuses);
  });

  test.each([
    ["a cycle of two", ["#1 >2 GET a", "#2 >1 GET b", "#3 GET c"], ["400", "400", "200"]],
    [
      "a cycle of three and what hangs on it",
      ["#1 >2 GET a", "#2 >3 GET b", "#3 >1 GET c", "#4 >1 GET d"],
      ["400", "400", "400", "400"],
    ],
    ["what comes later", ["#1 >2 GET a", "#2 GET b"], ["200", "200"]],
    ["what is not there, in any case", ["#A >9 GET a", "#b >a GET b"], ["400", "424"]],
  ])("on %s, where they may point forward", async (_, lines, statuses) => {
    const { run } = service(graph, true);
    const found = (await run(lines)).sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase()));
    expect(found.map((line) => line.split(" ")[1])).toEqual(statuses);
  });

  test.each([
    ["$1/$succeeded", "200 a", ["200", "200"]],
    ["$1/$succeeded", "404", ["404", "424"]],
    ["not $1/$succeeded", "404", ["404", "200"]],
    ["not $1/$succeeded", "a", ["200", "424"]],
    ["$1/size gt 3", "a", ["200", "501"]],
  ])("under the condition %s, the operation before having been %s", async (condition, path, statuses) => {
    const handle = createBatchHandler({
      dialects: [dialect],
      handler: (request) => new Response(null, { status: request.url.endsWith("404") ? 404 : 200 }),
    });
    const body = JSON.stringify({
      requests: [
        { id: "1", method: "GET", url: path },
        { id: "2", method: "GET", url: "b", dependsOn: ["1"], if: condition },
      ],
    });
    const headers = { "Content-Type": "application/json" };
    const response = await handle(new Request("https://h/$batch", { method: "POST", headers, body }));
    expect((await answers(response, dialect)).map((line) => line.split(" ")[1])).toEqual(statuses);
  });
});
