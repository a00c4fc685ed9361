import { describe, expect, test } from "vitest";
import { Base64Encoder } from "../../src/codec/base64-encoder.ts";
import { WholePartParser } from "../../src/codec/whole-part-parser.ts";
import type { WholePartParserOptions } from "../../src/codec/whole-part-parser.ts";
import type { WholePart } from "../../src/codec/whole-part.ts";
import { Budget } from "../../src/limits.ts";
import type { Limits } from "../../src/limits.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { drive } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

const TYPED = "Content-Type: application/http\r\n";
const bodyOf = (...parts: string[]): Uint8Array<ArrayBuffer> =>
  octets(`${parts.map((part) => `--b\r\n${part}\r\n`).join("")}--b--`);

/** Where its body lies, start-line, fields and body of each part, in one line; and what is wrong with the input. */
function linesOf(chunks: readonly Uint8Array[], options: Partial<WholePartParserOptions> = {}): string[] {
  const lines: string[] = [];
  const parser = new WholePartParser({
    boundary: "b",
    messages: true,
    ...options,
    onDeviation: ({ code, offset, path }) => lines.push(`~${code} @${offset} part ${path}`),
  });
  const error = drive(parser, chunks, (part) => lines.push(lineOf(part)));
  if (error !== undefined) {
    const limit = error.limit === undefined ? "" : ` ${error.limit.name}`;
    lines.push(`!${error.code}${limit} @${error.offset} part ${error.path}`);
  }
  return lines;
}

function lineOf({ path, offset, offsetBase, head, body, trailers }: WholePart): string {
  const start =
    head === undefined
      ? "part"
      : head.kind === "request"
        ? `${head.method} ${head.target}`
        : `${head.status} ${head.reason}`;
  const fields = [...(head?.headers ?? []), ...(trailers ?? [])].map((field) => field.join("="));
  const place = offsetBase === "input" ? `@${offset}` : `@${offset} of the ${offsetBase}`;
  return `${path} ${place}: ${[start, ...fields].join(" ")} ${JSON.stringify(isomorphic(body))}`;
}

function expectInEveryChunking(
  input: Uint8Array,
  expected: string[],
  options?: Partial<WholePartParserOptions>,
): void {
  for (const { name, chunks } of chunkings(input)) expect(linesOf(chunks, options), name).toEqual(expected);
}

