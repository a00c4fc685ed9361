/** `npm run bench`: speed, beside other codecs; see `bench/README.md`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildNative, installPeers } from "./install.mjs";
import { fail, readOptions } from "./options.mjs";
import { loadRuntime } from "./runtimes.mjs";

const options = readOptions(process.argv.slice(2));
if (options.dist !== undefined) process.env.BATCHWIRE_DIST = pathToFileURL(resolve(options.dist)).href;

if (options.memory || options.growth) {
  const { run } = await import(options.memory ? "./long/memory.mjs" : "./long/growth.mjs");
  process.exit(await run(options));
}

installPeers();
const runtime = loadRuntime(options.runtime);
const native = buildNative();
if (native.skipped !== undefined) console.log(`Go's standard library is skipped: ${native.skipped}`);

// Adapters import the peers, so nothing that imports an adapter may come before them.
const { chartOf } = await import("./chart.mjs");
const { measure } = await import("./measure.mjs");
const { commandOf, listNames, planContenders, planRows, unknownName } = await import("./plan.mjs");
const { record } = await import("./tables.mjs");
const { formatRow, progress, withRatios } = await import("./report.mjs");

if (options.list) {
  console.log(await listNames());
  process.exit(0);
}

if (options.runtime !== undefined) console.log(`Under ${options.runtime} ${runtime.version}\n`);
const times = options.quick ? { warmup: 300, time: 60 } : { warmup: 700, time: 80 };
const start = Date.now();
const rows = [];
const planned = [];
for (const row of planRows(options))
  planned.push({ ...row, contenders: await planContenders(row, options, native) });
const unknown = unknownName(planned, options.only);
if (unknown !== undefined) fail(`No row to measure has a contender "${unknown}"`);

for (const [index, row] of planned.entries()) {
  const { level, chunk, corpus, skipped, contenders } = row;
  if (skipped !== undefined)
    console.log(`${level} | ${corpus.name}, chunks of ${chunk}: skipped, ${skipped}\n`);
  if (skipped !== undefined || contenders.length === 0) continue;
  const title = `${index + 1}/${planned.length} ${level} ${corpus.name} ${chunk}`;
  const measured = await measure(
    contenders.map((contender) => commandOf(contender, row, times, runtime)),
    options.rounds,
    (what, at) => progress(`${title}: ${what}${what === "verified" ? ` ${at}/${contenders.length}` : ""}`),
  );
  progress("");
  // Where the Go program was built is nobody's business.
  const results = withRatios(
    contenders.map((contender, at) => ({ ...contender, program: undefined, ...measured[at] })),
  );
  const octets = (corpus.decoded ?? corpus.octets).length;
  rows.push({ level, corpus: corpus.name, chunk, octets, parts: corpus.parts.length, results });
  console.log(`${formatRow(rows.at(-1))}\n`);
}

const report = {
  date: new Date().toISOString(),
  seconds: Math.round((Date.now() - start) / 1000),
  machine: {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memory: totalmem(),
    system: `${process.platform} ${process.arch} ${release()}`,
    load: loadavg(),
  },
  versions: { [options.runtime ?? "node"]: runtime.version, go: native.version },
  options: { ...times, rounds: options.rounds, quick: options.quick, runtime: options.runtime },
  rows,
};
const root = fileURLToPath(new URL("../", import.meta.url));
if (options.record) record(report);
for (const [file, text] of [
  [options.json, `${JSON.stringify(report, null, 1)}\n`],
  [options.svg, chartOf(report)],
]) {
  const path = resolve(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  console.log(`Written: ${file}`);
}
const failed = rows
  .flatMap(({ results }) => results)
  .filter(({ kind, best }) => kind === "own" && best === undefined);
process.exit(failed.length === 0 ? 0 : 1);
