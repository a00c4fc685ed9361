import { expect, test } from "vitest";
import { GatheredOctets } from "../../src/stream/gathered-octets.ts";

/** Octets that are all `octet`, in a buffer of which they fill so much. */
const owned = (length: number, size: number, octet: number): Uint8Array =>
  new Uint8Array(size).subarray(0, length).fill(octet);

test("A piece that is the gatherer's own is kept only where it fills most of its buffer", () => {
  for (const [length, size, isKept] of [
    [1024, 1024, true],
    [1024, 2048, true],
    [1024, 2049, false],
    [1024, 65_536, false],
    [1023, 1023, false],
  ] as const) {
    const piece = owned(length, size, 1);
    const gathered = new GatheredOctets();
    gathered.add(piece, true);
    piece.fill(2);
    expect(gathered.take(), `${length} of ${size}`).toEqual(owned(length, length, isKept ? 2 : 1));
  }
});

test("A piece that is not is copied, whatever it fills", () => {
  const piece = owned(4096, 4096, 1);
  const gathered = new GatheredOctets();
  gathered.add(piece);
  piece.fill(2);
  expect(gathered.take()).toEqual(owned(4096, 4096, 1));
});
