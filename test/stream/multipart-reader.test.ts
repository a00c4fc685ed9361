import { describe, expect, test } from "vitest";
import { BatchwireError, MultipartReader } from "../../src/index.ts";
import type { BodyPart, Deviation, MultipartReaderOptions } from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";
import {
  chunked,
  nextPart,
  outcomeOf,
  partsOf,
  rejection,
  streamOf,
  Tap,
  textOf,
  turns,
} from "../support/web-streams.ts";

const boundary = "b";
const done = { done: true, value: undefined };

function readerOf(tap: Tap, options: MultipartReaderOptions = {}): MultipartReader {
  return new MultipartReader(tap.stream, { boundary, ...options });
}

describe("nothing is read ahead", () => {
  test("making a reader, or asking for a body's stream, pulls nothing", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const reader = readerOf(tap);
    await turns();
    expect(tap.pulls).toBe(0);
    const part = await nextPart(reader);
    expect(part.body).toBe(part.body);
    await turns();
    expect(tap.pulls).toBe(1);
  });

  test("a part is there as soon as its header section is", async () => {
    const tap = new Tap("--b\r\nA: 1\r\n", "\r\n");
    const part = await nextPart(readerOf(tap));
    expect([...part.headers]).toEqual([["A", "1"]]);
    expect(tap.pulls).toBe(2);
  });

  test("a body pulls a chunk when a chunk is read", async () => {
    const tap = new Tap("--b\r\n\r\nab", "cd", "ef\r\n--b\r\n\r\n", "\r\n--b--");
    const reader = readerOf(tap);
    const body = (await nextPart(reader)).body.getReader();
    const read = async (): Promise<[string | undefined, number]> => {
      const { value } = await body.read();
      await turns();
      return [value && isomorphic(value), tap.pulls];
    };
    expect(await read()).toEqual(["ab", 1]);
    expect(await read()).toEqual(["cd", 2]);
    expect(await read()).toEqual(["ef", 3]);
    expect(await read()).toEqual([undefined, 3]);
    expect((await nextPart(reader)).path).toBe("2");
    expect(tap.pulls).toBe(3);
  });

  test("parts of one chunk need one pull", async () => {
    const tap = new Tap("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b\r\n\r\n3\r\n--b--").close();
    const reader = readerOf(tap);
    for (const body of ["1", "2", "3"]) expect(await (await nextPart(reader)).text()).toBe(body);
    expect(await reader.next()).toEqual(done);
    expect(tap.pulls).toBeLessThanOrEqual(2);
  });

  test("the iteration ends at the close-delimiter of a stream that stays open", async () => {
    const tap = new Tap("--b\r\n\r\nab\r\n--b", "--");
    const reader = readerOf(tap);
    expect(await partsOf(reader)).toEqual([{ fields: [], body: "ab" }]);
    expect(await reader.next()).toEqual(done);
    expect(await outcomeOf(reader.closed)).toBe("pending");
  });
});

