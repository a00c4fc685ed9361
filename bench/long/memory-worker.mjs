/** A process of `bench/long/memory.mjs`: one long read, with memory looked at ten times on the way. */
import { PerformanceObserver } from "node:perf_hooks";
import { manyParts, onePart } from "./generated.mjs";
import { reads } from "./reads.mjs";

const { input, size, read, allocation } = JSON.parse(process.argv[2]);
const generated = input === "onePart" ? onePart(size) : manyParts(size);

async function longRead() {
  let total = 0;
  for (const chunk of generated.chunks()) total += chunk.length;
  const samples = [];
  // Until the young generation has its size, what grows is V8's choice.
  await reads[read](manyParts(200_000), () => {});
  let taken = 0;
  const start = performance.now();
  const parts = await reads[read](generated, (chunk) => {
    taken += chunk.length;
    if (taken < (total * (samples.length + 1)) / 10) return;
    globalThis.gc();
    const { rss, heapUsed } = process.memoryUsage();
    samples.push({ resident: rss, heap: heapUsed });
  });
  if (parts !== generated.parts) throw new Error(`${parts} parts of ${generated.parts}`);
  return { samples, seconds: (performance.now() - start) / 1000 };
}

/** What the heap grows by while nothing is collected. */
async function countAllocation() {
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  await reads[read](manyParts(10_000), () => {});
  globalThis.gc();
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.observe({ entryTypes: ["gc"] });
  const before = process.memoryUsage().heapUsed;
  await reads[read](generated, () => {});
  const grown = process.memoryUsage().heapUsed - before;
  await new Promise((resolve) => setTimeout(resolve, 50));
  observer.disconnect();
  if (collections > 0) throw new Error("Memory was collected while it was counted");
  return { octetsPerPart: grown / generated.parts };
}

console.log(JSON.stringify(await (allocation ? countAllocation() : longRead())));
