import { expect, test } from "vitest";
import { GatherBuffer } from "../../src/octets/gather-buffer.ts";

const piece = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

test.each([[[]], [[0]], [[1, 2, 3]], [[63, 1, 1]], [[64, 64]], [[1, 1000, 70_000]], [[70_000]]])(
  "pieces of %j octets become one, in order",
  (lengths) => {
    const gathered = new GatherBuffer();
    // The second time the buffer that is left from the first is used.
    for (let time = 0; time < 2; time++) {
      for (const length of lengths) gathered.add(piece(length));
      const expected = lengths.flatMap((length) => [...piece(length)]);
      expect(gathered.length).toBe(expected.length);
      expect([...gathered.take()]).toEqual(expected);
      expect(gathered.length).toBe(0);
    }
  },
);

test.each([10, 70_000])("%i octets that were taken stay as they are, whatever is gathered next", (length) => {
  const gathered = new GatherBuffer();
  gathered.add(piece(length));
  const first = gathered.take();
  gathered.add(new Uint8Array(length).fill(255));
  const second = gathered.take();
  expect(second.buffer).not.toBe(first.buffer);
  expect([...first]).toEqual([...piece(length)]);
});

test("a piece may change once it has been added", () => {
  const gathered = new GatherBuffer();
  const octets = piece(3);
  gathered.add(octets);
  octets.fill(9);
  expect([...gathered.take()]).toEqual([0, 1, 2]);
});
