import { describe, expect, test } from "vitest";
import type { RequestHead, ResponseHead } from "../../src/codec/http-event.ts";
import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import { HttpMessageSerializer } from "../../src/codec/http-message-serializer.ts";
import type {
  HttpMessageSerializerOptions,
  HttpMessageWriteEvent,
} from "../../src/codec/http-message-serializer.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { HeaderList } from "../../src/grammar/header-list.ts";
import type { HeaderListInit } from "../../src/grammar/header-list.ts";
import { OctetPool } from "../../src/octets/octet-pool.ts";
import { octets } from "../support/chunkings.ts";
import { detach } from "../support/detachable.ts";
import { concat, drive } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

function request(headers: HeaderListInit = {}, changes: Partial<RequestHead> = {}): RequestHead {
  return {
    kind: "request",
    method: "PUT",
    target: "/",
    version: "HTTP/1.1",
    headers: new HeaderList(headers),
    ...changes,
  };
}

function response(
  status: number,
  headers: HeaderListInit = {},
  changes: Partial<ResponseHead> = {},
): ResponseHead {
  return {
    kind: "response",
    version: "HTTP/1.1",
    status,
    reason: "",
    headers: new HeaderList(headers),
    ...changes,
  };
}

const head = (of: RequestHead | ResponseHead, bodyLength?: number): HttpMessageWriteEvent => ({
  type: "head",
  head: of,
  bodyLength,
});
const data = (text: string): HttpMessageWriteEvent => ({ type: "data", data: octets(text) });
const trailers = (headers: HeaderListInit): HttpMessageWriteEvent => ({
  type: "trailers",
  headers: new HeaderList(headers),
});
const END: HttpMessageWriteEvent = { type: "end" };

function written(events: readonly HttpMessageWriteEvent[], options?: HttpMessageSerializerOptions): string {
  const serializer = new HttpMessageSerializer(options);
  return isomorphic(...events.map((event) => serializer.write(event)));
}

/** The code of the error that ends the writing, or what was written. */
function outcome(events: readonly HttpMessageWriteEvent[], options?: HttpMessageSerializerOptions): string {
  try {
    return written(events, options);
  } catch (error) {
    return `!${(error as { code?: string }).code ?? (error as Error).name}`;
  }
}

describe("an HTTP message serializer writes", () => {
  test("a request", () => {
    const get = request({ "Host": "a", "x-Y": "é" }, { method: "GET", target: "/é?$filter='b'" });
    expect(written([head(get), END])).toBe(
      "GET /\xc3\xa9?$filter='b' HTTP/1.1\r\nHost: a\r\nx-Y: \xc3\xa9\r\n\r\n",
    );
  });

  test("a response, with the space before its reason whether there is one or not", () => {
    expect(written([head(response(204)), END])).toBe("HTTP/1.1 204 \r\n\r\n");
    expect(written([head(response(200, {}, { reason: "Ça va\t!" })), data("x"), END])).toBe(
      "HTTP/1.1 200 \xc3\x87a va\t!\r\n\r\nx",
    );
  });

  test("a head that was read, octet for octet", () => {
    const input = "HTTP/1.1 200 OK\r\nA:1\r\nb: \xe9\t \r\nA:\r\nC: 1,  2\r\n\r\nbody\r\n";
    const events: HttpMessageWriteEvent[] = [];
    drive(new HttpMessageParser(), [octets(input)], (event) => events.push(event));
    expect(written(events)).toBe(input);
  });

  test("the fields of a part that were read in folded lines, without folds", () => {
    const parser = new MultipartParser({ boundary: "b" });
    parser.push(octets("--b\r\nA:1\r\nB: 2\r\n 3\r\nTransfer-Encoding: chunked\r\n\r\n"));
    const part = parser.read();
    const headers = part?.type === "part" ? part.headers : new HeaderList();
    const fields = "A:1\r\nB: 2 3\r\nTransfer-Encoding: chunked\r\n\r\n";
    expect(written([head(request({}, { headers })), { type: "trailers", headers }, END])).toBe(
      `PUT / HTTP/1.1\r\n${fields}0\r\n${fields}`,
    );
  });

  test("start-lines that were read in octets other than UTF-8, octet for octet", () => {
    for (const input of ["GET /caf\xe9 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 caf\xe9\r\n\r\n"]) {
      const events: HttpMessageWriteEvent[] = [];
      drive(new HttpMessageParser(), [octets(input)], (event) => events.push(event));
      expect(written(events)).toBe(input);
      // Whatever becomes of the fields.
      for (const event of events) if (event.type === "head") event.head.headers.append("A", "b");
      expect(written(events)).toBe(input.replace("\r\n", "\r\nA: b\r\n"));
    }
  });

  test("content as it is given, without a copy", () => {
    const serializer = new HttpMessageSerializer();
    serializer.write(head(request()));
    const content = octets("x");
    expect(serializer.write({ type: "data", data: content })).toBe(content);
  });

  test("a head into a pool, which the octets share", () => {
    const pool = new OctetPool();
    const write = (): Uint8Array[] => {
      const serializer = new HttpMessageSerializer({ pool });
      return [head(request({ A: "é" })), data(""), END].map((event) => serializer.write(event));
    };
    const [one, other] = [write(), write()];
    const expected = written([head(request({ A: "é" })), data(""), END]);
    expect([isomorphic(concat(one)), isomorphic(concat(other))]).toEqual([expected, expected]);
    expect([one[2]!.buffer, other[0]!.buffer]).toEqual([one[0]!.buffer, one[0]!.buffer]);
  });

  test("octets that the caller may transfer, even where there are none", () => {
    for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
      const events = [head(request(headers)), data(""), END];
      const serializer = new HttpMessageSerializer();
      for (const event of events) {
        detach(serializer.write(event).buffer);
      }
      // What one caller has transferred is nobody else's.
      const other = new HttpMessageSerializer();
      const chunks = [head(request(headers)), data(""), END].map((event) => other.write(event));
      expect(isomorphic(concat(chunks))).toBe(written([head(request(headers)), data(""), END]));
    }
  });

  test("chunks, where the head says so; data of no octets is no chunk, for it would be the last", () => {
    const chunked = head(request({ "Transfer-Encoding": "gzip,\tChunked" }));
    const start = "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip,\tChunked\r\n\r\n";
    expect(written([chunked, END])).toBe(`${start}0\r\n\r\n`);
    expect(written([chunked, data("abc"), data(""), data("x".repeat(30)), END])).toBe(
      `${start}3\r\nabc\r\n1e\r\n${"x".repeat(30)}\r\n0\r\n\r\n`,
    );
    expect(written([chunked, data("a"), trailers({ A: "1", B: "2" }), END])).toBe(
      `${start}1\r\na\r\n0\r\nA: 1\r\nB: 2\r\n\r\n`,
    );
  });
});

