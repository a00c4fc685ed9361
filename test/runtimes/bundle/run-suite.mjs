/** Runs the bundled test files, one after another, as vitest does: with its own runner. */
import { startTests } from "@vitest/runner";
import files from "batchwire:tests";

/** As vitest would have it; the runner reads these. A bare engine has no timers: what hangs there ends the run. */
const config = {
  root: "/",
  setupFiles: [],
  sequence: { shuffle: false, concurrent: false, seed: 0, hooks: "stack", setupFiles: "list" },
  maxConcurrency: 1,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  retry: 0,
  allowOnly: false,
  includeTaskLocation: false,
  tags: [],
  strictTags: false,
};

/**
 * Counts of files and tests, and what went wrong.
 *
 * @param {string[]} paths - The files to run.
 * @param {(line: string) => void} tell - Called with each file before it runs.
 */
export async function runSuite(paths = Object.keys(files), tell = () => {}) {
  const results = await startTests(paths, {
    config,
    importFile(path) {
      tell(path);
      return files[path]();
    },
  });
  const counts = { files: results.length, passed: 0, failed: 0, skipped: 0, errors: [] };
  for (const file of results) count(file, file.name, counts);
  return counts;
}

function count(task, path, counts) {
  const { type, result, tasks = [] } = task;
  const isBroken = type === "suite" && result?.errors !== undefined && result.errors.length > 0;
  if (isBroken || (type === "test" && result?.state === "fail")) counts.failed++;
  else if (type === "test" && result?.state === "pass") counts.passed++;
  else if (type === "test") counts.skipped++;
  for (const { message, stack = "" } of result?.errors ?? [])
    counts.errors.push(`${path}: ${message}\n${stack}`);
  for (const child of tasks) count(child, `${path} > ${child.name}`, counts);
}
