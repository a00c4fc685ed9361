import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MultipartSerializer } from "../../src/codec/multipart-serializer.ts";
import type {
  MultipartSerializerOptions,
  MultipartWriteEvent,
} from "../../src/codec/multipart-serializer.ts";
import { HeaderList } from "../../src/grammar/header-list.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { OctetPool } from "../../src/octets/octet-pool.ts";
import { cut, octets } from "../support/chunkings.ts";
import { detach } from "../support/detachable.ts";
import { multipartLog } from "../support/event-log.ts";
import { bringCrypto } from "../support/globals.ts";
import { concat } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

const NO_FIELDS = new HeaderList();
const PART: MultipartWriteEvent = { type: "part", headers: NO_FIELDS };
const PART_END: MultipartWriteEvent = { type: "part-end" };
const END: MultipartWriteEvent = { type: "end" };
const data = (text: string): MultipartWriteEvent => ({ type: "data", data: octets(text) });

let takeCryptoAway: () => void;
beforeAll(() => {
  takeCryptoAway = bringCrypto();
});
afterAll(() => takeCryptoAway());

function written(
  events: readonly MultipartWriteEvent[],
  options: MultipartSerializerOptions = { boundary: "b" },
): string {
  const serializer = new MultipartSerializer(options);
  return isomorphic(...events.map((event) => serializer.write(event)));
}

/** The code of the error that ends the writing, or what was written. */
function outcome(events: readonly MultipartWriteEvent[]): string {
  try {
    return written(events);
  } catch (error) {
    return `!${(error as { code?: string }).code ?? (error as Error).name}`;
  }
}

