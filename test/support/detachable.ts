/** A chunk, and how to take its buffer away, as transferring it to a worker or a byte stream does. */
export interface Detachable {
  chunk: Uint8Array<ArrayBuffer>;
  detach(): void;
}

type Buffer = ArrayBuffer & { transfer?(): ArrayBuffer; resize?(length: number): void };

/** A chunk whose buffer may be resized, so that {@link detach} works in every engine. */
export function detachable(octets: Uint8Array): Detachable {
  const ResizableBuffer = ArrayBuffer as new (length: number, options: { maxByteLength: number }) => Buffer;
  const buffer = new ResizableBuffer(octets.length, { maxByteLength: octets.length });
  const chunk = new Uint8Array<ArrayBuffer>(buffer);
  chunk.set(octets);
  return { chunk, detach: () => detach(buffer) };
}

/** Uses whatever the engine has: `structuredClone()`, `ArrayBuffer.prototype.transfer()`, or a buffer that shrinks. */
export function detach(buffer: ArrayBufferLike): void {
  const { structuredClone } = globalThis as {
    structuredClone?: (value: unknown, options: { transfer: unknown[] }) => void;
  };
  if (structuredClone !== undefined) structuredClone(buffer, { transfer: [buffer] });
  else if ((buffer as Buffer).transfer !== undefined) (buffer as Buffer).transfer!();
  else (buffer as Buffer).resize!(0);
  if (buffer.byteLength > 0) throw new Error("This engine cannot detach a buffer");
}
