/** `npm run bench -- --growth [--full]`: time against size, and the exponent that fits it best. */
import { manyParts, onePart } from "./generated.mjs";
import { reads } from "./reads.mjs";

const KiB = 1024;
/** Twice as much input in 2.3 times the time at most. */
const MOST_EXPONENT = 1.2;
/** Below this the fixed costs of a read decide. */
const LEAST_SECONDS = 0.0005;
const PASSES = 7;

const powers = (base, from, to) => {
  const sizes = [];
  for (let size = from; size <= to; size *= base) sizes.push(size);
  return sizes;
};

async function bestTime(read, input) {
  let best = Infinity;
  for (let pass = 0; pass < PASSES; pass++) {
    const start = performance.now();
    const parts = await reads[read](input, () => {});
    best = Math.min(best, (performance.now() - start) / 1000);
    if (parts !== input.parts) throw new Error(`${parts} parts of ${input.parts}`);
    if (best > 3) break;
  }
  return best;
}

/** Slope of the least-squares line through the points' logarithms. */
function exponent(points) {
  const logs = points.map(([size, seconds]) => [Math.log(size), Math.log(seconds)]);
  const mean = (at) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, log) => sum + (log[0] - x) * (log[1] - y), 0);
  return covariance / logs.reduce((sum, log) => sum + (log[0] - x) ** 2, 0);
}

export async function run({ full }) {
  const inputs = [
    {
      title: "parts",
      make: manyParts,
      sizes: powers(10, 1, full ? 1_000_000 : 100_000),
      by: Object.keys(reads),
    },
    {
      title: "KiB in one part",
      make: onePart,
      sizes: powers(4, KiB, KiB ** 2 * (full ? KiB : 64)),
      by: ["events", "reader"],
    },
  ];
  let failed = 0;
  for (const { title, make, sizes, by } of inputs) {
    for (const read of by) {
      for (let i = 0; i < 3; i++) await reads[read](make(sizes.at(-2)), () => {}); // warms up
      console.log(`\n${title}, read by ${read}`);
      const points = [];
      for (const size of sizes) {
        const input = make(size);
        const seconds = await bestTime(read, input);
        const units = make === onePart ? size / KiB : input.parts;
        console.log(
          `${String(units).padStart(12)} ${(seconds * 1000).toFixed(3).padStart(12)} ms ${((seconds / units) * 1e9).toFixed(0).padStart(10)} ns each`,
        );
        if (seconds >= LEAST_SECONDS) points.push([units, seconds]);
      }
      const fitted = exponent(points);
      const isLinear = fitted <= MOST_EXPONENT;
      if (!isLinear) failed++;
      console.log(`  grows with the power ${fitted.toFixed(2)}${isLinear ? "" : ": MORE THAN LINEAR"}`);
    }
  }
  return failed === 0 ? 0 : 1;
}
