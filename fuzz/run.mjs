/**
 * `npm run fuzz -- <target|all> [--time SECONDS] [--seed NUMBER]`: random input for the machines in `dist`
 * (or in the folder that `--dist` names). A crash becomes a file in `fuzz/crashes`, which `npm test` replays.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { instrumentFolder } from "./instrument.mjs";
import { fuzz, kindOf } from "./loop.mjs";
import { textOf } from "./support.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const targets = readdirSync(join(root, "fuzz/targets")).map((file) => file.replace(/\.mjs$/, ""));

function usage(problem) {
  console.error(`${problem}\nUsage: npm run fuzz -- <target|all> [--time SECONDS] [--seed NUMBER]`);
  console.error(`Targets: ${targets.join(", ")}`);
  process.exit(2);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        time: { type: "string", default: "60" },
        seed: { type: "string", default: "1" },
        dist: { type: "string", default: join(root, "dist") },
      },
    });
    const [name, ...rest] = positionals;
    const [seconds, seed] = [Number(values.time), Number(values.seed)];
    if (name === undefined || rest.length > 0) usage("Name one target");
    if (name !== "all" && !targets.includes(name)) usage(`Unknown target "${name}"`);
    if (!(seconds > 0)) usage("--time must be a positive number of seconds");
    if (!Number.isInteger(seed)) usage("--seed must be a whole number");
    return { names: name === "all" ? targets : [name], seconds, seed, dist: values.dist };
  } catch (error) {
    return usage(error.message);
  }
}

/** Octets of the files below `folder` whose names end in `suffix`; none if there is no such folder. */
function readFiles(folder, suffix) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).sort();
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => new Uint8Array(readFileSync(join(folder, name))));
}

function fileNameOf({ input, failure }) {
  const kind = kindOf(failure)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^error-|-$/g, "")
    .slice(0, 60);
  return `${kind}-${createHash("sha256").update(input).digest("hex").slice(0, 8)}.bin`;
}

const octetsOf = (text) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const columns = ({ execs, seconds, corpus, edges }) =>
  `${execs} execs, ${Math.round(execs / seconds)} exec/s, corpus ${corpus}, edges ${edges}`;

const { names, seconds, seed, dist } = readArguments();
const instrumented = join(root, "dist-instrumented");
instrumentFolder(dist, instrumented);
const library = await import(pathToFileURL(join(instrumented, "codec.js")).href);
const examples = readFiles(join(root, "examples"), ".http");

let crashes = 0;
for (const name of names) {
  const target = await import(`./targets/${name}.mjs`);
  const folder = join(root, "fuzz/crashes", name);
  const known = readFiles(folder, ".bin");
  const report = (what, figures) =>
    console.log(`${name.padEnd(20)} ${what.padStart(6)}  ${columns(figures)}`);
  const { crash, ...counts } = fuzz({
    run: target.default(library),
    seeds: [...target.seeds.map(octetsOf), ...known, ...examples],
    dictionary: target.dictionary.map(octetsOf),
    seconds,
    seed,
    onProgress: (soFar) => report(`${Math.round(soFar.seconds)} s`, soFar),
  });
  report(crash === undefined ? "done" : "CRASH", counts);
  if (crash === undefined) continue;
  crashes++;
  console.log(`  ${crash.failure?.stack ?? crash.failure}\n  input: ${JSON.stringify(textOf(crash.input))}`);
  if (known.some((octets) => textOf(octets) === textOf(crash.input))) continue;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, fileNameOf(crash));
  writeFileSync(file, crash.input);
  console.log(`  file: ${file}`);
}
console.log(`${names.length} targets, ${crashes} crashes, seed ${seed}`);
process.exitCode = crashes === 0 ? 0 : 1;
