/** Faults that were found by review, each with the shortest input that showed it. */

import { describe, expect, test } from "vitest";
import { HeaderList, httpMessageStream, MultipartReader, multipartStream } from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";
import { nextPart, rejection, Tap, textOf, thrown, turns } from "../support/web-streams.ts";

describe("what is no part is refused, not written as an empty one", () => {
  test.each<[string, unknown]>([
    ["text", "hi"],
    ["octets", octets("hi")],
    ["a Blob", new Blob(["hi"])],
    ["a Response", new Response("hi")],
    ["an array", ["hi"]],
    ["nothing", undefined],
  ])("%s", (_, part) => {
    expect(() => multipartStream([part as never])).toThrow(TypeError);
  });

  test("nor are form fields parts", async () => {
    const form = new FormData();
    form.append("a", "b");
    expect(await rejection(textOf(multipartStream(form as never).body))).toBeInstanceOf(TypeError);
  });
});

describe("what httpMessageStream() and multipartStream() answer is a part", () => {
  test("with its Content-Type and its length", async () => {
    const message = httpMessageStream({ kind: "request", method: "GET", target: "/" });
    const inner = multipartStream([{ body: "x" }], { boundary: "i" });
    const { body, contentLength } = multipartStream([message, inner], { boundary: "o" });
    const text = await textOf(body);
    expect(text).toBe(
      "--o\r\nContent-Type: application/http; msgtype=request\r\n\r\nGET / HTTP/1.1\r\n\r\n" +
        "\r\n--o\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nx\r\n--i--\r\n\r\n--o--\r\n",
    );
    expect(contentLength).toBe(text.length);
  });

  test("whose own fields keep their wire spelling", async () => {
    const fields = "X-N:  caf\xe9\r\nX-F: a\r\n b\r\n";
    const { headers } = await nextPart(
      new MultipartReader(octets(`--b\r\n${fields}\r\n\r\n--b--`), { boundary: "b" }),
    );
    const { body } = multipartStream([{ headers, contentType: "text/plain" }], { boundary: "b" });
    expect(await textOf(body)).toBe(`--b\r\n${fields}Content-Type: text/plain\r\n\r\n\r\n--b--\r\n`);
    expect(headers.has("content-type")).toBe(false);
  });

  test("whose own Content-Type goes before", async () => {
    const part = {
      ...httpMessageStream({ kind: "request", method: "GET", target: "/" }),
      headers: { "content-type": "a/b" },
    };
    expect(await textOf(multipartStream([part], { boundary: "o" }).body)).toContain(
      "--o\r\ncontent-type: a/b\r\n\r\n",
    );
  });
});

test.each([Number.NaN, -1, 1.5])("a body of %d octets is refused", (bodyLength) => {
  expect(() => multipartStream([{ body: "a", bodyLength }])).toThrow(RangeError);
});

test("a parameter is not a second way to the boundary", () => {
  const parameters: [string, string][] = [["boundary*", "UTF-8''evil"]];
  expect(() => multipartStream([], { parameters })).toThrow(TypeError);
});

test("a cancel reaches every body of an array, opened or not", async () => {
  const taps = [new Tap("a"), new Tap("b"), new Tap("c")];
  const reader = multipartStream(taps.map(({ stream }) => ({ body: stream }))).body.getReader();
  await reader.read();
  await reader.cancel("enough");
  expect(taps.map(({ cancels }) => cancels)).toEqual([["enough"], ["enough"], ["enough"]]);
});

test("a body given up while a pull is under way does not end the iteration", async () => {
  const tap = new Tap("--b\r\n\r\n");
  const reader = new MultipartReader(tap.stream, { boundary: "b" });
  const part = await nextPart(reader);
  const body = part.body.getReader();
  const pending = body.read().catch(() => {});
  await turns();
  await body.cancel();
  const next = reader.next();
  tap.push("first\r\n--b\r\n\r\nsecond\r\n--b--").close();
  await pending;
  expect(await (await next).value!.text()).toBe("second");
});

test("closed settles when a body cannot be gathered", async () => {
  const reader = new MultipartReader(octets("--b\r\n\r\nx"), { boundary: "b" });
  const part = await nextPart(reader);
  expect(await rejection(part.bytes())).toMatchObject({ code: "unexpected-end" });
  expect(await rejection(reader.closed)).toMatchObject({ code: "unexpected-end" });
});

test("a body that is not awaited is an error in any chunking", async () => {
  const reader = new MultipartReader(octets("--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--"), { boundary: "b" });
  const text = (await nextPart(reader)).text();
  expect(await rejection(reader.next())).toMatchObject({ code: "concurrent-read" });
  expect(await text).toBe("x");
  expect(await (await nextPart(reader)).text()).toBe("y");
});

test("the epilogue is handed out on request", async () => {
  const epilogue: number[] = [];
  const onEpilogue = (piece: Uint8Array): void => void epilogue.push(...piece);
  const tap = new Tap("--b\r\n\r\nx\r\n--b--\r\nepi", "logue").close();
  const reader = new MultipartReader(tap.stream, { boundary: "b", onEpilogue });
  await nextPart(reader);
  expect((await reader.next()).done).toBe(true);
  await reader.closed;
  expect(isomorphic(Uint8Array.from(epilogue))).toBe("epilogue");
});

test("an epilogue that its reader cannot bear ends the reading", async () => {
  const tap = new Tap("--b--\r\nepi");
  const refusal = new Error("not this");
  const onEpilogue = (): void => {
    throw refusal;
  };
  const reader = new MultipartReader(tap.stream, { boundary: "b", onEpilogue });
  expect((await reader.next()).done).toBe(true);
  expect(await rejection(reader.closed)).toBe(refusal);
  expect(tap.cancels).toEqual([refusal]);
});

test("tee() of a stream loses nothing when one branch transfers its chunks", async () => {
  const tap = new Tap("--b\r\n\r\nabc\r\n--b--").close();
  const [one, other] = tap.stream.tee();
  const first = await nextPart(new MultipartReader(one, { boundary: "b" }));
  const { value } = await first.body.getReader().read();
  structuredClone(value, { transfer: [value!.buffer] });
  expect(await (await nextPart(new MultipartReader(other, { boundary: "b" }))).text()).toBe("abc");
});

test("a header value that the strict reader refuses is not written", () => {
  expect(() => new HeaderList([["A", "\u0001"]])).toThrow(TypeError);
});

test("a nested body's missing boundary is told where its Content-Type stands in the input", async () => {
  const input = "--b\r\nA: 1\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n--b--";
  const part = await nextPart(new MultipartReader(octets(input), { boundary: "b" }));
  const error = thrown(() => new MultipartReader(part));
  expect(error).toMatchObject({ code: "missing-boundary", offset: input.indexOf("\r\n\r\nx"), path: "1" });
});
