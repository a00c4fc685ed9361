import { describe, expect, test } from "vitest";
import { MultipartReader, OctetPool, readHttpMessage } from "../../src/index.ts";
import type { BodyPart, Deviation, MultipartReaderOptions } from "../../src/index.ts";
import { chunkings, cut, octets } from "../support/chunkings.ts";
import { detachable } from "../support/detachable.ts";
import { isomorphic } from "../support/transfer.ts";
import { nextPart, rejection, Tap, textOf, thrown } from "../support/web-streams.ts";

/** The one part with these fields and this body, which is in isomorphic text. */
function partOf(fields: string, body: string, options: MultipartReaderOptions = {}): Promise<BodyPart> {
  return nextPart(new MultipartReader(octets(message(fields, body)), { boundary: "b", ...options }));
}

const message = (fields: string, body: string): string => `--b\r\n${fields}\r\n${body}\r\n--b--`;

describe("a body gathered", () => {
  const every = String.fromCharCode(...Array.from({ length: 256 }, (_, octet) => octet));

  test("holds every octet, in every chunking and every way", async () => {
    const input = octets(message("", every));
    for (const { name, chunks } of chunkings(input)) {
      const open = (): Promise<BodyPart> => nextPart(new MultipartReader(chunks, { boundary: "b" }));
      expect(isomorphic(await (await open()).bytes()), name).toBe(every);
      expect(await textOf((await open()).body), name).toBe(every);
    }
  });

  test("is the caller's own: it shares nothing with the input", async () => {
    const input = octets(message("", "abc"));
    const bytes = await (await nextPart(new MultipartReader(input, { boundary: "b" }))).bytes();
    expect(bytes.buffer).not.toBe(input.buffer);
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
  });

  test("shares a buffer with others where the reader was given a pool, in every chunking", async () => {
    const bodies = ["abc", "", "x".repeat(2048), "y".repeat(2049), "de"];
    const head = "--b\r\nContent-Type: application/http\r\n\r\n";
    const parts = bodies.map((body) => `${head}HTTP/1.1 200 OK\r\n\r\n${body}\r\n`);
    for (const { name, chunks } of chunkings(octets(`${parts.join("")}--b--`))) {
      const gathered: Uint8Array[] = [];
      for await (const part of new MultipartReader(chunks, { boundary: "b", pool: new OctetPool() })) {
        gathered.push(await (await readHttpMessage(part)).bytes());
      }
      expect(
        gathered.map((one) => isomorphic(one)),
        name,
      ).toEqual(bodies);
      if (chunks.length > 1) continue;
      const [first, , long, longer, last] = gathered.map(({ buffer }) => buffer);
      expect([long === first, last === first]).toEqual([true, true]);
      expect(longer!.byteLength).toBe(2049);
    }
  });

  test("of no octets is empty", async () => {
    expect(await (await partOf("", "")).bytes()).toEqual(new Uint8Array(0));
    expect(await (await partOf("", "")).text()).toBe("");
    expect(await textOf((await partOf("", "")).body)).toBe("");
  });
});

