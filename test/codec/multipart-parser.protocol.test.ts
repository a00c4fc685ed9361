import { describe, expect, test } from "vitest";
import type { MultipartEvent } from "../../src/codec/multipart-event.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { BatchwireError } from "../../src/errors.ts";
import { octets } from "../support/chunkings.ts";
import { detachable } from "../support/detachable.ts";
import { multipartLog } from "../support/event-log.ts";

const BOUNDARY = { boundary: "b" } as const;

function readAll(parser: MultipartParser): MultipartEvent[] {
  const events: MultipartEvent[] = [];
  for (let event = parser.read(); event !== undefined; event = parser.read()) events.push(event);
  return events;
}

const types = (events: MultipartEvent[]): string => events.map(({ type }) => type).join(" ");

/** What `call` throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("the three verbs", () => {
  test("push() a chunk, read() events until undefined, push the next, end()", () => {
    const parser = new MultipartParser(BOUNDARY);
    expect(parser.read()).toBeUndefined();
    parser.push(octets("--b\r\nA: 1\r\n\r\nte"));
    expect(types(readAll(parser))).toBe("part data");
    expect(parser.read()).toBeUndefined();
    parser.push(octets("xt\r\n--b--"));
    expect(types(readAll(parser))).toBe("data part-end end");
    parser.end();
    expect(parser.read()).toBeUndefined();
  });

  test("end() may come before the last events have been read", () => {
    const parser = new MultipartParser(BOUNDARY);
    parser.push(octets("--b\r\n\r\nx\r\n--b--"));
    parser.end();
    expect(types(readAll(parser))).toBe("part data part-end end");
  });

  test("what follows the last event is looked at, though end() came before it was read", () => {
    const parser = new MultipartParser(BOUNDARY);
    parser.push(octets("--b\r\n\r\nx\r\n--b-- text"));
    parser.end();
    expect(types([parser.read()!, parser.read()!, parser.read()!, parser.read()!])).toBe(
      "part data part-end end",
    );
    expect(() => parser.read()).toThrow(expect.objectContaining({ code: "text-after-close-delimiter" }));
  });

  test("an input that is cut off: end() throws if all has been read, else read() does, behind the last event", () => {
    const cutOff = octets("--b\r\n\r\nx");
    const read = new MultipartParser(BOUNDARY);
    read.push(cutOff);
    readAll(read);
    expect(() => read.end()).toThrow(expect.objectContaining({ code: "unexpected-end" }));

    const unread = new MultipartParser(BOUNDARY);
    unread.push(cutOff);
    unread.end();
    expect([unread.read()?.type, unread.read()?.type]).toEqual(["part", "data"]);
    expect(() => unread.read()).toThrow(expect.objectContaining({ code: "unexpected-end" }));
  });

  test("empty chunks change nothing", () => {
    const input = octets("p\r\n--b\r\nA: 1\r\n\r\nx\r\n\r\n--b--\r\ne");
    const options = { ...BOUNDARY, preamble: true, epilogue: true };
    const pieces = Array.from(input, (octet) => [new Uint8Array(0), Uint8Array.of(octet), new Uint8Array(0)]);
    expect(multipartLog(pieces.flat(), options)).toBe(multipartLog([input], options));
    expect(multipartLog([new Uint8Array(0)], options)).toBe("!unexpected-end @0, 400");
  });

  test("what follows end is nobody's unless it is asked for, so a chunk of it need not be read", () => {
    const parser = new MultipartParser(BOUNDARY);
    parser.push(octets("--b--"));
    expect(types(readAll(parser))).toBe("end");
    parser.push(octets("\r\nepi"));
    parser.push(octets("logue"));
    parser.end();
    expect(parser.read()).toBeUndefined();
  });

  const outOfOrder: [what: string, misuse: (parser: MultipartParser) => void, code: string][] = [
    [
      "push() before anything was read",
      (parser) => (parser.push(octets("-")), parser.push(octets("-"))),
      "push-while-readable",
    ],
    [
      "push() while events are left",
      (parser) => {
        parser.push(octets("--b\r\n\r\nx"));
        parser.read();
        parser.push(octets("y"));
      },
      "push-while-readable",
    ],
    [
      "push() after end()",
      (parser) => (parser.push(octets("--b--")), parser.end(), parser.push(octets("x"))),
      "push-after-end",
    ],
    [
      "end() after end()",
      (parser) => (parser.push(octets("--b--")), parser.end(), parser.end()),
      "push-after-end",
    ],
  ];
  test.each(outOfOrder)("%s is an error that sticks", (_, misuse, code) => {
    const parser = new MultipartParser(BOUNDARY);
    const error = thrownBy(() => misuse(parser));
    expect(error).toBeInstanceOf(BatchwireError);
    expect(error).toMatchObject({ code, status: 500 });
    expect([
      thrownBy(() => parser.push(octets(""))),
      thrownBy(() => parser.end()),
      thrownBy(() => parser.read()),
    ]).toEqual([error, error, error]);
  });

  test("an error of the input is the same object from every later call", () => {
    const parser = new MultipartParser(BOUNDARY);
    parser.push(octets("--b\r\n\r\nx\r\n--b\r\nno colon\r\n"));
    expect([parser.read()?.type, parser.read()?.type, parser.read()?.type]).toEqual([
      "part",
      "data",
      "part-end",
    ]);
    const error = thrownBy(() => parser.read());
    expect(error).toMatchObject({ code: "missing-colon", offset: 15, path: "2" });
    for (const call of [() => parser.read(), () => parser.push(octets("x")), () => parser.end()])
      expect(thrownBy(call)).toBe(error);
  });

  test("an error that a deviation's callback throws sticks, too", () => {
    const refusal = new Error("not with me");
    const onDeviation = (): never => {
      throw refusal;
    };
    const parser = new MultipartParser({ ...BOUNDARY, tolerance: "lenient", onDeviation });
    parser.push(octets("--b\n\nx"));
    expect(thrownBy(() => parser.read())).toBe(refusal);
    expect(thrownBy(() => parser.read())).toBe(refusal);
  });
});

describe("a chunk that is detached", () => {
  const input = octets("--b\r\n\r\nx\r\n--bb\r\n--b--\r\nrest");

  test.each([0, 1, 2, 3])("after %i events, though more was to be read, is an error", (count) => {
    const { chunk, detach } = detachable(input);
    const parser = new MultipartParser(BOUNDARY);
    parser.push(chunk);
    for (let read = 0; read < count; read++) parser.read();
    expect(parser.isChunkUsedUp).toBe(false);
    detach();
    expect(thrownBy(() => parser.read())).toMatchObject({ code: "chunk-detached", status: 500 });
  });

  test.each([
    ["push()", (parser: MultipartParser) => parser.push(octets("more"))],
    ["end()", (parser: MultipartParser) => parser.end()],
  ])("before its epilogue was looked at is an error of %s", (_, call) => {
    const { chunk, detach } = detachable(input);
    const parser = new MultipartParser(BOUNDARY);
    parser.push(chunk);
    while (parser.read()?.type !== "end") expect(parser.isChunkUsedUp).toBe(false);
    detach();
    expect(thrownBy(() => call(parser))).toMatchObject({ code: "chunk-detached" });
  });

  test("once it is used up harms nobody", () => {
    const { chunk, detach } = detachable(octets("--b\r\n\r\nabc"));
    const parser = new MultipartParser(BOUNDARY);
    parser.push(chunk);
    expect([parser.read()?.type, parser.read()?.type]).toEqual(["part", "data"]);
    expect(parser.isChunkUsedUp).toBe(true);
    detach();
    expect(parser.read()).toBeUndefined();
    parser.push(octets("\r\n--b--"));
    expect(types(readAll(parser))).toBe("part-end end");
  });
});