describe("a part may be read in any way, or not at all", () => {
  const parts = ["alpha", '{"a":[1]}', "gamma"];
  const input = `${parts.map((part) => `--b\r\n\r\n${part}\r\n`).join("")}--b--`;
  const pieces = input.match(/[^]{1,7}/g)!;

  const ways: [string, (part: BodyPart) => unknown][] = [
    ["not at all", () => {}],
    ["as octets", (part) => part.bytes()],
    ["as text", (part) => part.text()],
    ["as a stream", (part) => textOf(part.body)],
    ["as a stream that is not read", (part) => part.body],
    [
      "half",
      async (part) => {
        const reader = part.body.getReader();
        await reader.read();
        reader.releaseLock();
      },
    ],
    [
      "half, then cancelled",
      async (part) => {
        const reader = part.body.getReader();
        await reader.read();
        await reader.cancel(new Error("enough"));
      },
    ],
    ["cancelled", (part) => part.body.cancel()],
    ["by its own pull()", (part) => part.pull()],
    ["by a failing consumer", (part) => part.json().catch(() => {})],
  ];

  test.each(ways)("%s: the next one is the next one", async (_, read) => {
    for (const source of [octets(input), streamOf(pieces.map(octets))]) {
      const reader = new MultipartReader(source, { boundary });
      await read(await nextPart(reader));
      expect(await (await nextPart(reader)).json()).toEqual({ a: [1] });
      await read(await nextPart(reader));
      expect(await reader.next()).toEqual(done);
      await reader.closed;
    }
  });

  test("a part left behind rejects", async () => {
    for (const source of [octets(input), streamOf(pieces.map(octets))]) {
      const reader = new MultipartReader(source, { boundary });
      const unread = await nextPart(reader);
      const half = await nextPart(reader);
      const body = half.body.getReader();
      await body.read();
      const last = await nextPart(reader);
      const abandoned = { code: "part-abandoned", path: "1" };
      expect(await rejection(unread.text())).toMatchObject(abandoned);
      expect(await rejection(body.read())).toMatchObject({ code: "part-abandoned", path: "2" });
      expect(await last.text()).toBe("gamma");
    }
  });

  test("a part left behind rejects as a stream too, and behind the end", async () => {
    const reader = new MultipartReader(octets(input), { boundary });
    const first = await nextPart(reader);
    await nextPart(reader);
    const last = await nextPart(reader);
    expect(await reader.next()).toEqual(done);
    expect(await rejection(textOf(first.body))).toMatchObject({ code: "part-abandoned" });
    expect(await rejection(last.bytes())).toMatchObject({ code: "part-abandoned" });
  });

  test("header fields of a part left behind can still be read", async () => {
    const reader = new MultipartReader(chunked("--b\r\nA: 1", "\r\n\r\n\r\n--b\r\nA: 2\r\n\r\n\r\n--b--"), {
      boundary,
    });
    const first = await nextPart(reader);
    await nextPart(reader);
    expect(first.headers.get("a")).toBe("1");
  });

  test("a body is read once", async () => {
    const reader = new MultipartReader(octets(input), { boundary });
    const part = await nextPart(reader);
    expect(part.bodyUsed).toBe(false);
    const first = part.bytes();
    expect(part.bodyUsed).toBe(true);
    const used = { code: "body-used" };
    expect(await rejection(part.bytes())).toMatchObject(used);
    expect(await rejection(part.text())).toMatchObject(used);
    expect(await rejection(part.json())).toMatchObject(used);
    expect(() => part.body).toThrow(BatchwireError);
    expect(isomorphic(await first)).toBe("alpha");
    expect(await rejection(part.bytes())).toMatchObject(used);
  });
});

describe("calls out of turn", () => {
  const busy = { code: "concurrent-read" };

  test("a next() beside a next() rejects, and the first succeeds", async () => {
    const tap = new Tap();
    const reader = readerOf(tap);
    const first = reader.next();
    expect(await rejection(reader.next())).toMatchObject(busy);
    expect(await rejection(reader.next())).toMatchObject(busy);
    tap.push("--b\r\n\r\nab\r\n--b--").close();
    expect(await (await first).value!.text()).toBe("ab");
    expect(await reader.next()).toEqual(done);
    await reader.closed;
  });

  test("a next() while a body is read rejects, and the body is whole", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const reader = readerOf(tap);
    const text = (await nextPart(reader)).text();
    expect(await rejection(reader.next())).toMatchObject(busy);
    tap.push("cd\r\n--b--").close();
    expect(await text).toBe("abcd");
    expect(await reader.next()).toEqual(done);
  });

  test("a body that is read while a next() is pending rejects, and the next() succeeds", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const reader = readerOf(tap);
    const part = await nextPart(reader);
    const next = reader.next();
    expect(await rejection(part.bytes())).toMatchObject({
      code: expect.stringMatching(/concurrent-read|part-abandoned/),
    });
    tap.push("\r\n--b\r\n\r\ncd\r\n--b--").close();
    expect(await (await next).value!.text()).toBe("cd");
  });

  // The call may come after the input has arrived, but before the first caller has heard of it.
  test("at whatever moment a second next() comes, each part is answered once, with its own body", async () => {
    for (let moment = 0; moment < 30; moment++) {
      const tap = new Tap();
      const reader = readerOf(tap);
      const seen: string[] = [];
      const read = async (): Promise<void> => {
        const { value: part } = await reader.next();
        if (part !== undefined) seen.push(`${part.path} ${part.headers.get("id")} ${await part.text()}`);
      };
      const first = read();
      tap.push("--b\r\nid: 1\r\n\r\none\r\n--b\r\nid: 2\r\n\r\ntwo\r\n--b--").close();
      for (let tick = 0; tick < moment; tick++) await Promise.resolve();
      const second = read().catch((error: { code?: string }) => seen.push(`! ${error.code}`));
      await Promise.all([first.catch((error: { code?: string }) => seen.push(`! ${error.code}`)), second]);
      const allowed = [
        ["! concurrent-read", "1 1 one"],
        ["1 1 one", "2 2 two"],
        ["! part-abandoned", "2 2 two"],
      ];
      expect(allowed, `after ${moment} microtasks`).toContainEqual(seen.sort());
    }
  });

  test("at whatever moment a next() comes while a body is read, the next part is whole", async () => {
    for (let moment = 0; moment < 40; moment++) {
      const tap = new Tap("--b\r\n\r\n1");
      const reader = readerOf(tap);
      const part = await nextPart(reader);
      const body = part.text().catch((error: { code?: string }) => `! ${error.code}`);
      tap.push("\r\n--b\r\n\r\n2\r\n--b--").close();
      for (let tick = 0; tick < moment; tick++) await Promise.resolve();
      const next = await reader.next().catch((error: { code?: string }) => `! ${error.code}`);
      const second = typeof next === "string" ? next : await next.value!.text();
      const allowed = [
        ["1", "! concurrent-read"],
        ["1", "2"],
        ["! part-abandoned", "2"],
      ];
      expect(allowed, `after ${moment} microtasks`).toContainEqual([await body, second]);
    }
  });
});

