/** What the README says of runtimes is what came out of `npm run test:runtimes`. */
import { describe, expect, test } from "vitest";
import { readmeTable, recorded } from "../runtimes/results.mjs";
import type { RuntimeResult } from "../runtimes/results.mjs";
import { read } from "./support/documentation.ts";

describe("The README's table of runtimes", () => {
  test("is that of the recorded results", () => {
    const [, section] = /<!-- runtimes -->\n([^]*)<!-- \/runtimes -->/.exec(read("README.md")) ?? [];
    expect(section).toBe(readmeTable(recorded()));
    expect(recorded().length).toBeGreaterThan(10);
  });

  test("has a tick only where something ran and all of it passed", () => {
    const good = { passed: 1234, failed: 0, skipped: 1, seconds: 60, date: "2026-11-22", version: "1.2" };
    const results: RuntimeResult[] = [
      { ...good, id: "a", title: "A" },
      { ...good, id: "b", title: "B", failed: 1 },
      { ...good, id: "c", title: "C", passed: 0 },
      { ...good, id: "d", title: "D", problem: "not installed" },
    ];
    expect(readmeTable(results)).toBe(`
|  | runtime | version | passed | failed | skipped | seconds | date |
| --- | --- | --- | --: | --: | --: | --: | --- |
| ✅ | A | 1.2 | 1,234 | 0 | 1 | 60 | 2026-11-22 |
| ❌ | B | 1.2 | 1,234 | 1 | 1 | 60 | 2026-11-22 |
| ❌ | C | 1.2 | 0 | 0 | 1 | 60 | 2026-11-22 |
| ❌ | D | 1.2 | 1,234 | 0 | 1 | 60 | 2026-11-22 |

`);
  });
});