describe("a multipart serializer writes", () => {
  const headers = new HeaderList([
    ["A", "1"],
    ["b", "é"],
  ]);

  test("delimiters, header sections and content, with CRLF throughout", () => {
    const events = [{ type: "part", headers } as const, data("x"), data("y"), PART_END, PART, PART_END, END];
    expect(written(events)).toBe("--b\r\nA: 1\r\nb: \xc3\xa9\r\n\r\nxy\r\n--b\r\n\r\n\r\n--b--\r\n");
  });

  test("a body of no parts", () => {
    expect(written([END])).toBe("--b--\r\n");
  });

  test("into a pool, which the octets share", () => {
    const pool = new OctetPool();
    const serializer = new MultipartSerializer({ boundary: "b", pool });
    const chunks = [{ type: "part", headers } as const, data("x"), PART_END, PART, PART_END, END].map(
      (event) => serializer.write(event),
    );
    expect(isomorphic(concat(chunks))).toBe(
      "--b\r\nA: 1\r\nb: \xc3\xa9\r\n\r\nx\r\n--b\r\n\r\n\r\n--b--\r\n",
    );
    const [part, , partEnd, second] = chunks;
    expect([partEnd!.buffer, second!.buffer]).toEqual([part!.buffer, part!.buffer]);
  });

  test("octets that the caller may transfer, even where there are none", () => {
    const serializer = new MultipartSerializer({ boundary: "b" });
    const lengths = [PART, data("x"), PART_END, PART, PART_END, END].map((event) => {
      const { buffer, length } = serializer.write(event);
      detach(buffer);
      return length;
    });
    expect(lengths).toEqual([7, 1, 0, 9, 0, 9]);
    // What one caller has transferred is nobody else's.
    const other = new MultipartSerializer({ boundary: "b" });
    const chunks = [PART, PART_END, END].map((event) => other.write(event));
    expect(concat(chunks)).toEqual(octets("--b\r\n\r\n\r\n--b--\r\n"));
  });

  test.each([undefined, new OctetPool()])("heads that repeat, as those that do not (pool: %o)", (pool) => {
    const delimiter: MultipartWriteEvent = { type: "delimiter" };
    const changing = new HeaderList([["A", "1"]]);
    const serializer = new MultipartSerializer({ boundary: "b", pool });
    let text = "";
    const write = (event: MultipartWriteEvent): void => {
      const chunk = serializer.write(event);
      text += isomorphic(chunk);
      // They are the caller's: what is written later does not show what becomes of them.
      if (event.type === "part") chunk.fill(0x78);
    };
    let expected = "";
    // Long runs of equal and of different heads, and back again.
    const values = ["1", "1", "1", "2", "1", ...Array.from("abcdefghijklmnop"), "3", "3", "3"];
    for (const [at, value] of values.entries()) {
      changing.set("A", value);
      const isAhead = at % 3 === 2;
      if (isAhead) write(delimiter);
      for (const event of [{ type: "part", headers: changing } as const, data("y"), PART_END]) write(event);
      expected += `${at === 0 ? "" : "\r\n"}--b\r\nA: ${value}\r\n\r\ny`;
    }
    expect(text).toBe(expected);
  });

  test("a preamble with a line end of its own, and an epilogue", () => {
    const preamble = { type: "preamble", data: octets("pre") } as const;
    const epilogue = { type: "epilogue", data: octets("post") } as const;
    expect(written([preamble, preamble, PART, PART_END, END, epilogue])).toBe(
      "prepre\r\n--b\r\n\r\n\r\n--b--\r\npost",
    );
    expect(written([preamble, END])).toBe("pre\r\n--b--\r\n");
  });

  test("no line end behind the close-delimiter, on request", () => {
    expect(written([END], { boundary: "b", trailingLineEnd: false })).toBe("--b--");
  });

  test("a leading line end on request", () => {
    expect(written([PART, PART_END, END], { boundary: "b", leadingLineEnd: true })).toBe(
      "\r\n--b\r\n\r\n\r\n--b--\r\n",
    );
    expect(written([END], { boundary: "b", leadingLineEnd: true })).toBe("\r\n--b--\r\n");
  });

  test("a boundary that nobody knows, a new one each time", () => {
    const boundaries = [new MultipartSerializer().boundary, new MultipartSerializer().boundary];
    expect(new Set(boundaries).size).toBe(2);
    for (const boundary of boundaries) expect(boundary).toMatch(/^[0-9a-f]{32}$/);
  });

  test("one that begins as it is wanted", () => {
    const { boundary } = new MultipartSerializer({ boundaryPrefix: "batch_" });
    expect(boundary).toMatch(/^batch_[0-9a-f]{32}$/);
    expect(() => new MultipartSerializer({ boundaryPrefix: "batch:" })).toThrow(TypeError);
  });

  test.each(["é", "b ", "b".repeat(71), ""])(
    "no boundary that its own strict reader refuses: %j",
    (boundary) => {
      expect(() => new MultipartSerializer({ boundary })).toThrow(RangeError);
    },
  );

  test("content as it is given, without a copy", () => {
    const serializer = new MultipartSerializer({ boundary: "b" });
    serializer.write(PART);
    const content = octets("x\r\n--bb");
    expect(serializer.write({ type: "data", data: content })).toBe(content);
  });

  test("events of a parser as they come", () => {
    const input = "pre\r\n--b\r\nA:  1 \r\nB: 2\r\n\t3\r\n\r\nx\r\n\r\n--b\r\n\r\n\r\n--b--\r\npost";
    const parser = new MultipartParser({ boundary: "b", preamble: true, epilogue: true });
    const serializer = new MultipartSerializer({ boundary: "b" });
    parser.push(octets(input));
    parser.end();
    const pieces: Uint8Array[] = [];
    for (let event = parser.read(); event !== undefined; event = parser.read())
      pieces.push(serializer.write(event));
    expect(isomorphic(...pieces)).toBe(input);
  });

  test.each(["", "b ".repeat(129), "b\r", "b\n", "b\0", "\x7f"])(
    "but not with the boundary %j",
    (boundary) => {
      expect(() => new MultipartSerializer({ boundary })).toThrow(RangeError);
    },
  );
});

