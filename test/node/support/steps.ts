/**
 * Counts what code costs: the steps of instrumented code (a straight run of statements each), and for
 * a built-in function one step for each octet, character or item that it has to look at. So a scan,
 * copy or allocation that is repeated shows, though the code around it is short.
 */
import { expect } from "vitest";
import { octets } from "../../support/chunkings.ts";

let steps = 0;

type Cost = (self: any, result: any, args: any[]) => number;

const whole: Cost = (self) => self.length;
const made: Cost = (_self, result) => result.length;
const given: Cost = (_self, _result, args) => args[0]?.length ?? 0;
/** What is looked at from where a search starts to where it ends. */
const searched: Cost = (self, result, [, from = 0]) => (result < 0 ? self.length : result + 1) - from;

const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const builtIns: [prototype: any, costs: Record<string, Cost>][] = [
  [
    typedArray,
    { indexOf: searched, set: given, slice: made, fill: whole, copyWithin: whole, join: whole, some: whole },
  ],
  [typedArray, { includes: whole, lastIndexOf: whole, reverse: whole, subarray: () => 0 }],
  [
    String.prototype,
    { indexOf: searched, includes: whole, lastIndexOf: whole, slice: made, substring: made },
  ],
  [
    String.prototype,
    { split: whole, replaceAll: whole, toLowerCase: whole, toUpperCase: whole, trim: whole },
  ],
  [String.prototype, { startsWith: given, endsWith: given, repeat: made, padStart: made, concat: made }],
  [
    Array.prototype,
    { indexOf: searched, slice: made, concat: made, shift: whole, unshift: whole, join: made },
  ],
  [Array.prototype, { splice: whole, includes: whole, fill: whole, reverse: whole }],
  [TextDecoder.prototype, { decode: given }],
  [TextEncoder.prototype, { encode: given }],
  [String, { fromCharCode: (_self, _result, args) => args.length }],
  [Uint8Array, { from: given }],
  [JSON, { parse: given }],
];

Object.assign(globalThis, {
  __e: () => {
    steps++;
  },
});

/** The steps that `run` takes. */
export function stepsOf(run: () => void): number {
  const restore: (() => void)[] = [];
  for (const [prototype, costs] of builtIns) {
    for (const [name, cost] of Object.entries(costs)) {
      const original = prototype[name];
      prototype[name] = function (this: any, ...args: any[]): unknown {
        const result = original.apply(this, args);
        steps += cost(this, result, args);
        return result;
      };
      restore.push(() => (prototype[name] = original));
    }
  }
  const { Uint8Array: original } = globalThis;
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, args) {
      const array = Reflect.construct(target, args);
      // A view of a buffer is for nothing; anything else is filled.
      if (!(args[0] instanceof ArrayBuffer)) steps += array.length;
      return array;
    },
  });
  restore.push(() => (globalThis.Uint8Array = original));

  steps = 0;
  try {
    run();
    return steps;
  } finally {
    for (const undo of restore) undo();
  }
}

/** Steps an octet at most, for the input as one chunk, and in chunks of 64 octets and of one. */
export type Bounds = readonly [whole: number, by64?: number, byOne?: number];
const chunkSizes = [Infinity, 64, 1];

/** Input that repeats `unit`, or has one after the other, as often as it takes to make it long. */
export interface Flood {
  before: string;
  unit: string | ((n: number) => string);
  after: string;
}

const factor = 8;
/**
 * Eight times the octets may take eight times the steps, and a little for buffers that double and for a
 * search that has changed its way meanwhile. With a logarithm in it the least ratio here would be 10.
 */
const maxRatio = 9;

/** About `length` octets, in whole units. */
export function octetsOfFlood({ before, unit, after }: Flood, length: number): Uint8Array<ArrayBuffer> {
  let flood = "";
  for (let n = 0; flood.length < length; n++) flood += typeof unit === "string" ? unit : unit(n);
  return octets(before + flood + after);
}

export function chunksOf(input: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += size) {
    chunks.push(input.subarray(at, Math.min(at + size, input.length)));
  }
  return chunks;
}

/**
 * Runs `run` over a flood of `length` octets and one of eight times as many, in each chunking that
 * has a bound: eight times the steps, no more than the bound an octet, and it ends as `ending` says.
 */
export function expectLinear<Ending>(
  flood: Flood,
  bounds: Bounds,
  run: (chunks: Uint8Array[]) => Ending,
  ending: Ending,
  length = 4000,
): void {
  const inputs = [length, length * factor].map((octetCount) => octetsOfFlood(flood, octetCount));
  const measured = chunkSizes.slice(0, bounds.length).map((size) => {
    const counts = inputs.map((input) => {
      const chunks = chunksOf(input, size);
      let ended: Ending | undefined;
      const count = stepsOf(() => (ended = run(chunks)));
      expect(ended).toEqual(ending);
      return count;
    });
    return { ratio: counts[1]! / counts[0]!, anOctet: counts[1]! / inputs[1]!.length };
  });
  if (process.env["SHOW_STEPS"] !== undefined) {
    const figures = measured.map(({ ratio, anOctet }) => `${anOctet.toFixed(1)} (x ${ratio.toFixed(1)})`);
    console.log(`${expect.getState().currentTestName}: ${figures.join(", ")}`);
  }
  const tooMany = measured.filter(({ ratio, anOctet }, at) => ratio > maxRatio || anOctet > bounds[at]!);
  expect(tooMany, `at most ${bounds.join(", ")} steps an octet, and ${maxRatio} times the steps`).toEqual([]);
}
