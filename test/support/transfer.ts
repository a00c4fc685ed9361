import type { Deviation } from "../../src/deviation.ts";
import { BatchwireError } from "../../src/errors.ts";
import type {
  TransferDecoder,
  TransferDecoderOptions,
  TransferEncoder,
} from "../../src/codec/transfer-coder.ts";
import { utf8Decode, utf8Encode } from "../../src/octets/text.ts";
import type { Decoded } from "../reference/transfer-encoding.ts";

type DecoderClass = new (options: TransferDecoderOptions) => TransferDecoder;
type Tolerance = "strict" | "lenient";

/** The isomorphic string of the octets of all `pieces`. */
export function isomorphic(...pieces: Uint8Array[]): string {
  let text = "";
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i += 4096) text += String.fromCharCode(...piece.subarray(i, i + 4096));
  }
  return text;
}

/** `decoded text ~code@offset …`, or `!code@offset` if there is an error, in which case nothing else counts. */
export function decodedLine(Decoder: DecoderClass, chunks: Uint8Array[], tolerance: Tolerance): string {
  const deviations: Deviation[] = [];
  const decoder = new Decoder({ tolerance, onDeviation: (deviation) => deviations.push(deviation) });
  try {
    const pieces = chunks.map((chunk) => decoder.decode(chunk, { stream: true }));
    pieces.push(decoder.decode());
    return [isomorphic(...pieces), ...deviations.map(({ code, offset }) => `~${code}@${offset}`)].join(" ");
  } catch (error) {
    if (!(error instanceof BatchwireError)) throw error;
    return `!${error.code}@${error.offset}`;
  }
}

/** The same line from a reference. */
export function expectedLine({ text, findings }: Decoded, tolerance: Tolerance): string {
  const [first] = findings;
  if (tolerance === "strict" && first !== undefined) return `!${first.code}@${first.offset}`;
  return [text, ...findings.map(({ code, offset }) => `~${code}@${offset}`)].join(" ");
}

/** What the encoder makes of the chunks. */
export function encodedText(encoder: TransferEncoder, chunks: Uint8Array[]): string {
  const pieces = chunks.map((chunk) => encoder.encode(chunk, { stream: true }));
  return isomorphic(...pieces, encoder.encode());
}

/** Every string of up to `length` characters of `alphabet`, the empty one first. */
export function everyString(alphabet: string, length: number): string[] {
  const strings = [""];
  for (let first = 0, size = 0; size < length; size++) {
    const end = strings.length;
    for (; first < end; first++) for (const character of alphabet) strings.push(strings[first] + character);
  }
  return strings;
}

/** How often each key comes up. */
export function histogram(keys: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return Object.fromEntries(Array.from(counts).sort());
}

/** UTF-8, which QuickJS has no `TextEncoder` and `TextDecoder` for. */
export const utf8: (text: string) => Uint8Array<ArrayBuffer> = utf8Encode;

/** @throws {TypeError} `octets` are no UTF-8. */
export function utf8Text(octets: Uint8Array): string {
  const text = utf8Decode(octets);
  if (text === undefined) throw new TypeError("Octets are no UTF-8");
  return text;
}
