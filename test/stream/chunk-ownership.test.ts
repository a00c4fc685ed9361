/**
 * Who owns a chunk of a body stream may transfer it. That must take nothing away from those who
 * still read the octets beside it: parsers, sources, and callers whose array it was.
 */

import { describe, expect, test } from "vitest";
import { httpMessageStream, MultipartReader, multipartStream, readHttpMessage } from "../../src/index.ts";
import type { BodyPart, ByteSource, ChunkSource } from "../../src/index.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { concat } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";
import { chunksOf, nextPart, partsOf, streamOf, textOfTransferred } from "../support/web-streams.ts";

const transferred = (part: BodyPart): Promise<string> => textOfTransferred(part.body);

const small = "--b\r\n\r\nfirst\r\n--b\r\nA: 2\r\n\r\nsec\r\n-ond\r\n--b\r\n\r\n\r\n--b\r\n\r\nlast\r\n--b--";
const bodies = ["first", "sec\r\n-ond", "", "last"];

describe("transferring each chunk of a body stream does not disturb", () => {
  test("the parts that follow in the same chunk", async () => {
    const parts = await partsOf(new MultipartReader(octets(small), { boundary: "b" }), transferred);
    expect(parts.map(({ body }) => body)).toEqual(bodies);
  });

  test("the parts that follow in other chunks, each with a buffer of its own", async () => {
    for (const { name, chunks } of chunkings(octets(small))) {
      const own = chunks.map((chunk) => chunk.slice());
      const parts = await partsOf(new MultipartReader(own, { boundary: "b" }), transferred);
      expect(
        parts.map(({ body }) => body),
        name,
      ).toEqual(bodies);
    }
  });

  const pooled: [string, (chunks: Uint8Array[]) => ByteSource][] = [
    ["an iterable", (chunks) => chunks],
    ["a stream", (chunks) => streamOf(chunks)],
  ];
  test.each(pooled)(
    "the chunks of %s that follow in the same buffer, as of pooled reads",
    async (_, make) => {
      for (const { name, chunks } of chunkings(octets(small))) {
        // A copy for each run: views of one buffer stay views of one buffer.
        const input = concat(chunks);
        let at = 0;
        const views = chunks.map(({ length }) => input.subarray(at, (at += length)));
        const parts = await partsOf(new MultipartReader(make(views), { boundary: "b" }), transferred);
        expect(
          parts.map(({ body }) => body),
          name,
        ).toEqual(bodies);
      }
    },
  );

  test("a chunk between: nothing is lost without a word", async () => {
    const shared = octets("--b\r\n\r\nabcd");
    const chunks = [shared.subarray(0, 9), shared.subarray(9), octets("ef\r\n--b--")];
    expect(await transferred(await nextPart(new MultipartReader(chunks, { boundary: "b" })))).toBe("abcdef");
  });

  test("a nested multipart body", async () => {
    const inner = "--i\r\n\r\none\r\n--i\r\n\r\ntwo\r\n--i--";
    const input = `--b\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n${inner}\r\n--b\r\n\r\nthree\r\n--b--`;
    for (const { name, chunks } of chunkings(octets(input))) {
      const outer = new MultipartReader(
        chunks.map((chunk) => chunk.slice()),
        { boundary: "b" },
      );
      const parts = await partsOf(new MultipartReader(await nextPart(outer)), transferred);
      expect(
        parts.map(({ body }) => body),
        name,
      ).toEqual(["one", "two"]);
      expect(await transferred(await nextPart(outer)), name).toBe("three");
    }
  });

  test("an HTTP message in a part, of any framing, and the parts behind it", async () => {
    for (const message of [
      "HTTP/1.1 200 OK\r\n\r\nbody",
      "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n",
    ]) {
      const part = `--b\r\nContent-Type: application/http\r\n\r\n${message}\r\n`;
      for (const { name, chunks } of chunkings(octets(`${part}${part}--b--`))) {
        const reader = new MultipartReader(
          chunks.map((chunk) => chunk.slice()),
          { boundary: "b" },
        );
        for (const place of ["first", "second"]) {
          const { body } = await readHttpMessage(await nextPart(reader));
          expect(await textOfTransferred(body), `${place}, ${name}`).toBe("body");
        }
        expect((await reader.next()).done, name).toBe(true);
      }
    }
  });

  test("a decoded body", async () => {
    const part = "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVsbG8=\r\n";
    for (const { name, chunks } of chunkings(octets(`${part}${part}--b--`))) {
      const reader = new MultipartReader(
        chunks.map((chunk) => chunk.slice()),
        { boundary: "b" },
      );
      const parts = await partsOf(reader, transferred);
      expect(
        parts.map(({ body }) => body),
        name,
      ).toEqual(["Hello", "Hello"]);
    }
  });

  test("the array that the caller has given", async () => {
    const input = octets("--b\r\n\r\nbody that reaches the end of its chunk");
    const rest = octets("\r\n--b--");
    const reader = new MultipartReader([input, rest], { boundary: "b" });
    expect(await transferred(await nextPart(reader))).toBe("body that reaches the end of its chunk");
    expect(input.length).toBeGreaterThan(0);
  });
});