describe("events", () => {
  const sample: Record<MultipartWriteEvent["type"], MultipartWriteEvent> = {
    "preamble": { type: "preamble", data: octets("p") },
    "delimiter": { type: "delimiter" },
    "part": PART,
    "data": data("x"),
    "part-end": PART_END,
    "end": END,
    "epilogue": { type: "epilogue", data: octets("e") },
  };
  type Type = keyof typeof sample;
  const types = Object.keys(sample) as Type[];
  /** `*preamble *([delimiter] part *data part-end) end *epilogue`, and any beginning of it. */
  const grammar =
    /^(preamble )*((delimiter )?part (data )*part-end )*((delimiter )?part (data )*|delimiter |end (epilogue )*)?$/;

  test("in every order of up to five are written exactly if they are in order", () => {
    const counts = { written: 0, refused: 0 };
    const write = (sequence: Type[]): void => {
      const inOrder = grammar.test(sequence.map((type) => `${type} `).join(""));
      const result = outcome(sequence.map((type) => sample[type]));
      if (inOrder === result.startsWith("!"))
        expect({ sequence, result }).toEqual({
          sequence,
          result: inOrder ? "written" : "!event-out-of-order",
        });
      if (!inOrder) expect(result).toBe("!event-out-of-order");
      counts[inOrder ? "written" : "refused"]++;
      if (inOrder && sequence.length < 5) for (const type of types) write([...sequence, type]);
    };
    write([]);
    expect(counts).toEqual({ written: 118, refused: 303 });
  });

  test("a delimiter ahead of its part changes no octet", () => {
    const parts: MultipartWriteEvent[] = [PART, data("x"), PART_END, PART, PART_END, END];
    const ahead = parts.flatMap((event): MultipartWriteEvent[] => {
      return event === PART ? [{ type: "delimiter" }, event] : [event];
    });
    expect(outcome(ahead)).toBe(outcome(parts));
  });

  test("behind an error are the same error", () => {
    const serializer = new MultipartSerializer({ boundary: "b" });
    const thrown = (event: MultipartWriteEvent): unknown => {
      try {
        return serializer.write(event);
      } catch (error) {
        return error;
      }
    };
    const error = thrown(PART_END);
    expect(error).toMatchObject({ code: "event-out-of-order", status: 500 });
    expect([thrown(PART), thrown(END)]).toEqual([error, error]);
    expect(thrown(PART)).toBe(error);
  });
});

