import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fromRequest,
  HeaderList,
  httpMessageStream,
  MultipartReader,
  multipartStream,
  readHttpMessage,
} from "../../src/index.ts";
import type { BodyPart, MultipartStreamOptions, OutgoingBody, PartInit } from "../../src/index.ts";
import { codePoint } from "../support/code-point.ts";
import { arbitraryCuts, cut, octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";
import {
  chunksOf,
  nextPart,
  outcomeOf,
  partsOf,
  rejection,
  streamOf,
  Tap,
  textOf,
  turns,
} from "../support/web-streams.ts";

const boundary = "x";

/** What is written, as isomorphic text. */
const written = (
  parts: Iterable<PartInit> | AsyncIterable<PartInit>,
  options: MultipartStreamOptions = {},
): Promise<string> => textOf(multipartStream(parts, { boundary, ...options }).body);

/** The parts of an input, to be written again. */
const readerOf = (text: string, options: object = {}): MultipartReader =>
  new MultipartReader(octets(text), { boundary: "b", ...options });

describe("a written body", () => {
  test("has CRLF line ends, a blank line behind each head, and a final CRLF", async () => {
    const parts = [{ headers: { "Content-Type": "text/plain", "A": "1" }, body: "Hello" }, {}];
    expect(await written(parts)).toBe(
      "--x\r\nContent-Type: text/plain\r\nA: 1\r\n\r\nHello\r\n--x\r\n\r\n\r\n--x--\r\n",
    );
  });

  test("of no parts is a close-delimiter, and read back as none", async () => {
    const { body, contentLength, contentType } = multipartStream([]);
    const octetsWritten = await textOf(body);
    expect(contentLength).toBe(octetsWritten.length);
    expect(await partsOf(new MultipartReader(octets(octetsWritten), { contentType }))).toEqual([]);
  });

  test("starts with a line end on request", async () => {
    const { body, contentLength } = multipartStream([{ body: "a" }], { boundary, leadingLineEnd: true });
    const text = await textOf(body);
    expect(text).toBe("\r\n--x\r\n\r\na\r\n--x--\r\n");
    expect(contentLength).toBe(text.length);
  });

  const content = "Hello, w\xf6rld\0";
  const bodies: [string, () => OutgoingBody, boolean][] = [
    ["Uint8Array", () => octets(content), true],
    ["view of a larger buffer", () => octets(`--${content}--`).subarray(2, -2), true],
    ["ArrayBuffer", () => octets(content).buffer, true],
    ["Blob", () => new Blob([octets(content)]), true],
    ["ReadableStream", () => streamOf([octets(content)]), false],
    ["array of chunks", () => [octets(content.slice(0, 3)), octets(content.slice(3))], false],
    [
      "async iterable",
      async function* () {
        yield octets(content);
      },
      false,
    ],
    ["Response", () => new Response(octets(content)), false],
  ];
  test.each(bodies)("may have a %s for a part's body", async (_, make, isMeasured) => {
    const stream = multipartStream([{ body: make() }], { boundary });
    const text = await textOf(stream.body);
    expect(text).toBe(`--x\r\n\r\n${content}\r\n--x--\r\n`);
    expect(stream.contentLength).toBe(isMeasured ? text.length : undefined);
  });

  test.each([
    ["a string, as UTF-8", "h\u00e9\u20ac", "h\xc3\xa9\xe2\x82\xac"],
    ["null", null, ""],
    ["undefined", undefined, ""],
  ])("may have %s for a part's body", async (_, body, expected) => {
    const stream = multipartStream([{ body }], { boundary });
    const text = await textOf(stream.body);
    expect(text).toBe(`--x\r\n\r\n${expected}\r\n--x--\r\n`);
    expect(stream.contentLength).toBe(text.length);
  });

  test("may be made of any iterable of parts", async () => {
    function* parts(): Generator<PartInit> {
      yield { body: "a" };
      yield { body: "b" };
    }
    async function* later(): AsyncGenerator<PartInit> {
      yield* parts();
    }
    const expected = "--x\r\n\r\na\r\n--x\r\n\r\nb\r\n--x--\r\n";
    for (const iterable of [[...parts()], parts(), later(), new Set(parts())]) {
      expect(await written(iterable)).toBe(expected);
    }
  });

  test("has the media type that is asked for", () => {
    const { contentType } = multipartStream([], {
      subtype: "related",
      parameters: [["type", "application/json"]],
      boundary: "a b",
    });
    expect(contentType).toBe('multipart/related; type="application/json"; boundary="a b"');
    expect(multipartStream([]).contentType).toMatch(/^multipart\/mixed; boundary=[!-~]{1,70}$/);
    expect(multipartStream([]).contentType).not.toBe(multipartStream([]).contentType);
  });

  test("is a stream of moderate chunks, however many small parts there are", async () => {
    const parts = Array.from({ length: 1000 }, (_, id) => ({
      headers: { "Content-ID": String(id) },
      body: "small",
    }));
    const chunks = await chunksOf(multipartStream(parts, { boundary }).body);
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    expect(chunks.length).toBeLessThanOrEqual(Math.ceil(length / 8192));
    expect(await partsOf(new MultipartReader(chunks, { boundary, limits: { maxParts: 1000 } }))).toHaveLength(
      1000,
    );
  });
});

describe("the content length", () => {
  test("is exact where all lengths are known, base64 included", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.boolean(), fc.boolean()), { maxLength: 4 }),
        async (bodies) => {
          const parts = bodies.map(([body, isEncoded, isDeclared]) => ({
            headers: isEncoded ? { "Content-Transfer-Encoding": "base64" } : { A: "\u00e9" },
            body: isDeclared ? streamOf([body]) : body,
            bodyLength: isDeclared ? body.length : undefined,
          }));
          const { body, contentLength } = multipartStream(parts);
          expect(contentLength).toBe((await textOf(body)).length);
        },
      ),
    );
  });

  test("is unknown where a length is", () => {
    const length = (part: PartInit): number | undefined =>
      multipartStream([{ body: "a" }, part]).contentLength;
    expect(length({ body: streamOf([]) })).toBeUndefined();
    expect(
      length({ body: "a", headers: { "Content-Transfer-Encoding": "quoted-printable" } }),
    ).toBeUndefined();
    expect(multipartStream(new Set([{ body: "a" }])).contentLength).toBeUndefined();
  });

  test.each<[string, PartInit]>([
    ["shorter", { body: streamOf([octets("ab")]), bodyLength: 3 }],
    ["longer", { body: streamOf([octets("abcd")]), bodyLength: 3 }],
    ["shorter, encoded", { body: "ab", bodyLength: 4, headers: { "Content-Transfer-Encoding": "base64" } }],
    ["longer, encoded", { body: "abcd", bodyLength: 1, headers: { "Content-Transfer-Encoding": "base64" } }],
    [
      "shorter, quoted-printable",
      { body: "ab", bodyLength: 3, headers: { "Content-Transfer-Encoding": "quoted-printable" } },
    ],
  ])("of a part that was declared wrong (%s) errors the stream", async (_, part) => {
    expect(await rejection(written([part]))).toMatchObject({ code: "body-length-mismatch" });
  });
});