describe("text", () => {
  const inCharset = (charset: string, body: string): Promise<string> =>
    partOf(`Content-Type: text/plain; charset=${charset}\r\n`, body).then((part) => part.text());

  test("is UTF-8 unless the media type says otherwise", async () => {
    expect(await (await partOf("", "caf\xc3\xa9")).text()).toBe("café");
    expect(await (await partOf("Content-Type: application/json\r\n", "\xe2\x82\xac")).text()).toBe("€");
  });

  test("has U+FFFD where it is not valid", async () => {
    expect(await (await partOf("", "caf\xe9!")).text()).toBe("caf\ufffd!");
    expect(await (await partOf("", "caf\xc3")).text()).toBe("caf\ufffd");
  });

  test("is read from chunks whose buffers may be resized, which browsers' decoders refuse", async () => {
    const input = octets(message("A: 1\r\n", "\xf0\x9f\x98\x80\xc3\xa9"));
    for (const cuts of [[], [20, 22]]) {
      const chunks = cut(input, cuts).map((chunk) => detachable(chunk).chunk);
      const part = await nextPart(new MultipartReader(chunks, { boundary: "b" }));
      expect(await part.text()).toBe("😀é");
    }
  });

  test("of characters cut between chunks is whole", async () => {
    const input = octets(message("", "\xf0\x9f\x98\x80\xc3\xa9"));
    for (const { name, chunks } of chunkings(input)) {
      expect(await (await nextPart(new MultipartReader(chunks, { boundary: "b" }))).text(), name).toBe("😀é");
    }
  });

  test("loses a byte order mark, which octets keep", async () => {
    expect(await (await partOf("", "\xef\xbb\xbfab")).text()).toBe("ab");
    expect(isomorphic(await (await partOf("", "\xef\xbb\xbfab")).bytes())).toBe("\xef\xbb\xbfab");
    expect(await (await partOf("", '\xef\xbb\xbf{"a":1}')).json()).toEqual({ a: 1 });
    expect(await inCharset("utf-16le", "\xff\xfea\0")).toBe("a");
  });

  test.each(["UTF-8", "utf8", '"utf-8"'])("in charset %s is UTF-8", async (charset) => {
    expect(await inCharset(charset, "\xc3\xa9")).toBe("é");
  });

  // A TextDecoder takes these labels for windows-1252, in which 0x80 is the euro sign.
  test.each(["iso-8859-1", "ISO-8859-1", "latin1", "iso8859-1", "iso_8859-1", "l1", "cp819"])(
    "in charset %s has one character an octet",
    async (charset) => {
      expect(await inCharset(charset, "\x80\x9f\xe9\xff")).toBe("\x80\x9f\xe9\xff");
    },
  );

  test.each(["strict", "lenient"] as const)("is in each part's own charset, %s", async (tolerance) => {
    const types = ["iso-8859-1", "iso-8859-1", "utf-8", undefined, "us-ascii", "iso-8859-1", undefined];
    const parts = types.map((charset) => {
      const field = charset === undefined ? "" : `Content-Type: text/plain; charset=${charset}\r\n`;
      return `--b\r\n${field}\r\n\xc3\xa9\r\n`;
    });
    const texts: string[] = [];
    const input = octets(`${parts.join("")}--b--`);
    for await (const part of new MultipartReader(input, { boundary: "b", tolerance })) {
      texts.push(await part.text());
      // It is the caller's, and of this part alone.
      part.mediaType.parameters.set("charset", "utf-16le");
    }
    expect(texts).toEqual(["Ã©", "Ã©", "é", "é", "\ufffd\ufffd", "Ã©", "é"]);
  });

  test.each([4095, 4096, 4097, 10_000])("in charset iso-8859-1 may have %i octets", async (length) => {
    const body = "\xe9".repeat(length - 1) + "a";
    expect(await (await partOf("Content-Type: text/plain; charset=iso-8859-1\r\n", body)).text()).toBe(body);
  });

  test.each(["us-ascii", "ascii"])("in charset %s has U+FFFD for what is not ASCII", async (charset) => {
    expect(await inCharset(charset, "a\x80\xe9")).toBe("a\ufffd\ufffd");
  });

  test("in a charset that nobody knows is an error, and the octets are still there", async () => {
    const part = await partOf("Content-Type: text/plain; charset=x-none\r\n", "ab");
    expect(await rejection(part.text())).toMatchObject({ code: "unsupported-charset", path: "1" });
    expect(isomorphic(await part.bytes())).toBe("ab");
  });

  test("of a part whose Content-Type is broken is an error in strict mode", async () => {
    const part = await partOf("Content-Type: text\r\n", "ab");
    expect(await rejection(part.text())).toMatchObject({ code: "malformed-media-type" });
  });

  test("is text/plain without a Content-Type, message/rfc822 in a digest", async () => {
    expect((await partOf("", "")).mediaType.essence).toBe("text/plain");
    const digest = new MultipartReader(octets(message("", "")), {
      contentType: "multipart/digest; boundary=b",
    });
    expect((await nextPart(digest)).mediaType.essence).toBe("message/rfc822");
  });
});