describe("content that holds the boundary", () => {
  /** Content of a body, in pieces cut at every place, and whole. */
  function outcomes(
    content: string,
    around: (content: readonly MultipartWriteEvent[]) => MultipartWriteEvent[],
  ): string[] {
    const pieces = (cuts: number[]): MultipartWriteEvent[] =>
      cut(octets(content), cuts).map((piece) => ({ type: "data", data: piece }));
    const everyCut = Array.from(content, (_, at) => pieces([at]));
    const octetByOctet = pieces(Array.from(content, (_, at) => at));
    return [...new Set([...everyCut, octetByOctet].map((events) => outcome(around(events))))];
  }
  const inBody = (events: readonly MultipartWriteEvent[]): MultipartWriteEvent[] => [
    PART,
    ...events,
    PART_END,
    END,
  ];
  const inPreamble = (events: readonly MultipartWriteEvent[]): MultipartWriteEvent[] => [
    ...events.map((event) => ({ ...event, type: "preamble" }) as MultipartWriteEvent),
    END,
  ];

  test.each([
    "x\r\n--b\r\ny",
    "x\r\n--b--",
    "x\r\n--b--y",
    "x\r\n--b \t\r\ny",
    "--b\r\n",
    "--b--",
    "x\r\n--b",
    "x\r\n--b \t",
    "x\r\n--b\r",
    "x\r\n--b\n",
    "x\r\n--b\ry",
    `x\r\n--b${" ".repeat(257)}y`,
    "\r\n\r\n--b\r\n",
    "\r\r\n--b--",
    "\r\n-\r\n--\r\n--b--",
  ])("in a body is refused: %j", (content) => {
    expect(outcomes(content, inBody)).toEqual(["!boundary-in-content"]);
  });

  test.each(["--b\r\n", "--b", "--b--", "p\r\n--b", "p\n--b\n", "p\n--b--", "p\n--b", "\n--b \t\r\n"])(
    "in a preamble is refused: %j",
    (content) => {
      expect(outcomes(content, inPreamble)).toEqual(["!boundary-in-content"]);
    },
  );

  test.each([
    "x\r\n--bb",
    "x\r\n--B\r\n",
    "x\n--b\r\n",
    "x\n--b--",
    "x\r--b--",
    "x--b--",
    "x\r\n --b--",
    "x\r\n--b-",
    "x\r\n--b-\r\n",
    "x\r\n--b x",
    "x\r\n--b \t-",
    "x\r\n---b",
    "\r\n-",
    "\r\n\r\n",
    " --b",
    "--",
    "\r",
  ])("only nearly, in a body, is written: %j", (content) => {
    expect(outcomes(content, inBody)).toEqual([`--b\r\n\r\n${content}\r\n--b--\r\n`]);
    expect(multipartLog([octets(written(inBody([data(content)])))], { boundary: "b" })).toContain("end @");
  });

  test.each(["x", "x--b", "--bb\r\n--b x", "\r--b\r\n", "--b-"])(
    "only nearly, in a preamble, is written: %j",
    (content) => {
      expect(outcomes(content, inPreamble)).toEqual([`${content}\r\n--b--\r\n`]);
    },
  );

  test("in an epilogue matters to nobody", () => {
    expect(written([END, { type: "epilogue", data: octets("\r\n--b\r\n") }])).toContain(
      "--b--\r\n\r\n--b\r\n",
    );
  });

  test("of one part is not held against the next", () => {
    expect(outcome([PART, data("\r\n--b-"), PART_END, PART, data("-\r\n"), PART_END, END])).toBe(
      "--b\r\n\r\n\r\n--b-\r\n--b\r\n\r\n-\r\n\r\n--b--\r\n",
    );
  });

  test("as the name of a field, which would be read as the close-delimiter, is refused", () => {
    for (const name of ["--b--", "--b--x"])
      expect(
        outcome([
          {
            type: "part",
            headers: new HeaderList([
              ["A", "1"],
              [name, "2"],
            ]),
          },
        ]),
      ).toBe("!boundary-in-content");
    const harmless = new HeaderList([
      ["--b", "1"],
      ["--bb", "2"],
    ]);
    expect(outcome([{ type: "part", headers: harmless }])).toBe("--b\r\n--b: 1\r\n--bb: 2\r\n\r\n");
  });

  describe("as a field line, for a boundary may hold a colon,", () => {
    const partOf = (lines: string): MultipartWriteEvent => {
      const parser = new MultipartParser({ boundary: "b" });
      parser.push(octets(`--b\r\nA: 1\r\n${lines}\r\n\r\n`));
      return parser.read() as MultipartWriteEvent;
    };

    test.each([
      ["x:y", "--x:y"],
      ["x:y", "--x:y \t"],
      ["x:y", "--x:y--:z"],
      ["x: y", "--x: y"],
      ["x:", "--x:"],
      ["x:y:z", "--x:y:z"],
    ])("is refused: boundary %j, %j", (boundary, line) => {
      expect(() => written([partOf(line)], { boundary })).toThrow(
        expect.objectContaining({ code: "boundary-in-content" }),
      );
    });

    test("is refused though it was not read", () => {
      const headers = new HeaderList([["--x", "y"]]);
      expect(() => written([{ type: "part", headers }], { boundary: "x: y" })).toThrow(
        expect.objectContaining({ code: "boundary-in-content" }),
      );
    });

    test.each(["--x:yz", "--x: y", "--X:y", "B:--x:y", "B: 1\r\n --x:y"])(
      "only nearly, is written: %j",
      (line) => {
        expect(written([partOf(line), PART_END, END], { boundary: "x:y" })).toBe(
          `--x:y\r\nA: 1\r\n${line}\r\n\r\n\r\n--x:y--\r\n`,
        );
      },
    );
  });

  test("of a boundary that the serializer made is not looked for", () => {
    const serializer = new MultipartSerializer();
    serializer.write(PART);
    const content = octets(`\r\n--${serializer.boundary}--`);
    expect(serializer.write({ type: "data", data: content })).toBe(content);
  });
});

