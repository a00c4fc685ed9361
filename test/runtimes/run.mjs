/** `npm run test:runtimes`: every portable test on every runtime, one runtime after another. */
import { parseArgs } from "node:util";
import { installBrowsers, installRuntimes } from "./install.mjs";

const { values } = parseArgs({
  options: {
    "only": { type: "string" },
    "list": { type: "boolean", default: false },
    "record": { type: "boolean", default: false },
    "install-browsers": { type: "boolean", default: false },
    "help": { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log(`npm run test:runtimes -- [options]
  --only bun,workerd  these runtimes only
  --list              what there is, with versions
  --install-browsers  installs browsers that are missing by apt-get, as root
  --record            writes test/runtimes/results.json and the README's table`);
  process.exit();
}

installRuntimes();
const { runtimes } = await import("./runtimes.mjs");
const { missingPackages } = await import("./browsers.mjs");
const { stageIdentity, stageTests } = await import("./stage.mjs");
const { formatLine, heading, isGood, record } = await import("./results.mjs");

const ids = runtimes.map(({ id }) => id);
const chosen = values.only?.split(",") ?? ids;
const unknown = chosen.filter((id) => !ids.includes(id));
if (unknown.length > 0)
  throw new Error(`There is no ${unknown.join(" and no ")}: there are ${ids.join(", ")}`);

if (values["install-browsers"]) installBrowsers(missingPackages(chosen));

function versionOf(runtime) {
  try {
    return { version: runtime.version() };
  } catch (error) {
    return { version: "-", problem: error.message };
  }
}

if (values.list) {
  for (const runtime of runtimes) {
    const { version, problem = "" } = versionOf(runtime);
    console.log([runtime.id.padEnd(16), version.padEnd(16), runtime.title, problem].join(" "));
  }
  process.exit();
}

/** A runtime that cannot be started has failed. */
async function test(runtime) {
  const { id, title, folder, identity, run } = runtime;
  const date = new Date().toISOString().slice(0, 10);
  let started = performance.now();
  const found = versionOf(runtime);
  const result = { id, title, ...found, date, passed: 0, failed: 0, skipped: 0 };
  let log;
  if (found.problem === undefined) {
    try {
      if (folder !== undefined) installRuntimes(folder);
      started = performance.now();
      stageTests();
      if (identity !== undefined) stageIdentity(identity);
      const outcome = await run(id);
      ({ log } = outcome);
      for (const key of ["passed", "failed", "skipped"]) result[key] = outcome[key];
    } catch (error) {
      result.problem = error.message;
    }
  }
  result.seconds = Math.round((performance.now() - started) / 1000);
  return { result, log };
}

const results = [];
console.log(heading);
for (const runtime of runtimes.filter(({ id }) => chosen.includes(id))) {
  const { result, log } = await test(runtime);
  results.push(result);
  console.log(formatLine(result) + (result.failed > 0 ? `  see ${log}` : ""));
}

if (values.record) record(results, ids);
const good = results.filter(isGood).length;
console.log(`${good} of ${results.length} runtimes passed every test`);
if (good < results.length) process.exitCode = 1;
