/** Writing is the mirror of reading: what is written is read as it was meant, what was read is written as it was. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HttpMessageEvent } from "../../src/codec/http-event.ts";
import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import { HttpMessageSerializer } from "../../src/codec/http-message-serializer.ts";
import type { HttpMessageWriteEvent } from "../../src/codec/http-message-serializer.ts";
import type { MultipartEvent } from "../../src/codec/multipart-event.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { MultipartSerializer } from "../../src/codec/multipart-serializer.ts";
import type { MultipartWriteEvent } from "../../src/codec/multipart-serializer.ts";
import { HeaderList } from "../../src/grammar/header-list.ts";
import { codePoint } from "../support/code-point.ts";
import {
  arbitraryCuts,
  arbitraryHttpMessage,
  arbitraryMultipart,
  cut,
  octets,
} from "../support/chunkings.ts";
import { concat, drive } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

const name = fc.oneof(
  fc.constantFrom("A", "a", "Content-Type", "__proto__", "-", "--b", "--bb"),
  fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}$/),
);
const value = fc.oneof(
  fc.string({ unit: codePoint }).map((text) =>
    Array.from(text, (character) => (character < " " || character === "\x7f" ? "\t" : character))
      .join("")
      .trim(),
  ),
  fc.constantFrom("", "--b", "x  y"),
);
const headers = fc.array(fc.tuple(name, value), { maxLength: 4 }).map((pairs) => new HeaderList(pairs));

const contentPiece = fc.oneof(
  fc.constantFrom(
    "",
    "x",
    "\r\n",
    "\n",
    "\r",
    "-",
    "--",
    "b",
    " ",
    "--b",
    "\r\n--b",
    "\r\n--bb",
    "\n--b--",
    "\0\xff",
  ),
  fc.string({ unit: "binary-ascii" }),
);
const content = fc.array(contentPiece, { maxLength: 6 });

/** Whether readers would see a delimiter line in a body: by definition, not by scanning. */
function holdsDelimiter(body: string): boolean {
  return /\r\n--b(--|[ \t]*[\r\n]|[ \t]{257})/.test(`\r\n${body}\r\n`);
}

/** `[CRLF] dash-boundary transport-padding CRLF` at the start of `text`. */
const firstDelimiterLine = (text: string): string => /^(\r\n)?--b[ \t]*\r\n/.exec(text)![0];

