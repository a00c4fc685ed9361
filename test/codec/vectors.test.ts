import { describe, expect, test } from "vitest";
import type { Tolerance } from "../../src/deviation.ts";
import type { Profile } from "../../src/grammar/parameters.ts";
import type { Within } from "../../src/grammar/start-line.ts";
import { chunkings } from "../support/chunkings.ts";
import { inputOf, readDocument, visible } from "../support/documents.ts";
import type { Vector } from "../support/documents.ts";
import { httpLog, multipartLog } from "../support/event-log.ts";
import type { EventLog } from "../support/event-log.ts";
import formData from "../vectors/form-data.ts";
import httpBodies from "../vectors/http-bodies.ts";
import httpHeads from "../vectors/http-heads.ts";
import httpStartLines from "../vectors/http-start-lines.ts";
import multipartFraming from "../vectors/multipart-framing.ts";
import multipartHeaderSections from "../vectors/multipart-header-sections.ts";
import multipartLineEnds from "../vectors/multipart-line-ends.ts";

const documents = {
  formData,
  httpBodies,
  httpHeads,
  httpStartLines,
  multipartFraming,
  multipartHeaderSections,
  multipartLineEnds,
};

type Replay = (chunks: readonly Uint8Array[]) => EventLog;

/** The log must be the same whoever asks for what; only the lines asked for are there. */
function replays({ machine, options, tolerance, log }: Vector): [replay: Replay, expected: EventLog][] {
  if (machine === "http") {
    const kind = options["kind"] as "request" | "response" | undefined;
    const within = options["within"] as Within | undefined;
    const { requestMethod } = options;
    return [[(chunks) => httpLog(chunks, { kind, within, requestMethod, tolerance }), log]];
  }
  const boundary = options["boundary"] ?? "";
  const profile = options["profile"] as Profile | undefined;
  const wanting =
    (preamble: boolean, epilogue: boolean): Replay =>
    (chunks) =>
      multipartLog(chunks, { boundary, profile, tolerance, preamble, epilogue });
  const without = (type: string, from: EventLog): EventLog =>
    from
      .split("\n")
      .filter((line) => !line.startsWith(type))
      .join("\n");
  return [
    [wanting(true, true), log],
    [wanting(false, false), without("preamble", without("epilogue", log))],
  ];
}

for (const [name, document] of Object.entries(documents)) {
  describe(document.slice(0, document.indexOf("\n")), () => {
    const vectors = readDocument(document);

    test(`${name} names every vector once`, () => {
      const titles = vectors.map(({ title, tolerance }) => `${title}, ${tolerance}`);
      expect(titles.length).toBeGreaterThan(10);
      expect(new Set(titles).size).toBe(titles.length);
    });

    for (const vector of vectors) {
      test(`${vector.title} (${vector.tolerance})`, () => {
        for (const [replay, expected] of replays(vector)) {
          for (const { name: chunking, chunks } of chunkings(vector.input))
            expect(replay(chunks), chunking).toBe(expected);
        }
      });
    }
  });
}

describe("the notation of documents", () => {
  test("any octets can be written and read", () => {
    const everyOctet = Array.from({ length: 256 }, (_, octet) => String.fromCharCode(octet)).join("");
    const input = inputOf(visible(everyOctet));
    expect([...input]).toEqual(Array.from({ length: 256 }, (_, octet) => octet));
    expect(visible(everyOctet)).toMatch(/^[ -_a-~␍␊]*$/);
  });

  test("a vector is a heading, an input with options, and a log for both modes", () => {
    const document =
      "# D\n\n## T\n\n~~~ http within=a␠b kind\nx␍␊\n\\x00y\n~~~\n\nwhy\n\n~~~ strict lenient\nlog\n~~~\n";
    const vector = { title: "T", machine: "http", options: { within: "a b", kind: "true" }, log: "log" };
    const [strict, lenient] = readDocument(document);
    expect({ ...strict, input: [...strict!.input] }).toEqual({
      ...vector,
      tolerance: "strict" satisfies Tolerance,
      input: [0x78, 13, 10, 0, 0x79],
    });
    expect(lenient).toMatchObject({ ...vector, tolerance: "lenient" satisfies Tolerance });
  });

  test.each([
    ["## T\n\nno block", `"T" has no input`],
    ["## T\n~~~ http\n~~~\n~~~ strict\n~~~", `"T" has logs for "strict"`],
    ["## T\n~~~ http\n~~~\n~~~ strict strict\n~~~", `"T" has logs for "strict,strict"`],
    ["## T\n~~~ http\n~~~\n~~~ both\n~~~", `"T" has a log for "both"`],
    ["## T\n~~~ http\n", "A block has no end"],
  ])("%j is malformed", (document, message) => {
    expect(() => readDocument(document)).toThrow(message);
  });
});
