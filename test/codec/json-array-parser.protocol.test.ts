import { describe, expect, test } from "vitest";
import type { JsonArrayEvent } from "../../src/codec/json-array-event.ts";
import { JsonArrayParser } from "../../src/codec/json-array-parser.ts";
import { octets } from "../support/chunkings.ts";
import { detachable } from "../support/detachable.ts";
import { jsonArrayLog } from "../support/event-log.ts";
import { isomorphic } from "../support/transfer.ts";

const KEY = { key: "value" } as const;

function readAll(parser: JsonArrayParser): JsonArrayEvent[] {
  const events: JsonArrayEvent[] = [];
  for (let event = parser.read(); event !== undefined; event = parser.read()) events.push(event);
  return events;
}

const types = (events: JsonArrayEvent[]): string => events.map(({ type }) => type).join(" ");
const elementsOf = (events: JsonArrayEvent[]): Uint8Array[] =>
  events.flatMap((event) => (event.type === "element" ? [event.data] : []));

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
    const parser = new JsonArrayParser(KEY);
    expect(parser.read()).toBeUndefined();
    parser.push(octets('{"count":2,"value":[{"id":1},{"i'));
    expect(types(readAll(parser))).toBe("member element");
    expect(parser.read()).toBeUndefined();
    parser.push(octets('d":2}]}'));
    expect(types(readAll(parser))).toBe("element end");
    parser.end();
    expect(parser.read()).toBeUndefined();
  });

  test("every event comes with the octet that completes it; a number with the octet behind it", () => {
    const parser = new JsonArrayParser(KEY);
    const arrivals: string[] = [];
    octets('{"a":"b","value":[{},1,"x"],"c":2}').forEach((octet, index) => {
      parser.push(Uint8Array.of(octet));
      for (const { type } of readAll(parser)) arrivals.push(`${type} @${index + 1}`);
    });
    expect(arrivals).toEqual([
      "member @8",
      "element @20",
      "element @23",
      "element @26",
      "member @34",
      "end @34",
    ]);
  });

  test("end() may come before the last events have been read", () => {
    const parser = new JsonArrayParser(KEY);
    parser.push(octets('{"value":[1]} '));
    parser.end();
    expect(types(readAll(parser))).toBe("element end");
    expect(parser.offset).toBe(14);
  });

  test("an input that is cut off: end() throws if all has been read, else read() does, behind the last event", () => {
    const cutOff = octets('{"value":[1,2');
    const read = new JsonArrayParser(KEY);
    read.push(cutOff);
    readAll(read);
    expect(() => read.end()).toThrow(expect.objectContaining({ code: "unexpected-end", offset: 13 }));

    const unread = new JsonArrayParser(KEY);
    unread.push(cutOff);
    unread.end();
    expect(unread.read()?.type).toBe("element");
    expect(() => unread.read()).toThrow(expect.objectContaining({ code: "unexpected-end", offset: 13 }));
  });

  test("what follows the end is told by the next push() or end(), or by read() behind end()", () => {
    const tooMuch = expect.objectContaining({ code: "invalid-json", offset: 3, path: "" });
    const create = (): JsonArrayParser => {
      const parser = new JsonArrayParser();
      parser.push(octets("[] x"));
      return parser;
    };
    const parsers = [create(), create()] as const;
    for (const parser of parsers) expect(types(readAll(parser))).toBe("end");
    expect(() => parsers[0].push(octets(" "))).toThrow(tooMuch);
    expect(() => parsers[1].end()).toThrow(tooMuch);

    const ended = create();
    ended.end();
    expect(ended.read()?.type).toBe("end");
    expect(() => ended.read()).toThrow(tooMuch);
  });

  test("white space behind the end need not be read, chunk by chunk", () => {
    const parser = new JsonArrayParser();
    parser.push(octets("[]"));
    expect(types(readAll(parser))).toBe("end");
    for (const chunk of [" ", "", "\r\n", "\t"]) parser.push(octets(chunk));
    parser.end();
    expect(parser.read()).toBeUndefined();
  });

  test("empty chunks change nothing", () => {
    const input = octets('\xef\xbb\xbf{"a":1,"value":[12,"x"]} ');
    const pieces = Array.from(input, (octet) => [new Uint8Array(0), Uint8Array.of(octet), new Uint8Array(0)]);
    expect(jsonArrayLog(pieces.flat(), KEY)).toBe(jsonArrayLog([input], KEY));
    expect(jsonArrayLog([new Uint8Array(0)], KEY)).toBe("!unexpected-end @0, 400");
  });

  const outOfOrder: [what: string, misuse: (parser: JsonArrayParser) => void, code: string][] = [
    [
      "push() before anything was read",
      (parser) => (parser.push(octets("{")), parser.push(octets("}"))),
      "push-while-readable",
    ],
    [
      "push() while events are left",
      (parser) => {
        parser.push(octets('{"value":[1,2]}'));
        parser.read();
        parser.push(octets(" "));
      },
      "push-while-readable",
    ],
    [
      "push() after end()",
      (parser) => (parser.push(octets('{"value":[]}')), parser.end(), parser.push(octets(" "))),
      "push-after-end",
    ],
    [
      "end() after end()",
      (parser) => (parser.push(octets('{"value":[]}')), parser.end(), parser.end()),
      "push-after-end",
    ],
  ];
  test.each(outOfOrder)("%s is an error that sticks", (_, misuse, code) => {
    const parser = new JsonArrayParser(KEY);
    const error = thrownBy(() => misuse(parser));
    expect(error).toMatchObject({ code, status: 500 });
    for (const call of [() => parser.push(octets("")), () => parser.end(), () => parser.read()])
      expect(thrownBy(call)).toBe(error);
  });

  test("a chunk that is no Uint8Array is a TypeError", () => {
    expect(() => new JsonArrayParser().push("[]" as unknown as Uint8Array)).toThrow(TypeError);
  });

  test("an error of the input is the same object from every later call", () => {
    const parser = new JsonArrayParser(KEY);
    parser.push(octets('{"value":[1 2]}'));
    expect(parser.read()?.type).toBe("element");
    const error = thrownBy(() => parser.read());
    expect(error).toMatchObject({ code: "invalid-json", offset: 12 });
    for (const call of [() => parser.read(), () => parser.push(octets(" ")), () => parser.end()])
      expect(thrownBy(call)).toBe(error);
  });

  test("an error that a deviation's callback throws sticks, too", () => {
    const refusal = new Error("not with me");
    const onDeviation = (): never => {
      throw refusal;
    };
    const parser = new JsonArrayParser({ ...KEY, tolerance: "lenient", onDeviation });
    parser.push(octets('{"a":1,"a":2,'));
    expect(parser.read()?.type).toBe("member");
    expect(thrownBy(() => parser.read())).toBe(refusal);
    expect(thrownBy(() => parser.read())).toBe(refusal);
  });
});