describe("lengths", () => {
  test.each<[declared: number, pieces: string[], result: string]>([
    [0, [], "--b\r\n\r\n\r\n--b--\r\n"],
    [3, ["xyz"], "--b\r\n\r\nxyz\r\n--b--\r\n"],
    [3, ["x", "", "yz"], "--b\r\n\r\nxyz\r\n--b--\r\n"],
    [3, ["xy"], "!body-length-mismatch"],
    [1, [], "!body-length-mismatch"],
    [3, ["xy", "zw"], "!body-length-mismatch"],
    [0, ["x"], "!body-length-mismatch"],
  ])("of %i octets declared for %j: %j", (bodyLength, pieces, result) => {
    expect(
      outcome([{ type: "part", headers: NO_FIELDS, bodyLength }, ...pieces.map(data), PART_END, END]),
    ).toBe(result);
  });

  test.each([Number.NaN, -1, 1.5, Infinity, "1" as never])("of %s octets are none", (bodyLength) => {
    const serializer = new MultipartSerializer({ boundary: "b" });
    const part = { type: "part", headers: NO_FIELDS, bodyLength } as const;
    expect(() => serializer.contentLength([part])).toThrow(RangeError);
    expect(() => serializer.write(part)).toThrow(RangeError);
  });

  test("declared for one part say nothing of the next", () => {
    const declared = { type: "part", headers: NO_FIELDS, bodyLength: 1 } as const;
    expect(outcome([declared, data("x"), PART_END, PART, data("xy"), PART_END, END])).not.toContain("!");
  });

  test("of the whole are exact before anything is written", () => {
    const sections = [
      new HeaderList([["A", "é"]]),
      NO_FIELDS,
      new HeaderList([
        ["B", "2"],
        ["C", ""],
      ]),
    ];
    for (const [leadingLineEnd, trailingLineEnd] of [
      [false, true],
      [true, true],
      [true, false],
    ] as const) {
      for (let count = 0; count <= sections.length; count++) {
        const serializer = new MultipartSerializer({ leadingLineEnd, trailingLineEnd });
        const parts = sections.slice(0, count).map((headers, index) => ({ headers, bodyLength: index * 7 }));
        const length = serializer.contentLength(parts);
        const events = parts.flatMap(({ headers, bodyLength }): MultipartWriteEvent[] => [
          { type: "part", headers, bodyLength },
          data("x".repeat(bodyLength)),
          PART_END,
        ]);
        expect(concat([...events, END].map((event) => serializer.write(event))).length).toBe(length);
      }
    }
  });
});

test("a field name that is no token, as lenient readers let pass, is refused and nothing of it written", () => {
  const parser = new MultipartParser({ boundary: "c", tolerance: "lenient" });
  parser.push(octets("--c\r\nA B: 1\r\n\r\n"));
  const event = parser.read()!;
  const serializer = new MultipartSerializer({ boundary: "b" });
  expect(() => serializer.write(event)).toThrow(TypeError);
  expect(() => serializer.write(PART)).toThrow(TypeError);
});
