import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryCuts, type Chunking, chunkings, cut, octets } from "./chunkings.ts";

function joined({ chunks }: Chunking): number[] {
  return chunks.flatMap((chunk) => [...chunk]);
}

describe("chunkings", () => {
  test.each([0, 1, 2, 5, 300, 5000])(
    "of %i octets hold the same octets, each under its own name",
    (length) => {
      const input = Uint8Array.from({ length }, (_, index) => index % 251);
      const all = [...chunkings(input)];
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      const expected = [...input].join();
      expect(all.filter((chunking) => joined(chunking).join() !== expected).map(({ name }) => name)).toEqual(
        [],
      );
    },
  );

  test("cut at every position, view or copy", () => {
    const all = [...chunkings(octets("abc"))].map(({ name, chunks }) => [
      name,
      chunks.map(({ length }) => length),
    ]);
    expect(all).toEqual([
      ["whole", [3]],
      ["whole, copied", [3]],
      ["octet by octet", [1, 1, 1]],
      ["octet by octet, copied", [1, 1, 1]],
      ["cut at 1", [1, 2]],
      ["cut at 2", [2, 1]],
    ]);
  });

  test("copies begin at another offset of a buffer of their own", () => {
    const input = octets("abc");
    for (const { name, chunks } of chunkings(input)) {
      const isCopied = name.endsWith("copied");
      expect(chunks.every((chunk) => chunk.buffer !== input.buffer)).toBe(isCopied);
      if (isCopied) expect(chunks.every(({ byteOffset }) => byteOffset > 0)).toBe(true);
    }
  });

  test("above 4 KiB are a sample, the same each time", () => {
    const names = (): string[] => [...chunkings(new Uint8Array(20_000))].map(({ name }) => name);
    expect(names().length).toBeLessThan(50);
    expect(names()).toEqual(names());
  });
});

test("a position given twice cuts out an empty chunk", () => {
  expect(cut(octets("abc"), [1, 1]).map(({ length }) => length)).toEqual([1, 0, 2]);
});

test("arbitrary cuts lose nothing", () => {
  const input = octets("abcdefgh");
  fc.assert(
    fc.property(arbitraryCuts(input.length), (positions) => {
      expect(cut(input, positions).flatMap((chunk) => [...chunk])).toEqual([...input]);
    }),
  );
});

test("octets are the characters up to U+00FF", () => {
  expect([...octets("a\0\xff")]).toEqual([0x61, 0x00, 0xff]);
  expect(() => octets("\u0100")).toThrow(RangeError);
  expect(() => octets("😀")).toThrow(RangeError);
});
