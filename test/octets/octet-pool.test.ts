import { describe, expect, test } from "vitest";
import { OctetPool, emptyOctets } from "../../src/octets/octet-pool.ts";
import { isomorphicEncode } from "../../src/octets/text.ts";

describe("An octet pool", () => {
  test("hands out octets that share a buffer and do not overlap", () => {
    const pool = new OctetPool();
    const taken = Array.from({ length: 300 }, (_, at) => pool.take(at % 100).fill(at));
    taken.forEach((octets, at) => expect(octets).toEqual(new Uint8Array(at % 100).fill(at)));
    expect(new Set(taken.map(({ buffer }) => buffer)).size).toBe(2);
  });

  test("leaves long octets a buffer of their own", () => {
    const pool = new OctetPool();
    const long = pool.take(2049);
    expect([long.length, long.buffer.byteLength]).toEqual([2049, 2049]);
    expect(pool.take(2048).buffer.byteLength).toBeGreaterThan(2048);
  });

  // QuickJS cannot.
  const transfers = "structuredClone" in globalThis;
  test.skipIf(!transfers)(
    "goes on with another buffer when somebody has transferred the one in use (where buffers can be)",
    () => {
      const pool = new OctetPool();
      const first = pool.take(10);
      structuredClone(first, { transfer: [first.buffer] });
      expect(pool.take(10)).toEqual(new Uint8Array(10));
    },
  );

  test("is not asked where there is none", () => {
    const [one, other] = [emptyOctets(undefined), emptyOctets(undefined)];
    expect([one.length, one.buffer === other.buffer]).toEqual([0, false]);
    expect(emptyOctets(new OctetPool()).length).toBe(0);
  });
});

describe("Isomorphic strings as octets, with and without a pool", () => {
  const edges = ["", "a", "\xff", "\x00\x7f\x80"];
  // Native encoding begins in between.
  const lengths = [0, 1, 38, 39, 40, 41, 42, 1000, 2048, 2049, 5000];
  test.each(lengths)("of %d characters and a few", (length) => {
    const pool = new OctetPool();
    for (const before of edges) {
      for (const after of edges) {
        const text = before + "x".repeat(length) + after;
        const expected = Uint8Array.from(text, (character) => character.charCodeAt(0));
        expect(isomorphicEncode(text)).toEqual(expected);
        expect(isomorphicEncode(text, pool)).toEqual(expected);
      }
    }
  });
});
