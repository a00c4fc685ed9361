/** Something that is run as a whole: an operation, or an atomic group of them. */
export interface Unit {
  /** What others depend on it by. */
  readonly keys: readonly string[];
  readonly dependencies: ReadonlySet<string>;
  /** Octets that it holds until it is run. */
  readonly octets: number;
}

interface Entry<U extends Unit> {
  readonly unit: U;
  /** Dependencies that have not been settled. */
  waiting: number;
}

export interface UnitQueueOptions<U extends Unit> {
  /** Units that are run at once. */
  concurrency: number;
  /** Whether dependencies may come later. */
  forward: boolean;
  /** Whether one more may start now, apart from `concurrency`. */
  mayStart: () => boolean;
  /** Runs a unit; must not reject. */
  run: (unit: U) => Promise<void>;
  /** Answers a unit that cannot be run: it depends on what is not there, or on itself. */
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
  #startable: U[] = [];
  #next = 0;
  #running = 0;
  #octets = 0;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(options: UnitQueueOptions<U>) {
    this.#options = options;
  }

  /** Units that are being run. */
  get running(): number {
    return this.#running;
  }

  /** Octets held by units that have not been started. */
  get octets(): number {
    return this.#octets;
  }

  /** Whether every unit has been settled and none will come. */
  get isDone(): boolean {
    return (
      this.#closed && this.#running === 0 && this.#blocked.size === 0 && this.#next === this.#startable.length
    );
  }

  add(unit: U): void {
    const entry: Entry<U> = { unit, waiting: 0 };
    let isUnknown = false;
    for (const key of unit.dependencies) {
      const settled = this.#settled.get(key);
      if (settled === true) continue;
      if (settled === undefined && !this.#options.forward) isUnknown = true;
      entry.waiting++;
      this.#dependentsOf(key).push(entry);
    }
    for (const key of unit.keys) this.#settled.set(key, false);
    this.#octets += unit.octets;
    if (isUnknown) {
      this.#refuse(entry);
    } else if (entry.waiting > 0) {
      this.#blocked.add(entry);
    } else {
      this.#startable.push(unit);
    }
    this.pump();
  }

  /** No unit will come any more: what still waits for one that is not there never runs. */
  close(): void {
    this.#closed = true;
    this.pump();
  }

  /** Starts what may start. */
  pump(): void {
    while (
      this.#next < this.#startable.length &&
      this.#running < this.#options.concurrency &&
      this.#options.mayStart()
    ) {
      void this.#start(this.#startable[this.#next++]!);
    }
    if (this.#next * 2 > this.#startable.length) {
      this.#startable.splice(0, this.#next);
      this.#next = 0;
    }
    const isStuck = this.#closed && this.#running === 0 && this.#startable.length === this.#next;
    if (isStuck && this.#blocked.size > 0) this.#refuseStuck();
  }

  /** Those that wait for what is not there; if there are none, the others wait for each other. */
  #refuseStuck(): void {
    const stuck = [...this.#blocked];
    const lacking = stuck.filter(({ unit }) => [...unit.dependencies].some((key) => !this.#settled.has(key)));
    const refused = lacking.length > 0 ? lacking : stuck;
    for (const entry of refused) entry.waiting = Infinity;
    for (const entry of refused) this.#refuse(entry);
    this.#notify();
    this.pump();
  }

  /** Settles when a unit has been settled. */
  async change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  async #start(unit: U): Promise<void> {
    this.#running++;
    this.#octets -= unit.octets;
    await this.#options.run(unit);
    this.#running--;
    this.#settle(unit);
    this.pump();
    this.#notify();
  }

  #refuse(entry: Entry<U>): void {
    this.#blocked.delete(entry);
    this.#octets -= entry.unit.octets;
    // It is not to be started when what it waits for is settled.
    entry.waiting = Infinity;
    this.#options.refuse(entry.unit);
    this.#settle(entry.unit);
  }

  #settle(unit: U): void {
    for (const key of unit.keys) {
      this.#settled.set(key, true);
      for (const entry of this.#dependents.get(key) ?? []) {
        if (--entry.waiting > 0) continue;
        this.#blocked.delete(entry);
        this.#startable.push(entry.unit);
      }
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