describe("the length of a body", () => {
  test.each<[what: string, of: RequestHead | ResponseHead, bodyLength: number | undefined, expected: string]>(
    [
      ["of a request is written", request(), 3, "Content-Length: 3"],
      ["of a response is written", response(200), 3, "Content-Length: 3"],
      ["of no octets is written where the method expects content", request(), 0, "Content-Length: 0"],
      ["of no octets is not written for GET", request({}, { method: "GET" }), 0, ""],
      ["of no octets is written in a response", response(200), 0, "Content-Length: 0"],
      ["that is not known is not written", response(200), undefined, ""],
      [
        "that the head has is not written twice",
        request({ "content-length": "03" }),
        3,
        "content-length: 03",
      ],
      [
        "that the head has stands where none is declared",
        request({ "content-length": "3" }),
        undefined,
        "content-length: 3",
      ],
      ["of a 204 is not written", response(204), 0, ""],
      ["of a 304 is that of another body", response(304, { "Content-Length": "9" }), 0, "Content-Length: 9"],
    ],
  )("%s", (_, of, bodyLength, expected) => {
    const text = written([head(of, bodyLength)]);
    const [, ...lines] = text.slice(0, -4).split("\r\n");
    expect(lines.join()).toBe(expected);
  });

  test("is not written into the list that was given", () => {
    const of = request();
    written([head(of, 3)]);
    expect(of.headers.size).toBe(0);
  });

  test("of an answer to HEAD is not that of the octets written", () => {
    const of = response(200, { "Content-Length": "9" });
    expect(outcome([head(of), END], { requestMethod: "HEAD" })).toBe(
      "HTTP/1.1 200 \r\nContent-Length: 9\r\n\r\n",
    );
    expect(outcome([head(of), END])).toBe("!body-length-mismatch");
  });

  test.each<
    [declared: number | undefined, contentLength: string | undefined, pieces: string[], expected: string]
  >([
    [3, undefined, ["a", "", "bc"], "written"],
    [3, undefined, ["ab"], "!body-length-mismatch"],
    [3, undefined, ["ab", "cd"], "!body-length-mismatch"],
    [0, undefined, ["a"], "!body-length-mismatch"],
    [undefined, "2", ["ab"], "written"],
    [undefined, "2", ["a"], "!body-length-mismatch"],
    [undefined, "2", ["abc"], "!body-length-mismatch"],
    [3, "2", ["ab"], "!body-length-mismatch"],
    [undefined, "+2", ["ab"], "!invalid-content-length"],
    [undefined, "2, 2", ["ab"], "!invalid-content-length"],
    [undefined, "", [], "!invalid-content-length"],
  ])("declared %s, Content-Length %j, written %j: %s", (declared, contentLength, pieces, expected) => {
    const of = request(contentLength === undefined ? {} : { "Content-Length": contentLength });
    const result = outcome([head(of, declared), ...pieces.map(data), END]);
    expect(result.startsWith("!") ? result : "written").toBe(expected);
  });
});

test.each([Number.NaN, -1, 1.5, Infinity, "1" as never])("a body of %s octets is refused", (bodyLength) => {
  for (const of of [request(), request({ "Transfer-Encoding": "chunked" }), response(204)])
    expect(() => written([head(of, bodyLength)])).toThrow(RangeError);
});

