import { describe, expect, test } from "vitest";
import { MultipartReader } from "../../src/index.ts";
import type { ByteSource } from "../../src/index.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { concat } from "../support/outcome.ts";
import {
  nextPart,
  outcomeOf,
  partsOf,
  rejection,
  streamOf,
  Tap,
  thrown,
  turns,
} from "../support/web-streams.ts";

/** As Node's `Buffer`: `slice()` does not copy. */
class SharingArray extends Uint8Array<ArrayBuffer> {
  override slice(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return this.subarray(start, end) as Uint8Array<ArrayBuffer>;
  }
}

type Chunks = Uint8Array<ArrayBuffer>[];
const whole = (chunks: Chunks): Uint8Array<ArrayBuffer> => concat(chunks) as Uint8Array<ArrayBuffer>;

const kinds: [name: string, make: (chunks: Chunks) => ByteSource][] = [
  ["Uint8Array", whole],
  ["ArrayBuffer", (chunks) => whole(chunks).buffer],
  ["subclass of Uint8Array whose slice() shares", (chunks) => new SharingArray(whole(chunks).buffer)],
  ["ReadableStream", (chunks) => streamOf(chunks)],
  [
    "ReadableStream of a subclass",
    (chunks) => streamOf(chunks.map((chunk) => new SharingArray(chunk.slice().buffer))),
  ],
  [
    "ReadableStream with empty chunks",
    (chunks) => streamOf(chunks.flatMap((chunk) => [new Uint8Array(0), chunk])),
  ],
  ["array", (chunks) => chunks],
  [
    "generator",
    function* (chunks) {
      yield* chunks;
    },
  ],
  [
    "async generator",
    async function* (chunks) {
      yield* chunks;
    },
  ],
  [
    "async iterable that answers without waiting",
    (chunks) => {
      const iterator = chunks.values();
      return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(iterator.next()) }) };
    },
  ],
  [
    "async iterable of thenables that are no promises",
    (chunks) => {
      const iterator = chunks.values();
      const next = (): PromiseLike<IteratorResult<Uint8Array>> => {
        const settled = Promise.resolve(iterator.next());
        // oxlint-disable-next-line unicorn/no-thenable -- a promise of another realm is such a thing
        return { then: (onFulfilled, onRejected) => settled.then(onFulfilled, onRejected) };
      };
      return { [Symbol.asyncIterator]: () => ({ next: next as () => Promise<IteratorResult<Uint8Array>> }) };
    },
  ],
  [
    "ChunkSource",
    (chunks) => {
      const iterator = chunks.filter(({ length }) => length > 0).values();
      return { pull: () => iterator.next().value, cancel: () => Promise.resolve() };
    },
  ],
  [
    "ChunkSource that takes its time",
    (chunks) => {
      const iterator = chunks.filter(({ length }) => length > 0).values();
      return { pull: async () => iterator.next().value, cancel: () => Promise.resolve() };
    },
  ],
  ["Blob", (chunks) => new Blob(chunks)],
  ["Response", (chunks) => new Response(whole(chunks))],
  ["Response with a stream", (chunks) => new Response(streamOf(chunks))],
];
// Firefox has no `Request.prototype.body`.
if ("body" in Request.prototype) {
  kinds.push([
    "Request",
    (chunks) => new Request("https://a.invalid/", { method: "POST", body: whole(chunks) }),
  ]);
}
if (supportsByteStreams()) {
  kinds.push([
    "ReadableStream of bytes",
    (chunks) => {
      const iterator = chunks.map((chunk) => chunk.slice()).values();
      return new ReadableStream({
        type: "bytes",
        pull(controller) {
          const { done, value } = iterator.next();
          if (done === true) controller.close();
          else if (value.length > 0) controller.enqueue(value);
        },
      });
    },
  ]);
}

function supportsByteStreams(): boolean {
  try {
    new ReadableStream({ type: "bytes" }).getReader();
    return true;
  } catch {
    return false;
  }
}

describe("every kind of source in every chunking gives the same parts", () => {
  const input = octets("p\r\n--b\r\nA: 1\r\n\r\nHello\r\n--\r\n--b\r\n\r\n\r\n--b--\r\ne");

  test.each(kinds)("%s", async (_, make) => {
    for (const { name, chunks } of chunkings(input)) {
      const reader = new MultipartReader(make(chunks as Chunks), { boundary: "b" });
      expect(await partsOf(reader), name).toEqual([
        { fields: [["A", "1"]], body: "Hello\r\n--" },
        { fields: [], body: "" },
      ]);
    }
  });
});

