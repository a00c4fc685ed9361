import { describe, expect, test } from "vitest";
import {
  httpMessageStream,
  MultipartReader,
  multipartStream,
  readHttpMessage,
  RequestMessage,
  ResponseMessage,
} from "../../src/index.ts";
import type { Deviation, HttpMessage, HttpMessageInit, ReadHttpMessageOptions } from "../../src/index.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";
import {
  chunksOf,
  nextPart,
  outcomeOf,
  rejection,
  streamOf,
  Tap,
  textOf,
  turns,
} from "../support/web-streams.ts";

const read = (text: string, options?: ReadHttpMessageOptions): Promise<HttpMessage> =>
  readHttpMessage(octets(text), options);

/** An `application/http` part with these fields, and a second part. */
const partWith = (fields: string, message: string): string =>
  `--b\r\nContent-Type: application/http\r\n${fields}\r\n${message}\r\n--b\r\n\r\nsecond\r\n--b--`;

describe("a message is read", () => {
  test.each([
    ["GET /me HTTP/1.1", { kind: "request", method: "GET", target: "/me", version: "HTTP/1.1" }],
    [
      "MERGE http://a/Orders(1) HTTP/1.0",
      { method: "MERGE", target: "http://a/Orders(1)", version: "HTTP/1.0" },
    ],
    ["PATCH Orders(1) HTTP/1.1", { method: "PATCH", target: "Orders(1)" }],
    ["OPTIONS * HTTP/1.1", { method: "OPTIONS", target: "*" }],
    ["CONNECT a:443 HTTP/1.1", { method: "CONNECT", target: "a:443" }],
    ["get //a/b?c HTTP/1.1", { method: "get", target: "//a/b?c" }],
    ["HTTP/1.1 200 OK", { kind: "response", status: 200, reason: "OK", version: "HTTP/1.1" }],
    ["HTTP/1.1 404 ", { status: 404, reason: "" }],
    ["HTTP/1.1 200 caf\xc3\xa9", { status: 200, reason: "café" }],
    ["HTTP/1.1 200 caf\xe9", { status: 200, reason: "caf\xe9" }],
    ["HTTP/1.1 103 Early Hints", { status: 103 }],
    ["HTTP/1.1 999 Odd", { status: 999, reason: "Odd" }],
  ])("%j", async (line, expected) => {
    for (const { name, chunks } of chunkings(octets(`${line}\r\nA: 1\r\na: 2\r\n\r\n`))) {
      const message = await readHttpMessage(chunks);
      expect(message, name).toMatchObject(expected);
      expect([...message.headers]).toEqual([
        ["A", "1"],
        ["a", "2"],
      ]);
    }
  });

  test("by kind", async () => {
    expect(await read("GET / HTTP/1.1\r\n\r\n")).toBeInstanceOf(RequestMessage);
    expect(await read("HTTP/1.1 200 OK\r\n\r\n")).toBeInstanceOf(ResponseMessage);
    expect(await rejection(read("HTTP/1.1 200 OK\r\n\r\n", { kind: "request" }))).toMatchObject({
      code: "invalid-request-line",
    });
    expect(await rejection(read("GET / HTTP/1.1\r\n\r\n", { kind: "response" }))).toMatchObject({
      code: "invalid-status-line",
    });
    const request: RequestMessage = await readHttpMessage(octets("GET / HTTP/1.1\r\n\r\n"), {
      kind: "request",
    });
    const { status } = await readHttpMessage(octets("HTTP/1.1 200 OK\r\n\r\n"), { kind: "response" });
    expect([request.target, status]).toEqual(["/", 200]);
  });

  test("as the part's msgtype says", async () => {
    const input =
      "--b\r\nContent-Type: application/http; msgtype=Response\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n--b--";
    const part = (): Promise<never> =>
      nextPart(new MultipartReader(octets(input), { boundary: "b" })) as Promise<never>;
    expect(await rejection(readHttpMessage(await part()))).toMatchObject({ code: "invalid-status-line" });
    expect(await readHttpMessage(await part(), { kind: "request" })).toMatchObject({ method: "GET" });
  });

  test("as soon as its head has arrived, and its body when that is asked for", async () => {
    const tap = new Tap("HTTP/1.1 200 OK\r\n\r\n", "ab");
    const message = await readHttpMessage(tap.stream);
    expect(tap.pulls).toBe(1);
    const body = message.body.getReader();
    await turns();
    expect(tap.pulls).toBe(1);
    expect((await body.read()).value).toEqual(octets("ab"));
    expect(tap.pulls).toBe(2);
  });

  const bodies: [string, string, string][] = [
    ["to the end", "HTTP/1.1 200 OK\r\n\r\nbody", "body"],
    ["of a request to the end of its part", "POST / HTTP/1.1\r\n\r\nbody", "body"],
    ["of a GET", "GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody", "body"],
    ["of its length", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody", "body"],
    [
      "in chunks",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbod\r\n1;x\r\ny\r\n0\r\n\r\n",
      "body",
    ],
    ["that is empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""],
    ["of a 204 that has one", "HTTP/1.1 204 No Content\r\n\r\nbody", "body"],
    ["of a 304 with the length of another", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", ""],
    ["of a 103", "HTTP/1.1 103 Early Hints\r\n\r\nbody", "body"],
  ];
  test.each(bodies)("with its body %s, in every chunking and every way", async (_, message, expected) => {
    for (const { name, chunks } of chunkings(octets(message))) {
      expect(await (await readHttpMessage(chunks)).text(), name).toBe(expected);
      expect(await textOf((await readHttpMessage(chunks)).body), name).toBe(expected);
    }
    for (const { name, chunks } of chunkings(octets(partWith("", message)))) {
      const reader = new MultipartReader(chunks, { boundary: "b" });
      expect(await (await readHttpMessage(await nextPart(reader))).text(), name).toBe(expected);
      expect(await (await nextPart(reader)).text(), name).toBe("second");
    }
  });

  test("of an answer to HEAD, whose length is of another body", async () => {
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
    expect(await (await read(head, { requestMethod: "HEAD" })).text()).toBe("");
    expect(await rejection(read(head).then((message) => message.text()))).toMatchObject({
      code: "content-length-mismatch",
    });
  });

  test("with its trailers, once the body has been read", async () => {
    const input = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nB: 2\r\n\r\n";
    for (const { name, chunks } of chunkings(octets(input))) {
      const message = await readHttpMessage(chunks);
      expect(message.trailers, name).toBeUndefined();
      await message.text();
      expect([...message.trailers!], name).toEqual([["B", "2"]]);
    }
    const without = await read("HTTP/1.1 200 OK\r\n\r\n");
    await without.text();
    expect(without.trailers).toBeUndefined();
  });

  test("with its media type, leniently", async () => {
    expect((await read("HTTP/1.1 200 OK\r\nContent-Type: Text/Plain; =x\r\n\r\n")).mediaType.essence).toBe(
      "text/plain",
    );
    expect((await read("HTTP/1.1 200 OK\r\n\r\n")).mediaType.essence).toBe("application/octet-stream");
    const latin = await read("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe9");
    expect(await latin.text()).toBe("é");
  });

  test("once", async () => {
    const message = await read("HTTP/1.1 200 OK\r\n\r\n{}");
    expect(message.bodyUsed).toBe(false);
    expect(await message.json()).toEqual({});
    expect(message.bodyUsed).toBe(true);
    expect(await rejection(message.text())).toMatchObject({ code: "body-used" });
    expect(() => message.body).toThrow("already been read");
  });
});

describe("a part is decoded before its message is parsed", () => {
  test.each([
    ["base64", btoa],
    ["quoted-printable", (text: string) => text.replaceAll("=", "=3D").replaceAll("HTTP", "=48TTP")],
  ])("from %s, in every chunking", async (mechanism, encode) => {
    const message = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na=b";
    const input = octets(partWith(`Content-Transfer-Encoding: ${mechanism}\r\n`, encode(message)));
    for (const { name, chunks } of chunkings(input)) {
      const reader = new MultipartReader(chunks, { boundary: "b" });
      expect(await (await readHttpMessage(await nextPart(reader))).text(), name).toBe("a=b");
      expect(await (await nextPart(reader)).text(), name).toBe("second");
    }
  });

  test("and offsets count from the start of the decoded body", async () => {
    const input = partWith("Content-Transfer-Encoding: base64\r\n", btoa("GET / HTTP/1.1\r\nbroken\r\n\r\n"));
    const part = await nextPart(new MultipartReader(octets(input), { boundary: "b" }));
    expect(await rejection(readHttpMessage(part))).toMatchObject({
      code: "missing-colon",
      offset: 16,
      offsetBase: "decoded-body",
      path: "1",
    });
  });
});

describe("what is wrong", () => {
  test("with the head is told where it is in the outermost input, and the next part is there", async () => {
    const input = partWith("", "GET / HTTP/1.1\r\nbroken\r\n\r\n");
    for (const { name, chunks } of chunkings(octets(input))) {
      const reader = new MultipartReader(chunks, { boundary: "b" });
      expect(await rejection(readHttpMessage(await nextPart(reader))), name).toMatchObject({
        code: "missing-colon",
        offset: input.indexOf("broken"),
        offsetBase: "input",
        path: "1",
      });
      expect(await (await nextPart(reader)).text(), name).toBe("second");
    }
  });

  test("with the body is told where it is read", async () => {
    const input = partWith("", "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabc");
    for (const { name, chunks } of chunkings(octets(input))) {
      const reader = new MultipartReader(chunks, { boundary: "b" });
      const message = await readHttpMessage(await nextPart(reader));
      expect(await rejection(message.text()), name).toMatchObject({
        code: "content-length-mismatch",
        offset: input.indexOf("abc") + 2,
        path: "1",
      });
      expect(await (await nextPart(reader)).text(), name).toBe("second");
    }
  });

  test("with JSON is told where the body begins", async () => {
    const input = partWith("", "POST / HTTP/1.1\r\n\r\n{");
    const message = await readHttpMessage(
      await nextPart(new MultipartReader(octets(input), { boundary: "b" })),
    );
    expect(await rejection(message.json())).toMatchObject({
      code: "invalid-json",
      offset: input.indexOf("{"),
    });
  });

  test.each([
    ["200 OK", "1\r\n{\r\n0\r\n\r\n", { offset: 0, offsetBase: "decoded-body" }],
    ["204 No Content", "{", { offset: 55, offsetBase: "input" }],
  ])(
    "with JSON behind a Transfer-Encoding of a %s is told where its chunks begin, if it has any",
    async (status, body, place) => {
      const message = await read(`HTTP/1.1 ${status}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
      expect(await rejection(message.json())).toMatchObject({ code: "invalid-json", ...place });
    },
  );

  test("with nothing at all", async () => {
    expect(await rejection(read(""))).toMatchObject({ code: "unexpected-end", offset: 0 });
    expect(await rejection(readHttpMessage(new Response(null)))).toMatchObject({ code: "unexpected-end" });
  });

  test("with a source is told as it is", async () => {
    const boom = new Error("boom");
    expect(await rejection(readHttpMessage(new Tap("HTTP/1.1 200").fail(boom).stream))).toBe(boom);
    const message = await readHttpMessage(new Tap("HTTP/1.1 200 OK\r\n\r\n").fail(boom).stream);
    expect(await rejection(message.text())).toBe(boom);
  });

  test("cancels the source", async () => {
    const tap = new Tap("GET / HTTP/1.1\r\nbroken\r\n\r\n");
    const error = await rejection(readHttpMessage(tap.stream));
    await turns();
    expect(tap.cancels).toEqual([error]);
  });

  test("is a deviation in lenient mode, by the part's own options", async () => {
    const deviations: Deviation[] = [];
    const input = partWith("", "\r\nGET / HTTP/1.1\r\n\r\n");
    const reader = new MultipartReader(octets(input), {
      boundary: "b",
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
    });
    expect(await readHttpMessage(await nextPart(reader))).toMatchObject({ method: "GET" });
    expect(deviations).toEqual([
      {
        code: "empty-line-before-start-line",
        offset: input.indexOf("\r\nGET"),
        offsetBase: "input",
        path: "1",
      },
    ]);
  });

  test("a body longer than maxBufferedBytes is not gathered", async () => {
    const limits = { maxBufferedBytes: 3 };
    const message = await read("HTTP/1.1 200 OK\r\n\r\nabcd", { limits });
    expect(await rejection(message.bytes())).toMatchObject({
      code: "limit-exceeded",
      offset: 22,
      status: 413,
    });
    const tap = new Tap("HTTP/1.1 200 OK\r\n\r\n", "abcd");
    const streamed = await readHttpMessage(tap.stream, { limits });
    expect(await rejection(streamed.bytes())).toMatchObject({ code: "limit-exceeded" });
    expect(tap.cancels).toHaveLength(1);
  });

  test("limits and budgets are the part's", async () => {
    const input = octets(partWith("", "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n"));
    const reader = new MultipartReader(input, { boundary: "b", limits: { maxHeaderCount: 1 } });
    expect(await rejection(readHttpMessage(await nextPart(reader)))).toMatchObject({
      limit: { name: "maxHeaderCount", value: 1 },
    });
  });
});

describe("an end before the end", () => {
  test("a cancel of the body cancels the source, but not the multipart body around a part", async () => {
    const tap = new Tap("HTTP/1.1 200 OK\r\n\r\nab");
    await (await readHttpMessage(tap.stream)).body.cancel("enough");
    expect(tap.cancels).toEqual(["enough"]);

    const outer = new Tap(partWith("", "HTTP/1.1 200 OK\r\n\r\nab"));
    const reader = new MultipartReader(outer.stream, { boundary: "b" });
    await (await readHttpMessage(await nextPart(reader))).body.cancel();
    expect(outer.cancels).toEqual([]);
    expect(await (await nextPart(reader)).text()).toBe("second");
  });

  test("a message left behind rejects", async () => {
    const reader = new MultipartReader(
      streamOf(
        partWith("", "HTTP/1.1 200 OK\r\n\r\nlonger body")
          .match(/[^]{1,9}/g)!
          .map(octets),
      ),
      { boundary: "b" },
    );
    const message = await readHttpMessage(await nextPart(reader));
    expect(await (await nextPart(reader)).text()).toBe("second");
    expect(await rejection(message.text())).toMatchObject({ code: "part-abandoned", path: "1" });
  });

  test("an abort signal ends a head or a body that does not come", async () => {
    for (const chunks of [[], ["HTTP/1.1 200 OK\r\n\r\n"]]) {
      const tap = new Tap(...chunks);
      const controller = new AbortController();
      const pending = readHttpMessage(tap.stream, { signal: controller.signal }).then((message) =>
        message.text(),
      );
      await turns();
      controller.abort("stop");
      expect(await outcomeOf(pending)).toEqual({ error: "stop" });
      expect(tap.cancels).toEqual(["stop"]);
    }
  });
});

describe('a message read within: "message" ends where its framing says', () => {
  test.each([
    ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", ""],
    ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab", "ab"],
    ["HTTP/1.1 204 No Content\r\n\r\n", ""],
    ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", "ab"],
  ])("%j", async (message, body) => {
    for (const { name, chunks } of chunkings(octets(`${message}GET /next HTTP/1.1\r\n\r\n`))) {
      const first = await readHttpMessage(chunks, { within: "message" });
      expect(await first.text(), name).toBe(body);
    }
  });

  test("without waiting for what follows", async () => {
    const tap = new Tap("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
    const message = await readHttpMessage(tap.stream, { within: "message" });
    expect(await outcomeOf(message.text())).toEqual({ value: "ab" });
    expect(tap.pulls).toBe(1);
    expect(tap.cancels).toEqual([]);
  });

  test("and an input that ends before it is an error", async () => {
    const message = await read("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", { within: "message" });
    expect(await rejection(message.text())).toMatchObject({ code: "unexpected-end" });
  });
});

describe("a message is written", () => {
  const written = async (message: HttpMessageInit, options = {}): Promise<string> => {
    const { body, contentLength } = httpMessageStream(message, options);
    const text = await textOf(body);
    if (contentLength !== undefined) expect(contentLength).toBe(text.length);
    return text;
  };

  test.each<[HttpMessageInit, string]>([
    [
      { kind: "request", method: "GET", target: "/me", headers: { Host: "a" } },
      "GET /me HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
    [
      { kind: "request", method: "MERGE", target: "Orders(1)", body: "ab" },
      "MERGE Orders(1) HTTP/1.1\r\nContent-Length: 2\r\n\r\nab",
    ],
    [{ kind: "request", method: "POST", target: "/" }, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"],
    [{ kind: "request", method: "DELETE", target: "*" }, "DELETE * HTTP/1.1\r\n\r\n"],
    [{ kind: "request", method: "GET", target: "/caf\u00e9" }, "GET /caf\xc3\xa9 HTTP/1.1\r\n\r\n"],
    [
      { kind: "response", status: 200, reason: "OK", body: "\u00e9" },
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xc3\xa9",
    ],
    [{ kind: "response", status: 404, body: null }, "HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n"],
    [{ kind: "response", status: 204 }, "HTTP/1.1 204 \r\n\r\n"],
    [
      { kind: "response", status: 200, reason: "caf\u00e9", version: "HTTP/1.0" },
      "HTTP/1.0 200 caf\xc3\xa9\r\nContent-Length: 0\r\n\r\n",
    ],
    [
      { kind: "response", status: 200, headers: { "Content-Length": "1" }, body: "a" },
      "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\na",
    ],
  ])("%j", async (message, expected) => {
    expect(await written(message)).toBe(expected);
  });

  test("of an answer to HEAD with the length of another body", async () => {
    const headers = { "Content-Length": "9" };
    const message = { kind: "response", status: 200, headers } as const;
    expect(await written(message, { requestMethod: "HEAD" })).toBe(
      "HTTP/1.1 200 \r\nContent-Length: 9\r\n\r\n",
    );
    expect(() => httpMessageStream(message)).toThrow();
  });

  test("with a body of unknown length, which lasts to the end of the part", async () => {
    const stream = httpMessageStream({
      kind: "response",
      status: 200,
      body: streamOf([octets("ab"), octets("c")]),
    });
    expect(stream.contentLength).toBeUndefined();
    expect(await textOf(stream.body)).toBe("HTTP/1.1 200 \r\n\r\nabc");
  });

  test("in chunks where the fields say so, with trailers", async () => {
    const headers = { "Transfer-Encoding": "chunked" };
    const body = (): ReadableStream<Uint8Array> => streamOf([octets("ab"), octets("c".repeat(16))]);
    expect(await written({ kind: "response", status: 200, headers, body: body() })).toBe(
      `HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n10\r\n${"c".repeat(16)}\r\n0\r\n\r\n`,
    );
    expect(await written({ kind: "response", status: 200, headers, body: "ab", trailers: { A: "1" } })).toBe(
      "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nA: 1\r\n\r\n",
    );
  });

  test("with the media type of its kind", () => {
    const { contentType } = httpMessageStream({ kind: "request", method: "GET", target: "/" });
    expect(contentType).toBe("application/http; msgtype=request");
    expect(httpMessageStream({ kind: "response", status: 200 }).contentType).toBe(
      "application/http; msgtype=response",
    );
  });

  test("when it is asked for: nothing is read ahead", async () => {
    const tap = new Tap("ab").close();
    const { body } = httpMessageStream({ kind: "response", status: 200, body: tap.stream });
    await turns();
    expect(tap.pulls).toBe(0);
    expect(isomorphic(...(await chunksOf(body)))).toBe("HTTP/1.1 200 \r\n\r\nab");
  });

  test("its head does not wait for its body", async () => {
    const { body } = httpMessageStream({ kind: "response", status: 200, body: new Tap().stream });
    expect(isomorphic((await body.getReader().read()).value!)).toBe("HTTP/1.1 200 \r\n\r\n");
  });

  test("a cancel reaches the body; an error of the body errors the stream", async () => {
    const tap = new Tap("ab");
    await httpMessageStream({ kind: "response", status: 200, body: tap.stream }).body.cancel("stop");
    expect(tap.cancels).toEqual(["stop"]);
    const boom = new Error("boom");
    const { body } = httpMessageStream({
      kind: "response",
      status: 200,
      body: new Tap("ab").fail(boom).stream,
    });
    expect(await rejection(textOf(body))).toBe(boom);
  });

  test.each<[HttpMessageInit]>([
    [{ kind: "request", method: "GE T", target: "/" }],
    [{ kind: "request", method: "", target: "/" }],
    [{ kind: "request", method: "GET", target: "/ HTTP/1.1\r\nA: 1" }],
    [{ kind: "request", method: "GET", target: "" }],
    [{ kind: "request", method: "GET", target: "/", version: "HTTP/1.1\r\n" }],
    [{ kind: "request", method: "GET", target: "/", headers: { A: "1\r\nB: 2" } }],
    [{ kind: "response", status: 200, reason: "OK\r\nA: 1" }],
    [{ kind: "response", status: 99 }],
    [{ kind: "response", status: 200, reason: "\0" }],
  ])("%j may not be", (message) => {
    expect(() => httpMessageStream(message)).toThrow(TypeError);
  });

  test.each([
    new Request("http://a/", { headers: { A: "1" } }),
    new Response("text"),
    { method: "GET", target: "/" },
  ])("nor may what does not say of which kind it is, but is told what does", (message) => {
    expect(() => httpMessageStream(message as never)).toThrow(
      new TypeError(
        'Message must be of kind "request" or "response"; of a Request or Response, fromRequest() or fromResponse() makes one',
      ),
    );
  });

  test("or its body is left alone, where the head may not be", () => {
    const tap = new Tap("ab");
    expect(() => httpMessageStream({ kind: "response", status: 99, body: tap.stream })).toThrow(TypeError);
    expect(tap.stream.locked).toBe(false);
  });

  test("of a length that counts nothing: never, and leaves the body alone", () => {
    const tap = new Tap("ab");
    for (const bodyLength of [Number.NaN, -1, 1.5, Infinity]) {
      const message = { kind: "response", status: 200, body: tap.stream, bodyLength } as const;
      expect(() => httpMessageStream(message)).toThrow(RangeError);
    }
    expect(tap.stream.locked).toBe(false);
  });

  test("with fields that contradict its framing: never", async () => {
    const response = (headers: Record<string, string>, rest = {}): HttpMessageInit => ({
      kind: "response",
      status: 200,
      headers,
      ...rest,
    });
    expect(() => httpMessageStream(response({ "Content-Length": "3" }, { body: "ab" }))).toThrow(
      "shorter or longer",
    );
    expect(() => httpMessageStream(response({ "Content-Length": "+2" }, { body: "ab" }))).toThrow(
      "single decimal",
    );
    const both = response({ "Content-Length": "2", "Transfer-Encoding": "chunked" }, { body: "ab" });
    expect(() => httpMessageStream(both)).toThrow("both given");
    const short = httpMessageStream(response({}, { body: streamOf([octets("ab")]), bodyLength: 3 }));
    expect(await rejection(textOf(short.body))).toMatchObject({ code: "body-length-mismatch" });
    const long = httpMessageStream(response({ "Content-Length": "1" }, { body: streamOf([octets("ab")]) }));
    expect(await rejection(textOf(long.body))).toMatchObject({ code: "body-length-mismatch" });
  });

  test.each([
    [200, {}, undefined],
    [200, { "Content-Length": "0" }, undefined],
    [204, { "Transfer-Encoding": "chunked" }, undefined],
    [200, { "Transfer-Encoding": "chunked" }, "HEAD"],
  ])(
    "of trailers behind no chunks: never, and leaves the body alone (%d %j %s)",
    (status, headers, method) => {
      const tap = new Tap();
      const message = { kind: "response", status, headers, body: tap.stream } as const;
      const options = { requestMethod: method };
      expect(() => httpMessageStream({ ...message, trailers: { A: "1" } }, options)).toThrow(TypeError);
      expect(() => httpMessageStream({ ...message, trailers: {} }, options)).not.toThrow();
      expect(tap.stream.locked).toBe(false);
    },
  );
});

describe("what was read is written again octet for octet", () => {
  const messages = [
    "GET /me HTTP/1.1\r\nhost:a\r\n\r\n",
    "POST Orders HTTP/1.1\r\nContent-Length: 3\r\nX:  \xff \r\n\r\na\0b",
    "HTTP/1.1 200 OK\r\n\r\nbody",
    "HTTP/1.1 204 \r\n\r\n",
    "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\nA:1\r\n\r\n",
  ];

  test.each(messages)("%j", async (text) => {
    expect(await textOf(httpMessageStream(await read(text)).body)).toBe(text);
  });

  test("in the parts of a batch, while it arrives", async () => {
    const input =
      messages.map((text) => `--b\r\nContent-Type: application/http\r\n\r\n${text}\r\n`).join("") +
      "--b--\r\n";
    async function* copied(): AsyncGenerator<{ headers: Iterable<[string, string]>; body: ReadableStream }> {
      for await (const part of new MultipartReader(streamOf(input.match(/[^]{1,7}/g)!.map(octets)), {
        boundary: "b",
      })) {
        yield { headers: part.headers, body: httpMessageStream(await readHttpMessage(part)).body };
      }
    }
    expect(await textOf(multipartStream(copied(), { boundary: "b" }).body)).toBe(input);
  });
});

test("what follows a message of its own is told as the remainder of its chunk", async () => {
  const input = octets("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabGET /next HTTP/1.1\r\n\r\n");
  const message = await readHttpMessage(input, { within: "message" });
  expect(await message.text()).toBe("ab");
  expect(isomorphic(message.remainder)).toBe("GET /next HTTP/1.1\r\n\r\n");
});

test("a signal has nothing to do with what follows a message of its own", async () => {
  const tap = new Tap("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab");
  const controller = new AbortController();
  const message = await readHttpMessage(tap.stream, { within: "message", signal: controller.signal });
  expect(await message.text()).toBe("ab");
  controller.abort();
  await turns();
  expect(tap.cancels).toEqual([]);
});