describe("framing that no reader takes is not written", () => {
  test.each<[fields: [string, string][], bodyLength: number | undefined, code: string]>([
    [
      [
        ["Content-Length", "1"],
        ["Content-Length", "1"],
      ],
      undefined,
      "!invalid-content-length",
    ],
    [
      [
        ["Content-Length", "1"],
        ["Transfer-Encoding", "chunked"],
      ],
      undefined,
      "!content-length-with-transfer-encoding",
    ],
    [[["Transfer-Encoding", "gzip"]], undefined, "!invalid-transfer-encoding"],
    [[["Transfer-Encoding", "gzip"]], 1, "!invalid-transfer-encoding"],
    [[["Transfer-Encoding", ""]], undefined, "!invalid-transfer-encoding"],
    [[["Transfer-Encoding", "chunked, gzip"]], undefined, "!invalid-transfer-encoding"],
    [
      [
        ["Transfer-Encoding", "chunked"],
        ["Transfer-Encoding", "chunked"],
      ],
      undefined,
      "!invalid-transfer-encoding",
    ],
  ])("%j, declared %s", (fields, bodyLength, code) => {
    for (const of of [request(fields), response(200, fields)])
      expect(outcome([head(of, bodyLength), data("x"), END])).toBe(code);
  });
});

describe("events", () => {
  const sample: Record<HttpMessageWriteEvent["type"], HttpMessageWriteEvent> = {
    head: head(request()),
    data: data("x"),
    trailers: trailers({ A: "1" }),
    end: END,
  };
  type Type = keyof typeof sample;
  const types = Object.keys(sample) as Type[];

  test.each<
    [what: string, fields: HeaderListInit, grammar: RegExp, counts: { written: number; refused: number }]
  >([
    ["without chunks", {}, /^(head (data )*(end )?)?$/, { written: 10, refused: 23 }],
    [
      "of chunks",
      { "Transfer-Encoding": "chunked" },
      /^(head (data )*(trailers )?(end )?)?$/,
      { written: 17, refused: 36 },
    ],
  ])(
    "%s, in every order of up to five, are written exactly if they are in order",
    (_, fields, grammar, expected) => {
      const counts = { written: 0, refused: 0 };
      const write = (sequence: Type[]): void => {
        const inOrder = grammar.test(sequence.map((type) => `${type} `).join(""));
        const events = sequence.map((type) => (type === "head" ? head(request(fields)) : sample[type]));
        const result = outcome(events);
        expect({ sequence, code: result.startsWith("!") ? result : "" }).toEqual({
          sequence,
          code: inOrder ? "" : "!event-out-of-order",
        });
        counts[inOrder ? "written" : "refused"]++;
        if (inOrder && sequence.length < 5) for (const type of types) write([...sequence, type]);
      };
      write([]);
      expect(counts).toEqual(expected);
    },
  );
});

describe("what would forge a message is refused with a TypeError, and nothing is written, then or later", () => {
  test.each<[what: string, of: RequestHead | ResponseHead]>([
    ...["\r", "\n", "\0", "\r\nX: y", " ", "\t", "(", "é", ""].map((text): [string, RequestHead] => [
      `method ${JSON.stringify(text)}`,
      request({}, { method: text === "" ? "" : `GET${text}` }),
    ]),
    ...["\r", "\n", "\0", "\r\nX: y", " ", "\t", "\x7f", " HTTP/1.0", ""].map(
      (text): [string, RequestHead] => [
        `target ${JSON.stringify(text)}`,
        request({}, { target: text === "" ? "" : `/${text}` }),
      ],
    ),
    ...[
      "",
      "HTTP/1.1\r\n",
      "HTTP/1.1\n",
      "HTTP/1.1\0",
      "HTTP/1.1 ",
      "HTTP/",
      "HTTP/11",
      "HTTP/1.10",
      "http/1.1",
      "1.1",
    ].map((version): [string, RequestHead] => [
      `version ${JSON.stringify(version)}`,
      request({}, { version }),
    ]),
    ...["\r", "\n", "\0", "\r\nX: y", "\x01", "\x7f"].map((text): [string, ResponseHead] => [
      `reason ${JSON.stringify(text)}`,
      response(200, {}, { reason: `OK${text}` }),
    ]),
    ...[0, 99, 1000, 200.5, NaN, -200, Infinity].map((status): [string, ResponseHead] => [
      `status ${status}`,
      response(status),
    ]),
  ])("%s", (_, of) => {
    const serializer = new HttpMessageSerializer();
    expect(() => serializer.write(head(of))).toThrow(TypeError);
    expect(() => serializer.write(head(request()))).toThrow(TypeError);
    expect(() => serializer.write(END)).toThrow(TypeError);
  });

  test("a version in a response, too", () => {
    expect(outcome([head(response(200, {}, { version: "HTTP/1.1\r\nX: y" }))])).toBe("!TypeError");
  });

  test("a field name that is no token, as lenient readers let pass", () => {
    const parser = new HttpMessageParser({ tolerance: "lenient" });
    parser.push(octets("GET / HTTP/1.1\r\nA B: 1\r\n\r\n"));
    const event = parser.read()!;
    expect(outcome([event])).toBe("!TypeError");
  });
});
