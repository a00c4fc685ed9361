import { describe, expect, test } from "vitest";
import { HttpMessageParser } from "../src/codec/http-message-parser.ts";
import { MultipartParser } from "../src/codec/multipart-parser.ts";
import { Budget, defaultLimits } from "../src/limits.ts";
import type { Limits } from "../src/limits.ts";
import { octets } from "./support/chunkings.ts";
import { httpLog, multipartLog } from "./support/event-log.ts";
import type { EventLog } from "./support/event-log.ts";
import { infinite } from "./support/limits.ts";

describe("limits", () => {
  test("may be Infinity, all of them", () => {
    const fields = `A: ${"x".repeat(400)}\r\n`.repeat(200);
    const part = `--b${" ".repeat(1000)}\r\n${fields}\r\n\r\n`;
    const parts = "--b\r\n\r\n\r\n".repeat(1001);
    const input = octets(`${"p".repeat(100_000)}\r\n${part}${parts}--b--\r\n${"e".repeat(100_000)}`);
    const log = multipartLog([input], { boundary: "b", limits: infinite });
    expect(log.split("\n").at(-1)).toContain("end @");
    expect(multipartLog([input], { boundary: "b" })).toContain("413, maxPreambleBytes");
  });

  test("a budget is what a body and those nested in it use up together", () => {
    const budget = new Budget({ maxParts: 2, maxTotalHeaderBytes: 100 });
    const inner = octets("--c\r\nA: 1\r\n\r\n\r\n--c--");
    const nested = (): EventLog => multipartLog([inner], { boundary: "c", budget, limits: { maxParts: 0 } });
    expect(nested()).not.toContain("!");
    expect(nested()).not.toContain("!");
    expect(budget.headerBytes).toBe(16);
    expect(nested()).toBe("!limit-exceeded @5 part 1, 413, maxParts 2");
    expect(httpLog([octets(`GET / HTTP/1.1\r\nA: ${"x".repeat(80)}\r\n\r\n`)], { budget })).toBe(
      "!limit-exceeded @76, 413, maxTotalHeaderBytes 100",
    );
  });

  test.each([-1, NaN, "1", null])("%j is no limit", (value) => {
    const limits = { maxParts: value as number };
    expect(() => new MultipartParser({ boundary: "b", limits })).toThrow(RangeError);
    expect(() => new HttpMessageParser({ limits })).toThrow(RangeError);
  });

  test("a name that is no limit is a mistake, for it would protect nothing", () => {
    const limits = { maxPart: 1 } as Partial<Limits>;
    expect(() => new MultipartParser({ boundary: "b", limits })).toThrow(TypeError);
    expect(() => new HttpMessageParser({ limits })).toThrow(TypeError);
  });

  test("undefined is the default", () => {
    expect(new Budget({ maxParts: undefined }).limits).toEqual(defaultLimits);
  });
});