describe("the content type", () => {
  const body = '--b"\r\n\r\n\r\n--b"--';
  const contentType = 'multipart/mixed; boundary="b\\""';

  test.each<[string, () => ByteSource]>([
    ["Response", () => new Response(body, { headers: { "content-type": contentType } })],
    ...("body" in Request.prototype
      ? [
          [
            "Request",
            () =>
              new Request("https://a.invalid/", {
                method: "POST",
                body,
                headers: { "content-type": contentType },
              }),
          ] as [string, () => ByteSource],
        ]
      : []),
    [
      "anything with headers and a body",
      () => ({ headers: new Headers({ "Content-Type": contentType }), body: new Response(body).body }),
    ],
  ])("of a %s names the boundary", async (_, make) => {
    expect(await partsOf(new MultipartReader(make()))).toHaveLength(1);
  });

  test("that is given goes before the one of the source", async () => {
    const response = new Response("--c\r\n\r\n\r\n--c--", { headers: { "content-type": contentType } });
    expect(
      await partsOf(new MultipartReader(response, { contentType: "multipart/mixed; boundary=c" })),
    ).toHaveLength(1);
  });

  test("does not matter where a boundary is given", async () => {
    const response = new Response("--c\r\n\r\n\r\n--c--", { headers: { "content-type": "text/plain" } });
    expect(await partsOf(new MultipartReader(response, { boundary: "c" }))).toHaveLength(1);
  });

  test.each<[string, string, number]>([
    ["text/plain", "not-multipart", 0],
    ["multipart/mixed", "missing-boundary", 15],
    ['multipart/mixed; boundary=""', "invalid-boundary", 26],
    ["multipart", "malformed-media-type", 9],
  ])("%s is refused, and leaves the source alone", (type, code) => {
    const tap = new Tap();
    expect(thrown(() => new MultipartReader(tap.stream, { contentType: type }))).toMatchObject({ code });
    expect(tap.stream.locked).toBe(false);
  });

  test("must be there", () => {
    expect(() => new MultipartReader(octets(""))).toThrow(TypeError);
    // A client that sends no Content-Type has sent something wrong; a caller has not given something.
    const noType = { code: "not-multipart", status: 400 };
    expect(thrown(() => new MultipartReader(new Response(octets(""))))).toMatchObject(noType);
    expect(() => new MultipartReader({ body: null })).toThrow(TypeError);
  });

  test("is not a boundary", () => {
    expect(() => new MultipartReader(octets(""), { boundary: "" })).toThrow(RangeError);
    expect(() => new MultipartReader(octets(""), { boundary: "a\r\n" })).toThrow(RangeError);
  });
});

describe("what is no source", () => {
  test.each([["string"], [1], [null], [undefined], [{}], [() => octets("")]])(
    "%j is refused at once",
    (source) => {
      expect(() => new MultipartReader(source as never, { boundary: "b" })).toThrow(TypeError);
    },
  );

  test("a locked stream", () => {
    const { stream } = new Tap();
    stream.getReader();
    expect(() => new MultipartReader(stream, { boundary: "b" })).toThrow(TypeError);
  });

  test("a body that has been used", async () => {
    const response = new Response("--b--");
    await response.text();
    expect(() => new MultipartReader(response, { boundary: "b" })).toThrow(TypeError);
  });

  test("a stream of strings: the read rejects", async () => {
    const reader = new MultipartReader(streamOf(["--b--"]) as never, { boundary: "b" });
    expect(await rejection(reader.next())).toBeInstanceOf(TypeError);
  });

  test("no body at all is a body that ends too early", async () => {
    for (const source of [new Response(null), octets(""), [], new Blob([])]) {
      const reader = new MultipartReader(source, { boundary: "b" });
      expect(await rejection(reader.next())).toMatchObject({ code: "unexpected-end", offset: 0 });
    }
  });
});

describe("an async generator whose next chunk never comes", () => {
  async function* stalled(): AsyncGenerator<Uint8Array> {
    yield octets("--b\r\n\r\nab");
    await new Promise(() => {});
  }

  test("holds up neither return() nor the body that waits for it", async () => {
    const reader = new MultipartReader(stalled(), { boundary: "b" });
    const text = rejection((await nextPart(reader)).text());
    await turns();
    expect(await outcomeOf(reader.return())).toEqual({ value: { done: true, value: undefined } });
    expect(await text).toMatchObject({ code: "part-abandoned" });
  });

  test("holds up no stream of its parts that is cancelled", async () => {
    const reader = (await nextPart(new MultipartReader(stalled(), { boundary: "b" }))).body.getReader();
    expect((await reader.read()).value).toEqual(octets("ab"));
    const pending = reader.read();
    expect(await outcomeOf(reader.cancel())).toEqual({ value: undefined });
    expect(await outcomeOf(pending)).toEqual({ value: { done: true, value: undefined } });
  });
});

test("an iterable that can be destroyed is, and its iteration is ended as any other", async () => {
  const ends: string[] = [];
  const source = {
    async *[Symbol.asyncIterator]() {
      try {
        yield octets("--b\r\n\r\nab");
        yield octets("cd");
      } finally {
        ends.push("returned");
      }
    },
    destroy: async () => {
      ends.push("destroyed");
      throw new Error("mine");
    },
  };
  const reader = new MultipartReader(source, { boundary: "b" });
  await nextPart(reader);
  expect(await rejection(reader.return())).toEqual(new Error("mine"));
  expect(ends.sort()).toEqual(["destroyed", "returned"]);
});