describe("backpressure", () => {
  test("nothing is asked for before the stream is read", async () => {
    const tap = new Tap("a");
    let asked = 0;
    async function* parts(): AsyncGenerator<PartInit> {
      asked++;
      yield { body: tap.stream };
    }
    const { body } = multipartStream(parts());
    await turns();
    expect(asked).toBe(0);
    body.getReader();
    await turns();
    expect([asked, tap.pulls]).toEqual([0, 0]);
  });

  test("a body is pulled when a chunk is asked for, one chunk ahead at most", async () => {
    const chunk = octets("a".repeat(10_000));
    const tap = new Tap();
    for (let n = 0; n < 20; n++) tap.push(chunk);
    const reader = multipartStream([{ body: tap.stream }]).body.getReader();
    for (let read = 1; read <= 10; read++) {
      await reader.read();
      await turns(1);
      expect(tap.pulls).toBeLessThanOrEqual(read);
    }
  });

  test("a first part is written before the second exists, its body as far as it has come", async () => {
    const tap = new Tap();
    let give!: (part: PartInit) => void;
    async function* parts(): AsyncGenerator<PartInit> {
      yield { headers: { A: "1" }, body: tap.stream };
      yield await new Promise<PartInit>((resolve) => (give = resolve));
    }
    const reader = multipartStream(parts(), { boundary }).body.getReader();
    const read = async (): Promise<string> => isomorphic((await reader.read()).value!);
    expect(await read()).toBe("--x\r\nA: 1\r\n\r\n");
    tap.push("ab");
    expect(await read()).toBe("ab");
    tap.push("cd").close();
    expect(await read()).toBe("cd");
    const next = read();
    expect(await outcomeOf(next)).toBe("pending");
    give({ body: "e" });
    expect(await next).toBe("\r\n--x\r\n\r\ne");
    expect(await read()).toBe("\r\n--x--\r\n");
    expect((await reader.read()).done).toBe(true);
  });
});

