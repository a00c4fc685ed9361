import { describe, expect, test } from "vitest";
import { UnitQueue } from "../../src/server/unit-queue.ts";
import type { Unit } from "../../src/server/unit-queue.ts";

interface Job extends Unit {
  readonly name: number;
}

/** A unit that depends on others by their numbers. */
function job(name: number, dependencies: readonly number[], octets = 0): Job {
  return {
    name,
    keys: [String(name)],
    dependencies: new Set(dependencies.map(String)),
    size: 1,
    octets,
  };
}

/** Lets promises settle that wait for nothing else; a step of the queue takes two turns. */
async function turn(): Promise<void> {
  for (let i = 0; i < 6; i++) await undefined;
}

/** A queue whose units are ended by hand, and what it did. */
class Bench {
  readonly started: number[] = [];
  readonly refused: number[] = [];
  readonly running: Map<number, () => void> = new Map();
  readonly settled: Set<number> = new Set();
  readonly queue: UnitQueue<Job>;
  mostRunning = 0;

  constructor({ concurrency = 2, forward = false, window = Infinity } = {}) {
    this.queue = new UnitQueue<Job>({
      concurrency,
      forward,
      window,
      run: ({ name }) => {
        this.started.push(name);
        return new Promise<void>((resolve) => {
          this.running.set(name, resolve);
          this.mostRunning = Math.max(this.mostRunning, this.running.size);
        });
      },
      refuse: ({ name }) => {
        this.refused.push(name);
        this.settled.add(name);
      },
    });
  }

  async end(name: number): Promise<void> {
    const resolve = this.running.get(name)!;
    this.running.delete(name);
    this.settled.add(name);
    resolve();
    await turn();
  }
}

/** Which units can ever run: all but those that depend on what is not in front of them, or, forward, not there. */
function model(graph: readonly (readonly number[])[], forward: boolean): { refused: Set<number> } {
  const refused = new Set<number>();
  if (!forward) {
    for (const [name, dependencies] of graph.entries()) {
      if (dependencies.some((other) => other >= name)) refused.add(name);
    }
    return { refused };
  }
  // What is never reached from the units that wait for nothing is in a cycle, or behind one.
  const settled = new Set<number>();
  for (let before = -1; before !== settled.size;) {
    before = settled.size;
    for (const [name, dependencies] of graph.entries()) {
      if (dependencies.every((other) => settled.has(other))) settled.add(name);
    }
  }
  for (const name of graph.keys()) if (!settled.has(name)) refused.add(name);
  return { refused };
}

/** All graphs in which each of four units may depend on each of some others. */
function* graphs(others: (name: number) => number[]): Generator<number[][]> {
  const edges = [0, 1, 2, 3].flatMap((name) => others(name).map((other) => [name, other] as const));
  for (let bits = 0; bits < 2 ** edges.length; bits++) {
    const graph: number[][] = [[], [], [], []];
    for (const [i, [name, other]] of edges.entries()) if ((bits >> i) % 2 === 1) graph[name]!.push(other);
    yield graph;
  }
}

/**
 * Runs a graph in every order in which its units can be ended, and checks each: the running units
 * are the only choice that the world has, so that a path is the choices that were made.
 */
async function explore(
  graph: readonly (readonly number[])[],
  options: { concurrency: number; forward: boolean; window?: number },
): Promise<number> {
  const { refused } = model(graph, options.forward);
  let paths = 0;
  const choices: number[] = [];
  for (;;) {
    const bench = new Bench(options);
    for (const [name, dependencies] of graph.entries()) bench.queue.add(job(name, dependencies));
    bench.queue.close();
    await turn();
    const widths: number[] = [];
    let seen = 0;
    for (let depth = 0; bench.running.size > 0; depth++) {
      for (; seen < bench.started.length; seen++) {
        // Each starts behind all that it depends on.
        const late = graph[bench.started[seen]!]!.filter((other) => !bench.settled.has(other));
        if (late.length > 0) expect.fail(`${JSON.stringify(graph)}: started before ${late.join()}`);
      }
      const names = [...bench.running.keys()].sort();
      widths.push(names.length);
      choices[depth] ??= 0;
      await bench.end(names[choices[depth]!]!);
      if (options.window !== undefined) bench.queue.widen(1);
      await turn();
    }
    const outcome = {
      started: [...bench.started].sort(),
      refused: [...bench.refused].sort(),
      isBounded: bench.mostRunning <= options.concurrency,
    };
    const names = [...graph.keys()];
    // Each is settled exactly once.
    expect(outcome, JSON.stringify({ graph, choices })).toEqual({
      started: names.filter((name) => !refused.has(name)),
      refused: names.filter((name) => refused.has(name)),
      isBounded: true,
    });
    if (options.concurrency === 1 && !options.forward) {
      expect(bench.started).toEqual(names.filter((name) => !refused.has(name)));
    }
    paths++;
    // The next path: one more at the last place where there was another choice.
    choices.length = widths.length;
    while (choices.length > 0 && choices.at(-1)! + 1 >= widths[choices.length - 1]!) choices.pop();
    if (choices.length === 0) return paths;
    choices[choices.length - 1]!++;
  }
}

