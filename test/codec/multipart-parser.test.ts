import { describe, expect, test } from "vitest";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import type { MultipartParserOptions } from "../../src/codec/multipart-options.ts";
import type { Deviation } from "../../src/deviation.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { multipartLog } from "../support/event-log.ts";
import { drive } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

const BOUNDARY = { boundary: "b" } as const;

describe("content", () => {
  const body = "x\r\n--bb\r\n--b \t \ty\r\n\r\n-\r\r\n--b-x\r\n--";
  const input = octets(`p\r\n--b \t\r\nA: 1\r\n\r\n${body}\r\n--b\r\n\r\n\r\n--b--\r\nepilogue`);
  /** CRLF--b and the four octets of padding that stand behind it. */
  const mostWithheld = 5 + 4;

  test("is handed out as views of the chunk; at most what a chunk's edge withheld is copied", () => {
    for (const { name, chunks } of chunkings(input)) {
      let copied = 0;
      let data = "";
      let chunk = 0;
      const parser = new MultipartParser(BOUNDARY);
      const error = drive(
        parser,
        chunks,
        (event) => {
          if (event.type !== "data") return;
          data += isomorphic(event.data);
          expect(event.data.length).toBeGreaterThan(0);
          if (event.data.buffer === chunks[chunk]!.buffer) return;
          expect(event.data.length).toBeLessThanOrEqual(mostWithheld);
          copied += event.data.length;
        },
        () => chunk++,
      );
      expect(error).toBeUndefined();
      expect(data, name).toBe(body);
      expect(copied, name).toBeLessThanOrEqual(mostWithheld * (chunks.length - 1));
    }
  });

  test("that was copied is the reader's own: writing to it changes no other", () => {
    const datas: Uint8Array[] = [];
    const chunks = ["--b\r\n\r\nx\r\n--", "b-y\r\n-", "z\r\n--b", "b\r\n--b--"].map(octets);
    drive(new MultipartParser(BOUNDARY), chunks, (event) => {
      if (event.type !== "data") return;
      datas.push(event.data.slice());
      event.data.fill(0);
    });
    expect(isomorphic(...datas)).toBe("x\r\n--b-y\r\n-z\r\n--bb");
  });

  test("is never an empty event", () => {
    const lengths: number[] = [];
    for (const { chunks } of chunkings(input)) {
      drive(new MultipartParser({ ...BOUNDARY, preamble: true, epilogue: true }), chunks, (event) => {
        if ("data" in event) lengths.push(event.data.length);
      });
    }
    expect(Math.min(...lengths)).toBe(1);
  });
});

describe("events come as soon as they can", () => {
  /** Each event, and how many octets had arrived by then. */
  function arrivals(input: string, options: Partial<MultipartParserOptions> = {}): string[] {
    const arrived: string[] = [];
    const parser = new MultipartParser({ ...BOUNDARY, ...options } as MultipartParserOptions);
    octets(input).forEach((octet, index) => {
      parser.push(Uint8Array.of(octet));
      for (let event = parser.read(); event !== undefined; event = parser.read())
        arrived.push(
          `${event.type}${"data" in event ? ` ${JSON.stringify(isomorphic(event.data))}` : ""} @${index + 1}`,
        );
    });
    return arrived;
  }

  test("a part with its empty line, part-end with its delimiter line, end with its second dash", () => {
    expect(arrivals("--b\r\nA: 1\r\n\r\nx\r\n--b \r\n\r\n--b--\r\n")).toEqual([
      "part @13",
      'data "x" @14',
      "part-end @22",
      "part @24",
      "part-end @29",
      "end @29",
    ]);
  });

  test("content at once, unless it may be the start of a delimiter", () => {
    expect(arrivals("--b\r\n\r\na\rb\n\r\n-c\r\n--b\t d--by\r\n--b-e\r\rf")).toEqual([
      "part @7",
      'data "a" @8',
      'data "\\r" @10',
      'data "b" @10',
      'data "\\n" @11',
      'data "\\r\\n-" @15',
      'data "c" @15',
      'data "\\r\\n--b\\t " @23',
      'data "d" @23',
      'data "-" @24',
      'data "-" @25',
      'data "b" @26',
      'data "y" @27',
      'data "\\r\\n--b-" @34',
      'data "e" @34',
      'data "\\r" @36',
      'data "\\r" @37',
      'data "f" @37',
    ]);
  });

  test("content of a part starts as a delimiter may, with nothing withheld that is not there", () => {
    expect(arrivals("--b\r\n\r\n--a\r\n")).toEqual(["part @7", 'data "--" @10', 'data "a" @10']);
  });

  test("the end is told before the rest of its line; text there is an error of a later call", () => {
    const parser = new MultipartParser(BOUNDARY);
    parser.push(octets("--b\r\n\r\nx\r\n--b-- text"));
    expect(["part", "data", "part-end", "end"].map(() => parser.read()?.type).join()).toBe(
      "part,data,part-end,end",
    );
    expect(() => parser.end()).toThrow(
      expect.objectContaining({ code: "text-after-close-delimiter", offset: 16 }),
    );
  });

  test("preamble and epilogue are told on request only", () => {
    const input = "p\r\n--b--\r\ne";
    expect(arrivals(input)).toEqual(["end @8"]);
    expect(arrivals(input, { preamble: true, epilogue: true })).toEqual([
      'preamble "p" @1',
      "end @8",
      'epilogue "e" @11',
    ]);
  });

  test("a deviation is told before the event that holds it", () => {
    const told: string[] = [];
    const onDeviation = ({ code }: Deviation): unknown => told.push(code);
    const parser = new MultipartParser({ ...BOUNDARY, tolerance: "lenient", onDeviation });
    parser.push(octets("--b\r\nA : 1\r\n\r\nx"));
    told.push(parser.read()!.type);
    expect(told).toEqual(["space-before-colon", "part"]);
  });
});