describe("an early end", () => {
  test("by break cancels the source", async () => {
    const tap = new Tap("--b\r\n\r\nab\r\n--b\r\n\r\n");
    const reader = readerOf(tap);
    let open: BodyPart | undefined;
    for await (const part of reader) {
      open = part;
      break;
    }
    expect(tap.cancels).toHaveLength(1);
    await reader.closed;
    expect(await reader.next()).toEqual(done);
    expect(await rejection(open!.text())).toMatchObject({ code: "part-abandoned" });
  });

  test("by an error in the loop cancels the source", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const mine = new Error("mine");
    const loop = async (): Promise<void> => {
      for await (const part of readerOf(tap)) throw Object.assign(mine, { path: part.path });
    };
    expect(await rejection(loop())).toBe(mine);
    expect(tap.cancels).toHaveLength(1);
  });

  test("by return() answers it, twice too, and before anything was read", async () => {
    const tap = new Tap();
    const reader = readerOf(tap);
    expect(await reader.return()).toEqual(done);
    expect(await reader.return()).toEqual(done);
    expect(tap.cancels).toHaveLength(1);
    expect(await reader.next()).toEqual(done);
  });

  test("by return() releases the stream", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const reader = readerOf(tap);
    await nextPart(reader);
    await reader.return();
    expect(tap.stream.locked).toBe(false);
  });

  test("by return() closes an async generator", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield octets("--b\r\n\r\nab");
        yield octets("cd");
      } finally {
        closed = true;
      }
    }
    for await (const part of new MultipartReader(source(), { boundary })) {
      expect(part.path).toBe("1");
      break;
    }
    expect(closed).toBe(true);
  });

  test("by return() settles a pending next()", async () => {
    const tap = new Tap("--b\r\n\r\nab");
    const reader = readerOf(tap);
    await nextPart(reader);
    const [next, returned, closed] = await Promise.all(
      [reader.next(), reader.return(), reader.closed].map((promise) => outcomeOf(promise)),
    );
    expect(returned).toEqual({ value: done });
    expect(next).not.toBe("pending");
    expect(closed).not.toBe("pending");
  });

  test("by return() of a source that fails to cancel still settles `closed`", async () => {
    const mine = new Error("mine");
    const source = { pull: () => octets("--b\r\n\r\nab"), cancel: () => Promise.reject(mine) };
    const reader = new MultipartReader(source, { boundary });
    await nextPart(reader);
    await reader.return().catch(() => {});
    expect(await outcomeOf(reader.closed)).not.toBe("pending");
  });
});

