/** What the documentation says of speed is what was measured and recorded. */
import { expect, test } from "vitest";
import { benchTable, recorded, runtimesTable } from "../../bench/tables.mjs";
import { read } from "./support/documentation.ts";

const between = (file: string, mark: string): string | undefined =>
  new RegExp(`<!-- ${mark} -->\n([^]*)<!-- /${mark} -->`).exec(read(file))?.[1];

test("The README's table of speeds is that of the recorded results", () => {
  const [node] = recorded();
  expect(node?.options.runtime).toBeUndefined();
  expect(between("README.md", "bench")).toBe(benchTable(node!));
});

test("The benchmarks' table of runtimes is that of the recorded results", () => {
  expect(recorded().length).toBe(4);
  expect(between("bench/README.md", "runtimes")).toBe(runtimesTable(recorded()));
});
