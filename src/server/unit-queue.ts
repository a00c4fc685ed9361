/** Something that is run as a whole: an operation, or an atomic group of them. */
export interface Unit {
  /** What others depend on it by. */
  readonly keys: readonly string[];
  readonly dependencies: ReadonlySet<string>;
  /** Operations that it has. */
  readonly size: number;
  /** Octets that it holds until it is run. */
  readonly octets: number;
}

interface Entry<U extends Unit> {
  readonly unit: U;
  /** Operations of the units in front of it. */
  readonly position: number;
  /** What must come before it is started: dependencies that are settled, and its place in the window. */
  waiting: number;
  /** Whether it depends on what is not there. */
  isRefused: boolean;
}

export interface UnitQueueOptions<U extends Unit> {
  /** Units that are run at once. */
  concurrency: number;
  /** Whether dependencies may come later. */
  forward: boolean;
  /**
   * Operations, from the first on, whose units may be started; {@link UnitQueue.widen} adds to them.
   * It is a window over the units in their order, and no bound on how many have been started, so
   * that none which others wait for is ever shut out by those behind it.
   */
  window: number;
  /** Runs a unit; must not reject. */
  run: (unit: U) => Promise<void>;
  /** Answers a unit that cannot be run: it depends on what is not there, or on itself. Must not throw. */
  refuse: (unit: U) => void;
}

/**
 * Runs units in the order in which they come, some at once, each when all that it depends on has
 * been settled. Every step is counted once for a unit or a dependency: there is no search.
 */
export class UnitQueue<U extends Unit> {
  readonly #options: UnitQueueOptions<U>;
  /** Keys of what is here, and whether it has been settled. */
  readonly #settled: Map<string, boolean> = new Map();
  readonly #dependents: Map<string, Entry<U>[]> = new Map();
  readonly #blocked: Set<Entry<U>> = new Set();
  /** What one unit at a time depends on has been settled when its turn comes. */
  readonly #isSerial: boolean;
  readonly #startable: Fifo<Entry<U>> = new Fifo();
  /** Those behind the window. */
  readonly #shutOut: Fifo<Entry<U>> = new Fifo();
  #window: number;
  /** Where the window ends at least, however little has been taken. */
  #opened = 0;
  #operations = 0;
  #running = 0;
  #octets = 0;
  #closed = false;
  #isPumping = false;
  #wake: (() => void) | undefined;

  constructor(options: UnitQueueOptions<U>) {
    this.#options = options;
    this.#window = options.window;
    this.#isSerial = options.concurrency === 1 && !options.forward;
  }

  /** Units that are being run. */
  get running(): number {
    return this.#running;
  }

  /** Octets held by units that have not been started. */
  get octets(): number {
    return this.#octets;
  }

  /** Whether a unit of that key has come. */
  has(key: string): boolean {
    return this.#settled.has(key);
  }

  add(unit: U): void {
    const entry: Entry<U> = { unit, position: this.#operations, waiting: 0, isRefused: false };
    this.#operations += unit.size;
    this.#octets += unit.octets;
    if (unit.dependencies.size > 0) this.#addDependencies(entry);
    for (const key of unit.keys) this.#settled.set(key, false);
    if (!this.#isInWindow(entry)) {
      entry.waiting++;
      this.#shutOut.push(entry);
    }
    if (entry.waiting > 0) this.#blocked.add(entry);
    else this.#startable.push(entry);
    this.pump();
  }

  /** No unit will come any more: what still waits for one that is not there never runs. */
  close(): void {
    this.#closed = true;
    this.pump();
  }

  /** Lets units of so many operations more be started. */
  widen(operations: number): void {
    this.#window += operations;
    this.#letIn();
  }

  /** Lets all be started that are here. */
  open(): void {
    this.#opened = this.#operations;
    this.#letIn();
  }

  /** Settles when a unit has been settled. */
  async change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #addDependencies(entry: Entry<U>): void {
    const { forward } = this.#options;
    const unsettled: string[] = [];
    for (const key of entry.unit.dependencies) {
      const settled = this.#settled.get(key);
      if (settled === undefined && !forward) {
        // It is refused in its turn, as it would be run.
        entry.isRefused = true;
        return;
      }
      if (settled !== true) unsettled.push(key);
    }
    if (this.#isSerial) return;
    entry.waiting = unsettled.length;
    for (const key of unsettled) this.#dependentsOf(key).push(entry);
  }

  #isInWindow({ position }: Entry<U>): boolean {
    return position < this.#window || position < this.#opened;
  }

  #letIn(): void {
    for (let entry = this.#shutOut.first; entry !== undefined; entry = this.#shutOut.first) {
      if (!this.#isInWindow(entry)) break;
      this.#shutOut.shift();
      this.#release(entry);
    }
    this.pump();
  }

  #release(entry: Entry<U>): void {
    if (--entry.waiting > 0) return;
    this.#blocked.delete(entry);
    this.#startable.push(entry);
  }

  /** Starts what may start. */
  pump(): void {
    // What is started may be settled, or make room, at once: then the loop that started it goes on.
    if (this.#isPumping) return;
    this.#isPumping = true;
    for (;;) {
      while (this.#running < this.#options.concurrency) {
        const entry = this.#startable.shift();
        if (entry === undefined) break;
        if (entry.isRefused) this.#refuse(entry);
        else this.#start(entry.unit);
      }
      const isStuck = this.#closed && this.#running === 0 && this.#blocked.size > 0;
      if (!isStuck || this.#shutOut.first !== undefined) break;
      this.#refuseStuck();
    }
    this.#isPumping = false;
  }

  /** Those that wait for what is not there; if there are none, the others wait for each other. */
  #refuseStuck(): void {
    const stuck = [...this.#blocked];
    const lacking = stuck.filter(({ unit }) => [...unit.dependencies].some((key) => !this.#settled.has(key)));
    const refused = lacking.length > 0 ? lacking : stuck;
    // None of them is to be started when another is settled.
    for (const entry of refused) entry.waiting = Infinity;
    for (const entry of refused) this.#refuse(entry);
  }

  #start(unit: U): void {
    this.#running++;
    this.#octets -= unit.octets;
    void this.#options.run(unit).then(() => {
      this.#running--;
      this.#settle(unit);
      this.pump();
      this.#notify();
    });
  }

  #refuse(entry: Entry<U>): void {
    this.#blocked.delete(entry);
    this.#octets -= entry.unit.octets;
    this.#options.refuse(entry.unit);
    this.#settle(entry.unit);
    this.#notify();
  }

  #settle(unit: U): void {
    for (const key of unit.keys) {
      this.#settled.set(key, true);
      for (const entry of this.#dependents.get(key) ?? []) this.#release(entry);
      this.#dependents.delete(key);
    }
  }

  #dependentsOf(key: string): Entry<U>[] {
    const dependents = this.#dependents.get(key) ?? [];
    this.#dependents.set(key, dependents);
    return dependents;
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** First in, first out. */
class Fifo<Item> {
  #items: (Item | undefined)[] = [];
  #next = 0;

  get first(): Item | undefined {
    return this.#items[this.#next];
  }

  push(item: Item): void {
    this.#items.push(item);
  }

  shift(): Item | undefined {
    const item = this.#items[this.#next];
    if (item === undefined) return undefined;
    this.#items[this.#next++] = undefined;
    // Half of the array at least: one by one would be quadratic.
    if (this.#next * 2 >= this.#items.length) {
      this.#items.splice(0, this.#next);
      this.#next = 0;
    }
    return item;
  }
}
