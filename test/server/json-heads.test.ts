/** Limits of what a JSON envelope has in place of a head. */
import { describe, expect, test } from "vitest";
import { graph, odataJson } from "../../src/batch.ts";
import { answers } from "../batch/support.ts";
import { handlerOf, json } from "./support.ts";

describe("The head of an operation in JSON has the limits of any head", () => {
  const operation = { id: "1", method: "GET", url: "x" };
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`h${i}`, "v"]));
  test.each([
    ["many fields", { ...operation, headers: many }, "#1"],
    ["many members", { ...many, ...operation }, "#r1-[0-9a-f]{32}"],
    ["long fields", { ...operation, headers: { a: "x".repeat(17_000) } }, "#1"],
    ["a long target", { ...operation, url: "x".repeat(17_000) }, "#1"],
    ["a long condition", { ...operation, if: "x".repeat(17_000) }, "#1"],
    ["a long group name", { ...operation, atomicityGroup: "x".repeat(17_000) }, "#r1-[0-9a-f]{32}"],
    ["a long id, which is not repeated", { ...operation, id: "x".repeat(17_000) }, "#r1-[0-9a-f]{32}"],
    ["more dependencies than operations", { ...operation, dependsOn: Array(1001).fill("1") }, "#1"],
  ])("%s", async (_, request, id) => {
    const lines = await answers(await handlerOf({ dialects: [odataJson] })(json([request])), odataJson);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${id} 413 .*limit-exceeded`))]);
  });

  test("to which a member does not belong that nobody knows", async () => {
    const handle = handlerOf({ dialects: [odataJson] });
    const unknown = "x".repeat(17_000);
    const response = await handle(json([{ ...operation, "": unknown, "filler": unknown }]));
    expect(await answers(response, odataJson)).toEqual(["#1 200 reached"]);
  });

  test("in octets", async () => {
    const handle = handlerOf({ dialects: [odataJson], limits: { maxHeaderBytes: 30 } });
    const statusOf = async (url: string): Promise<number> => {
      const { responses } = (await (await handle(json([{ ...operation, url }]))).json()) as {
        responses: { status: number }[];
      };
      return responses[0]!.status;
    };
    // With the three characters of the id, the five of the method, and quotation marks.
    expect([await statusOf("x".repeat(20)), await statusOf("x".repeat(21))]).toEqual([200, 413]);
    expect([await statusOf("é".repeat(10)), await statusOf("é".repeat(11))]).toEqual([200, 413]);
    expect([await statusOf("€€€€€€xx"), await statusOf("€€€€€€€")]).toEqual([200, 413]);
    expect([await statusOf("😀😀😀😀😀"), await statusOf("😀😀😀😀😀x")]).toEqual([200, 413]);
  });

  test("and all heads together have theirs: beyond it none is read", async () => {
    const url = "x".repeat(100);
    const requests = ["1", "2", "3", "4"].map((id) => ({ ...operation, id, url }));
    requests[0]!.url = "x".repeat(1000);
    const limits = { maxHeaderBytes: 500, maxTotalHeaderBytes: 250 };
    const handle = handlerOf({ dialects: [odataJson], limits });
    const lines = await answers(await handle(json(requests, { Prefer: "continue-on-error" })), odataJson);
    expect(lines.sort()).toEqual([
      // One that has too long a head counts for nothing but its id.
      expect.stringMatching(/^#1 413 .*maxHeaderBytes/),
      "#2 200 reached",
      "#3 200 reached",
      expect.stringMatching(/^#4 413 .*maxTotalHeaderBytes/),
    ]);
  });

  test("and its dependencies count as what waits to be run", async () => {
    const dependsOn = Array.from({ length: 20 }, (_, i) => `${i} ${"x".repeat(3000)}`);
    const handle = handlerOf({ dialects: [graph], limits: { maxQueuedBytes: 40_000 } });
    expect((await handle(json([{ ...operation, dependsOn }]))).status).toBe(413);
  });
});