describe("an error of the source", () => {
  const boom = new Error("boom");

  test("errors the iterator, with the same error again later", async () => {
    const reader = readerOf(new Tap("--b\r\n").fail(boom));
    expect(await rejection(reader.next())).toBe(boom);
    expect(await rejection(reader.next())).toBe(boom);
    expect(await rejection(reader.closed)).toBe(boom);
  });

  test("errors the open body, then the iterator", async () => {
    for (const read of [(part: BodyPart) => part.text(), (part: BodyPart) => textOf(part.body)]) {
      const reader = readerOf(new Tap("--b\r\n\r\nab").fail(boom));
      expect(await rejection(read(await nextPart(reader)))).toBe(boom);
      expect(await rejection(reader.next())).toBe(boom);
      expect(await rejection(reader.closed)).toBe(boom);
    }
  });

  test("is thrown behind what arrived before it", async () => {
    const reader = readerOf(new Tap("--b\r\n\r\nab\r\n--b\r\n\r\ncd").fail(boom));
    expect(await (await nextPart(reader)).text()).toBe("ab");
    const body = (await nextPart(reader)).body.getReader();
    expect((await body.read()).value).toEqual(octets("cd"));
    expect(await rejection(body.read())).toBe(boom);
  });

  test("may be handled in the loop, and the loop be left", async () => {
    for await (const part of readerOf(new Tap("--b\r\n\r\nab").fail(boom))) {
      expect(await rejection(part.text())).toBe(boom);
      break;
    }
  });

  test("that a sync iterator throws is one too", async () => {
    function* source(): Generator<Uint8Array> {
      yield octets("--b\r\n\r\nab");
      throw boom;
    }
    const reader = new MultipartReader(source(), { boundary });
    expect(await rejection((await nextPart(reader)).text())).toBe(boom);
    expect(await rejection(reader.next())).toBe(boom);
  });
});

describe("an error of the input", () => {
  const error = { code: "bare-lf", offset: 12, path: "1" };

  test("comes behind all that was right, cancels the source with it, and comes again", async () => {
    const tap = new Tap("--b\r\n\r\nab\r\n", "--b\n", "\r\n");
    const reader = readerOf(tap);
    const body = (await nextPart(reader)).body.getReader();
    expect((await body.read()).value).toEqual(octets("ab"));
    const first = await rejection(body.read());
    expect(first).toMatchObject({ code: "bare-lf", offset: 14 });
    await turns();
    expect(tap.cancels).toEqual([first]);
    expect(tap.pulls).toBe(2);
    expect(await rejection(reader.next())).toBe(first);
    expect(await rejection(reader.next())).toBe(first);
    expect(await rejection(reader.closed)).toBe(first);
  });

  test("in one chunk with parts comes behind them", async () => {
    const reader = new MultipartReader(octets("--b\r\n\r\nab\r\n--b\r\nx\r\n"), { boundary });
    expect(await (await nextPart(reader)).text()).toBe("ab");
    expect(await rejection(reader.next())).toMatchObject({ code: "missing-colon", path: "2" });
  });

  test("may be handled in the loop, and the loop be left", async () => {
    const tap = new Tap("--b\r\n\r\nab\r\n--b\n");
    for await (const part of readerOf(tap)) {
      expect(await rejection(part.text())).toMatchObject({ ...error, offset: 14 });
      break;
    }
    expect(tap.cancels).toHaveLength(1);
  });

  test("releases the stream", async () => {
    const tap = new Tap("--b\n");
    await rejection(readerOf(tap).next());
    await turns();
    expect(tap.stream.locked).toBe(false);
  });

  test("comes though the source does not take the cancel", async () => {
    const source = { pull: () => octets("--b\n"), cancel: () => new Promise<void>(() => {}) };
    const reader = new MultipartReader(source, { boundary });
    expect(await outcomeOf(reader.next())).toMatchObject({ error: { code: "bare-lf" } });
  });

  test("of a body that is cut off: complete parts are delivered, the open body rejects, then the iterator", async () => {
    for (const tolerance of ["strict", "lenient"] as const) {
      for (const cutOff of ["cd", "cd\r\n", "cd\r\n--b"]) {
        const reader = readerOf(new Tap(`--b\r\n\r\nab\r\n--b\r\n\r\n${cutOff}`).close(), { tolerance });
        expect(await (await nextPart(reader)).text()).toBe("ab");
        const end = { code: "unexpected-end", offset: 18 + cutOff.length, path: "2" };
        expect(await rejection((await nextPart(reader)).text())).toMatchObject(end);
        expect(await rejection(reader.next())).toMatchObject(end);
        expect(await rejection(reader.closed)).toMatchObject(end);
      }
    }
  });

  test("of a body that is cut off reaches one who skips", async () => {
    const reader = readerOf(new Tap("--b\r\n\r\nab").close());
    await nextPart(reader);
    expect(await rejection(reader.next())).toMatchObject({ code: "unexpected-end", offset: 9, path: "1" });
  });

  test("is a deviation in lenient mode", async () => {
    const deviations: Deviation[] = [];
    const reader = new MultipartReader(octets("--b\n\nab\n--b--"), {
      boundary,
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
    });
    expect(await partsOf(reader)).toEqual([{ fields: [], body: "ab" }]);
    expect(deviations[0]).toEqual({ code: "bare-lf", offset: 3, offsetBase: "input", path: "" });
  });
});