describe("an abort signal", () => {
  const stop = new Error("stop");

  test("that was aborted before: the first read rejects with its reason, and the source is cancelled", async () => {
    const tap = new Tap();
    const reader = new MultipartReader(tap.stream, { boundary: "b", signal: AbortSignal.abort(stop) });
    expect(await rejection(reader.next())).toBe(stop);
    expect(await rejection(reader.closed)).toBe(stop);
    expect(tap.cancels).toEqual([stop]);
    expect(tap.pulls).toBe(0);
  });

  test("rejects a pending next() whose source never answers", async () => {
    const tap = new Tap();
    const controller = new AbortController();
    const reader = new MultipartReader(tap.stream, { boundary: "b", signal: controller.signal });
    const pending = reader.next();
    await turns(1);
    controller.abort(stop);
    expect(await rejection(pending)).toBe(stop);
    expect(tap.cancels).toEqual([stop]);
    expect(await rejection(reader.next())).toBe(stop);
    expect(await rejection(reader.closed)).toBe(stop);
  });

  test("rejects a pending next() of an async generator, which could not be told to stop", async () => {
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      await new Promise(() => {});
      yield octets("");
    }
    const reader = new MultipartReader(endless(), { boundary: "b", signal: controller.signal });
    const pending = reader.next();
    controller.abort(stop);
    expect(await outcomeOf(pending)).toEqual({ error: stop });
  });

  test("errors the open body, pending or not", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const controller = new AbortController();
    const reader = new MultipartReader(tap.stream, { boundary: "b", signal: controller.signal });
    const body = (await nextPart(reader)).body.getReader();
    expect((await body.read()).value).toEqual(octets("ab"));
    const pending = body.read();
    controller.abort(stop);
    expect(await rejection(pending)).toBe(stop);
    expect(await rejection(body.read())).toBe(stop);
    expect(await rejection(reader.next())).toBe(stop);
  });

  test("between two reads ends the reading, though more of the input is at hand", async () => {
    const controller = new AbortController();
    const input = octets("--b\r\n\r\nab\r\n--b\r\n\r\n\r\n--b--");
    const reader = new MultipartReader(input, { boundary: "b", signal: controller.signal });
    const part = await nextPart(reader);
    controller.abort(stop);
    expect(await rejection(part.bytes())).toBe(stop);
    expect(await rejection(reader.next())).toBe(stop);
  });

  test("while the epilogue is read rejects `closed` alone", async () => {
    const tap = new Tap("--b--");
    const controller = new AbortController();
    const reader = new MultipartReader(tap.stream, { boundary: "b", signal: controller.signal });
    expect((await reader.next()).done).toBe(true);
    controller.abort(stop);
    expect(await rejection(reader.closed)).toBe(stop);
    expect((await reader.next()).done).toBe(true);
    expect(tap.cancels).toEqual([stop]);
  });

  test("after the end does nothing", async () => {
    const tap = new Tap("--b--").close();
    const controller = new AbortController();
    const reader = new MultipartReader(tap.stream, { boundary: "b", signal: controller.signal });
    expect((await reader.next()).done).toBe(true);
    await reader.closed;
    controller.abort(stop);
    await turns();
    expect(tap.cancels).toEqual([]);
  });

  test("then break: the loop ends without an error", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const controller = new AbortController();
    for await (const part of new MultipartReader(tap.stream, { boundary: "b", signal: controller.signal })) {
      expect(part.path).toBe("1");
      controller.abort(stop);
      await turns();
      break;
    }
    expect(tap.cancels).toEqual([stop]);
  });

  describe("keeps no listener behind", () => {
    function countingSignal(): { signal: AbortSignal; listeners(): number } {
      const { signal } = new AbortController();
      let count = 0;
      const { addEventListener, removeEventListener } = signal;
      signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
        count++;
        addEventListener.apply(signal, args);
      };
      signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
        count--;
        removeEventListener.apply(signal, args);
      };
      return { signal, listeners: () => count };
    }

    test.each<[string, (tap: Tap) => Tap]>([
      ["the end of the input", (tap) => tap.push("\r\n--b--").close()],
      ["an error of the input", (tap) => tap.push("\r\n--b\n")],
      ["an early end of the input", (tap) => tap.close()],
      ["an error of the source", (tap) => tap.fail(stop)],
    ])("behind %s", async (_, end) => {
      const { signal, listeners } = countingSignal();
      const reader = new MultipartReader(end(new Tap("--b\r\n\r\nab")).stream, { boundary: "b", signal });
      await nextPart(reader);
      expect(listeners()).toBe(1);
      await reader.next().catch(() => {});
      await reader.closed.catch(() => {});
      expect(listeners()).toBe(0);
    });

    test("behind an early return", async () => {
      const { signal, listeners } = countingSignal();
      const reader = new MultipartReader(new Tap("--b\r\n\r\nab").stream, { boundary: "b", signal });
      await nextPart(reader);
      await reader.return();
      expect(listeners()).toBe(0);
    });
  });
});
