/** `npm run bench -- --memory [--gib 10] [--parts 2000000]`: whether long inputs leave anything behind. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const MiB = 1024 * 1024;
const worker = fileURLToPath(new URL("memory-worker.mjs", import.meta.url));

/** Resident memory of a process that holds nothing wanders by a few MiB; its heap does not. */
const MOST_RESIDENT = 16 * MiB;
const MOST_HEAP = 0.5 * MiB;
/** So much of the young generation takes 100,000 parts without a collection. */
const SEMI_SPACE = "256";

async function inProcess(flags, plan) {
  const args = ["--expose-gc", ...flags, worker, JSON.stringify(plan)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

const mebibytes = (octets) => `${(octets / MiB).toFixed(1)} MiB`;

export async function run({ gib, parts }) {
  let failed = 0;
  console.log(
    "input                      read by    seconds   resident, 2nd to last tenth   heap after gc, likewise",
  );
  const inputs = [
    { input: "onePart", size: gib * 1024 * MiB, title: `1 part of ${gib} GiB`, by: ["events", "reader"] },
    {
      input: "manyParts",
      size: parts,
      title: `${parts.toLocaleString("en")} parts`,
      by: ["events", "messages", "whole", "reader"],
    },
  ];
  for (const { input, size, title, by } of inputs) {
    for (const read of by) {
      const { samples, seconds } = await inProcess([], { input, size, read });
      const [second, last] = [samples[1], samples.at(-1)];
      const resident = last.resident - second.resident;
      const heap = last.heap - second.heap;
      const isFlat = resident <= MOST_RESIDENT && heap <= MOST_HEAP;
      if (!isFlat) failed++;
      const memory = `${mebibytes(second.resident)} ${signed(resident)}`.padStart(28);
      const used = `${mebibytes(second.heap)} ${signed(heap)}`.padStart(26);
      const columns = [title.padEnd(27), read.padEnd(9), seconds.toFixed(1).padStart(9), memory, used];
      console.log(columns.join("") + (isFlat ? "" : "   GROWS"));
    }
  }
  console.log("\nAllocated by the part (requests of 280 octets, 64 KiB chunks):");
  for (const read of ["events", "messages", "whole", "reader"]) {
    const flags = [`--min-semi-space-size=${SEMI_SPACE}`, `--max-semi-space-size=${SEMI_SPACE}`];
    const { octetsPerPart } = await inProcess(flags, {
      input: "manyParts",
      size: 100_000,
      read,
      allocation: true,
    });
    console.log(`  ${read.padEnd(10)} ${octetsPerPart.toFixed(0)} octets`);
  }
  return failed === 0 ? 0 : 1;
}

const signed = (octets) => `${octets < 0 ? "-" : "+"}${mebibytes(Math.abs(octets))}`;