describe("json", () => {
  test("is UTF-8 whatever the media type says", async () => {
    const part = await partOf("Content-Type: application/json; charset=iso-8859-1\r\n", '"\xc3\xa9"');
    expect(await part.json()).toBe("é");
  });

  test("that is none is an error where the body begins, with the engine's own as its cause", async () => {
    const error = await rejection((await partOf("A: 1\r\n", "{")).json());
    expect(error).toMatchObject({ code: "invalid-json", offset: 13, path: "1", status: 400 });
    expect((error as Error).cause).toBeInstanceOf(SyntaxError);
  });

  test("names are data", async () => {
    const value = await (await partOf("", '{"__proto__":1}')).json();
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
  });
});

describe("a body longer than maxBufferedBytes", () => {
  const limits = { maxBufferedBytes: 3 };
  const exceeded = { code: "limit-exceeded", limit: { name: "maxBufferedBytes", value: 3 }, status: 413 };

  test("is not gathered, and the next part is there", async () => {
    const input = octets("--b\r\n\r\nabcd\r\n--b\r\n\r\nabc\r\n--b--");
    for (const { name, chunks } of chunkings(input)) {
      for (const way of ["bytes", "text", "json"] as const) {
        const reader = new MultipartReader(chunks, { boundary: "b", limits });
        const first = await nextPart(reader);
        expect(await rejection(first[way]()), name).toMatchObject({ ...exceeded, offset: 10, path: "1" });
        expect(await (await nextPart(reader)).text(), name).toBe("abc");
      }
    }
  });

  test("is streamed all the same", async () => {
    expect(await textOf((await partOf("", "abcd", { limits })).body)).toBe("abcd");
  });

  test("is measured decoded", async () => {
    const fields = "Content-Transfer-Encoding: base64\r\n";
    expect(await (await partOf(fields, btoa("abc"), { limits })).text()).toBe("abc");
    expect(await rejection((await partOf(fields, btoa("abcd"), { limits })).text())).toMatchObject({
      ...exceeded,
      offset: 3,
      offsetBase: "decoded-body",
    });
  });

  test("is not read any further than to see that", async () => {
    const tap = new Tap("--b\r\n\r\nab", "cd", "ef");
    const part = await nextPart(new MultipartReader(tap.stream, { boundary: "b", limits }));
    expect(await rejection(part.bytes())).toMatchObject(exceeded);
    expect(tap.pulls).toBe(2);
  });
});

