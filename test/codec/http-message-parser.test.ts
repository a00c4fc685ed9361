import { describe, expect, test } from "vitest";
import type { HttpMessageEvent } from "../../src/codec/http-event.ts";
import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import type { HttpMessageParserOptions } from "../../src/codec/http-message-parser.ts";
import type { Deviation } from "../../src/deviation.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { httpLog } from "../support/event-log.ts";
import { drive } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

function readAll(parser: HttpMessageParser): HttpMessageEvent[] {
  const events: HttpMessageEvent[] = [];
  for (let event = parser.read(); event !== undefined; event = parser.read()) events.push(event);
  return events;
}

const types = (events: HttpMessageEvent[]): string => events.map(({ type }) => type).join(" ");

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("an HTTP message parser", () => {
  test("tells the head with its empty line, content at once, and the end with the end of its part", () => {
    const parser = new HttpMessageParser();
    const arrivals: string[] = [];
    octets("PUT / HTTP/1.1\r\n\r\nxy").forEach((octet, index) => {
      parser.push(Uint8Array.of(octet));
      for (const { type } of readAll(parser)) arrivals.push(`${type} @${index + 1}`);
    });
    expect(arrivals).toEqual(["head @18", "data @19", "data @20"]);
    parser.end();
    expect(types(readAll(parser))).toBe("end");
  });

  test("of a message alone tells the end as soon as its framing does", () => {
    const parser = new HttpMessageParser({ within: "message" });
    parser.push(octets("PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx"));
    expect(types(readAll(parser))).toBe("head data");
    parser.push(octets("yz"));
    expect(types(readAll(parser))).toBe("data end");
    expect(isomorphic(parser.remainder)).toBe("z");
  });

  test("leaves what follows a message alone in remainder, chunk by chunk", () => {
    const input = octets(
      "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\nGET / HTTP/1.1",
    );
    for (const { name, chunks } of chunkings(input)) {
      const parser = new HttpMessageParser({ within: "message" });
      let remainder = "";
      const error = drive(
        parser,
        chunks,
        () => {},
        () => (remainder += isomorphic(parser.remainder)),
      );
      expect([error, remainder], name).toEqual([undefined, "GET / HTTP/1.1"]);
    }
  });

  test("has no remainder before the end, nor in a part", () => {
    const parser = new HttpMessageParser();
    expect(parser.remainder.length).toBe(0);
    parser.push(octets("GET / HTTP/1.1\r\n\r\nx"));
    expect(parser.remainder.length).toBe(0);
    readAll(parser);
    parser.end();
    readAll(parser);
    expect(parser.remainder.length).toBe(0);
  });

  test("hands out content as views of the chunk, framing or not", () => {
    for (const head of ["", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"]) {
      const isChunked = head.startsWith("T");
      const chunk = octets(
        `PUT / HTTP/1.1\r\n${head}\r\n${isChunked ? "5\r\n" : ""}abcde${isChunked ? "\r\n0\r\n\r\n" : ""}`,
      );
      const parser = new HttpMessageParser();
      parser.push(chunk);
      const datas = readAll(parser).flatMap((event) => (event.type === "data" ? [event.data] : []));
      expect(isomorphic(...datas)).toBe("abcde");
      expect(datas.every((data) => data.buffer === chunk.buffer)).toBe(true);
    }
  });

  test("throws the same error from every call behind one", () => {
    const parser = new HttpMessageParser();
    parser.push(octets("GET\r\n\r\n"));
    const error = thrownBy(() => parser.read());
    expect(error).toMatchObject({ code: "invalid-request-line", offset: 3, status: 400 });
    for (const call of [() => parser.read(), () => parser.push(octets("")), () => parser.end()])
      expect(thrownBy(call)).toBe(error);
  });

  test("counts from the origin of an embedded message", () => {
    const origin = { offset: 50, offsetBase: "input", path: "2.1", depth: 2 } as const;
    expect(httpLog([octets("GET / HTTP/1.1\r\nA\r\n\r\n")], { origin })).toBe(
      "!missing-colon @66 part 2.1, 400",
    );
  });

  test("takes a response for one by its HTTP/, unless it is told what to expect", () => {
    const kinds = (input: string, options: HttpMessageParserOptions): string =>
      httpLog([octets(input)], options)
        .split("\n")
        .slice(0, 2)
        .join(" ");
    expect(kinds("HTTP/1.1 200 \r\n\r\n", {})).toBe('head @17   HTTP/1.1 200 ""');
    expect(kinds("HTTP / HTTP/1.1\r\n\r\n", {})).toBe('head @19   HTTP "/" HTTP/1.1');
    expect(kinds("HTTP / HTTP/1.1\r\n\r\n", { kind: "response" })).toBe("!invalid-status-line @4, 400");
    expect(kinds("HTTP/1.1 200 \r\n\r\n", { kind: "request" })).toBe("!invalid-request-line @4, 400");
  });

  test("refuses options that are none", () => {
    expect(() => new HttpMessageParser({ within: "body" as "part" })).toThrow(TypeError);
    expect(() => new HttpMessageParser({ tolerance: "loose" as "strict" })).toThrow(TypeError);
  });
});

describe("a parser that is reset", () => {
  /** Reads messages one after the other, with one parser or with one for each. */
  function logs(messages: readonly string[], options: HttpMessageParserOptions, reuse: boolean): string[] {
    const deviations: string[] = [];
    const onDeviation = ({ code, offset }: Deviation): unknown => deviations.push(`~${code}@${offset}`);
    let parser = new HttpMessageParser({ ...options, onDeviation });
    return messages.map((message, index) => {
      if (index > 0 && reuse) parser.reset();
      else parser = new HttpMessageParser({ ...options, onDeviation });
      deviations.length = 0;
      const told: string[] = [];
      const error = drive(parser, [octets(message)], (event) => {
        if (event.type === "head")
          told.push(JSON.stringify(event.head), isomorphic(event.head.headers.toOctets()));
        else if (event.type === "data") told.push(isomorphic(event.data));
        else if (event.type === "trailers") told.push(JSON.stringify(event.headers));
        told.push(`@${parser.offset}`);
      });
      return [...told, ...deviations, error === undefined ? "ok" : `!${error.code}@${error.offset}`].join(
        " ",
      );
    });
  }

  const messages = [
    "GET /1 HTTP/1.1\r\nA: 1\r\n\r\n",
    "GET /1 HTTP/1.1\r\nA: 1\r\n\r\nbody",
    "GET /2 HTTP/1.1\r\nA: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nT: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nx",
    "no message\r\n\r\n",
    "GET /items\r\n\r\n",
    "\r\nGET / HTTP/1.1\r\n\r\n",
    "GET /a b HTTP/1.1\r\n\r\n",
    "GET / HTTP/2\r\n\r\n",
    "HTTP/1.1 200\r\n\r\n",
    "GET / HTTP/1.1\r\nA : 1\r\n\r\n",
    "GET / HTTP/1.1\nA: 1\n\n",
    "GET / HTTP/1.1\r\nA: 1\r\n",
    "GET / HTTP/1.1\r\nA: \xe9\r\n 2\r\n\r\n",
    "",
  ];

  for (const tolerance of ["strict", "lenient"] as const) {
    test(`reads every message as a new one does, whatever came before it, the same among them (${tolerance})`, () => {
      for (const first of messages) {
        for (const second of messages) {
          const pair = [first, second, second];
          expect(logs(pair, { tolerance }, true)).toEqual(logs(pair, { tolerance }, false));
        }
      }
    });
  }

  test("takes a new origin, and a new request method or none", () => {
    const parser = new HttpMessageParser({ requestMethod: "HEAD" });
    const input = octets("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
    expect(drive(parser, [input], () => {})).toBeUndefined();
    parser.reset({ origin: { offset: 100, offsetBase: "input", path: "2", depth: 1 } });
    expect(drive(parser, [input], () => {})).toMatchObject({
      code: "content-length-mismatch",
      offset: 138,
      path: "2",
    });
  });

  test("goes on counting what limits count over a whole input", () => {
    const parser = new HttpMessageParser({ limits: { maxTotalHeaderBytes: 40 } });
    const input = octets("GET / HTTP/1.1\r\n\r\n");
    const read = (): unknown => {
      const error = drive(parser, [input], () => {});
      parser.reset();
      return error?.limit?.name;
    };
    expect([read(), read(), read()]).toEqual([undefined, undefined, "maxTotalHeaderBytes"]);
  });

  test("counts the octets of a head that its part ended, not those of the line end that it lacks", () => {
    const parser = new HttpMessageParser({ tolerance: "lenient", limits: { maxTotalHeaderBytes: 15 } });
    expect(drive(parser, [octets("GET / HTTP/1.1")], () => {})).toBeUndefined();
    parser.reset();
    expect(drive(parser, [octets("GET / HTTP/1.1")], () => {})).toMatchObject({
      code: "limit-exceeded",
      offset: 1,
    });
  });
});