describe("limits", () => {
  const exceeded = (name: string, value: number): object => ({
    code: "limit-exceeded",
    limit: { name, value },
  });

  test("maxParts", async () => {
    const reader = new MultipartReader(octets("--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--"), {
      boundary,
      limits: { maxParts: 1 },
    });
    expect(await (await nextPart(reader)).text()).toBe("1");
    expect(await rejection(reader.next())).toMatchObject({
      ...exceeded("maxParts", 1),
      offset: 15,
      status: 413,
    });
  });

  test("maxPartBytes: all that is allowed is delivered first", async () => {
    const reader = new MultipartReader(octets("--b\r\n\r\nabcd\r\n--b--"), {
      boundary,
      limits: { maxPartBytes: 3 },
    });
    const body = (await nextPart(reader)).body.getReader();
    expect((await body.read()).value).toEqual(octets("abc"));
    expect(await rejection(body.read())).toMatchObject({ ...exceeded("maxPartBytes", 3), offset: 10 });
  });

  test("maxTotalBytes", async () => {
    const tap = new Tap("--b\r\n\r\n", "abcd");
    const reader = readerOf(tap, { limits: { maxTotalBytes: 9 } });
    const body = (await nextPart(reader)).body.getReader();
    expect((await body.read()).value).toEqual(octets("ab"));
    expect(await rejection(body.read())).toMatchObject({ ...exceeded("maxTotalBytes", 9), offset: 9 });
  });

  test("that are misspelt or negative are refused", () => {
    expect(() => new MultipartReader(octets(""), { boundary, limits: { maxpart: 1 } as never })).toThrow(
      TypeError,
    );
    expect(() => new MultipartReader(octets(""), { boundary, limits: { maxParts: -1 } })).toThrow(RangeError);
  });
});

describe("a boundary that is not ASCII", () => {
  const body = octets("--\xc3\xa9\r\n\r\nx\r\n--\xc3\xa9--");
  const contentType = "multipart/mixed; boundary=";
  const part = `--b\r\nContent-Type: ${contentType}\xc3\xa9\r\n\r\n${isomorphic(body)}\r\n--b--`;

  test.each<[source: string, from: () => Promise<ConstructorParameters<typeof MultipartReader>>]>([
    ["a Content-Type that is given", async () => [body, { contentType: `${contentType}é` }]],
    [
      "a Response",
      async () => [new Response(body, { headers: { "Content-Type": `${contentType}\xc3\xa9` } })],
    ],
    ["a part", async () => [await nextPart(new MultipartReader(octets(part), { boundary }))]],
  ])("is that of %s", async (_, from) => {
    const [source, options] = await from();
    const reader = new MultipartReader(source, { ...options, tolerance: "lenient" });
    expect(await partsOf(reader)).toEqual([{ fields: [], body: "x" }]);
  });
});

describe("the preamble", () => {
  test("is told in pieces", async () => {
    let preamble = "";
    const reader = new MultipartReader(chunked("p", "re\r", "\n--", "bx\r\n--b", "\r\n\r\n\r\n--b--"), {
      boundary,
      onPreamble: (piece) => (preamble += isomorphic(piece)),
    });
    expect(await partsOf(reader)).toHaveLength(1);
    expect(preamble).toBe("pre\r\n--bx");
  });

  test("is refused where the form-data profile is asked for", async () => {
    const contentType = "multipart/form-data; boundary=b";
    const input = octets("p\r\n--b\r\n\r\n\r\n--b--");
    expect(await partsOf(new MultipartReader(input, { contentType }))).toHaveLength(1);
    const reader = new MultipartReader(input, { contentType, profile: "form-data" });
    expect(await rejection(reader.next())).toMatchObject({ code: "preamble-in-form-data" });
  });
});