describe("Every graph of four units, ended in every order, is run once each, behind what it depends on", () => {
  test.each([1, 2, 4])("backwards, %i at once", async (concurrency) => {
    let count = 0;
    for (const graph of graphs((name) => [0, 1, 2, 3].slice(0, name))) {
      await explore(graph, { concurrency, forward: false });
      count++;
    }
    expect(count).toBe(64);
  });

  test.each([1, 3])("in any direction, 4,096 of them, %i at once", async (concurrency) => {
    let count = 0;
    for (const graph of graphs((name) => [0, 1, 2, 3].filter((other) => other !== name))) {
      await explore(graph, { concurrency, forward: true });
      count++;
    }
    expect(count).toBe(4096);
  });

  test("through a window of one operation, which each unit that is settled widens", async () => {
    for (const graph of graphs((name) => [0, 1, 2, 3].slice(0, name))) {
      await explore(graph, { concurrency: 4, forward: false, window: 1 });
    }
  });

  test("or refused, if it names itself or what comes later", async () => {
    for (const graph of graphs((name) => [0, 1, 2, 3].slice(name))) {
      await explore(graph, { concurrency: 2, forward: false });
    }
  });
});

describe("The window", () => {
  test("never shuts out what others wait for", async () => {
    const bench = new Bench({ concurrency: 8, window: 3 });
    bench.queue.add(job(0, []));
    bench.queue.add(job(1, [0]));
    for (let name = 2; name < 10; name++) bench.queue.add(job(name, []));
    bench.queue.close();
    expect(bench.started).toEqual([0, 2]);
    await bench.end(2);
    await bench.end(0);
    expect(bench.started).toEqual([0, 2, 1]);
    bench.queue.widen(1);
    expect(bench.started).toEqual([0, 2, 1, 3]);
  });

  test("is as wide as all that is there, if it must be", () => {
    const bench = new Bench({ concurrency: 8, window: 1 });
    for (let name = 0; name < 3; name++) bench.queue.add(job(name, []));
    expect(bench.started).toEqual([0]);
    bench.queue.open();
    expect(bench.started).toEqual([0, 1, 2]);
    bench.queue.add(job(3, []));
    expect(bench.started).toEqual([0, 1, 2]);
  });
});

test("What waits to be run is counted in octets", async () => {
  const bench = new Bench({ concurrency: 1 });
  bench.queue.add(job(0, [], 10));
  bench.queue.add(job(1, [9], 20));
  bench.queue.add(job(2, [], 30));
  expect([bench.queue.octets, bench.queue.running]).toEqual([50, 1]);
  const change = bench.queue.change();
  await bench.end(0);
  await change;
  expect([bench.queue.octets, bench.queue.running, bench.refused]).toEqual([0, 1, [1]]);
});

describe("Steps are linear in units and dependencies", () => {
  /** How often the queue looks at a unit or at one of its dependencies. */
  async function stepsOf(
    units: number,
    dependenciesOf: (name: number) => readonly number[],
    options: { concurrency: number; forward: boolean; window?: number },
  ): Promise<number> {
    let steps = 0;
    const ended: Unit[] = [];
    const queue = new UnitQueue<Unit>({
      window: Infinity,
      ...options,
      run: async (unit) => void ended.push(unit),
      refuse: (unit) => void ended.push(unit),
    });
    const counting = <Key extends keyof Unit>(value: Unit[Key]): Unit[Key] => {
      steps++;
      return value;
    };
    class Names extends Set<string> {
      override *[Symbol.iterator](): SetIterator<string> {
        for (const name of super.values()) {
          steps++;
          yield name;
        }
      }
    }
    for (let name = 0; name < units; name++) {
      const dependencies = new Names(dependenciesOf(name).map(String));
      queue.add({
        get keys() {
          return counting<"keys">([String(name)]);
        },
        get dependencies() {
          return counting<"dependencies">(dependencies);
        },
        get size() {
          return counting<"size">(1);
        },
        get octets() {
          return counting<"octets">(1);
        },
      });
    }
    queue.close();
    for (let rounds = 0; ended.length < units; rounds++) {
      if (options.window !== undefined) queue.widen(1);
      await turn();
      if (rounds > 10 * units) throw new Error(`${units - ended.length} units were never settled`);
    }
    return steps;
  }

  const first = (name: number): number[] => (name === 0 ? [] : [0]);
  const before = (name: number): number[] => (name === 0 ? [] : [name - 1]);
  const behind = (name: number): number[] => [name + 1];

  test.each([
    ["units without dependencies", () => [], { concurrency: 8, forward: false }],
    ["all on the first", first, { concurrency: 8, forward: false }],
    ["all on the first, one at a time", first, { concurrency: 1, forward: false }],
    ["each on the one before", before, { concurrency: 8, forward: false }],
    ["each on the one behind, the last on none that is there", behind, { concurrency: 8, forward: true }],
    ["a window of one", () => [], { concurrency: 8, forward: false, window: 1 }],
    ["a cycle", (name: number) => [(name + 1) % 100], { concurrency: 8, forward: true }],
  ] as const)("%s", async (_, dependenciesOf, options) => {
    const small = await stepsOf(200, dependenciesOf, options);
    const large = await stepsOf(1600, dependenciesOf, options);
    // Eight times as many units take eight times the steps.
    expect(large / small).toBeLessThan(8.5);
    expect(small / 200).toBeLessThan(12);
  });

  test("one unit on all others", async () => {
    const fanIn = (units: number) => (name: number) =>
      name === units - 1 ? Array.from({ length: units - 1 }, (_, i) => i) : [];
    const options = { concurrency: 8, forward: false };
    const small = await stepsOf(200, fanIn(200), options);
    const large = await stepsOf(1600, fanIn(1600), options);
    expect(large / small).toBeLessThan(8.5);
  });
});
