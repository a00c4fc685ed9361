import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { odataJson, OperationReader } from "../../src/batch.ts";
import { HeaderList } from "../../src/codec.ts";

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

/** Of a text of 1 MiB, from its middle: engines do not copy what is cut so. */
const cut = (i: number, name: string): string => {
  const octets = new TextEncoder().encode(name.padStart(MiB / 2 + i, " ").padEnd(MiB, " "));
  return new TextDecoder().decode(octets).trim();
};

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

  test.each([
    ["the name of a field", (i: number) => [cut(i, `X-A-Long-Name-${"x".repeat(i)}`), "value"]],
    ["its value", (i: number) => ["X-Name", cut(i, `a long value ${"x".repeat(i)}`)]],
  ])("%s, which is written again and again", async (_, field) => {
    const write = (): number => {
      let length = 0;
      for (let i = 0; i < COUNT; i++) {
        const [name, value] = field(i) as [string, string];
        for (let n = 0; n < 4; n++) length += new HeaderList([[name, value]]).toOctets().length;
      }
      return length;
    };
    expect(await kept(write)).toBeLessThan(COUNT / 4);
  });
});