describe("the octets of an element", () => {
  test("that lies in one chunk are a view of it", () => {
    const chunk = octets('{"value":[{"a":1}, "b",[3]]}');
    const parser = new JsonArrayParser(KEY);
    parser.push(chunk);
    const elements = elementsOf(readAll(parser));
    expect(elements.map((data) => isomorphic(data))).toEqual(['{"a":1}', '"b"', "[3]"]);
    expect(elements.map(({ buffer, byteOffset }) => [buffer === chunk.buffer, byteOffset])).toEqual([
      [true, 10],
      [true, 19],
      [true, 23],
    ]);
  });

  test.each([10, 50_000])("that spans chunks are a copy that stays, %i octets and more", (length) => {
    const strings = ["a", "b", "c"].map((letter) => `"${letter.repeat(length)}"`);
    const input = octets(`[${strings.join()}]`);
    const parser = new JsonArrayParser();
    const elements: Uint8Array[] = [];
    for (let at = 0; at < input.length; at += 7) {
      const chunk = input.slice(at, at + 7);
      parser.push(chunk);
      elements.push(...elementsOf(readAll(parser)));
      chunk.fill(0x3d);
    }
    parser.end();
    expect(elements.map((data) => isomorphic(data))).toEqual(strings);
    expect(new Set(elements.map(({ buffer }) => buffer)).size).toBe(3);
  });
});

describe("a chunk that is detached", () => {
  const input = octets('{"a":1,"value":[1,"b"]} ');

  test.each([0, 1, 2, 3])("after %i events, though more was to be read, is an error", (count) => {
    const { chunk, detach } = detachable(input);
    const parser = new JsonArrayParser(KEY);
    parser.push(chunk);
    for (let read = 0; read < count; read++) parser.read();
    expect(parser.isChunkUsedUp).toBe(false);
    detach();
    expect(thrownBy(() => parser.read())).toMatchObject({ code: "chunk-detached", status: 500 });
  });

  test("once it is used up harms nobody", () => {
    const { chunk, detach } = detachable(octets('{"value":[1,"a'));
    const parser = new JsonArrayParser(KEY);
    parser.push(chunk);
    readAll(parser);
    expect(parser.isChunkUsedUp).toBe(true);
    detach();
    parser.push(octets('b"]}'));
    expect(elementsOf(readAll(parser)).map((data) => isomorphic(data))).toEqual(['"ab"']);
  });
});
