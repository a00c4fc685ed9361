/** What the counters of instrumented code count: edges, as AFL does, and steps. */

const size = 0x10000;
/** How often each edge was taken since {@link resetCounters}; 255 stands for more. */
const hits = new Uint8Array(size);
/** The edges that were taken, `touched` of them. */
const edges = new Uint16Array(size);
let touched = 0;
let previous = 0;

/** Far above what any input of the length that the loop makes may cost: an endless loop. */
const tooMany = 20_000_000;

/** Counter calls since {@link resetCounters}; stays 0 where the code is not instrumented. */
export const counters = { steps: 0 };

Object.assign(globalThis, {
  __e(id) {
    // An edge is a pair of places: mixed as AFL mixes them, so that A to B is another than B to A.
    const place = (id * 40_503) & (size - 1);
    const edge = place ^ previous;
    previous = place >> 1;
    if (hits[edge] === 0) edges[touched++] = edge;
    if (hits[edge] < 255) hits[edge]++;
    if (++counters.steps > tooMany) {
      counters.steps = 0;
      throw new Error("Endless loop");
    }
  },
});

export function resetCounters() {
  for (let i = 0; i < touched; i++) hits[edges[i]] = 0;
  touched = 0;
  previous = 0;
  counters.steps = 0;
}

/** 1, 2, 3, 4-7, 8-15, 16-31, 32-127 and 128 hits are as many different things, one bit each. */
const bucket = Uint8Array.from({ length: 256 }, (_, n) =>
  n < 4 ? (1 << n) >> 1 : n < 8 ? 8 : n < 16 ? 16 : n < 32 ? 32 : n < 128 ? 64 : 128,
);

/** What has been seen of all inputs so far. */
export class Coverage {
  #seen = new Uint8Array(size);
  /** Edges seen, whatever the number of hits. */
  edges = 0;

  /** Adds what the counters hold; tells whether any of it is new. */
  add() {
    let isNew = false;
    for (let i = 0; i < touched; i++) {
      const edge = edges[i];
      const before = this.#seen[edge];
      const after = before | bucket[hits[edge]];
      if (after === before) continue;
      if (before === 0) this.edges++;
      this.#seen[edge] = after;
      isNew = true;
    }
    return isNew;
  }
}
