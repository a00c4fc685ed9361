import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { BatchClient } from "../../src/batch.ts";
import { ofAll, refusals } from "../support/shared-answers.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const MiB = 2 ** 20;

function memory(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

describe.each(refusals)("A refusal as $name", ({ dialect, init, answer }) => {
  test("is held once, however many calls it is the answer to", async () => {
    const before = memory();
    const url = "https://example.com/$batch";
    const client = new BatchClient({ url, dialect, fetch: () => answer(2 * MiB) });
    const responses = await ofAll(client, 100, init);
    expect(memory() - before).toBeLessThan(20 * MiB);
    expect(new Set(responses).size).toBe(100);
  });
});
