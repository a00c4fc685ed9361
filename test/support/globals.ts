/**
 * Puts `value` in the place of a global, and answers what puts it back. A global may be an accessor
 * (Node), missing (QuickJS), or there to stay but writable (the edge runtime's).
 */
export function replaceGlobal(name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  if (before?.configurable === false) {
    Reflect.set(globalThis, name, value);
    return () => void Reflect.set(globalThis, name, before.value);
  }
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, before);
  };
}

/** Where an engine has no `crypto`, users bring one; so do tests of what needs it. Answers what takes it away. */
export function bringCrypto(): () => void {
  if ((globalThis as { crypto?: unknown }).crypto !== undefined) return () => {};
  const getRandomValues = (octets: Uint8Array): Uint8Array =>
    octets.fill(0).map((_, i) => (octets[i] = Math.floor(Math.random() * 256)));
  return replaceGlobal("crypto", { getRandomValues });
}
