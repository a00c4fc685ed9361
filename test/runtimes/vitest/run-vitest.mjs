import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../command.mjs";
import { here, logs, stage } from "../folders.mjs";
import { stagedTests } from "../stage.mjs";

/**
 * Runs the staged tests with vitest.
 *
 * @param {string[]} command - What runs a script: a runtime with its arguments.
 * @param {string} config - One of the configurations in this folder.
 */
export async function runVitest(id, command, config, env = {}) {
  const results = join(stage, `${id}.json`);
  const log = join(logs, `${id}.log`);
  rmSync(results, { force: true });
  const { status } = await run(
    [
      ...command,
      join(here, "node_modules/vitest/vitest.mjs"),
      "run",
      `--root=${stage}`,
      `--config=${join(here, "vitest", config)}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
    ],
    { cwd: here, env, log },
  );
  let report;
  try {
    report = JSON.parse(readFileSync(results, "utf8"));
  } catch {
    throw new Error(`vitest ended with ${status} and no result: see ${log}`);
  }
  const { numPassedTests: passed, numFailedTests, numPendingTests: skipped, testResults } = report;
  const broken = testResults.filter(
    ({ status: outcome, assertionResults }) => outcome === "failed" && assertionResults.length === 0,
  );
  const failed = numFailedTests + broken.length;
  const { length: files } = stagedTests();
  if (testResults.length !== files)
    throw new Error(`${testResults.length} of ${files} files ran: see ${log}`);
  if (status !== 0 && failed === 0) throw new Error(`vitest ended with ${status}: see ${log}`);
  return { passed, failed, skipped, log };
}
