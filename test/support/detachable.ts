/** A chunk, and how to take its buffer away, as transferring it to a worker or a byte stream does. */
export interface Detachable {
  chunk: Uint8Array<ArrayBuffer>;
  detach(): void;
}

type Buffer = ArrayBuffer & { transfer?(): ArrayBuffer; resize?(length: number): void };

/** Uses whatever the engine has: `structuredClone()`, `ArrayBuffer.prototype.transfer()`, or a buffer that shrinks. */
export function detachable(octets: Uint8Array): Detachable {
  const { structuredClone } = globalThis as {
    structuredClone?: (value: unknown, options: { transfer: unknown[] }) => void;
  };
  const ResizableBuffer = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => Buffer;
  const buffer = new ResizableBuffer(octets.length, { maxByteLength: octets.length });
  const chunk = new Uint8Array<ArrayBuffer>(buffer);
  chunk.set(octets);
  const detach = (): void => {
    if (structuredClone !== undefined) structuredClone(buffer, { transfer: [buffer] });
    else if (buffer.transfer !== undefined) buffer.transfer();
    else buffer.resize!(0);
    if (chunk.length > 0) throw new Error("This engine cannot detach a buffer");
  };
  return { chunk, detach };
}