describe("a cancel", () => {
  const stop = new Error("stop");

  /** Parts that tell when they are closed. */
  function closable(...parts: PartInit[]): { parts: AsyncGenerator<PartInit>; isClosed(): boolean } {
    let closed = false;
    async function* generate(): AsyncGenerator<PartInit> {
      try {
        yield* parts;
      } finally {
        closed = true;
      }
    }
    return { parts: generate(), isClosed: () => closed };
  }

  test("reaches the body being read, with its reason, and the iteration", async () => {
    const tap = new Tap("ab");
    const { parts, isClosed } = closable({ body: tap.stream }, { body: "c" });
    const reader = multipartStream(parts).body.getReader();
    await reader.read();
    await reader.cancel(stop);
    expect(tap.cancels).toEqual([stop]);
    expect(isClosed()).toBe(true);
  });

  test("reaches a body whose pull never settles", async () => {
    const tap = new Tap();
    const reader = multipartStream([{ body: tap.stream }]).body.getReader();
    await reader.read();
    const pending = reader.read();
    await turns(1);
    expect(await outcomeOf(reader.cancel(stop))).toEqual({ value: undefined });
    expect(await pending).toMatchObject({ done: true });
    expect(tap.cancels).toEqual([stop]);
  });

  test("before anything was read leaves no body locked and open", async () => {
    const taps = [new Tap("a"), new Tap("b")];
    const { body } = multipartStream(taps.map(({ stream }) => ({ body: stream })));
    await body.cancel(stop);
    await turns();
    // Nobody else can cancel a stream that is locked.
    expect(taps.map(({ stream, cancels }) => stream.locked && cancels.length === 0)).toEqual([false, false]);
  });

  test("does not wait for a part that never comes", async () => {
    async function* parts(): AsyncGenerator<PartInit> {
      yield { body: "a" };
      await new Promise(() => {});
    }
    const reader = multipartStream(parts()).body.getReader();
    await reader.read();
    const pending = reader.read();
    await turns(1);
    expect(await outcomeOf(reader.cancel(stop))).toEqual({ value: undefined });
    expect(await pending).toMatchObject({ done: true });
  });

  test("reaches the iteration though the body fails to cancel", async () => {
    const body = { pull: () => octets("a".repeat(5000)), cancel: () => Promise.reject(new Error("mine")) };
    const { parts, isClosed } = closable({ body });
    const reader = multipartStream(parts).body.getReader();
    await reader.read();
    await reader.cancel(stop).catch(() => {});
    expect(isClosed()).toBe(true);
  });

  test("while the next part is awaited does not leave that part's body open", async () => {
    const tap = new Tap("ab");
    let give!: () => void;
    async function* parts(): AsyncGenerator<PartInit> {
      yield { body: "a" };
      await new Promise<void>((resolve) => (give = resolve));
      yield { body: tap.stream };
    }
    const reader = multipartStream(parts()).body.getReader();
    await reader.read();
    const canceled = reader.cancel(stop);
    await turns();
    give();
    await canceled;
    await turns();
    expect(tap.stream.locked && tap.cancels.length === 0).toBe(false);
  });

  describe("is what an error is to the rest:", () => {
    const boom = new Error("boom");

    test("an error of a body errors the stream without a close-delimiter, and closes the iteration", async () => {
      const { parts, isClosed } = closable({ body: new Tap("ab").fail(boom).stream }, { body: "c" });
      const reader = multipartStream(parts, { boundary }).body.getReader();
      const chunks: Uint8Array[] = [];
      const read = async (): Promise<void> => {
        for (;;) chunks.push((await reader.read()).value!);
      };
      expect(await rejection(read())).toBe(boom);
      expect(isomorphic(...chunks)).toBe("--x\r\n\r\nab");
      expect(isClosed()).toBe(true);
    });

    test("an error of the iteration errors the stream behind what was written", async () => {
      async function* parts(): AsyncGenerator<PartInit> {
        yield { body: "a" };
        throw boom;
      }
      const reader = multipartStream(parts(), { boundary }).body.getReader();
      expect(isomorphic((await reader.read()).value!)).toBe("--x\r\n\r\na");
      expect(await rejection(reader.read())).toBe(boom);
    });

    test("what may not be written cancels the body and closes the iteration", async () => {
      const tap = new Tap("ab");
      const { parts, isClosed } = closable({ body: tap.stream, bodyLength: 1 });
      const reader = multipartStream(parts).body.getReader();
      await reader.read();
      const error = await rejection(reader.read());
      expect(error).toMatchObject({ code: "body-length-mismatch" });
      expect(tap.cancels).toEqual([error]);
      expect(isClosed()).toBe(true);
    });

    test("an error is told though a body does not take the cancel", async () => {
      const body = { pull: () => octets("ab"), cancel: () => new Promise<void>(() => {}) };
      const reader = multipartStream([{ body, bodyLength: 1 }]).body.getReader();
      const outcome = outcomeOf(reader.read().then(() => reader.read()));
      expect(await outcome).toMatchObject({ error: { code: "body-length-mismatch" } });
    });

    test.each<[string, Record<string, string>]>([
      ["a head that may not be written", { "bad name": "1" }],
      ["an unknown transfer encoding", { "Content-Transfer-Encoding": "x-foo" }],
      ["a head that holds the boundary", { "--x--": "1" }],
    ])("%s cancels the body behind it", async (_, headers) => {
      const tap = new Tap("a");
      const error = await rejection(written(new Set([{ headers, body: tap.stream }])));
      await turns();
      expect(tap.cancels).toEqual([error]);
    });

    test("a head of an array that holds the boundary cancels the bodies of all", async () => {
      const taps = [new Tap("a"), new Tap("b")];
      const parts = taps.map(({ stream }) => ({ headers: { "--x--": "1" }, body: stream }));
      const error = await rejection(written(parts));
      await turns();
      expect(taps.map(({ cancels }) => cancels)).toEqual([[error], [error]]);
    });

    test("a body that another reads is left to that", async () => {
      const message = await readHttpMessage(new Tap("HTTP/1.1 200 OK\r\n\r\na", "b").close().stream);
      const text = message.text();
      expect(await rejection(written(new Set([{ body: message }])))).toMatchObject({ code: "body-used" });
      await turns();
      expect(await text).toBe("ab");
    });

    test("an error of one of the parts of an array leaves no other body locked and open", async () => {
      const taps = [new Tap().fail(boom), new Tap("b")];
      const { body } = multipartStream(taps.map(({ stream }) => ({ body: stream })));
      expect(await rejection(textOf(body))).toBe(boom);
      await turns();
      expect(taps[1]!.stream.locked && taps[1]!.cancels.length === 0).toBe(false);
    });
  });
});

