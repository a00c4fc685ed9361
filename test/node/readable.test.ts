/** A stream of Node is destroyed when nothing more is wanted of it, though it may never send another octet. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { MultipartReader, multipartStream, toRequest } from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { nextPart, rejection } from "../support/web-streams.ts";

function stalled(): Readable {
  const stream = new Readable({ read: () => {} });
  stream.push(octets("--b\r\n\r\nabc"));
  return stream;
}

test("a signal destroys it", async () => {
  const stream = stalled();
  const controller = new AbortController();
  const stop = new Error("stop");
  const reader = new MultipartReader(stream, { boundary: "b", signal: controller.signal });
  const text = (await nextPart(reader)).text();
  controller.abort(stop);
  expect(await rejection(text)).toBe(stop);
  expect(stream.destroyed).toBe(true);
});

test("return() destroys it, while a body waits and while none does", async () => {
  for (const isRead of [true, false]) {
    const stream = stalled();
    const reader = new MultipartReader(stream, { boundary: "b" });
    const part = await nextPart(reader);
    const text = isRead ? rejection(part.text()) : undefined;
    await reader.return();
    expect(stream.destroyed).toBe(true);
    if (isRead) expect(await text).toMatchObject({ code: "part-abandoned" });
  }
});

test("a stream of parts that is cancelled destroys it, whether it had been pulled or not", async () => {
  const streams = [1, 2, 3].map(() => Readable.from([octets("ab"), octets("cd")]));
  const reader = multipartStream(streams.map((body) => ({ body }))).body.getReader();
  await reader.read();
  await reader.cancel();
  expect(streams.map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
});

test("a body that is opened and never pulled destroys it", async () => {
  const stream = Readable.from([octets("ab")]);
  await toRequest({ kind: "request", method: "POST", target: "https://a/", body: stream }).body!.cancel();
  expect(stream.destroyed).toBe(true);
});
