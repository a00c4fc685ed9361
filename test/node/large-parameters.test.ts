/** Linear readers whose input is larger than the heap of the smallest runtimes: StarlingMonkey has 32 MiB. */
import { expect, test } from "vitest";
import { parseMediaType } from "../../src/grammar/media-type.ts";

const lenient = { tolerance: "lenient" } as const;
/** `unit(0)`, `unit(1)` … */
const repeat = (count: number, unit: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => unit(i)).join("");

test("What counted looks do not show of parameters is linear, too: a megabyte of them is read at once", () => {
  const n = 200_000;
  expect(parseMediaType(`a/b${repeat(n, (i) => `;x*${i}=v`)}`).parameters.get("x")).toHaveLength(n);
  expect(
    parseMediaType(`a/b${repeat(n, (i) => `;x*${i}=v`)};y*7=1`, lenient).parameters.get("x"),
  ).toHaveLength(n);
  expect(
    parseMediaType(`a/b;${repeat(n, (i) => `;x*${i + 1}=v`)}`, lenient).parameters.get("x"),
  ).toHaveLength(n);
  expect(parseMediaType(`a/b${repeat(n, (i) => `;x*${i + 1}=v`)}`).parameters.size).toBe(n);
  expect(parseMediaType(`a/b${repeat(n, (i) => `;p${i}*=utf-8''%41`)}`).parameters.size).toBe(n);
});
