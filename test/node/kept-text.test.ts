import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { odataJson, OperationReader } from "../../src/batch.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const MiB = 1024 * 1024;
const COUNT = 16;

/** MiB of the heap that `make` leaves behind, with what it answers. */
async function kept(make: () => unknown): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  const answer = await make();
  collect();
  const after = process.memoryUsage().heapUsed;
  expect(answer).toBeDefined();
  return (after - before) / MiB;
}

describe("What is cut from a long text does not keep it:", () => {
  test("the id of an operation that is a number", async () => {
    const filler = " ".repeat(MiB);
    const element = (i: number): string => `{"id":${1e15 + i},"method":"GET","url":"/","filler":"${filler}"}`;
    async function* batch(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < COUNT; i++)
        yield new TextEncoder().encode(`${i === 0 ? '{"requests":[' : ","}${element(i)}`);
      yield new TextEncoder().encode("]}");
    }
    const read = async (): Promise<string[]> => {
      const ids: string[] = [];
      const reader = new OperationReader(batch(), { dialect: odataJson, kind: "request" });
      for await (const { id } of reader) ids.push(id!);
      return ids;
    };
    expect(await kept(read)).toBeLessThan(COUNT / 4);
  });
});
