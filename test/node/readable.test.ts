/** A stream of Node is destroyed when nothing more is wanted of it, though it may never send another octet. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { MultipartReader } from "../../src/index.ts";
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
