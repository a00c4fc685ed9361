import type { Origin, ToleranceOptions } from "../deviation.ts";

/** Tells a coder whether more chunks follow, as `TextDecoder` has it. */
export interface CodeOptions {
  /** `true`: more follows. `false` (default): this chunk is the last; the coder finishes and starts afresh. */
  stream?: boolean | undefined;
}

/** Options of a decoder. */
export interface TransferDecoderOptions extends ToleranceOptions {
  /** Where the encoded octets begin, for offsets in errors and deviations; the default counts from 0. */
  origin?: Readonly<Origin> | undefined;
}

/** Turns the encoded form of a body into its octets (RFC 2045 §6). */
export interface TransferDecoder {
  decode(chunk?: Uint8Array, options?: CodeOptions): Uint8Array<ArrayBuffer>;
}

/** Turns the octets of a body into their encoded form (RFC 2045 §6). */
export interface TransferEncoder {
  encode(chunk?: Uint8Array, options?: CodeOptions): Uint8Array<ArrayBuffer>;
}

/** @throws {TypeError} `chunk` is not a `Uint8Array`; a string, say, would pass for an array of nothing. */
export function assertOctets(chunk: unknown): void {
  if (!(chunk instanceof Uint8Array)) throw new TypeError("Chunk must be a Uint8Array");
}

/** RFC 4648 §4: the character of each six bits. */
export const BASE64_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
