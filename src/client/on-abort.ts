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

function callAll(this: AbortSignal): void {
  const all = listeners.get(this);
  listeners.delete(this);
  for (const listener of all ?? []) listener();
}
