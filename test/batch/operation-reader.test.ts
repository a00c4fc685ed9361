import { describe, expect, test } from "vitest";
import { cronofy, odataJson, OperationReader, ucwa } from "../../src/batch.ts";
import type { Dialect } from "../../src/batch.ts";
import { outcomeOf, Tap } from "../support/web-streams.ts";
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
});
