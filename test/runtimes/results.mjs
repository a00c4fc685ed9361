/** What came out of the runs, for people and for the README. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, root } from "./folders.mjs";

const file = join(here, "results.json");

export const recorded = () => JSON.parse(readFileSync(file, "utf8"));

/** Replaces the results of the runtimes that were run, keeps the others, and leaves out what is gone. */
export function record(results, ids) {
  const all = new Map([...recorded(), ...results].map((result) => [result.id, result]));
  const kept = ids.flatMap((id) => all.get(id) ?? []);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  const readme = join(root, "README.md");
  const text = readFileSync(readme, "utf8");
  const marked = /(?<=<!-- runtimes -->\n)[^]*(?=<!-- \/runtimes -->)/;
  writeFileSync(
    readme,
    text.replace(marked, () => readmeTable(kept)),
  );
}

const count = (number) => number.toLocaleString("en-US");

/** One line a runtime, for a terminal. */
export function formatLine({ id, version, passed, failed, skipped, seconds, problem }) {
  const columns = [
    id.padEnd(16),
    version.padEnd(16),
    count(passed).padStart(7),
    count(failed).padStart(7),
    count(skipped).padStart(8),
    String(seconds).padStart(8),
  ];
  return columns.join("") + (problem === undefined ? "" : `  ${problem}`);
}

export const heading = `${"runtime".padEnd(16)}${"version".padEnd(16)} passed failed skipped seconds`;

/** Whether a runtime was started, ran something, and all of it passed. */
export const isGood = ({ passed, failed, problem }) => problem === undefined && failed === 0 && passed > 0;

/** What stands in the README between the marks. */
export function readmeTable(results) {
  const rows = results.map((result) => {
    const { title, version, date, passed, failed, skipped, seconds } = result;
    const verdict = isGood(result) ? "✅" : "❌";
    return [verdict, title, version, ...[passed, failed, skipped, seconds].map(count), date];
  });
  const columns = ["", "runtime", "version", "passed", "failed", "skipped", "seconds", "date"];
  const alignment = ["", "", "", "--:", "--:", "--:", "--:", ""].map((mark) => mark || "---");
  const lines = [columns, alignment, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`);
  return `\n${lines.join("")}\n`;
}
