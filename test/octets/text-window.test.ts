import { describe, expect, test } from "vitest";
import { TextWindow } from "../../src/octets/text-window.ts";
import { isomorphic } from "../support/transfer.ts";

/** Texts of 20 octets, each 100 behind the one before, with "é" in UTF-8 between them where it `isForeign`. */
function decodeAll(length: number, isForeign: (at: number) => boolean): { texts: string[]; decoded: number } {
  const octets = Uint8Array.from({ length }, (_, i) => 0x41 + (i % 23));
  for (let at = 60; at + 1 < length; at += 100) if (isForeign(at)) octets.set([0xc3, 0xa9], at);
  let decoded = 0;
  octets.subarray = (start, end) => {
    const view = Uint8Array.prototype.subarray.call(octets, start, end) as Uint8Array<ArrayBuffer>;
    decoded += view.length;
    return view;
  };
  const window = new TextWindow();
  const texts: string[] = [];
  for (let at = 0; at + 20 <= length; at += 100) {
    const text = window.decode(octets, at, at + 20, at);
    expect(text).toBe(isomorphic(octets.slice(at, at + 20)));
    texts.push(text);
  }
  return { texts, decoded };
}

describe("Texts that lie close together", () => {
  const length = 100_000;

  test("are decoded with what stands between them, once", () => {
    expect(decodeAll(length, () => false).decoded).toBeLessThan(1.05 * length);
  });

  test("are decoded alone where that is not ASCII, after a few attempts", () => {
    // Engines without a decoder make a character of each octet, and have no need to.
    expect(decodeAll(length, () => true).decoded).toBeLessThan(1.05 * length);
  });

  test("are decoded together again where it is", () => {
    const { texts, decoded } = decodeAll(length, (at) => at < 10_000);
    expect(decoded).toBeGreaterThan(2 * texts.length * 20);
    expect(decoded).toBeLessThan(1.2 * length);
  });
});
