import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { corpusNames, cut, makeCorpus } from "../../bench/corpora.mjs";
import type { Corpus } from "../../bench/corpora.mjs";
import { cronofy, odata, odataJson, OperationReader } from "../../src/batch.ts";
import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { createTransferDecoder } from "../../src/codec/transfer-encoding.ts";

/** What benchmarks of different days are compared on: parts, octets and CRC-32 of each corpus. */
const pinned: [name: string, parts: number, octets: number, checksum: string][] = [
  ["ucwa-req-10", 10, 2_784, "6bb5052a"],
  ["ucwa-req-100", 100, 27_850, "106daee4"],
  ["ucwa-req-10000", 10_000, 2_800_028, "52cc804b"],
  ["ucwa-res-100", 100, 113_490, "72e959be"],
  ["ucwa-res-10000", 10_000, 11_236_067, "353b26a8"],
  ["cronofy-50", 50, 20_755, "eea9d2ae"],
  ["odata-json-10000", 10_000, 1_089_505, "bd0279a2"],
  ["odata-100", 100, 24_948, "e58ae610"],
  ["form-small", 10_000, 1_520_311, "59973cd6"],
  ["large-random-40", 1, 67_109_056, "eb1c0714"],
  ["large-random-12", 1, 67_109_000, "79c77299"],
  ["large-text-40", 1, 67_109_056, "eae9b0ec"],
  ["large-text-12", 1, 67_109_000, "942aeeb8"],
  ["cached-random-40", 1, 1_048_768, "d16de356"],
  ["cached-random-12", 1, 1_048_712, "6fcb3b56"],
  ["cached-text-12", 1, 1_048_712, "a70f9e6c"],
  ["near-boundary-flood", 1, 16_777_408, "67c2a2b5"],
  ["dash-flood", 1, 16_777_408, "a3b09d21"],
  ["crlf-dash-flood", 1, 16_777_408, "864121da"],
  ["hostile-near-delimiters-8", 1, 4_194_440, "d26aff98"],
  ["hostile-delimiters-and-more-8", 1, 4_194_440, "ebdf0e2c"],
  ["hostile-half-delimiters-8", 1, 4_194_440, "85a631d6"],
  ["hostile-dashes-8", 1, 4_194_440, "64db6e35"],
  ["hostile-crlf-dashes-8", 1, 4_194_440, "aa9d26b7"],
  ["hostile-cr-after-baits-8", 1, 4_194_440, "24d45247"],
  ["hostile-tails-8", 1, 4_194_440, "2f94128e"],
  ["hostile-near-delimiters-70", 1, 4_194_564, "e7a886ad"],
  ["hostile-delimiters-and-more-70", 1, 4_194_564, "9fd00365"],
  ["hostile-half-delimiters-70", 1, 4_194_564, "34bdad24"],
  ["hostile-dashes-70", 1, 4_194_564, "d2683744"],
  ["hostile-crlf-dashes-70", 1, 4_194_564, "e988c1ee"],
  ["hostile-cr-after-baits-70", 1, 4_194_564, "52e500dd"],
  ["hostile-tails-70", 1, 4_194_564, "cbb0acdf"],
  ["hostile-all-dashes-70", 1, 4_194_564, "8ef01293"],
  ["hostile-all-a-70", 1, 4_194_564, "5d54e237"],
  ["hostile-ab-70", 1, 4_194_564, "a7a47bb8"],
  ["hostile-a-then-b-70", 1, 4_194_564, "1bfde202"],
  ["hostile-b-then-a-70", 1, 4_194_564, "d375c617"],
  ["hostile-period-7-70", 1, 4_194_564, "ab4ca8c7"],
  ["hostile-all-a-8", 1, 4_194_440, "1e116afb"],
  ["hostile-a-then-b-8", 1, 4_194_440, "96d1cbb4"],
  ["hostile-one-octet", 1, 4_194_426, "4ca60d60"],
  ["base64", 0, 11_479_150, "62a75c5b"],
  ["quoted-printable", 0, 9_394_633, "32410f81"],
];

const limits = { maxParts: Infinity, maxTotalHeaderBytes: Infinity };

const checksumOf = (octets: Uint8Array): string => crc32(octets).toString(16).padStart(8, "0");

/** Length and CRC-32 of each part's body, as our strict parser reads it. */
function readParts({ octets, contentType }: Corpus): [length: number, checksum: number][] {
  const parser = new MultipartParser({ contentType, limits });
  const bodies: [number, number][] = [];
  for (const chunk of cut(octets, 65_536)) {
    parser.push(chunk);
    for (let event; (event = parser.read()) !== undefined;) {
      if (event.type === "part") bodies.push([0, 0]);
      if (event.type !== "data") continue;
      const body = bodies.at(-1)!;
      body[0] += event.data.length;
      body[1] = crc32(event.data, body[1]);
    }
  }
  parser.end();
  return bodies;
}

/** The same of each operation's body, in a batch that is no flat list of parts. */
async function readOperations(
  { octets, contentType }: Corpus,
  name: "cronofy" | "odata" | "odataJson",
): Promise<[length: number, checksum: number][]> {
  const bodies: [number, number][] = [];
  const options = {
    dialect: { cronofy, odata, odataJson }[name],
    kind: "request",
    tolerance: "strict",
    contentType,
  } as const;
  for await (const { message } of new OperationReader(octets, {
    ...options,
    limits: { maxParts: Infinity },
  })) {
    const body = (message!.body as Uint8Array | null) ?? new Uint8Array();
    bodies.push([body.length, crc32(body)]);
  }
  return bodies;
}

/** Start-line and number of fields of an HTTP message. */
function readMessage(octets: Uint8Array): string {
  const parser = new HttpMessageParser();
  parser.push(octets);
  parser.end();
  const event = parser.read();
  if (event?.type !== "head") throw new Error("No head");
  const { head } = event;
  const line = head.kind === "request" ? head.method : String(head.status);
  while (parser.read() !== undefined);
  return `${line} with ${head.headers.size} fields`;
}

function count(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe("the corpora of the benchmarks", () => {
  test("are all pinned here", () => {
    expect(pinned.map(([name]) => name)).toEqual(corpusNames);
  });

  test.each(pinned)(
    "%s is as it was, and reads back in strict mode",
    async (name, parts, octets, checksum) => {
      const corpus = makeCorpus(name);
      expect([corpus.parts.length, corpus.octets.length, checksumOf(corpus.octets)]).toEqual([
        parts,
        octets,
        checksum,
      ]);
      if (corpus.decoded !== undefined) {
        const decoded = createTransferDecoder(name)!.decode(corpus.octets);
        expect(checksumOf(decoded)).toBe(checksumOf(corpus.decoded));
        return;
      }
      const read =
        corpus.dialect === undefined ? readParts(corpus) : await readOperations(corpus, corpus.dialect);
      expect(read).toEqual(corpus.parts.map(({ body }) => [body.length, crc32(body)]));
    },
  );

  test("the batches hold the messages that real ones hold", () => {
    const kinds = (name: string): Map<string, number> =>
      count(makeCorpus(name).parts.map(({ body }) => readMessage(body)));
    expect(kinds("ucwa-req-10000")).toEqual(
      new Map([
        ["GET with 3 fields", 7_500],
        ["POST with 4 fields", 2_500],
      ]),
    );
    expect(kinds("ucwa-res-10000")).toEqual(
      new Map([
        ["200 with 2 fields", 9_375],
        ["204 with 1 fields", 625],
      ]),
    );
  });
});
