/**
 * A process that measures one contender, so that none warms up or spoils another's code and heap.
 * Started with a plan as JSON, it verifies, warms up and answers `{ ready }`, `{ wrong }` or `{ slow }`; then
 * a sample, in seconds a pass, for each line that it reads. The Go programs speak the same lines.
 */
import { createInterface } from "node:readline";
import { Bench } from "tinybench";
import { compose, loadAdapter, makeInput, verify } from "./contender.mjs";
import { makeCorpus } from "./corpora.mjs";
import { Seen } from "./seen.mjs";

const plan = JSON.parse(process.argv[2]);
const { adapter, headParser, level, corpus: corpusName, size, chunk, warmup, time } = plan;

const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const input = makeInput(makeCorpus(corpusName, size), level, chunk);
const run = compose(await loadAdapter(adapter), level, headParser);

const wrong = await verify(run, input, level);
if (wrong !== undefined) {
  answer({ wrong });
  process.exit(0);
}

/** Octets that every pass must see again. */
let octets = -1;

function check(seen) {
  if (octets < 0) ({ octets } = seen);
  if (seen.octets !== octets) throw new Error("A pass saw other octets than the one before");
}

function passSync() {
  const seen = new Seen();
  run(input, seen);
  check(seen);
}

async function passAsync() {
  const seen = new Seen();
  await run(input, seen);
  check(seen);
}

const pass = run(input, new Seen()) instanceof Promise ? passAsync : passSync;

/** Repeats until `warmup` milliseconds have gone by; answers how many passes last a millisecond. */
async function warmUp() {
  const start = performance.now();
  let [before, now] = [start, start];
  do {
    await pass();
    before = now;
    now = performance.now();
  } while (now - start < warmup);
  return Math.max(1, Math.round(1 / (now - before)));
}

// What the clock reads must be long beside its resolution, so short passes are taken together.
const count = await warmUp();
answer({ ready: true });

function repeatSync() {
  for (let i = 0; i < count; i++) passSync();
}

async function repeatAsync() {
  for (let i = 0; i < count; i++) await passAsync();
}

for await (const _ of createInterface({ input: process.stdin })) {
  // A full collection, while no parser is alive, would drop the hidden classes of parsers, and with them
  // all optimized code: what followed would be measured cold, at 20 times the time.
  globalThis.gc({ type: "minor" });
  const bench = new Bench({ time, iterations: 1, warmup: false, throws: true });
  bench.add(adapter, pass === passSync ? repeatSync : repeatAsync);
  const [{ result }] = await bench.run();
  const { min, p50, samplesCount } = result.latency;
  answer({ best: min / count / 1000, median: p50 / count / 1000, passes: samplesCount * count });
}