describe("parts", () => {
  test("come whole, one by one, as soon as their delimiter line is there", () => {
    const arrived: string[] = [];
    const parser = new WholePartParser({ boundary: "b" });
    bodyOf("A: 1\r\n\r\nx\r\ny", "\r\n").forEach((octet, index) => {
      parser.push(Uint8Array.of(octet));
      for (let part; (part = parser.read()) !== undefined;) arrived.push(`${lineOf(part)} at ${index + 1}`);
    });
    expect(arrived).toEqual(['1 @13: part "x\\r\\ny" at 24', '2 @26: part "" at 33']);
  });

  test("of which a delimiter ends the header section are parts without a body", () => {
    const expected = ["~unterminated-header-section @11 part 1", '1 @16: part ""', '2 @23: part "x"'];
    expectInEveryChunking(octets("--b\r\nA: 1\r\n--b\r\nB:2\r\n\r\nx\r\n--b--"), expected, {
      tolerance: "lenient",
    });
  });

  test("behind the last of which the rest of the chunk is looked at at once", () => {
    const parser = new WholePartParser({ boundary: "b" });
    const chunk = octets("--b\r\n\r\nx\r\n--b-- ");
    parser.push(chunk);
    expect([parser.read()?.path, parser.read()]).toEqual(["1", undefined]);
    chunk.fill(0x3d);
    parser.end();
    expect(parser.read()).toBeUndefined();

    const wrong = new WholePartParser({ boundary: "b" });
    wrong.push(octets("--b\r\n\r\nx\r\n--b--text"));
    expect(wrong.read()?.path).toBe("1");
    expect(() => wrong.read()).toThrow("Text follows the close-delimiter");
  });

  test("that lie in a chunk are views of it, and others octets of their own", () => {
    const input = bodyOf("\r\nfirst", "\r\nsecond");
    const bodies = (chunks: Uint8Array[]): Uint8Array[] => {
      const found: Uint8Array[] = [];
      drive(new WholePartParser({ boundary: "b" }), chunks, ({ body }) => found.push(body));
      return found;
    };
    const [first, second] = bodies([input]);
    expect([first!.buffer, second!.buffer]).toEqual([input.buffer, input.buffer]);

    const chunks = [input.slice(0, 9), input.slice(9, 30), input.slice(30)];
    const owned = bodies(chunks);
    for (const chunk of chunks) chunk.fill(0);
    expect(owned.map((body) => isomorphic(body))).toEqual(["first", "second"]);
  });

  test("do not share octets", () => {
    const bodies: Uint8Array[] = [];
    const chunks = Array.from(bodyOf("\r\nfirst", "\r\nsecond"), (octet) => Uint8Array.of(octet));
    drive(new WholePartParser({ boundary: "b" }), chunks, ({ body }) => {
      bodies.push(body.slice());
      body.fill(0);
    });
    expect(bodies.map((body) => isomorphic(body))).toEqual(["first", "second"]);
  });

  test("are the origin of what is nested in them", () => {
    const input = bodyOf(
      "\r\n",
      'Content-Type: multipart/mixed; boundary="c"\r\n\r\n--c\r\nnone\r\n\r\n--c--',
    );
    for (const { name, chunks } of chunkings(input)) {
      const findings: string[] = [];
      const error = drive(new WholePartParser({ boundary: "b" }), chunks, (part) => {
        const contentType = part.headers.get("content-type");
        if (contentType === undefined) return;
        const inner = new WholePartParser({ contentType, origin: part });
        const wrong = drive(inner, [part.body], () => {});
        findings.push(`${wrong?.code} @${wrong?.offset} part ${wrong?.path}, depth ${part.depth}`);
      });
      expect(error, name).toBeUndefined();
      expect(findings, name).toEqual(["missing-colon @66 part 2.1, depth 1"]);
    }
  });

  const typed = "POST /x HTTP/1.1\r\nContent-Type: multipart/mixed; boundary=s\r\n";
  const nested = "--s\r\nbroken\r\n\r\nx\r\n--s--";
  const message = `${typed}\r\n${nested}`;
  test.each<[what: string, part: string, offset: number, offsetBase: string, tolerance?: "lenient"]>([
    ["message", `${TYPED}\r\n${message}`, 107, "input"],
    [
      "message with a wrong length",
      `${TYPED}\r\n${typed}Content-Length: 1\r\n\r\n${nested}`,
      126,
      "input",
      "lenient",
    ],
    [
      "chunked message",
      `${TYPED}\r\n${typed}Transfer-Encoding: chunked\r\n\r\n17\r\n${nested}\r\n0\r\n\r\n`,
      5,
      "decoded-body",
    ],
    [
      "message in base64",
      `${TYPED}Content-Transfer-Encoding: base64\r\n\r\n${isomorphic(new Base64Encoder().encode(octets(message)))}`,
      68,
      "decoded-body",
    ],
  ])("are the origin of what is nested in their %s", (_, part, offset, offsetBase, tolerance) => {
    for (const { name, chunks } of chunkings(bodyOf(part))) {
      const findings: unknown[] = [];
      const error = drive(
        new WholePartParser({ boundary: "b", messages: true, tolerance }),
        chunks,
        (whole) =>
          findings.push(drive(new WholePartParser({ boundary: "s", origin: whole }), [whole.body], () => {})),
      );
      expect(error, name).toBeUndefined();
      expect(findings, name).toMatchObject([{ code: "missing-colon", offset, offsetBase, path: "1.1" }]);
    }
  });
});