describe("a multipart body", () => {
  test("that was written is read as it was meant, or refused because it holds the boundary", () => {
    const parts = fc.array(fc.record({ headers, pieces: content }), { maxLength: 4 });
    const outcomes = { read: 0, refused: 0 };
    fc.assert(
      fc.property(parts, fc.infiniteStream(fc.nat()), (given, randoms) => {
        const serializer = new MultipartSerializer({ boundary: "b" });
        const events = given.flatMap((part): MultipartWriteEvent[] => [
          { type: "part", headers: part.headers },
          ...part.pieces.map((piece): MultipartWriteEvent => ({ type: "data", data: octets(piece) })),
          { type: "part-end" },
        ]);
        const write = (): Uint8Array =>
          concat([...events, { type: "end" } as const].map((event) => serializer.write(event)));
        if (given.some(({ pieces }) => holdsDelimiter(pieces.join("")))) {
          expect(write).toThrow(expect.objectContaining({ code: "boundary-in-content" }));
          outcomes.refused++;
          return;
        }
        const octetsWritten = write();
        const cuts = [...randoms.take(3)]
          .map((random) => random % (octetsWritten.length + 1))
          .sort((one, other) => one - other);
        const read: { headers: [string, string][]; body: string }[] = [];
        const error = drive(new MultipartParser({ boundary: "b" }), cut(octetsWritten, cuts), (event) => {
          if (event.type === "part") read.push({ headers: [...event.headers], body: "" });
          if (event.type === "data") read.at(-1)!.body += isomorphic(event.data);
        });
        expect(error).toBeUndefined();
        expect(read).toEqual(
          given.map((part) => ({ headers: [...part.headers], body: part.pieces.join("") })),
        );
        outcomes.read++;
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(100);
  });

  test("that strict mode reads is written as it was, but for transport padding and line ends that were shared", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        arbitraryMultipart("b").chain((input) => fc.tuple(fc.constant(input), arbitraryCuts(input.length))),
        ([input, cuts]) => {
          const events: MultipartEvent[] = [];
          /** What should be written: slices of the input, and delimiters in their plainest form. */
          let expected = "";
          let preamble = "";
          let sectionStart: number | undefined;
          const parser = new MultipartParser({ boundary: "b", preamble: true, epilogue: true });
          const error = drive(parser, cut(input, cuts), (event) => {
            if (event.type === "part") {
              sectionStart ??=
                preamble.length + firstDelimiterLine(isomorphic(input).slice(preamble.length)).length;
              expected += `--b\r\n${isomorphic(input.subarray(sectionStart, parser.offset))}`;
            } else if (event.type === "part-end") {
              expected += "\r\n";
              sectionStart = parser.offset;
            } else if (event.type === "end") {
              expected += "--b--\r\n";
            } else if (event.type === "preamble") {
              preamble += isomorphic(event.data);
            } else {
              expected += isomorphic(event.data);
            }
            events.push("data" in event ? { ...event, data: event.data.slice() } : event);
          });
          fc.pre(error === undefined);
          const serializer = new MultipartSerializer({ boundary: "b" });
          const written = isomorphic(...events.map((event) => serializer.write(event)));
          expect(written).toBe(preamble === "" ? expected : `${preamble}\r\n${expected}`);
          accepted++;
        },
      ),
      { numRuns: 800 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe("an HTTP message", () => {
  const startLine = fc.oneof(
    fc.record({
      kind: fc.constant("request" as const),
      method: fc.constantFrom("GET", "PATCH", "x-Y", "HTTP"),
      target: fc.constantFrom("/", "*", "a/b?c='d'", "http://a/é", "HTTP/1.1", "--b--"),
      version: fc.constantFrom("HTTP/1.1", "HTTP/1.0"),
    }),
    fc.record({
      kind: fc.constant("response" as const),
      version: fc.constantFrom("HTTP/1.1", "HTTP/1.0"),
      status: fc.constantFrom(100, 200, 204, 304, 404, 999),
      reason: fc.constantFrom("", "OK", " a  b ", "é€\t"),
    }),
  );
  const framing = fc.constantFrom("chunked", "declared", "none");

  test("that was written is read as it was meant", () => {
    fc.assert(
      fc.property(startLine, headers, framing, content, headers, (line, fields, by, pieces, trailers) => {
        const list = new HeaderList(fields);
        const hasBody =
          line.kind === "request" || (line.status >= 200 && line.status !== 204 && line.status !== 304);
        if (by === "chunked" && hasBody) list.append("Transfer-Encoding", "x, chunked");
        const isChunked = list.has("Transfer-Encoding");
        const body = pieces.join("");
        const serializer = new HttpMessageSerializer();
        const events: HttpMessageWriteEvent[] = [
          {
            type: "head",
            head: { ...line, headers: list },
            bodyLength: by === "declared" ? body.length : undefined,
          },
          ...pieces.map((piece): HttpMessageWriteEvent => ({ type: "data", data: octets(piece) })),
          ...(isChunked ? [{ type: "trailers", headers: trailers } as const] : []),
          { type: "end" },
        ];
        const written = concat(events.map((event) => serializer.write(event)));
        let read = "";
        let trailersRead: [string, string][] = [];
        let headRead: unknown;
        const error = drive(new HttpMessageParser(), [written], (event) => {
          if (event.type === "data") read += isomorphic(event.data);
          else if (event.type === "trailers") trailersRead = [...event.headers];
          else if (event.type === "head")
            headRead = {
              ...event.head,
              headers: [...event.head.headers].filter(([field]) => field !== "Content-Length"),
            };
        });
        expect(error).toBeUndefined();
        expect(headRead).toEqual({ ...line, headers: [...list] });
        expect([read, trailersRead]).toEqual([body, isChunked ? [...trailers] : []]);
      }),
      { numRuns: 600 },
    );
  });

  test("that strict mode reads is written as it was, but for how it was chunked", () => {
    let accepted = 0;
    const eventsOf = (chunks: Uint8Array[]): { events: HttpMessageEvent[]; failed: boolean } => {
      const events: HttpMessageEvent[] = [];
      const error = drive(new HttpMessageParser(), chunks, (event) =>
        events.push(event.type === "data" ? { ...event, data: event.data.slice() } : event),
      );
      return { events, failed: error !== undefined };
    };
    const meaning = (events: HttpMessageEvent[]): unknown => [
      isomorphic(...events.flatMap((event) => (event.type === "data" ? [event.data] : []))),
      events.flatMap((event) =>
        event.type === "head" ? [event.head, isomorphic(event.head.headers.toOctets())] : [],
      ),
      events.flatMap((event) => (event.type === "trailers" ? [isomorphic(event.headers.toOctets())] : [])),
    ];
    fc.assert(
      fc.property(arbitraryHttpMessage(), (input) => {
        const { events, failed } = eventsOf([input]);
        fc.pre(!failed);
        const serializer = new HttpMessageSerializer();
        const written = concat(events.map((event) => serializer.write(event)));
        const isChunked = events.some(
          (event) => event.type === "head" && event.head.headers.has("transfer-encoding"),
        );
        if (!isChunked) expect(isomorphic(written)).toBe(isomorphic(input));
        else expect(meaning(eventsOf([written]).events)).toEqual(meaning(events));
        accepted++;
      }),
      { numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(50);
  });
});
