/** Makes a WebAssembly component of a bundle, which holds StarlingMonkey, too, and runs its test files one by one. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { componentize } from "@bytecodealliance/componentize-js";
import { transpile } from "@bytecodealliance/jco";
import { WASIShim } from "@bytecodealliance/preview2-shim/instantiation";

/** A call of an `async` function ends when there is nothing more to wait for. */
const witWorld = `
  package batchwire:tests;
  world suite {
    record counts { files: u32, passed: u32, failed: u32, skipped: u32, errors: list<string> }
    export run-suite: func(paths: list<string>) -> counts;
  }
`;

const [bundle, ...paths] = process.argv.slice(2);
const folder = join(dirname(bundle), "component");
const { component } = await componentize(readFileSync(bundle, "utf8"), { witWorld, worldName: "suite" });
const { files } = await transpile(component, { name: "suite", outDir: folder, instantiation: "async" });
for (const [path, octets] of Object.entries(files)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, octets);
}
const { instantiate } = await import(join(folder, "suite.js"));

const modules = new Map();
async function coreModule(name) {
  if (!modules.has(name)) modules.set(name, await WebAssembly.compile(readFileSync(join(folder, name))));
  return modules.get(name);
}

/** Each file has an instance of its own: the heap of one is 32 MiB, and a trap ends it. */
async function runFile(path) {
  const { runSuite } = await instantiate(coreModule, new WASIShim().getImportObject());
  try {
    return runSuite([path]);
  } catch ({ message, stack }) {
    return { files: 1, passed: 0, failed: 1, skipped: 0, errors: [`${path}: ${message}\n${stack}`] };
  }
}

const total = { files: 0, passed: 0, failed: 0, skipped: 0, errors: [] };
for (const path of paths) {
  const started = performance.now();
  const counts = await runFile(path);
  for (const key of ["files", "passed", "failed", "skipped"]) total[key] += counts[key];
  total.errors.push(...counts.errors);
  const { passed, failed, skipped } = counts;
  console.log(path, passed, failed, skipped, `${Math.round(performance.now() - started)} ms`);
}
console.log(`RESULT ${JSON.stringify(total)}`);
// What drives its input and output does not end by itself.
process.exit();
