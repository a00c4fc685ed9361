/** What is called when a signal aborts, by signal. */
const listeners: WeakMap<AbortSignal, Set<() => void>> = /* @__PURE__ */ new WeakMap();

/**
 * Calls `listener` when `signal` aborts; answers how to be called no more. Each signal has one event
 * listener, whoever listens: Node 20 warns of a leak when it has eleven, as many calls of `fetch()`
 * with one signal would give it.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let all = listeners.get(signal);
  if (all === undefined) {
    all = new Set();
    listeners.set(signal, all);
    signal.addEventListener("abort", callAll, { once: true });
  }
  all.add(listener);
  return () => {
    if (!all.delete(listener) || all.size > 0 || listeners.get(signal) !== all) return;
    listeners.delete(signal);
    signal.removeEventListener("abort", callAll);
  };
}

/** Its `this` would be the signal, too, but is the global object in StarlingMonkey. */
function callAll({ currentTarget }: Event): void {
  const signal = currentTarget as AbortSignal;
  const all = listeners.get(signal);
  listeners.delete(signal);
  for (const listener of all ?? []) listener();
}

/**
 * Throws the reason of a signal that is aborted. The method of this name leaves the exception pending in
 * StarlingMonkey, where it ends the program although it has been caught.
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw signal.reason;
}