describe("positions", () => {
  const origin = { offset: 100, offsetBase: "decoded-body", path: "2", depth: 1 } as const;

  test("count from the origin of a nested body, in the path of the part that it is in", () => {
    const chunk = octets("--b\r\nA: 1\r\n\r\nx\r\n--b\r\nB : 2\r\n\r\n\r\n--b--text");
    const log = [
      "part @13",
      "  A: 1",
      'data @13 "x"',
      "part-end @21",
      "~space-before-colon @122 part 2.2",
      "part @30",
      "  B: 2",
      "part-end @37",
      "end @37",
      "~text-after-close-delimiter @137 part 2",
    ];
    expect(multipartLog([chunk], { ...BOUNDARY, origin, tolerance: "lenient" }).split("\n")).toEqual(log);
    const deviations: Deviation[] = [];
    const onDeviation = (deviation: Deviation): unknown => deviations.push(deviation);
    drive(new MultipartParser({ ...BOUNDARY, origin, tolerance: "lenient", onDeviation }), [chunk], () => {});
    expect(deviations[0]).toEqual({
      code: "space-before-colon",
      offset: 122,
      offsetBase: "decoded-body",
      path: "2.2",
    });
    const error = drive(new MultipartParser({ ...BOUNDARY, origin }), [chunk], () => {});
    expect(error).toMatchObject({
      code: "space-before-colon",
      offset: 122,
      offsetBase: "decoded-body",
      path: "2.2",
    });
    expect(error?.message).toBe(
      "White space stands between field name and colon at octet 122 of the decoded body in part 2.2",
    );
  });

  test("path names the part read last, and the body itself before the first and behind the last", () => {
    const parser = new MultipartParser({ ...BOUNDARY, preamble: true, epilogue: true });
    parser.push(octets("p\r\n--b\r\n\r\nx\r\n--b\r\n\r\n--b--\r\ne"));
    const paths: string[] = [];
    for (let event = parser.read(); event !== undefined; event = parser.read())
      paths.push(`${event.type} ${parser.path}`);
    expect(paths).toEqual([
      "preamble ",
      "part 1",
      "data 1",
      "part-end 1",
      "part 2",
      "part-end 2",
      "end ",
      "epilogue ",
    ]);
  });

  test("offset stands behind what was answered, where a limit cuts it, too", () => {
    const input = octets("--b\r\n\r\n12345\r\n--b--");
    for (const { name, chunks } of chunkings(input)) {
      let offset = 0;
      const parser = new MultipartParser({ ...BOUNDARY, limits: { maxPartBytes: 3 } });
      drive(parser, chunks, () => (offset = parser.offset));
      expect(offset, name).toBe(10);
    }
  });
});