describe("closed", () => {
  const limits = { maxEpilogueBytes: 10 };

  test("resolves when the epilogue has been read to its end", async () => {
    const tap = new Tap("--b\r\n\r\n\r\n--b--");
    const reader = readerOf(tap);
    expect(await partsOf(reader)).toHaveLength(1);
    tap.push("\r\nepi").push("logue");
    expect(await outcomeOf(reader.closed)).toBe("pending");
    tap.close();
    await reader.closed;
    expect(tap.cancels).toEqual([]);
  });

  test("resolves when an epilogue is too long, which cancels the source", async () => {
    const tap = new Tap("--b--", "\r\n45678", "9abcdef");
    const reader = readerOf(tap, { limits });
    expect(await reader.next()).toEqual(done);
    await reader.closed;
    expect(tap.cancels).toHaveLength(1);
  });

  test("resolves in every chunking of an epilogue that is too long", async () => {
    const input = octets("--b--\r\n456789abcdef");
    for (let at = 1; at < input.length; at++) {
      const reader = new MultipartReader([input.subarray(0, at), input.subarray(at)], { boundary, limits });
      expect(await outcomeOf(reader.next()), `cut at ${at}`).toEqual({ value: done });
      expect(await outcomeOf(reader.closed), `cut at ${at}`).toEqual({ value: undefined });
    }
  });

  test("rejects with what is wrong behind the close-delimiter in a later chunk", async () => {
    const reader = readerOf(new Tap("--b--", " x\r\n").close());
    expect(await reader.next()).toEqual(done);
    const error = { code: "text-after-close-delimiter", offset: 6 };
    expect(await rejection(reader.closed)).toMatchObject(error);
    expect(await reader.next()).toEqual(done);
  });

  test("what is wrong there in the same chunk is an error of next()", async () => {
    const tap = new Tap("--b\r\n\r\nab\r\n--b-- x");
    const reader = readerOf(tap);
    expect(await (await nextPart(reader)).text()).toBe("ab");
    const error = await rejection(reader.next());
    expect(error).toMatchObject({ code: "text-after-close-delimiter", offset: 17 });
    expect(await rejection(reader.closed)).toBe(error);
    expect(await rejection(reader.next())).toBe(error);
    expect(tap.cancels).toEqual([error]);
  });

  test("what is wrong there is a deviation in lenient mode", async () => {
    for (const chunks of [["--b-- x"], ["--b--", " x"]]) {
      const codes: string[] = [];
      const onDeviation = ({ code, offset }: Deviation): unknown => codes.push(`${code} ${offset}`);
      const reader = readerOf(new Tap(...chunks).close(), { tolerance: "lenient", onDeviation });
      expect(await reader.next()).toEqual(done);
      await reader.closed;
      expect(codes).toEqual(["text-after-close-delimiter 6"]);
    }
  });

  test("rejects with an error of the source", async () => {
    const boom = new Error("boom");
    const reader = readerOf(new Tap("--b--").fail(boom));
    expect(await reader.next()).toEqual(done);
    expect(await rejection(reader.closed)).toBe(boom);
  });

  test("is pending while parts may follow", async () => {
    const reader = readerOf(new Tap("--b\r\n\r\nab"));
    await nextPart(reader);
    expect(await outcomeOf(reader.closed)).toBe("pending");
  });
});

test("no rejection is left unhandled, whoever does not look", async () => {
  const unhandled: unknown[] = [];
  // Where there is no such event, the test runner itself fails on an unhandled rejection.
  const onUnhandled = (event: Event): void => {
    event.preventDefault();
    unhandled.push((event as unknown as { reason: unknown }).reason);
  };
  globalThis.addEventListener?.("unhandledrejection", onUnhandled);

  const endings: ((tap: Tap) => Tap)[] = [
    (tap) => tap.close(),
    (tap) => tap.fail(new Error("boom")),
    (tap) => tap.push("\r\n--b\n"),
    (tap) => tap.push("\r\n--b--x"),
    (tap) => tap.push("\r\n--b--").push("x").close(),
    (tap) => tap.push("\r\n--b--").fail(new Error("boom")),
    (tap) => tap,
  ];
  const uses: ((reader: MultipartReader, part: BodyPart, controller: AbortController) => unknown)[] = [
    () => {},
    (_, part) => part.body,
    (_, part) => part.body.getReader(),
    (reader) => reader.return(),
    (_, _part, controller) => controller.abort(),
    async (reader, part, controller) => {
      part.body.getReader();
      const pending = outcomeOf(reader.next());
      controller.abort();
      await pending;
    },
    async (reader) => {
      await outcomeOf(reader.next());
      await outcomeOf(reader.return());
    },
    (reader) => outcomeOf(reader.next()),
  ];
  for (const ending of endings) {
    for (const use of uses) {
      const controller = new AbortController();
      const reader = readerOf(ending(new Tap("--b\r\n\r\nab")), { signal: controller.signal });
      await use(reader, await nextPart(reader), controller);
    }
  }
  await turns();
  globalThis.removeEventListener?.("unhandledrejection", onUnhandled);
  expect(unhandled).toEqual([]);
});