describe("a transfer encoding", () => {
  const base64 = "Content-Transfer-Encoding: BASE64\r\n";
  const quotedPrintable = "Content-Transfer-Encoding: quoted-printable\r\n";

  test("is undone in every way to read, in every chunking; the field stays", async () => {
    for (const [fields, body] of [
      [base64, "SGVs\r\nbG8="],
      [quotedPrintable, "Hel=\r\n=6C=6F"],
    ] as const) {
      for (const { name, chunks } of chunkings(octets(message(fields, body)))) {
        const open = (): Promise<BodyPart> => nextPart(new MultipartReader(chunks, { boundary: "b" }));
        expect(await (await open()).text(), name).toBe("Hello");
        expect(await textOf((await open()).body), name).toBe("Hello");
        expect((await open()).headers.has("content-transfer-encoding")).toBe(true);
      }
    }
  });

  test.each(["7bit", "8bit", "Binary"])("%s is nothing to undo", async (mechanism) => {
    const part = await partOf(`Content-Transfer-Encoding: ${mechanism}\r\n`, "a=62\xff");
    expect(isomorphic(await part.bytes())).toBe("a=62\xff");
  });

  test("is left alone with { decode: false }", async () => {
    expect(await (await partOf(base64, "SGVsbG8=", { decode: false })).text()).toBe("SGVsbG8=");
    expect(await (await partOf("Content-Transfer-Encoding: x\r\n", "ab", { decode: false })).text()).toBe(
      "ab",
    );
  });

  test.each(["isDecoded", "headers"] as const)(
    "is that of the field as it was read (%s is asked first)",
    async (first) => {
      const encoded = await partOf(base64, "SGVsbG8=");
      const plain = await partOf("", "Hello");
      for (const part of [encoded, plain]) void part[first];
      encoded.headers.delete("content-transfer-encoding");
      plain.headers.set("Content-Transfer-Encoding", "base64");
      expect([await encoded.text(), await plain.text()]).toEqual(["Hello", "Hello"]);
    },
  );

  test("of form data is left alone, whatever is asked for", async () => {
    const part = (options: MultipartReaderOptions): Promise<BodyPart> =>
      nextPart(new MultipartReader(octets(message(base64, "SGVsbG8=")), options));
    const contentType = "multipart/form-data; boundary=b";
    expect(await (await part({ contentType })).text()).toBe("SGVsbG8=");
    expect(await (await part({ contentType, decode: true })).text()).toBe("SGVsbG8=");
    expect(await (await part({ boundary: "b", profile: "form-data" })).text()).toBe("SGVsbG8=");
    expect(await (await part({ contentType, profile: "mime" })).text()).toBe("Hello");
  });

  test("that is unknown is an error in strict mode, where the body begins", async () => {
    const fields = "Content-Transfer-Encoding: x-foo\r\n";
    const error = { code: "unknown-transfer-encoding", offset: 5 + fields.length + 2, path: "1" };
    const part = await partOf(fields, "ab");
    expect(await rejection(part.text())).toMatchObject(error);
    expect(thrown(() => new MultipartReader(part, { boundary: "i" }))).toMatchObject(error);
    expect(await rejection(textOf((await partOf(fields, "ab")).body))).toMatchObject(error);
  });

  test("that is unknown is left alone in lenient mode, and reported once", async () => {
    const deviations: Deviation[] = [];
    const part = await partOf("Content-Transfer-Encoding: x-foo\r\n", "ab", {
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
    });
    expect(await part.text()).toBe("ab");
    expect(deviations.map(({ code, path }) => [code, path])).toEqual([["unknown-transfer-encoding", "1"]]);
  });

  test("that is broken is an error at the octet of the input, and the next part is there", async () => {
    const input = "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSG!s\r\n--b\r\n\r\n2\r\n--b--";
    for (const { name, chunks } of chunkings(octets(input))) {
      const reader = new MultipartReader(chunks, { boundary: "b" });
      const part = await nextPart(reader);
      expect(await rejection(part.text()), name).toMatchObject({
        code: "base64-foreign-character",
        offset: input.indexOf("!"),
        offsetBase: "input",
        path: "1",
      });
      expect(await (await nextPart(reader)).text(), name).toBe("2");
    }
  });

  test("of one part does not touch the next", async () => {
    const input = `--b\r\n${base64}\r\nSGVsbG8\r\n--b\r\n${base64}\r\nSGVsbG8=\r\n--b--`;
    const reader = new MultipartReader(octets(input), { boundary: "b" });
    expect(await rejection((await nextPart(reader)).text())).toMatchObject({ code: "base64-padding" });
    expect(await (await nextPart(reader)).text()).toBe("Hello");
  });

  test("that is given twice counts as its first field says", async () => {
    expect(await (await partOf(`${base64}Content-Transfer-Encoding: 8bit\r\n`, "SGVsbG8=")).text()).toBe(
      "Hello",
    );
  });
});

describe("content disposition", () => {
  test("is parsed on request", async () => {
    const part = await partOf('Content-Disposition: form-data; name="a"; filename="b.txt"\r\n', "");
    expect(part.disposition).toMatchObject({ type: "form-data", name: "a", filename: "b.txt" });
    expect((await partOf("", "")).disposition).toBeUndefined();
  });
});

test("to look at a body's stream is not to use the body", async () => {
  const part = await partOf("", "ab");
  expect(part.body).toBeInstanceOf(ReadableStream);
  expect(part.bodyUsed).toBe(false);
  expect(await part.text()).toBe("ab");
});

test("a body that a nested reader or a writer has begun to read is used", async () => {
  const part = await partOf("Content-Type: multipart/mixed; boundary=i\r\n", "--i\r\n\r\nA\r\n--i--");
  await nextPart(new MultipartReader(part));
  expect(part.bodyUsed).toBe(true);
  expect(await rejection(part.bytes())).toMatchObject({ code: "body-used" });
});

test("a body that has been read is no nested multipart body any more", async () => {
  const part = await partOf("Content-Type: multipart/mixed; boundary=i\r\n", "--i\r\n\r\nA\r\n--i--");
  await part.bytes();
  const read = async (): Promise<unknown> => new MultipartReader(part).next();
  expect(await rejection(read())).toMatchObject({ code: "body-used" });
});
