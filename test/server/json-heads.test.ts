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

  test("and its dependencies count as what waits to be run", async () => {
    const dependsOn = Array.from({ length: 20 }, (_, i) => `${i} ${"x".repeat(3000)}`);
    const handle = handlerOf({ dialects: [graph], limits: { maxQueuedBytes: 40_000 } });
    expect((await handle(json([{ ...operation, dependsOn }]))).status).toBe(413);
  });
});
