import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Words, matchLength } from "../../src/octets/words.ts";

const words = new Words();

function expectMatch(octets: Uint8Array, at: number, wanted: Uint8Array): void {
  let expected = 0;
  while (expected < wanted.length && octets[at + expected] === wanted[expected]) expected++;
  const view = new DataView(wanted.buffer, wanted.byteOffset);
  expect(matchLength(words.of(octets), at, view, wanted.length)).toBe(expected);
}

describe("Octets are compared as words", () => {
  test("of every length, different at every place", () => {
    for (let length = 1; length <= 40; length++) {
      const wanted = Uint8Array.from({ length }, (_, i) => i + 1);
      const octets = new Uint8Array(length + 3);
      octets.set(wanted, 3);
      expectMatch(octets, 3, wanted);
      for (let at = 0; at < length; at++) {
        const other = octets.slice();
        other[3 + at]! ^= 0x80;
        expectMatch(other, 3, wanted);
      }
    }
  });

  test("that are no numbers, infinite, zero with a sign, or hardly numbers", () => {
    const eights = [
      [1, 0, 0, 0, 0, 0, 0xf8, 0x7f],
      [1, 0, 0, 0, 0, 0, 0xf8, 0xff],
      [0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
      [0, 0, 0, 0, 0, 0, 0xf0, 0xff],
      [0, 0, 0, 0, 0, 0, 0, 0x80],
      [1, 0, 0, 0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0, 0, 0, 0x80],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ].map((eight) => Uint8Array.from(eight));
    for (const one of eights) for (const other of eights) expectMatch(one, 0, other);
  });

  test("in any octets, wherever they lie in their buffer", () => {
    const some = fc.uint8Array({ min: 1, maxLength: 60 });
    fc.assert(
      fc.property(some, some, fc.nat({ max: 9 }), (wanted, other, at) => {
        const buffer = new Uint8Array(at + 5 + wanted.length + other.length);
        buffer.set(wanted, at + 5);
        buffer.set(other.subarray(0, wanted.length >> 1), at + 5 + (wanted.length >> 1));
        expectMatch(buffer.subarray(5), at, wanted);
      }),
    );
  });

  test("of another chunk, or of the same in which other octets lie now", () => {
    const chunk = Uint8Array.of(1, 2, 3, 4);
    expectMatch(chunk, 0, Uint8Array.of(1, 2, 3, 4));
    chunk.set([4, 3]);
    expectMatch(chunk, 0, Uint8Array.of(4, 3, 3, 4));
    expectMatch(Uint8Array.of(9, 9), 0, Uint8Array.of(9, 8));
  });
});
