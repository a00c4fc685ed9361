/** Contenders take turns, A B C A B C …: whatever slows the machine down for a while slows all of them. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** More than this to verify and warm up is too slow to be timed. */
const PATIENCE_MS = 20_000;
/** A contender that has used up so much need not sit through all rounds. */
const ENOUGH_MS = 5_000;
const LEAST_ROUNDS = 3;

class Contestant {
  samples = [];
  /** Why there are no samples. */
  problem;
  spent = 0;
  #process;
  #lines;
  #errors = "";

  constructor({ command, args }) {
    this.#process = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#process.stderr.on("data", (text) => (this.#errors += text));
    this.#process.stdin.on("error", () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async prepare() {
    const timer = setTimeout(() => {
      this.problem = "too slow";
      this.#process.kill("SIGKILL");
    }, PATIENCE_MS);
    const { wrong } = await this.#next();
    clearTimeout(timer);
    if (wrong !== undefined) this.problem ??= `wrong: ${wrong}`;
  }

  async sample() {
    if (this.problem !== undefined) return;
    if (this.spent > ENOUGH_MS && this.samples.length >= LEAST_ROUNDS) return;
    const start = performance.now();
    this.#process.stdin.write("sample\n");
    const sample = await this.#next();
    this.spent += performance.now() - start;
    if (sample.best === undefined) this.problem ??= sample.wrong;
    else this.samples.push(sample);
  }

  close() {
    this.#process.stdin.end();
    if (this.problem !== undefined) this.#process.kill("SIGKILL");
  }

  async #next() {
    const { done, value } = await this.#lines.next();
    if (!done) return JSON.parse(value);
    const reason = /^(?:\w*Error|panic|FATAL ERROR).*$/m.exec(this.#errors)?.[0];
    return { wrong: reason ?? "the process ended" };
  }
}

/**
 * @param {{ command: string, args: string[] }[]} commands - One a contender.
 * @param {number} rounds
 * @param {(what: string, at: number) => void} onProgress
 * @returns What each was measured to be, in seconds a pass, or its `problem`.
 */
export async function measure(commands, rounds, onProgress) {
  const contestants = commands.map((command) => new Contestant(command));
  // Two at a time: nothing is timed yet.
  let prepared = 0;
  const queue = contestants.values();
  const prepareAll = async () => {
    for (const contestant of queue) {
      await contestant.prepare();
      onProgress("verified", ++prepared);
    }
  };
  await Promise.all([prepareAll(), prepareAll()]);
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of contestants) await contestant.sample();
    onProgress(`round ${round} of ${rounds}`, contestants.length);
  }
  for (const contestant of contestants) contestant.close();
  return contestants.map(({ samples, problem }) =>
    problem === undefined ? summarize(samples) : { problem },
  );
}

/** Fastest pass of all; median, and half the distance of the quartiles, of the rounds' medians. */
function summarize(samples) {
  const medians = samples.map(({ median }) => median).sort((a, b) => a - b);
  const median = quantile(medians, 0.5);
  return {
    best: Math.min(...samples.map(({ best }) => best)),
    median,
    spread: (quantile(medians, 0.75) - quantile(medians, 0.25)) / 2 / median,
    rounds: samples.length,
    passes: samples.reduce((total, { passes }) => total + passes, 0),
  };
}

function quantile(sorted, at) {
  const index = (sorted.length - 1) * at;
  const below = Math.floor(index);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (index - below);
}
