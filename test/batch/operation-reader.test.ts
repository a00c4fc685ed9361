import { describe, expect, test } from "vitest";
import { cronofy, odata, odataJson, OperationReader, ucwa } from "../../src/batch.ts";
import type { Dialect } from "../../src/batch.ts";
import type { Deviation } from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { outcomeOf, rejection, Tap } from "../support/web-streams.ts";
import { batch } from "./support.ts";

/** A batch whose octets are at hand, in a stream that then goes on for ever. */
async function unended(dialect: Dialect, lines: string[]): Promise<{ tap: Tap; contentType: string }> {
  const whole = await batch(dialect, lines);
  const tap = new Tap();
  tap.push(new Uint8Array(await whole.arrayBuffer()));
  return { tap, contentType: whole.headers.get("content-type")! };
}

describe.each([ucwa, odataJson, cronofy])("A batch of $name", (dialect) => {
  const lines = ["GET /a", "GET /b", "GET /c"];

  test("is read by one call at a time; another is an error, and loses no operation", async () => {
    const { tap, contentType } = await unended(dialect, lines);
    const reader = new OperationReader(tap.close().stream, { dialect, kind: "request", contentType });
    const calls = lines.map(() => reader.next());
    expect(await Promise.allSettled(calls)).toMatchObject([
      { value: { value: { index: 0 } } },
      { reason: { code: "concurrent-read" } },
      { reason: { code: "concurrent-read" } },
    ]);
    const indexes: number[] = [];
    for await (const { index } of reader) indexes.push(index);
    expect(indexes).toEqual([1, 2]);
  });

  test("is left by return(), also behind its last operation", async () => {
    const { tap, contentType } = await unended(dialect, lines);
    const reader = new OperationReader(tap.stream, { dialect, kind: "request", contentType });
    for (const _ of lines) await reader.next();
    const last = outcomeOf(reader.next());
    if (dialect.envelope.format === "multipart") expect(await last).toEqual({ value: { done: true } });
    expect([await outcomeOf(reader.return()), tap.cancels.length]).toEqual([{ value: { done: true } }, 1]);
    await last;
  });

  test("with too many operations is an error at once, whenever its source has been cancelled", async () => {
    const { tap, contentType } = await unended(dialect, lines);
    const reader = tap.stream.getReader();
    const source = {
      pull: async () => (await reader.read()).value,
      cancel: () => new Promise<void>(() => {}),
    };
    const limits = { maxParts: 2 };
    const operations = new OperationReader(source, { dialect, kind: "request", contentType, limits });
    await operations.next();
    await operations.next();
    expect(await outcomeOf(operations.next())).toMatchObject({ error: { code: "limit-exceeded" } });
  });

  test.each<[string, object | undefined, number]>([
    ["none", undefined, 100],
    ["one that is undefined", { maxTotalBytes: undefined }, 100],
    ["another", { maxTotalBytes: 50 }, 50],
  ])("of more octets than its dialect takes is an error: with %s for a limit", async (_, limits, value) => {
    const small = { ...dialect, maxBytes: 100 };
    const reader = new OperationReader(await batch(dialect, lines), {
      dialect: small,
      kind: "request",
      limits,
    });
    const reading = async (): Promise<void> => {
      for await (const { error } of reader) if (error !== undefined) throw error;
    };
    const limit = { name: "maxTotalBytes", value };
    expect(await outcomeOf(reading())).toMatchObject({ error: { code: "limit-exceeded", limit } });
  });
});

describe("What is wrong with a batch is thrown by every later call, until return() ends the reading", () => {
  const limits = { maxParts: 1 };
  const minOperations = 1;

  test.each([
    ["too many operations in multipart", ucwa, ["GET /a", "GET /b"], { limits }, "limit-exceeded"],
    ["too many operations in JSON", odataJson, ["GET /a", "GET /b"], { limits }, "limit-exceeded"],
    ["none in multipart", { ...ucwa, minOperations }, [], {}, "empty-batch"],
    ["none in JSON", { ...odataJson, minOperations }, [], {}, "empty-batch"],
  ])("%s", async (_, dialect: Dialect, lines: string[], options, code) => {
    const reader = new OperationReader(await batch(dialect, lines), { dialect, kind: "request", ...options });
    if (lines.length > 1) await reader.next();
    const first = await rejection(reader.next());
    expect(first).toMatchObject({ code });
    expect(await rejection(reader.next())).toBe(first);
    await reader.return();
    expect(await reader.next()).toEqual({ done: true });
  });

  test("a part that is neither an operation nor a change set for certain", async () => {
    const part = "--b\r\nContent-Type: /\r\n\r\n\r\n";
    const get = "--b\r\nContent-Type: application/http\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n";
    const contentType = "multipart/mixed; boundary=b";
    const options = { dialect: odata, kind: "request", contentType, tolerance: "strict" } as const;
    const tap = new Tap(`${part}${get}--b`);
    const reader = new OperationReader(tap.stream, options);
    const first = await rejection(reader.next());
    expect(first).toMatchObject({ code: "malformed-media-type" });
    expect([await rejection(reader.next()), tap.cancels.length]).toEqual([first, 1]);
  });
});

describe("What is wrong with the links of an operation is told where it lies", () => {
  const http = "Content-Type: application/http\r\n";
  const get = (id: string): string => `${http}Content-ID: ${id}\r\n\r\nGET /${id} HTTP/1.1\r\n\r\n\r\n`;
  const inner = `--c\r\n${get("2")}--c\r\n${get("1")}--c--`;
  const outer = `--b\r\n${get("1")}--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${inner}\r\n--b--`;
  const json = '{"requests":[{"id":"1","method":"GET","url":"/"},{"id":"1","method":"GET","url":"/"}]}';

  test.each([
    [odata, "multipart/mixed; boundary=b", outer, { offset: outer.lastIndexOf("GET"), path: "2.2" }],
    [odataJson, "application/json", json, { offset: json.lastIndexOf('{"id"'), path: "2" }],
  ] as const)("in $0.name", async (dialect, contentType, input, place) => {
    const deviations: Deviation[] = [];
    const errors: unknown[] = [];
    const onDeviation = (deviation: Deviation): unknown => deviations.push(deviation);
    for (const tolerance of ["strict", "lenient"] as const) {
      const options = { dialect, kind: "request", contentType, tolerance, onDeviation } as const;
      for await (const { error } of new OperationReader(octets(input), options))
        if (error) errors.push(error);
    }
    const expected = [{ code: "repeated-operation-id", ...place }];
    expect([errors, deviations]).toMatchObject([expected, expected]);
  });
});