describe("what may not be written", () => {
  test.each(["a\r\nB: 2", "a\nb", "a\rb", "a\0b"])("field value %j", (value) => {
    expect(() => multipartStream([{ headers: { A: value } }])).toThrow(TypeError);
  });

  test.each(["a b", "a:", "", "a\r\n", "\u00e9"])("field name %j", (name) => {
    expect(() => multipartStream([{ headers: [[name, "1"]] }])).toThrow(TypeError);
  });

  test("errors the stream where parts come one by one", async () => {
    expect(await rejection(written(new Set([{ headers: { A: "a\r\nb" } }])))).toBeInstanceOf(TypeError);
  });

  test("leaves the part's body alone where it is thrown at once", () => {
    const tap = new Tap("a");
    expect(() => multipartStream([{ headers: { A: "a\r\nb" }, body: tap.stream }])).toThrow(TypeError);
    expect(tap.stream.locked).toBe(false);
  });

  test.each(["", "a\r\n", "a".repeat(300), "a\0"])("boundary %j", (wrong) => {
    expect(() => multipartStream([], { boundary: wrong })).toThrow(RangeError);
  });

  test.each(["mi xed", "a/b", "", "a\r\n"])("subtype %j", (subtype) => {
    expect(() => multipartStream([], { subtype })).toThrow(TypeError);
  });

  test("an HTTP message, whose start-line would be lost, unless it has been made a part", async () => {
    const request = (): Request => new Request("https://h/x?delete=1", { method: "POST", body: "B" });
    // @ts-expect-error
    const isNoPart: PartInit = fromRequest(request());
    expect(() => multipartStream([isNoPart])).toThrow(TypeError);
    const read = await readHttpMessage(octets("DELETE /x HTTP/1.1\r\n\r\n"));
    // @ts-expect-error
    expect(() => multipartStream([read])).toThrow("httpMessageStream() makes one");
    // @ts-expect-error
    expect(await rejection(written(new Set([read])))).toBeInstanceOf(TypeError);
    expect(await written([httpMessageStream(fromRequest(request()))])).toContain("POST /x?delete=1 HTTP/1.1");
    expect(await written([{ kind: undefined, body: "x" }])).toContain("x");
  });

  test("a body that is none", () => {
    expect(() => multipartStream([{ body: 1 as never }])).toThrow(TypeError);
    expect(() => multipartStream([{ body: {} as never }])).toThrow(TypeError);
  });

  test("a body that is locked or used", async () => {
    const { stream } = new Tap();
    stream.getReader();
    expect(() => multipartStream([{ body: stream }])).toThrow(TypeError);
    const response = new Response("a");
    await response.text();
    expect(() => multipartStream([{ body: response }])).toThrow(TypeError);
  });

  test("an unknown transfer encoding, unless nothing is encoded", async () => {
    const parts = [{ headers: { "Content-Transfer-Encoding": "x-foo" }, body: "a" }];
    expect(() => multipartStream(parts)).toThrow(RangeError);
    expect(await written(parts, { encode: false })).toContain("x-foo\r\n\r\na\r\n");
  });
});

