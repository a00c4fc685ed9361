/** What `$1` stands for, and what becomes of it where it stands for nothing. */
import { describe, expect, test } from "vitest";
import { odata, odataJson } from "../../src/batch.ts";
import type { BatchHandlerOptions } from "../../src/batch.ts";
import { answers, batch } from "../batch/support.ts";
import { handlerOf, json } from "./support.ts";

/** Sends operations of the ids 1, 2, … to a service that makes `/service/C(1)?v=2#new` of every POST. */
async function send(
  operations: readonly { url: string; [member: string]: unknown }[],
  options: Partial<BatchHandlerOptions> = {},
): Promise<{ lines: string[]; urls: string[] }> {
  const urls: string[] = [];
  const handle = handlerOf({
    dialects: [{ ...odataJson, order: "request", onFailure: "continue" }],
    handler: ({ method, url }) => {
      urls.push(url.replace("https://example.com/service/", ""));
      const status = url.endsWith("404") ? 404 : 200;
      const headers = { Location: "/service/C(1)?v=2#new" };
      return new Response(null, method === "POST" ? { status, headers } : { status });
    },
    ...options,
  });
  const requests = operations.map((operation, i) => ({ id: String(i + 1), method: "GET", ...operation }));
  return { lines: await answers(await handle(json(requests)), odataJson), urls };
}

describe("A reference stands for a resource, to whose path segments are added", () => {
  test.each([
    ["the request's, without its query", { url: "A('x')?$select=ID" }, "A('x')"],
    ["the request's, without a query that is empty", { url: "A?" }, "A"],
    ["the Location's, without its query and fragment", { url: "A?x", method: "POST" }, "C(1)"],
  ])("%s", async (_, operation, path) => {
    const { urls } = await send([
      operation,
      { url: "$1", dependsOn: ["1"] },
      { url: "$1/Orders?$top=1", dependsOn: ["1"] },
      { url: "$1?$top=1", dependsOn: ["1"] },
    ]);
    expect(urls.slice(1).sort()).toEqual([path, `${path}/Orders?$top=1`, `${path}?$top=1`].sort());
  });
});

describe("A reference that stands for nothing is answered 424, whatever the condition", () => {
  test.each([
    ["to what has failed", [{ url: "404" }], "$1"],
    [
      "to an operation of a failed group",
      [
        { url: "a", atomicityGroup: "g" },
        { url: "404", atomicityGroup: "g" },
      ],
      "$1",
    ],
    ["to what was refused", [{ url: "https://other.example/" }], "$1"],
    ["to a group", [{ url: "404" }, { url: "a", atomicityGroup: "g" }], "/$g/Orders"],
  ])("%s", async (_, operations, url) => {
    const { lines, urls } = await send([
      ...operations,
      { url, method: "DELETE", dependsOn: ["1"], if: "not $1/$succeeded" },
    ]);
    expect(lines.at(-1)).toMatch(/ 424 .*failed-dependency/);
    expect(urls.join(" ")).not.toContain("$");
  });
});

describe("A target that references make is as long as one may be that was written", () => {
  const long = "a".repeat(60);
  const limits = { maxHeaderBytes: 200 };

  test.each(["/", "?"])("$0: a chain of them ends there, or does not grow", async (mark) => {
    const chain = Array.from({ length: 10 }, (_, i) => ({
      url: i === 0 ? "a" : `$${i}${mark}${long}`,
      ...(i === 0 ? {} : { dependsOn: [String(i)] }),
    }));
    const { lines, urls } = await send(chain, { limits });
    expect(Math.max(...urls.map(({ length }) => length))).toBeLessThan(200);
    const statuses = lines.map((line) => line.split(" ")[1]);
    if (mark === "?") expect(statuses).toEqual(chain.map(() => "200"));
    else {
      expect(statuses).toEqual(["200", "200", "200", "413", ...Array(6).fill("424")]);
      expect(lines[3]).toMatch(/limit-exceeded/);
    }
  });

  test("in multipart, too", async () => {
    const handle = handlerOf({ dialects: [odata], limits: { maxHeaderBytes: 300 } });
    const lines = ["#1 GET a", ...Array.from({ length: 8 }, (_, i) => `#${i + 2} GET $${i + 1}/${long}`)];
    const found = await answers(await handle(await batch(odata, lines)), odata);
    expect(found.at(-1)).toMatch(/^#6 413 .*limit-exceeded/);
  });

  test("a Location that is longer stands for nothing", async () => {
    const Location = `/${"l".repeat(200)}`;
    const handler = (): Response => new Response(null, { status: 201, headers: { Location } });
    const { lines } = await send([{ url: "a" }, { url: "$1", dependsOn: ["1"] }], { limits, handler });
    expect(lines).toEqual(["#1 201", expect.stringMatching(/^#2 424 /)]);
  });
});

describe("A name stands for what had it first, and not for what is refused", () => {
  const atomic = { begin: () => undefined, commit: () => {}, rollback: () => {} };
  /** The first operation is still being run when what is behind it has been refused. */
  const handler = async ({ url }: Request): Promise<Response> => {
    if (url.endsWith("slow")) await new Promise((resolve) => setTimeout(resolve, 20));
    return new Response();
  };
  const statusesOf = (lines: string[]): string[] => lines.map((line) => / (\d{3})/.exec(line)![1]!);

  test.each([
    ["an operation", { id: "1", url: "b" }],
    ["a group", { url: "b", atomicityGroup: "1" }],
    ["an operation of a group", { id: "1", url: "b", atomicityGroup: "g" }],
  ])("in strict mode because it has the same: %s", async (_, namesake) => {
    const operations = [{ url: "slow" }, namesake, { url: "$1/b", dependsOn: ["1"] }];
    const { lines } = await send(operations, { tolerance: "strict", atomic, handler });
    expect(statusesOf(lines)).toEqual(["200", "400", "200"]);
    expect(lines[1]).toMatch(/repeated-operation-id/);
  });

  test.each(["strict", "lenient"] as const)("in %s mode because it is malformed", async (tolerance) => {
    const malformed = { id: "1", method: "no method", url: "b" };
    const operations = [{ url: "slow" }, malformed, { url: "$1/b", dependsOn: ["1"] }];
    const { lines } = await send(operations, { tolerance, handler });
    expect(statusesOf(lines)).toEqual(["200", "400", "200"]);
    expect(lines[1]).toMatch(/malformed-operation/);
  });

  test("a group that fails for such an operation has failed all the same", async () => {
    const { lines } = await send(
      [
        { url: "slow" },
        { url: "b", atomicityGroup: "g" },
        { id: "1", url: "c", atomicityGroup: "g" },
        { url: "d", dependsOn: ["g"], if: "not $g/$succeeded" },
        { url: "e", dependsOn: ["g"] },
        { url: "f", dependsOn: ["1"] },
      ],
      { tolerance: "strict", atomic, handler },
    );
    expect(statusesOf(lines)).toEqual(["200", "424", "400", "200", "424", "200"]);
  });
});