describe("messages", () => {
  const message = "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";

  test("are read in parts of type application/http alone", () => {
    const parts = [
      `${TYPED}\r\n${message}`,
      `content-type: Application/HTTP;version=1.1\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n`,
      `Content-Type: text/plain\r\n\r\n${message}`,
      `\r\n${message}`,
    ];
    const plain = JSON.stringify(message);
    expectInEveryChunking(bodyOf(...parts), [
      '1 @78: POST /a Content-Length=3 "abc"',
      '2 @161: 204 No Content ""',
      `3 @196: part ${plain}`,
      `4 @247: part ${plain}`,
    ]);
    expect(linesOf([bodyOf(...parts)], { messages: false })[0]).toBe(`1 @39: part ${plain}`);
  });

  test("have their transfer encoding undone; other parts are as they were sent", () => {
    const encoded = "Content-Transfer-Encoding: base64\r\n\r\nR0VUIC8gSFRUUC8xLjENCg0K";
    expectInEveryChunking(
      bodyOf(TYPED + encoded, encoded, `${TYPED}Content-Transfer-Encoding: 8bit\r\n\r\n${message}`),
      [
        '1 @18 of the decoded-body: GET / ""',
        '2 @142: part "R0VUIC8gSFRUUC8xLjENCg0K"',
        '3 @279: POST /a Content-Length=3 "abc"',
      ],
    );
  });

  test("of an unknown transfer encoding are refused, or reported and read as they are", () => {
    const input = bodyOf(`${TYPED}Content-Transfer-Encoding: uu\r\n\r\n${message}`);
    expectInEveryChunking(input, ["!unknown-transfer-encoding @70 part 1"]);
    expectInEveryChunking(
      input,
      ["~unknown-transfer-encoding @70 part 1", '1 @109: POST /a Content-Length=3 "abc"'],
      { tolerance: "lenient" },
    );
  });

  test("are in no part whose media type is malformed, which is refused or reported where it is", () => {
    const wrong = `X: 1\r\nContent-Type: application http\r\n\r\n${message}`;
    const none = "Content-Type: text\r\n\r\n";
    const input = bodyOf(`${TYPED}\r\n${message}`, wrong, wrong, none);
    const first = '1 @78: POST /a Content-Length=3 "abc"';
    const other = `part ${JSON.stringify(message)}`;
    expectInEveryChunking(input, [first, "!malformed-media-type @119 part 2"]);
    expectInEveryChunking(
      input,
      [
        first,
        "~malformed-media-type @119 part 2",
        `2 @128: ${other}`,
        "~malformed-media-type @208 part 3",
        `3 @217: ${other}`,
        "~malformed-media-type @284 part 4",
        '4 @288: part ""',
      ],
      { tolerance: "lenient" },
    );
    // Nobody asks what type a part has where no messages are read.
    expect(linesOf([input], { messages: false })).toHaveLength(4);
  });

  test("are told by the type alone, whatever its parameters", () => {
    const part = `Content-Type: Application/HTTP ; msgtype\r\n\r\n${message}`;
    expectInEveryChunking(bodyOf(part), ['1 @88: POST /a Content-Length=3 "abc"']);
  });

  test("may be chunked, with trailer fields", () => {
    const chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\nT: 1\r\n\r\n";
    expectInEveryChunking(bodyOf(`${TYPED}\r\n${chunked}`), [
      '1 @0 of the decoded-body: 200 OK Transfer-Encoding=chunked T=1 "abc"',
    ]);
  });

  test("tell what is wrong with them where it is, once", () => {
    const parts = [
      `${TYPED}\r\n${message}`,
      `${TYPED}\r\n${message}d`,
      `${TYPED}\r\nGET /a HTTP/1.1\r\nA : 1\r\n\r\n`,
      `${TYPED}\r\n\r\nGET /a`,
    ];
    expectInEveryChunking(
      bodyOf(...parts),
      [
        '1 @78: POST /a Content-Length=3 "abc"',
        "~content-length-mismatch @164 part 2",
        '2 @161: POST /a Content-Length=3 "abcd"',
        "~space-before-colon @224 part 3",
        '3 @232: GET /a A=1 ""',
        "~empty-line-before-start-line @273 part 4",
        "~missing-http-version @281 part 4",
        "~unterminated-head @281 part 4",
        '4 @281: GET /a ""',
      ],
      { tolerance: "lenient" },
    );
  });

  test("are read when their part is whole, and tell what is wrong behind the delimiter line", () => {
    const input = "--b\nContent-Type: application/http\n\nGET / HTTP/1.1\n\n\n--b\n\n\n--b--";
    expectInEveryChunking(
      octets(input),
      [
        "~bare-lf @3 part ",
        "~bare-lf @56 part 1",
        "~bare-lf @50 part 1",
        "~bare-lf @51 part 1",
        '1 @52: GET / ""',
        '2 @58: part ""',
      ],
      { tolerance: "lenient" },
    );
    const strict = bodyOf(`${TYPED}\r\nGET / HTTP/1.1\r\nA : 1\r\n\r\n`);
    expectInEveryChunking(strict.subarray(0, -9), ["!unexpected-end @62 part 1"]);
    expectInEveryChunking(strict, ["!space-before-colon @56 part 1"]);
  });

  test("that answer HEAD have no body, whatever their Content-Length", () => {
    const answer = `${TYPED}\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n`;
    const methods = ["HEAD", "GET"];
    expectInEveryChunking(
      bodyOf(answer, answer),
      ['1 @77: 200 OK Content-Length=3 ""', "!content-length-mismatch @156 part 2"],
      { messages: { requestMethod: ({ path }) => methods[Number(path) - 1] } },
    );
  });

  test("are read as the kind that is asked for", () => {
    const input = bodyOf(`${TYPED}\r\nHTTP/1.1 200 OK\r\n\r\n`);
    expectInEveryChunking(input, ["!invalid-request-line @43 part 1"], { messages: { kind: "request" } });
    const wrong = (): unknown =>
      new WholePartParser({ boundary: "b", messages: { kind: "answer" as never } });
    expect(wrong).toThrow(TypeError);
  });

  test("whose heads lie close together are told apart, whatever octets stand between them", () => {
    const random = (at: number): string => String.fromCharCode(at, 0x80 + at, 0xff - at, 0xc3, 0xa9);
    const parts = Array.from(
      { length: 40 },
      (_, at) =>
        `${TYPED}\r\nPUT /${at} HTTP/1.1\r\nA: ${"a".repeat(at)}\r\n\r\n${at < 20 ? "" : random(at)}`,
    );
    for (const { name, chunks } of chunkings(bodyOf(...parts))) {
      const lines = linesOf(chunks).map((line) => line.replace(/^.*: P/, "P"));
      expect(lines, name).toEqual(
        parts.map((_, at) => `PUT /${at} A=${"a".repeat(at)} ${JSON.stringify(at < 20 ? "" : random(at))}`),
      );
    }
  });

  test("in a chunk that is filled again are not mistaken for those before", () => {
    const chunk = new Uint8Array(200);
    const parser = new WholePartParser({ boundary: "b", messages: true });
    const targets: string[] = [];
    for (let at = 0; at < 20; at++) {
      const part = octets(`--b\r\n${TYPED}\r\nGET /${at % 10} HTTP/1.1\r\nA: ${at}\r\n\r\n\r\n`);
      chunk.set(part);
      parser.push(chunk.subarray(0, part.length));
      for (let read; (read = parser.read()) !== undefined;) {
        if (read.head?.kind === "request") targets.push(`${read.head.target} ${read.head.headers.get("a")}`);
      }
    }
    expect(targets).toEqual(Array.from({ length: 19 }, (_, at) => `/${at % 10} ${at}`));
  });
});