describe("a boundary of one's own is looked for in all content", () => {
  test.each([["--x\r\n"], ["a\r\n--x\r\nb"], ["a\r\n--x--"], ["a\r\n--x"], ["a\r\n--x \t\r\n"]])(
    "%j is refused, wherever it is cut",
    async (content) => {
      for (let at = 0; at <= content.length; at++) {
        const body = [octets(content.slice(0, at)), octets(content.slice(at))];
        expect(await rejection(written([{ body }])), `cut at ${at}`).toMatchObject({
          code: "boundary-in-content",
        });
      }
    },
  );

  test.each([["--xy"], ["a--x\r\n"], ["a\r\n-x"], ["\r\n--X\r\n"]])("%j is content", async (content) => {
    expect(await written([{ body: content }])).toBe(`--x\r\n\r\n${content}\r\n--x--\r\n`);
  });

  test("that is encoded is not there", async () => {
    const parts = [{ headers: { "Content-Transfer-Encoding": "base64" }, body: "\r\n--x\r\n" }];
    expect(await written(parts)).toContain(btoa("\r\n--x\r\n"));
  });
});

describe("transfer encodings", () => {
  test("are applied as the part's field names them", async () => {
    expect(await written([{ headers: { "Content-Transfer-Encoding": "base64" }, body: "Hello" }])).toContain(
      "\r\n\r\nSGVsbG8=\r\n",
    );
    expect(
      await written([{ headers: { "Content-Transfer-Encoding": "quoted-printable" }, body: "caf\u00e9" }]),
    ).toContain("\r\n\r\ncaf=C3=A9\r\n");
    expect(await written([{ headers: { "Content-Transfer-Encoding": "8bit" }, body: "a=b" }])).toContain(
      "a=b",
    );
  });

  test("are not applied to form data, nor with { encode: false }", async () => {
    const parts = [{ headers: { "Content-Transfer-Encoding": "base64" }, body: "SGVsbG8=" }];
    expect(await written(parts, { encode: false })).toContain("\r\n\r\nSGVsbG8=\r\n");
    expect(await written(parts, { subtype: "Form-Data" })).toContain("\r\n\r\nSGVsbG8=\r\n");
  });

  test.each(["base64", "quoted-printable"])("%s brings any octets back", async (mechanism) => {
    const content = "a\nb\rc\r\nd \t\r\n=\0\xff";
    const { body, contentType } = multipartStream([
      { headers: { "Content-Transfer-Encoding": mechanism }, body: octets(content) },
    ]);
    expect((await partsOf(new MultipartReader(body, { contentType })))[0]!.body).toBe(content);
  });
});

