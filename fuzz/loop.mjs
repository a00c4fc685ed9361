/** The fuzzing loop: keep what takes a new way through the code, change it, run it again. */
import { Coverage, resetCounters } from "./counters.mjs";
import { mutate, randomSource } from "./mutate.mjs";

/** Inputs between two looks at the clock. */
const batch = 64;

/**
 * Runs `run` on inputs that grow from `seeds` until it throws or `seconds` are over. The same seed
 * makes the same inputs in the same order.
 *
 * @returns The minimal input that fails, if one does, and the counts.
 */
export function fuzz({ run, seeds, dictionary, seconds, seed, onProgress }) {
  const random = randomSource(seed);
  const coverage = new Coverage();
  const corpus = [new Uint8Array(0)];
  const counts = { execs: 0, corpus: 1, edges: 0, seconds: 0 };
  const started = performance.now();
  // A stack trace is a good part of the cost of an error, and most inputs end in one.
  Error.stackTraceLimit = 0;
  let reported = 0;

  const execute = (octets) => {
    resetCounters();
    counts.execs++;
    const failure = failureOf(run, octets);
    if (coverage.add() || failure !== undefined) corpus.push(octets);
    return failure;
  };
  const report = () => {
    counts.seconds = (performance.now() - started) / 1000;
    counts.corpus = corpus.length;
    counts.edges = coverage.edges;
  };
  const failed = (octets, failure) => {
    const input = minimise(run, octets, failure);
    report();
    Error.stackTraceLimit = 10;
    return { ...counts, crash: { input, failure: failureOf(run, input), found: octets } };
  };

  for (const octets of seeds) {
    const failure = execute(octets);
    if (failure !== undefined) return failed(octets, failure);
  }
  do {
    for (let n = 0; n < batch; n++) {
      const octets = mutate(corpus, dictionary, random);
      const failure = execute(octets);
      if (failure !== undefined) return failed(octets, failure);
    }
    report();
    if (counts.seconds - reported >= 5) {
      reported = counts.seconds;
      onProgress(counts);
    }
  } while (counts.seconds < seconds);
  return counts;
}

/** What `run` throws; an input of its own, so that a target cannot change the corpus. */
function failureOf(run, octets) {
  try {
    run(octets.slice());
    return undefined;
  } catch (error) {
    return error;
  }
}

/** What makes two failures the same: the first line up to the colon, behind which the values are. */
export function kindOf(failure) {
  const [line] = String(failure?.stack ?? failure).split("\n");
  return line.split(":").slice(0, 2).join(":");
}

/** A small input that fails as `octets` does: no range can be left out, and few octets are not plain. */
export function minimise(run, octets, failure) {
  const kind = kindOf(failure);
  const fails = (candidate) => {
    resetCounters();
    const other = failureOf(run, candidate);
    return other !== undefined && kindOf(other) === kind;
  };
  let smallest = octets;
  for (let length = smallest.length; length > 0;) {
    let changed = false;
    for (let at = 0; at + length <= smallest.length;) {
      const candidate = Uint8Array.from([...smallest.subarray(0, at), ...smallest.subarray(at + length)]);
      if (fails(candidate)) {
        smallest = candidate;
        changed = true;
      } else {
        at += Math.max(1, length >> 1);
      }
    }
    if (!changed || length > smallest.length) length >>= 1;
  }
  for (let at = 0; at < smallest.length; at++) {
    for (const plain of [0x61, 0x20]) {
      if (smallest[at] === plain) break;
      const candidate = smallest.slice();
      candidate[at] = plain;
      if (fails(candidate)) {
        smallest = candidate;
        break;
      }
    }
  }
  return smallest;
}
