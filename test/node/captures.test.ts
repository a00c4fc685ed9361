import { describe, expect, test } from "vitest";
import { boundaryOf } from "../../src/grammar/boundary.ts";
import { table } from "./capture-table.ts";
import { decode, parseTable, readWire, rewrite } from "./capture.ts";
import type { Decoded } from "./capture.ts";
import { captureNames, corpus, hasCorpus, isomorphic, readCapture } from "./corpus.ts";
import { bodyOf, fieldsOf } from "./vectors/compare.ts";
import { readMultipart } from "./vectors/reading.ts";
import type { MultipartOutcome } from "./vectors/reading.ts";

type Direction = "request" | "response";
const recordings = parseTable(table);
const directions = recordings.flatMap(({ name }) => [
  [name, "request"] as const,
  [name, "response"] as const,
]);

/** Exchanges of which only the messages are kept, and those of which there is only a JSON body. */
const loose = { messages: ["ucwa-doc-json", "ucwa-doc-xml"], json: ["cronofy-doc"] };
const isLoose = (name: string): boolean => Object.values(loose).flat().includes(name);

/** A body and its Content-Type. */
function readDirection(name: string, direction: Direction): [Uint8Array, string] {
  if (loose.json.includes(name)) return [readCapture(`${name}-${direction}.json`), "application/json"];
  const separator = isLoose(name) ? "-" : "/";
  const { body, head } = readWire(`${name}${separator}${direction}.http`);
  return [body, head?.headers.get("content-type") ?? ""];
}

const decodings = new Map<string, Decoded>();

function decodeOnce(name: string, direction: Direction): Decoded {
  const key = `${name} ${direction}`;
  const decoded = decodings.get(key) ?? decode(...readDirection(name, direction));
  decodings.set(key, decoded);
  return decoded;
}

/**
 * Bodies that a strict reader refuses, and why. They are written again in good grammar: LF becomes
 * CRLF in the framing, and fields are written from their names and values.
 */
const normalised: Record<string, string> = {
  "googleapi-basic request": "bare-lf",
  "googleapi-body-from-and-long request": "bare-lf",
  "googleapi-long-id-folded request": "bare-lf",
  // Its first line end is an LF too, so that a strict reader sees no delimiter at all.
  "gapibatcher-get-post request": "bare-lf",
};

if (!hasCorpus) {
  test.skipIf(!hasCorpus)(`corpus folder absent: ${corpus}`, () => {});
} else {
  describe("Recorded exchanges", () => {
    test("are all in the table", () => {
      const listed = recordings.map(({ name }) => name);
      expect(listed.filter((name) => !isLoose(name))).toEqual(captureNames());
      expect(listed.filter(isLoose)).toEqual(Object.values(loose).flat().sort());
    });

    test.each(directions.filter(([name]) => !isLoose(name)))(
      "%s: the %s is good HTTP, and its body is the one that was recorded beside it",
      (name, direction) => {
        const { body, error, ended } = readWire(`${name}/${direction}.http`);
        expect({ error, ended }).toEqual({ error: undefined, ended: true });
        expect(isomorphic(body)).toBe(isomorphic(readCapture(`${name}/${direction}.body`)));
      },
    );

    for (const { name, ...exchange } of recordings) {
      for (const direction of ["request", "response"] as const) {
        const { lines, deviations } = exchange[direction];
        const isEnvelope = lines.length === 1 && lines[0]!.startsWith("{");
        test(`${name}: ${direction}${isEnvelope ? " (a JSON envelope, so far read as mere JSON)" : ""}`, () => {
          const decoded = decodeOnce(name, direction);
          const found = decoded.lines.length === 0 ? ["(no parts)"] : decoded.lines;
          expect({ lines: found, deviations: decoded.deviations }).toEqual({ lines, deviations });
        });
      }
    }

    test("of UCWA's documentation have bodies of the lengths that it tells", () => {
      const lengths = loose.messages.map((name) => readDirection(name, "request")[0].length);
      expect(lengths).toEqual([557, 553]);
    });
  });

  describe("Recorded bodies, groups included, written again after they were read,", () => {
    const boundaryIn = (contentType: string): string => boundaryOf(contentType, { tolerance: "lenient" });
    const isGood = ([name, direction]: readonly [string, Direction]): boolean =>
      !(`${name} ${direction}` in normalised);

    test.each(directions.filter(isGood))(
      "are the same octets from first to last delimiter: %s %s",
      (name, direction) => {
        for (const { octets, contentType } of decodeOnce(name, direction).bodies) {
          const boundary = boundaryIn(contentType);
          expect(readMultipart([octets], { boundary }).error).toBeUndefined();
          expect(framed(rewrite(octets, contentType), boundary)).toBe(framed(octets, boundary));
        }
      },
    );

    test.each(Object.entries(normalised))(
      "are good grammar with the same parts where they were not: %s, %s",
      (key, code) => {
        const [name = "", direction] = key.split(" ") as [string, Direction];
        const [octets, contentType] = readDirection(name, direction);
        const boundary = boundaryIn(contentType);
        expect(readMultipart([octets], { boundary }).error?.code).toBe(code);
        const written = readMultipart([rewrite(octets, contentType)], { boundary });
        expect(written.error).toBeUndefined();
        expect(contents(written)).toEqual(
          contents(readMultipart([octets], { boundary, tolerance: "lenient" })),
        );
      },
    );
  });
}

/** From the first delimiter to the close-delimiter; no recording has a boundary in its preamble or epilogue. */
function framed(octets: Uint8Array, boundary: string): string {
  const text = isomorphic(octets);
  const close = `--${boundary}--`;
  return text.slice(text.indexOf(`--${boundary}`), text.lastIndexOf(close) + close.length);
}

function contents({ parts }: MultipartOutcome): unknown {
  return parts.map(({ headers, body }) => ({ headers: fieldsOf(headers), body: bodyOf(body) }));
}