describe("a part that was read", () => {
  const input =
    "--b\r\ncontent-TYPE:text/plain\r\nX:  folded\r\n value \r\n\r\none\r\n" +
    "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n--b--\r\n";

  test("is written again, spelling and folds kept", async () => {
    expect(await textOf(multipartStream(readerOf(input), { boundary: "b" }).body)).toBe(input);
  });

  test("is decoded and encoded again on the way", async () => {
    const texts: string[] = [];
    async function* edited(): AsyncGenerator<PartInit> {
      for await (const part of readerOf(input)) {
        const text = await part.text();
        texts.push(text);
        yield { headers: part.headers, body: text.toUpperCase() };
      }
    }
    expect(await written(edited())).toContain(btoa("HELLO"));
    expect(texts).toEqual(["one", "Hello"]);
  });

  test("without decoding is written as it was sent", async () => {
    const raw = readerOf(input, { decode: false });
    expect(await textOf(multipartStream(raw, { boundary: "b" }).body)).toBe(input);
  });

  test("is decoded and encoded again where nothing else is, lest its field say what is not so", async () => {
    const { body } = multipartStream(readerOf(input), { boundary: "b", encode: false });
    expect(await textOf(body)).toBe(input);
  });

  const unfolded = input.replace("X:  folded\r\n value \r\n", "X: folded value\r\n");

  test("and decoded loses its transfer encoding in form data", async () => {
    const decoded = unfolded.replace("Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8=", "\r\nHello");
    for (const encode of [undefined, false]) {
      const { body } = multipartStream(readerOf(input), { boundary: "b", subtype: "form-data", encode });
      expect(await textOf(body)).toBe(decoded);
    }
  });

  test("loses its folds, and no more, in form data that is encoded: readers of forms refuse them", async () => {
    const { body } = multipartStream(readerOf(input), { boundary: "b", subtype: "form-data", encode: true });
    expect(await textOf(body)).toBe(unfolded);
  });

  test.each([
    ["base64", {}],
    ["base64", { decode: false }],
    ["BASE64", { decode: false }],
    ["x-foo", { tolerance: "lenient" }],
  ])("is one's body alone, and written as it was sent: %s, %j", async (mechanism, options) => {
    async function* bodies(): AsyncGenerator<PartInit> {
      for await (const part of readerOf(input.replace("base64", mechanism), options))
        yield { headers: part.headers, body: part };
    }
    const { body } = multipartStream(bodies(), { boundary: "b" });
    expect(await textOf(body)).toBe(input.replace("base64", mechanism));
  });

  test("and not decoded is content like any other under a field of one's own", async () => {
    async function* bodies(): AsyncGenerator<PartInit> {
      for await (const part of readerOf(input, { decode: false }))
        yield { headers: { "Content-Transfer-Encoding": "Quoted-Printable" }, body: part };
    }
    expect(await written(bodies())).toContain("Quoted-Printable\r\n\r\nSGVsbG8=3D\r\n");
  });

  test("of form data, where nothing is decoded, is written as it was sent", async () => {
    const raw = readerOf(input.replace("X:  folded\r\n value \r\n", ""), { profile: "form-data" });
    const copied = await partsOf(
      new MultipartReader(multipartStream(raw, { boundary }).body, { boundary, decode: false }),
    );
    expect(copied[1]!.body).toBe("SGVsbG8=");
  });

  test("with an unknown transfer encoding, let pass leniently, is written as it was sent", async () => {
    const unknown = input.replace("base64", "x-foo");
    const raw = readerOf(unknown, { tolerance: "lenient" });
    expect(await textOf(multipartStream(raw, { boundary: "b" }).body)).toBe(unknown);
  });

  test("may be encoded already under another spelling of its transfer encoding", async () => {
    async function* bodies(): AsyncGenerator<PartInit> {
      for await (const part of readerOf(input, { decode: false }))
        yield { headers: { "Content-Transfer-Encoding": "Base64" }, body: part };
    }
    expect(await written(bodies())).toContain("Base64\r\n\r\nSGVsbG8=\r\n");
  });

  test("may have its fields edited", async () => {
    async function* edited(): AsyncGenerator<PartInit> {
      for await (const part of readerOf("--b\r\na:1\r\nb:2\r\n\r\none\r\n--b--")) {
        part.headers.set("b", "3");
        yield part;
      }
    }
    expect(await written(edited())).toBe("--x\r\na:1\r\nb: 3\r\n\r\none\r\n--x--\r\n");
  });

  test.each([undefined, "base64", "quoted-printable"])(
    "may have its transfer encoding edited: then it is written in that one (%s)",
    async (mechanism) => {
      async function* edited(): AsyncGenerator<PartInit> {
        for await (const part of readerOf(input)) {
          if (mechanism === undefined) part.headers.delete("content-transfer-encoding");
          else part.headers.set("Content-Transfer-Encoding", mechanism);
          yield part;
        }
      }
      const { body } = multipartStream(edited(), { boundary });
      const read = await partsOf(new MultipartReader(body, { boundary }));
      expect(
        read.map(({ fields, body: text }) => [new HeaderList(fields).get("content-transfer-encoding"), text]),
      ).toEqual([
        [mechanism, "one"],
        [mechanism, "Hello"],
      ]);
    },
  );

  test("and used up is refused: its body would be silently empty", async () => {
    const part = await nextPart(readerOf(input));
    await part.text();
    const write = async (): Promise<string> => written([part]);
    expect(await rejection(write())).toMatchObject({ code: "body-used" });
  });

  test("and left behind errors the stream", async () => {
    const reader = readerOf(input);
    const part = await nextPart(reader);
    await nextPart(reader);
    expect(await rejection(written([part]))).toMatchObject({ code: "part-abandoned" });
  });

  test("that is cut off errors the stream: it never looks whole", async () => {
    expect(await rejection(written(readerOf("--b\r\n\r\none\r\n--b\r\n\r\ntw")))).toMatchObject({
      code: "unexpected-end",
    });
  });

  test("one of a stream of parts: a cancel reaches the source of all", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const reader = multipartStream(new MultipartReader(tap.stream, { boundary: "b" })).body.getReader();
    await reader.read();
    await reader.cancel();
    expect(tap.cancels).toHaveLength(1);
  });
});

