/** Runs a bundle in the edge runtime's VM, where `eval` and its kin are forbidden. */
import { readFileSync } from "node:fs";
import { EdgeVM } from "@edge-runtime/vm";

const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });
let isForbidden = false;
try {
  vm.evaluate("new Function('return 1')");
} catch {
  isForbidden = true;
}
if (!isForbidden) throw new Error("Code generation is not forbidden");

vm.evaluate(readFileSync(process.argv[2], "utf8"));
console.log(`RESULT ${await vm.evaluate("SUITE.runSuite().then(JSON.stringify)")}`);