describe("limits", () => {
  const expectLimit = (limits: Partial<Limits>, expected: string[], ...parts: string[]): void =>
    expectInEveryChunking(bodyOf(...parts), expected, { limits });

  test("hold for a body that is held, wherever it lies", () => {
    const parts = ["\r\nabc", "\r\nabcd"];
    expectLimit(
      { maxBufferedBytes: 3 },
      ['1 @7: part "abc"', "!limit-exceeded maxBufferedBytes @22 part 2"],
      ...parts,
    );
    expectLimit(
      { maxPartBytes: 3 },
      ['1 @7: part "abc"', "!limit-exceeded maxPartBytes @22 part 2"],
      ...parts,
    );
    const both = (maxBufferedBytes: number, maxPartBytes: number): Partial<Limits> => ({
      maxBufferedBytes,
      maxPartBytes,
    });
    expectLimit(both(1, 2), ["!limit-exceeded maxBufferedBytes @8 part 1"], ...parts);
    expectLimit(both(2, 1), ["!limit-exceeded maxPartBytes @8 part 1"], ...parts);
    expectLimit(both(2, 2), ["!limit-exceeded maxPartBytes @9 part 1"], ...parts);
  });

  test("hold for heads as if each were read by itself", () => {
    const part = `${TYPED}\r\nGET / HTTP/1.1\r\nA: 1\r\n\r\n`;
    const first = '1 @63: GET / A=1 ""';
    expectLimit({ maxHeaderBytes: 34 }, [first], part);
    expectLimit({ maxHeaderBytes: 33 }, ["!limit-exceeded maxHeaderBytes @38 part 1"], part);
    expectLimit({ maxTotalHeaderBytes: 34 + 24 }, [first], part);
    expectLimit({ maxTotalHeaderBytes: 34 + 23 }, ["!limit-exceeded maxTotalHeaderBytes @62 part 1"], part);
    expectLimit(
      { maxHeaderCount: 1 },
      ["!limit-exceeded maxHeaderCount @61 part 1"],
      `${part.slice(0, -2)}B: 2\r\n\r\n`,
    );
  });

  test("let a section have what the head in front of it has left of all heads", () => {
    const part = `${TYPED}\r\nGET / HTTP/1.1\r\nA: 1\r\n\r\n`;
    const first = '1 @63: GET / A=1 ""';
    for (const [left, at] of [
      [2, 72],
      [12, 82],
      [33, 103],
    ] as const) {
      const error = `!limit-exceeded maxTotalHeaderBytes @${at} part 2`;
      expectLimit({ maxTotalHeaderBytes: 34 + 24 + left }, [first, error], part, part);
      expectLimit({ maxTotalHeaderBytes: 34 + 24 + left }, [first, error], part, part.replace("-T", "-t"));
    }
    const second = "!limit-exceeded maxTotalHeaderBytes @104 part 2";
    expectLimit({ maxTotalHeaderBytes: 34 + 24 + 34 }, [first, second], part, part);
  });

  test("count each head once, however it was read", () => {
    const input = bodyOf(
      `${TYPED}\r\nGET / HTTP/1.1\r\nA: 1\r\n\r\n`,
      `${TYPED}\r\nGET / HTTP/1.1\r\nA : 1\r\n\r\n`,
      `${TYPED}\r\nGET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n`,
    );
    for (const { name, chunks } of chunkings(input)) {
      const budget = new Budget();
      linesOf(chunks, { budget, tolerance: "lenient" });
      expect([budget.parts, budget.headerBytes], name).toEqual([3, 3 * 34 + 24 + 25 + 37]);
    }
  });
});