test("a written body is a part of another", async () => {
  const inner = multipartStream([{ body: "A" }, { body: "B" }], { subtype: "alternative" });
  const outer = multipartStream([
    { headers: { "Content-Type": inner.contentType }, body: inner.body, bodyLength: inner.contentLength },
    { body: "C" },
  ]);
  const text = await textOf(outer.body);
  expect(outer.contentLength).toBe(text.length);
  const reader = new MultipartReader(octets(text), { contentType: outer.contentType });
  const nested = await partsOf(new MultipartReader(await nextPart(reader)));
  expect(nested.map(({ body }) => body)).toEqual(["A", "B"]);
  expect(await (await nextPart(reader)).text()).toBe("C");
});

test("an HTTP message that was read is a body too", async () => {
  const message = await readHttpMessage(octets("HTTP/1.1 200 OK\r\n\r\nHello"));
  expect(await written([{ body: message }])).toBe("--x\r\n\r\nHello\r\n--x--\r\n");
});

test("the fields of a response are those of a part, octet for octet", async () => {
  const response = new Response("a", { headers: { "Content-Type": "text/plain", "X-Name": "\xc3\xbc" } });
  expect(await written([{ headers: response.headers, body: response }])).toContain("x-name: \xc3\xbc\r\n");
});

test("header lists are not changed by being written", async () => {
  const headers = new HeaderList([["Content-Transfer-Encoding", "base64"]]);
  await written([{ headers, body: "a" }]);
  expect([...headers]).toEqual([["Content-Transfer-Encoding", "base64"]]);
});

