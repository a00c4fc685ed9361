/**
 * The conformance corpus: vectors and recorded exchanges that several implementations share. It is
 * not part of the project; the folder is named by the environment variable BATCHWIRE_CORPUS, and is
 * otherwise looked for beside the project.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const corpus: string =
  process.env["BATCHWIRE_CORPUS"] ?? fileURLToPath(new URL("../../../shared", import.meta.url));

export const hasCorpus: boolean = existsSync(join(corpus, "vectors")) && existsSync(join(corpus, "captures"));

export type Fields = [name: string, value: string][];

export interface ExpectedMessage {
  kind: "http-request" | "http-response";
  startLine: { method?: string; target?: string; version: string; status?: number; reason?: string };
  headers: Fields;
  bodyBase64?: string;
  trailers?: Fields;
  remainderBase64?: string;
}

export interface ExpectedPart {
  headers: Fields;
  bodyBase64?: string;
  decodedBase64?: string;
  nested?: ExpectedMessage | { kind: "multipart" | "message"; parts: ExpectedPart[] };
}

export interface ExpectedEntry {
  name: string;
  filename?: string | null;
  contentType?: string;
  bodyBase64?: string;
}

/** What a vector says of its input; which members are there depends on its area. */
export interface Expectation extends Partial<Omit<ExpectedMessage, "kind">> {
  ok: boolean | null;
  why?: string;
  parts?: ExpectedPart[];
  preambleBase64?: string;
  epilogueBase64?: string;
  form?: ExpectedEntry[];
  bytesBase64?: string;
  type?: string;
  subtype?: string | null;
  params?: Record<string, string>;
  text?: string;
  headerCount?: number;
  valueLengths?: number[];
  partCount?: number;
  bodyLengths?: number[];
  decodedBase64?: string;
  roundtrip?: boolean;
  kind?: "requests" | "responses";
  items?: Record<string, unknown>[];
  maxMs?: number;
}

export interface Vector {
  id: string;
  area: string;
  op?: string;
  test: string;
  mode: "any" | "strict" | "lenient";
  contentType?: string;
  header?: "content-type" | "content-disposition";
  options?: Record<string, unknown>;
  chunks?: number[];
  compare?: string[];
  input: Uint8Array;
  /** Whether the input is long and made by repetition, so that few chunkings must do. */
  generated: boolean;
  expect: Expectation;
}

type Piece = { text?: string; base64?: string; repeat?: number };
type StoredVector = Omit<Vector, "input" | "generated"> & { inputBase64?: string; inputGen?: Piece[] };

export function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** One character an octet, for comparing. */
export function isomorphic(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("latin1");
}

/** UTF-8 where it is valid, else one character an octet: how the corpus writes text. */
export function asText(octets: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return isomorphic(octets);
  }
}

export function readVectors(area: string): Vector[] {
  const stored = JSON.parse(readFileSync(join(corpus, "vectors", `${area}.json`), "utf8")) as StoredVector[];
  return stored.map(({ inputBase64, inputGen, ...vector }) => ({
    ...vector,
    input: inputGen === undefined ? fromBase64(inputBase64 ?? "") : generate(inputGen),
    generated: inputGen !== undefined,
  }));
}

function generate(pieces: Piece[]): Uint8Array {
  const repeated = pieces.map(({ text, base64, repeat = 1 }) => {
    const piece = text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text, "utf8");
    return Buffer.alloc(piece.length * repeat, piece);
  });
  return Uint8Array.from(Buffer.concat(repeated));
}

/** One recorded file, as it is: `name` is relative to the folder of captures. */
export function readCapture(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(corpus, "captures", name)));
}

/** Names of the recorded exchanges: one folder each. */
export function captureNames(): string[] {
  return readdirSync(join(corpus, "captures"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