describe("transferring a gathered body does not disturb", () => {
  const long = Array.from({ length: 6000 }, (_, at) => String.fromCharCode(at % 251)).join("");
  const input = octets(`--b\r\n\r\n${long}\r\n--b\r\n\r\nlast\r\n--b--`);

  /** As a byte stream is: even its views are the reader's to transfer. */
  const given = (chunks: Uint8Array[]): ChunkSource => {
    const rest = [...chunks];
    return { mayTransfer: true, pull: () => rest.shift(), cancel: () => Promise.resolve() };
  };

  const sources: [string, (chunks: Uint8Array[]) => ByteSource][] = [
    ["a source that gives its chunks away", (chunks) => given(chunks.map((chunk) => chunk.slice()))],
    ["a stream of somebody else's chunks", (chunks) => streamOf(chunks)],
  ];
  test.each(sources)("%s", async (_, make) => {
    for (const { name, chunks } of chunkings(input)) {
      const reader = new MultipartReader(make(chunks), { boundary: "b" });
      const bytes = await (await nextPart(reader)).bytes();
      expect(bytes.byteLength, name).toBe(bytes.buffer.byteLength);
      expect(isomorphic(structuredClone(bytes, { transfer: [bytes.buffer] })), name).toBe(long);
      expect(await (await nextPart(reader)).text(), name).toBe("last");
    }
    expect(isomorphic(input.subarray(7, 7 + long.length))).toBe(long);
  });

  test("which is a chunk that was given away where it is one: nothing is copied", async () => {
    const chunks = [octets("--b\r\n\r\n"), octets(long), octets("\r\n--b--")];
    const part = await nextPart(new MultipartReader(given(chunks), { boundary: "b" }));
    expect((await part.bytes()).buffer).toBe(chunks[1]!.buffer);
  });
});

describe("transferring each chunk of a written stream does not disturb", () => {
  const large = "a".repeat(5000);

  test("a large body of the caller's", async () => {
    const body = octets(large);
    await textOfTransferred(multipartStream([{ body }]).body);
    expect(body.length).toBe(5000);
    await textOfTransferred(httpMessageStream({ kind: "response", status: 200, body }).body);
    expect(body.length).toBe(5000);
  });

  test("the reader that a part is forwarded from", async () => {
    const input = `--b\r\n\r\n${large}\r\n--b\r\n\r\nB\r\n--b--`;
    const reader = new MultipartReader(octets(input), { boundary: "b" });
    expect(await textOfTransferred(multipartStream(reader, { boundary: "b" }).body)).toBe(`${input}\r\n`);
  });

  test("the reader that a message is forwarded from", async () => {
    const input = `--b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n${large}\r\n--b\r\n\r\nB\r\n--b--`;
    const reader = new MultipartReader(octets(input), { boundary: "b" });
    const message = await readHttpMessage(await nextPart(reader));
    expect(await textOfTransferred(httpMessageStream(message).body)).toBe(`HTTP/1.1 200 OK\r\n\r\n${large}`);
    expect(await (await nextPart(reader)).text()).toBe("B");
  });
});

describe("a ChunkSource that reads into one buffer again and again, and says so", () => {
  function reusing(pieces: string[]): ChunkSource {
    const buffer = new Uint8Array(8192);
    const rest = [...pieces];
    return {
      mayTransfer: false,
      pull() {
        const piece = rest.shift();
        if (piece === undefined) return undefined;
        buffer.set(octets(piece));
        return buffer.subarray(0, piece.length);
      },
      cancel: () => Promise.resolve(),
    };
  }

  test.each([3, 5000])("is written as it was read: chunks of %i octets", async (size) => {
    const pieces = ["a", "b", "c"].map((letter) => letter.repeat(size));
    const chunks = await chunksOf(multipartStream([{ body: reusing(pieces) }], { boundary: "x" }).body);
    expect(isomorphic(...chunks)).toBe(`--x\r\n\r\n${pieces.join("")}\r\n--x--\r\n`);
  });

  test("is read as it was: gathered and as a stream", async () => {
    const pieces = ["--b\r\n\r\na", "bcdefgh", "ijklmno", "\r\n--b--"];
    const first = await nextPart(new MultipartReader(reusing(pieces), { boundary: "b" }));
    expect(isomorphic(await first.bytes())).toBe("abcdefghijklmno");
    const second = await nextPart(new MultipartReader(reusing(pieces), { boundary: "b" }));
    expect(isomorphic(...(await chunksOf(second.body)))).toBe("abcdefghijklmno");
  });
});

test("the views that pull() answers are of the input: nothing is copied on the way", async () => {
  const input = octets("--b\r\n\r\nabc\r\n--b--");
  const part = await nextPart(new MultipartReader(streamOf([input]), { boundary: "b" }));
  expect((await part.pull())?.buffer).toBe(input.buffer);
});
