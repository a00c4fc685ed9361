import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WantedOctets, skipVisible } from "../../src/octets/words.ts";

const viewOf = ({ buffer, byteOffset }: Uint8Array): DataView => new DataView(buffer, byteOffset);

/** All octets that are wanted stand there, or so many in whole words. */
function expectMatch(octets: Uint8Array, at: number, wanted: Uint8Array): void {
  let same = 0;
  while (same < wanted.length && octets[at + same] === wanted[same]) same++;
  const isWhole = same === wanted.length || wanted.length < 8;
  for (const view of [viewOf(octets), undefined]) {
    const length = new WantedOctets(wanted).matchLength(octets, view, at);
    expect(length).toBe(isWhole ? same : same - (same % 8));
  }
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

  test("that are infinite, hardly numbers, or differ from zero by a sign", () => {
    const eights = [
      [0x0d, 0, 0, 0, 0, 0, 0xf0, 0x7f],
      [1, 1, 1, 1, 1, 1, 0xf0, 0xff],
      [1, 1, 1, 1, 1, 1, 1, 0x80],
      [1, 1, 1, 1, 1, 1, 1, 0],
      [0x2d, 0x2d, 0x0d, 0x0a, 0x20, 0x7e, 0x61, 0x62],
    ].map((eight) => Uint8Array.from(eight));
    const zeros = [new Uint8Array(8), Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80)];
    for (const one of [...eights, ...zeros]) {
      for (const other of eights) if (!isNotANumber(other)) expectMatch(one, 0, other);
    }
  });

  test("that are not a number, and so are not found: they are read again", () => {
    const canonical = Uint8Array.of(0, 0, 0, 0, 0, 0, 0xf8, 0x7f);
    for (const high of [0xf0, 0xf8, 0xff]) {
      const wanted = new WantedOctets(Uint8Array.of(0x61, 0x61, 0x61, 0x61, 0x61, 0x61, high, 0xff));
      for (const octets of [Uint8Array.of(0x61, 0x61, 0x61, 0x61, 0x61, 0x61, high, 0xff), canonical]) {
        for (const view of [viewOf(octets), undefined]) expect(wanted.matchLength(octets, view, 0)).toBe(0);
      }
    }
  });

  test("in any octets but zeros, wherever they lie in their buffer", () => {
    const some = fc.array(fc.integer({ min: 1, max: 0x7e }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(some, some, fc.nat({ max: 9 }), (wanted, other, at) => {
        const buffer = new Uint8Array(at + 5 + wanted.length + other.length);
        buffer.set(wanted, at + 5);
        buffer.set(other.slice(0, wanted.length >> 1), at + 5 + (wanted.length >> 1));
        expectMatch(buffer.subarray(5), at, Uint8Array.from(wanted));
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

  test("that were wanted before they changed", () => {
    for (const length of [4, 12]) {
      const octets = new Uint8Array(length).fill(1);
      const wanted = new WantedOctets(octets);
      octets.fill(2);
      const before = new Uint8Array(length).fill(1);
      expect(wanted.matchLength(before, viewOf(before), 0)).toBe(length);
    }
  });
});

test("Visible octets are skipped up to the first other one, at every place and of every value", () => {
  for (const lowest of [0x20, 0x21]) {
    for (let value = 0; value < 0x100; value++) {
      for (let at = 0; at < 12; at++) {
        const octets = new Uint8Array(16).fill(0x7e);
        octets[at] = value;
        octets[13] = 0;
        const isVisible = value >= lowest && value <= 0x7e;
        const end = 14;
        const skipped = skipVisible(viewOf(octets), 1, end, lowest);
        // Of the octets from 1 on, three words lie before the end.
        const expected = isVisible || at === 0 ? 13 : at;
        expect(skipped).toBe(expected);
      }
    }
  }
});

/** As a little-endian double. */
function isNotANumber(octets: Uint8Array): boolean {
  return Number.isNaN(new DataView(octets.buffer).getFloat64(0, true));
}