describe("what is written is read back as it was given", () => {
  const token = fc.string({
    unit: fc.constantFrom(..."abzAZ09!#$%&'*+-.^_`|~"),
    minLength: 1,
    maxLength: 12,
  });
  const value = fc
    .string({ unit: codePoint, maxLength: 20 })
    .filter((text) => [...text].every((character) => character >= " " && character !== "\x7f"))
    .map((text) => text.trim());
  const field = fc.tuple(token, value).filter(([name]) => !/^content-(transfer-encoding|type)$/i.test(name));
  const encoding = fc.constantFrom<[string, string][]>(
    [],
    [["Content-Transfer-Encoding", "binary"]],
    [["Content-Transfer-Encoding", "base64"]],
  );
  const body = fc
    .oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom("\r\n", "\r\n--", "--", "\r", "\n--", "\r\n--x").map(octets),
    )
    .chain((content) => arbitraryCuts(content.length).map((positions) => cut(content, positions)));
  const form = fc.constantFrom<((chunks: Uint8Array[]) => OutgoingBody)[]>(
    (chunks) => chunks,
    (chunks) => streamOf(chunks),
    (chunks) => octets(isomorphic(...chunks)),
    (chunks) => new Blob(chunks as Uint8Array<ArrayBuffer>[]),
  );
  const part = fc.record({ fields: fc.array(field, { maxLength: 4 }), encoding, body, form });

  test("whatever the headers, bodies and chunks", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 4 }),
        fc.array(fc.nat({ max: 400 })),
        async (parts, positions) => {
          const inits = parts.map(({ fields, encoding: extra, body: chunks, form: make }) => ({
            headers: [...fields, ...extra],
            body: make(chunks),
          }));
          const stream = multipartStream(inits);
          const text = await textOf(stream.body);
          if (stream.contentLength !== undefined) expect(stream.contentLength).toBe(text.length);
          const cuts = positions.filter((at) => at <= text.length).sort((one, other) => one - other);
          const reader = new MultipartReader(streamOf(cut(octets(text), cuts)), {
            contentType: stream.contentType,
          });
          expect(await partsOf(reader)).toEqual(
            parts.map(({ fields, encoding: extra, body: chunks }) => ({
              fields: [...fields, ...extra],
              body: isomorphic(...chunks),
            })),
          );
          await reader.closed;
        },
      ),
    );
  });
});

test("a part's own path and limits do not follow it into what is written", async () => {
  const parts: BodyPart[] = [];
  async function* second(): AsyncGenerator<PartInit> {
    for await (const part of readerOf("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--")) {
      parts.push(part);
      if (part.path === "2") yield part;
    }
  }
  const reader = new MultipartReader(octets(await written(second())), { boundary });
  expect((await nextPart(reader)).path).toBe("1");
  expect(parts).toHaveLength(2);
  expect(await rejection(parts[0]!.text())).toMatchObject({ code: "part-abandoned" });
});
