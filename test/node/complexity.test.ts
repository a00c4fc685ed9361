/**
 * Every machine takes a bounded number of steps an octet, and holds back a bounded number of octets,
 * whatever the input and however it is cut. Steps are counted, never timed: see `support/steps.ts`.
 * `SHOW_STEPS=1 npx vitest run test/node/complexity.test.ts` prints them.
 */
import { afterAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../src/limits.ts";
import type { Limits } from "../../src/limits.ts";
import { isomorphicDecode, toIsomorphic } from "../../src/octets/text.ts";
import { instrument } from "../../fuzz/instrument.mjs";
import { instrumentedSource } from "./support/instrumented.ts";
import { chunksOf, expectLinear, octetsOfFlood, stepsOf } from "./support/steps.ts";
import type { Bounds, Flood } from "./support/steps.ts";

const source = instrumentedSource();
afterAll(() => source.remove());

const { MultipartParser } = await source.load("codec/multipart-parser.ts");
const { WholePartParser } = await source.load("codec/whole-part-parser.ts");
const { MultipartSerializer } = await source.load("codec/multipart-serializer.ts");
const { HttpMessageParser } = await source.load("codec/http-message-parser.ts");
const { JsonArrayParser } = await source.load("codec/json-array-parser.ts");
const { Base64Decoder } = await source.load("codec/base64-decoder.ts");
const { Base64Encoder } = await source.load("codec/base64-encoder.ts");
const { QuotedPrintableDecoder } = await source.load("codec/quoted-printable-decoder.ts");
const { QuotedPrintableEncoder } = await source.load("codec/quoted-printable-encoder.ts");
const { HeaderList } = await source.load("grammar/header-list.ts");
const { parseMediaType } = await source.load("grammar/media-type.ts");
const { parseContentDisposition } = await source.load("grammar/content-disposition.ts");
const { jsonMembers } = await source.load("grammar/json-object.ts");
const { decodeWords, encodeWords } = await source.load("grammar/encoded-word.ts");

/** No limit stops a flood. */
const limits = Object.fromEntries(
  Object.keys(defaultLimits).map((name) => [name, Infinity]),
) as unknown as Limits;
const lenient = { tolerance: "lenient", onDeviation: () => {}, limits } as const;
const strict = { tolerance: "strict", limits } as const;

/** What is wrong with the input at its end, if anything is. */
type Ending = string | undefined;
type Row = [name: string, options: object, before: string, unit: string, after?: string, ending?: Ending];

const endingOf = (run: () => void): Ending => {
  try {
    run();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

interface Machine {
  push(chunk: Uint8Array): void;
  end(): void;
  read(): { type: string; data?: Uint8Array; headers?: Iterable<unknown> } | undefined;
}

/** Reads all events of `chunks`, and all fields. */
function readAll(machine: Machine, chunks: readonly Uint8Array[]): Ending {
  const drain = (): void => {
    for (let event; (event = machine.read()) !== undefined;) for (const _ of event.headers ?? []);
  };
  return endingOf(() => {
    for (const chunk of chunks) {
      machine.push(chunk);
      drain();
    }
    machine.end();
    drain();
  });
}

const a70 = "a".repeat(70);
const ab70 = "ab".repeat(35);
const of = (boundary: string, tolerance: object = strict): object => ({ ...tolerance, boundary });
const open = "unexpected-end";

describe("Multipart bodies", () => {
  const boundary = of("boundary");
  const start = "--boundary\r\n\r\nx";
  const rows: Row[] = [
    ["a boundary of 70 a over a body of a", of(a70), `--${a70}\r\n\r\n`, "a", "", open],
    ["a periodic boundary over its own period", of(ab70), `--${ab70}\r\n\r\n`, "ab", "", open],
    ["a periodic boundary over half its period", of(ab70), `--${ab70}\r\n\r\n`, "a", "", open],
    [
      "delimiters of 74 octets whose last octet is wrong",
      of(ab70),
      `--${ab70}\r\n\r\n`,
      `\r\n--${ab70.slice(1)}x`,
      "",
      open,
    ],
    [
      "delimiters of 74 octets without their last octet",
      of(ab70),
      `--${ab70}\r\n\r\n`,
      `\r\n--${ab70.slice(1)}`,
      "",
      open,
    ],
    [
      "delimiters of 74 octets without their first octet",
      of(ab70),
      `--${ab70}\r\n\r\n`,
      `\n--${ab70}`,
      "",
      open,
    ],
    ["the boundary itself", boundary, start, "boundary", "", open],
    ["delimiters without their last octet", boundary, start, "\r\n--boundar", "", open],
    ["delimiters that go on", boundary, start, "\r\n--boundaryX", "", open],
    ["delimiters with padding that go on", boundary, start, "\r\n--boundary X", "", open],
    [
      "delimiters with long padding that go on",
      boundary,
      start,
      `\r\n--boundary${" ".repeat(250)}X`,
      "",
      open,
    ],
    ["delimiters with a dash that go on", boundary, start, "\r\n--boundary-X", "", open],
    ["one delimiter with padding", boundary, `${start}\r\n--boundary`, " ", "", open],
    ["dashes over a boundary of dashes", of("--------"), "----------\r\n\r\nx", "-", "", open],
    ["CR", boundary, start, "\r", "", open],
    ["LF", boundary, start, "\n", "", open],
    ["CRLF", boundary, start, "\r\n", "", open],
    ["CRLF and a dash", boundary, start, "\r\n-", "", open],
    ["CRLF and two dashes", boundary, start, "\r\n--", "", open],
    ["CRLF and two dashes over a boundary of one octet", of("b"), "--b\r\n\r\nx", "\r\n--", "", open],
    ["a few false delimiters, then CR", boundary, start + "\r\n--boundaryX".repeat(3), "\r", "", open],
    ...["\r", "\n", "\r\n", "\n--boundar", "\r\n--boundar", "\n--boundaryX", "\r\n--boundaryX"].flatMap(
      (unit): Row[] => [
        [`LF mode: ${JSON.stringify(unit)}`, of("boundary", lenient), "--boundary\n\nx", unit, "", open],
        [`preamble: ${JSON.stringify(unit)}`, boundary, "x", unit, "", open],
        [
          `preamble of either line end: ${JSON.stringify(unit)}`,
          of("boundary", lenient),
          "x",
          unit,
          "",
          open,
        ],
        [`epilogue: ${JSON.stringify(unit)}`, boundary, "--boundary--\r\n", unit],
        [`close-delimiter's line: ${JSON.stringify(unit)}`, of("boundary", lenient), "--boundary-- x", unit],
      ],
    ),
  ];

  // The search makes itself a larger table for long bodies, hence two lengths.
  test.each(rows)("%s", (_name, options, before, unit, after = "", ending = undefined) => {
    const read = (chunks: Uint8Array[]): Ending => readAll(new MultipartParser(options), chunks);
    expectLinear({ before, unit, after }, [9, 12, 90], read, ending, 4000);
    expectLinear({ before, unit, after }, [9, 12], read, ending, 50_000);
  });

  // The serializer takes a delimiter with more padding than a reader allows for a delimiter.
  const written = rows.filter(([name, options, , , , ending]) => {
    return !("onDeviation" in options) && ending === open && name !== "one delimiter with padding";
  });
  test.each(written)("written: %s", (_name, options, before, unit) => {
    const headers = new HeaderList();
    const flood = { before: before.slice(before.indexOf("x")), unit, after: "" };
    const write = (chunks: Uint8Array[]): void => {
      const serializer = new MultipartSerializer(options);
      serializer.write({ type: "part", headers });
      for (const data of chunks) serializer.write({ type: "data", data });
    };
    expectLinear(flood, [7, 12, 60], (chunks) => endingOf(() => write(chunks)), undefined);
  });
});

describe("Header sections and parts", () => {
  const b = of("b");
  const lenientB = of("b", lenient);
  const close = "\r\n\r\n--b--";
  const rows: Row[] = [
    ["one field value", b, "--b\r\nA: ", "a", `\r\n${close}`],
    ["one field value that does not end", b, "--b\r\nA: ", "a", "", open],
    ["one field value of blanks", b, "--b\r\nA:", " ", `\r\n${close}`],
    ["one field value of UTF-8", b, "--b\r\nA: ", "\xc3\xa9", `\r\n${close}`],
    ["one field name", b, "--b\r\n", "a", `: 1\r\n${close}`],
    ["one field name of dashes", b, "--b\r\n", "-", `: 1\r\n${close}`],
    ["a space before the colon", lenientB, "--b\r\nA", " ", `: 1\r\n${close}`],
    ["field lines", b, "--b\r\n", "Name: value\r\n", close],
    ["short field lines", b, "--b\r\n", "A:\r\n", close],
    ["field lines of UTF-8", b, "--b\r\n", "Name: \xc3\xa9\r\n", close],
    [
      "field lines that begin like a delimiter",
      of("boundary"),
      "--boundary\r\n",
      "--boundarx: 1\r\n",
      "\r\n\r\n--boundary--",
    ],
    ["folded lines", b, "--b\r\nA: 1\r\n", " x\r\n", close],
    ["folded lines of blanks", b, "--b\r\nA: 1\r\n", " \r\n", close],
    [
      "folded lines in form data",
      of("b", { ...lenient, profile: "form-data" }),
      "--b\r\nA: 1\r\n",
      "\tx\r\n",
      close,
    ],
    ["broken field lines", lenientB, "--b\r\n", "no colon\r\n: x\r\nA : 1\r\n(: \x01\r\n", close],
    ["field lines in LF mode", lenientB, "--b\n", "A: 1\nB : 2\r\n", "\n\n--b--"],
    [
      "short field lines behind a section of one long line",
      b,
      `--b\r\nA: ${"a".repeat(20_000)}\r\n\r\n\r\n--b\r\n`,
      "Name: 1\r\n",
      close,
    ],
    ["parts", b, "", "--b\r\nA: 1\r\n\r\nx\r\n", "--b--"],
    ["empty parts", b, "", "--b\r\n\r\n\r\n", "--b--"],
    ["empty parts that share a line end", b, "", "--b\r\n\r\n", "--b--"],
    ["repeated delimiters", lenientB, "", "--b\r\n", "--b--"],
    ["parts whose sections a delimiter ends", lenientB, "", "--b\r\nA: 1\r\n", "--b--"],
    ["parts in LF mode with every deviation", lenientB, "", "--b\nA : 1\nx\r\n\nx\r\n--b \r\n\n\n", "--b--"],
  ];

  const bounds: Bounds = [26, 34, 85];
  test.each(rows)("%s", (_name, options, before, unit, after = "", ending = undefined) => {
    expectLinear(
      { before, unit, after },
      bounds,
      (chunks) => readAll(new MultipartParser(options), chunks),
      ending,
    );
  });

  test("10,000 empty parts", () => {
    const flood: Flood = { before: "", unit: "--b\r\n\r\n".repeat(10_000), after: "--b--" };
    const input = octetsOfFlood(flood, 1);
    let parts = 0;
    const parser = new MultipartParser(b);
    parser.push(input);
    for (let event; (event = parser.read()) !== undefined;) if (event.type === "part") parts++;
    expect(parts).toBe(10_000);
  });
});

describe("Whole parts", () => {
  const typed = "--b\r\nContent-Type: application/http\r\n\r\n";
  const rows: Row[] = [
    ["one body", of("b"), "--b\r\n\r\n", "x", "\r\n--b--"],
    ["one body that is nearly ended again and again", of("b"), "--b\r\n\r\n", "\r\n--b-", "\r\n--b--"],
    ["parts", of("b"), "", "--b\r\nA: 1\r\n\r\nx\r\n", "--b--"],
    ["parts that differ", of("b"), "", "--b\r\nA: 1\r\n\r\nx\r\n--b\r\nB: 22\r\n\r\ny\r\n", "--b--"],
    ["messages", of("b"), "", `${typed}GET / HTTP/1.1\r\nA: 1\r\n\r\nx\r\n`, "--b--"],
    ["messages that deviate", of("b", lenient), "", `${typed}GET / HTTP/1.1\r\nA : 1\r\n\r\nx\r\n`, "--b--"],
    ["one message of field lines", of("b"), `${typed}GET / HTTP/1.1\r\n`, "Name: value\r\n", "\r\n\r\n--b--"],
    [
      "one message of field lines, the last of which deviates",
      of("b", lenient),
      `${typed}GET / HTTP/1.1\r\n`,
      "Name: value\r\n",
      "A : 1\r\n\r\n\r\n--b--",
    ],
  ];

  test.each(rows)("%s", (_name, options, before, unit, after = "", ending = undefined) => {
    const read = (chunks: Uint8Array[]): Ending =>
      readAll(new WholePartParser({ ...options, messages: true }), chunks);
    expectLinear({ before, unit, after }, [40, 40, 110], read, ending);
  });
});

describe("HTTP messages", () => {
  const part = { ...strict, within: "part" };
  const inPart = { ...lenient, within: "part" };
  const alone = { ...strict, within: "message" };
  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const rows: Row[] = [
    ["a long method", part, "", "A", " / HTTP/1.1\r\n\r\n"],
    ["a long target", part, "GET /", "a", " HTTP/1.1\r\n\r\n"],
    ["a target of spaces", inPart, "GET /", " ", "a\r\n\r\n"],
    ["a long target alone", alone, "CONNECT a", "a", ":1 HTTP/1.1\r\n\r\n"],
    ["a long reason", part, "HTTP/1.1 200 ", "\xc3\xa9", "\r\n\r\n"],
    ["spaces before the status code", inPart, "HTTP/1.1 ", " ", "200 OK\r\n\r\n"],
    ["a start-line that does not end", inPart, "GET /", "a", ""],
    ["empty lines before the start-line", inPart, "", "\r\n", "GET / HTTP/1.1\r\n\r\n"],
    ["a field value", part, "GET / HTTP/1.1\r\nA: ", "a", "\r\n\r\n"],
    ["field lines", part, "GET / HTTP/1.1\r\n", "Name: value\r\n", "\r\n"],
    ["folded lines", inPart, "GET / HTTP/1.1\r\nA: 1\r\n", " x\r\n", "\r\n"],
    ["field lines that end in LF", inPart, "GET / HTTP/1.1\r\n", "A : 1\n", "\r\n"],
    ["equal lengths", inPart, "GET / HTTP/1.1\r\n", "Content-Length: 0\r\n", "\r\n"],
    ["a length of zeros", part, "GET / HTTP/1.1\r\nContent-Length: ", "0", "\r\n\r\n"],
    ["transfer codings", part, "GET / HTTP/1.1\r\nTransfer-Encoding: ", "gzip, ", "chunked\r\n\r\n0\r\n\r\n"],
    [
      "lines of transfer codings",
      part,
      "GET / HTTP/1.1\r\n",
      "Transfer-Encoding: gzip\r\n",
      "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a body up to the end", part, "HTTP/1.1 200 OK\r\n\r\n", "\r\n", ""],
    ["slack of line ends", inPart, "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "\r\n", ""],
    ["slack of line ends and more", inPart, "GET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "\r\n", "x"],
    ["chunks of one octet", part, chunked, "1\r\na\r\n", "0\r\n\r\n"],
    ["a chunk extension", part, `${chunked}1;`, "a", "\r\nx\r\n0\r\n\r\n"],
    ["chunk extensions", part, chunked, "1;a=b\r\nx\r\n", "0\r\n\r\n"],
    ["white space behind a chunk size", inPart, `${chunked}1`, " ", "\r\nx\r\n0\r\n\r\n"],
    ["trailers", part, `${chunked}0\r\n`, "Name: value\r\n", "\r\n"],
    ["slack behind chunks", inPart, `${chunked}0\r\n\r\n`, "\r\n", ""],
  ];

  const bounds: Bounds = [28, 36, 80];
  test.each(rows)("%s", (_name, options, before, unit, after = "", ending = undefined) => {
    expectLinear(
      { before, unit, after },
      bounds,
      (chunks) => readAll(new HttpMessageParser(options), chunks),
      ending,
    );
  });
});

describe("JSON envelopes", () => {
  const envelope = { ...strict, key: "value" };
  const repeats = { ...lenient, key: "value" };
  const value = '{"value":';
  const rows: Row[] = [
    ["one string", strict, '["', "a", '"]'],
    ["one string of UTF-8", strict, '["', "\xf0\x9f\x98\x80", '"]'],
    ["one string of escapes", strict, '["', String.raw`\"\\`, '"]'],
    ["one string that does not end", strict, '["', "a", "", open],
    ["one string of backslashes that does not end", strict, '["', "\\\\", "", open],
    ["one number", strict, "[", "1", "]"],
    ["one number that does not end", strict, "[", "1", "", open],
    ["one object", strict, '[{"a":1', ',"id":"abc"', "}]"],
    ["one array of brackets", strict, "[[", "[{}],", "0]]"],
    ["one array of white space", strict, "[[", " ", "]]"],
    ["brackets up to the most that may be open", strict, "[0", `,${"[".repeat(512)}${"]".repeat(512)}`, "]"],
    ["brackets beyond", strict, "", "[", "", "invalid-json"],
    ["numbers", strict, "[0", ",1", "]"],
    ["empty strings", strict, '[""', ',""', "]"],
    ["strings", strict, '["a"', ',"abc"', "]"],
    ["objects", strict, "[{}", ',{"id":"1"}', "]"],
    ["elements on lines", strict, "[0", "\r\n,\t1 ", "]"],
    ["white space", envelope, "", " ", `${value}[]}`],
    ["white space in the array", envelope, `${value}[`, "\n", "]}"],
    ["white space behind the end", envelope, `${value}[]}`, "\n"],
    ["a member's name", envelope, '{"', "a", `":1,"value":[]}`],
    ["a member's name of escapes", envelope, '{"', String.raw`\u0061`, `":1,"value":[]}`],
    ["a member's value", envelope, '{"a":[0', ",1", '],"value":[]}'],
    ["a member's string", envelope, '{"a":"', "\xc3\xa9", '","value":[]}'],
    ["a member that is repeated", repeats, '{"a":1', ',"a":1', ',"value":[]}'],
  ];

  // Half of the octets of an array of digits are elements.
  const bounds: Bounds = [32, 33, 70];
  test.each(rows)("%s", (_name, options, before, unit, after = "", ending = undefined) => {
    expectLinear(
      { before, unit, after },
      bounds,
      (chunks) => readAll(new JsonArrayParser(options), chunks),
      ending,
    );
  });

  test("members of many names", () => {
    const flood: Flood = { before: '{"a":1', unit: (n) => `,"${n}":1`, after: ',"value":[]}' };
    expectLinear(flood, bounds, (chunks) => readAll(new JsonArrayParser(envelope), chunks), undefined);
  });

  const objects: [name: string, before: string, unit: Flood["unit"], after: string][] = [
    ["members", '{"a":1', (n) => `,"${n}":1`, "}"],
    ["a member that is repeated", '{"a":1', ',"a":1', "}"],
    ["a name of escapes", '{"', String.raw`\"`, '":1}'],
    ["a string of escapes", '{"a":"', String.raw`\\`, '"}'],
    ["a number", '{"a":1', "1", "}"],
    ["brackets", '{"a":[0', ",[{}]", "]}"],
    ["open brackets", '{"a":[0', ',{"b":[]}', "]}"],
    ["white space", '{"a":', " ", "1}"],
  ];
  test.each(objects)("taken apart: %s", (_name, before, unit, after) => {
    const split = (chunks: Uint8Array[]): void => {
      const text = chunks.map((chunk) => isomorphicDecode(chunk)).join("");
      if (jsonMembers(text) === undefined) throw new Error("No object");
    };
    expectLinear({ before, unit, after }, [14], split, undefined);
  });
});

describe("Transfer encodings", () => {
  const code = (coder: any, chunks: Uint8Array[]): Ending => {
    const step = (coder.decode ?? coder.encode).bind(coder);
    return endingOf(() => {
      for (const chunk of chunks) step(chunk, { stream: true });
      step();
    });
  };
  const options = { tolerance: "lenient", onDeviation: () => {} };
  // Where each octet is a deviation, about 20 of the steps report it.
  const bounds: Bounds = [48, 48, 64];

  const base64 = ["QUJD", "QUJD\r\n", "\r\n", " ", "*", "=", "QQ==", "Q=", "Q*", "QUJD*"];
  test.each(base64)("base64 decoder: %j", (unit) => {
    const decode = (chunks: Uint8Array[]): Ending => code(new Base64Decoder(options), chunks);
    expectLinear({ before: "", unit, after: "" }, bounds, decode, undefined);
  });

  test.each([4, 76, Infinity])("base64 encoder: lines of %d", (lineLength) => {
    const encode = (chunks: Uint8Array[]): Ending => code(new Base64Encoder({ lineLength }), chunks);
    expectLinear({ before: "", unit: "a", after: "" }, [4, 5, 20], encode, undefined);
  });

  const quotedPrintable = [
    "a",
    "=C3",
    "=\r\n",
    "= \r\n",
    "= ",
    "=",
    "=g",
    "=A",
    "=\r",
    " ",
    "\t",
    "a ",
    " x",
    " \r\n",
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\xff",
  ];
  test.each(quotedPrintable)("quoted-printable decoder: %j", (unit) => {
    const decode = (chunks: Uint8Array[]): Ending => code(new QuotedPrintableDecoder(options), chunks);
    expectLinear({ before: "x", unit, after: "x" }, bounds, decode, undefined);
  });

  const plain = ["a", " ", "=", "\r\n", "\r", "\n", " \r\n", "\0"];
  test.each(plain.flatMap((unit) => [false, true].map((binary) => ({ unit, binary }))))(
    "quoted-printable encoder: $unit, binary $binary",
    ({ unit, binary }) => {
      const encode = (chunks: Uint8Array[]): Ending => code(new QuotedPrintableEncoder({ binary }), chunks);
      expectLinear({ before: "x", unit, after: "x" }, [28, 28, 52], encode, undefined);
    },
  );
});

describe("Field values", () => {
  const textOf = (chunks: Uint8Array[]): string => chunks.map((chunk) => isomorphicDecode(chunk)).join("");
  const everything = {
    tolerance: "lenient",
    onDeviation: () => {},
    decodeWords: true,
    percentDecode: true,
    basename: true,
  };

  const rows: [name: string, before: string, unit: Flood["unit"], after?: string][] = [
    ["parameters", "a/b", (n) => `;a${n}=b`],
    ["continuation sections", "a/b", (n) => `;a*${n}=b`],
    ["continuation sections from 1 on", "a/b", (n) => `;a*${n + 1}*=%41`],
    ["continuation sections with gaps", "a/b", (n) => `;a*${n * 2}=b`],
    ["continuation sections downwards", "a/b", (n) => `;a*${999_999 - n}=b`],
    ["sections of many parameters", "a/b", (n) => `;a${n}*0=b;a${n}*1*=%41`],
    ["parameters in all their forms", "a/b", (n) => `;a${n}*0=b;a${n}*=utf-8''c;a${n}=d`],
    ["sections that begin with zeros", "a/b", (n) => `;a*0${n}=b`],
    ["semicolons", "a/b", ";"],
    ["semicolons and blanks", "a/b", "; "],
    ["names", "a/b", ";a"],
    ["repeated parameters", "a/b", ";a=b"],
    ["parameters without a name", "a/b", ";=b"],
    ["one name", "a/b;", "a", "=b"],
    ["one value", "a/b;a=", "b"],
    ["one broken value", "a/b;a=", "(b "],
    ["blanks", "a/b;a=b", " "],
    ["one quoted-string that does not end", 'a/b;a="', "b"],
    ["quoted-strings that do not end", "a/b", ';a="b'],
    ["text behind quoted-strings", "a/b", ';a="b"c'],
    ["quoted-pairs", 'a/b;a="', "\\b", '"'],
    ["quoted-pairs in a filename", 'a/b;filename="', "\\\\", '"'],
    ["slashes in a filename", 'a/b;filename="', "/a", '"'],
    ["form escapes", 'form-data;name="', "%22", '"'],
    ["percent signs that escape nothing", 'form-data;name="', "%", '"'],
    ["stars", "a/b;a", "*", "=b"],
    ["an extended value", "a/b;a*=utf-8'en'", "%C3%A9"],
    ["an extended value that is not UTF-8", "a/b;a*=utf-8''", "%C3"],
    ["an extended value of apostrophes", "a/b;a*=utf-8", "'"],
    ["one encoded-word", 'a/b;a="=?utf-8?Q?', "=C3=A9", '?="'],
    ["encoded-words", 'a/b;a="', "=?utf-8?B?w6k=?= ", '"'],
    ["the start of encoded-words", 'a/b;a="', "=?", '"'],
    ["encoded-words that do not end", 'a/b;a="', "=?utf-8?Q?a", '"'],
    ["encoded-words without a text", 'a/b;a="', "=?a?Q", '"'],
    ["white space between encoded-words", 'a/b;a="=?utf-8?Q?a?=', " ", '=?utf-8?Q?a?="'],
  ];
  const parsers: Record<string, (text: string, options: object) => unknown> = {
    "media type": parseMediaType,
    "content disposition": (text, options) =>
      parseContentDisposition(text.replace("a/b", "attachment"), options),
    "encoded-words": decodeWords,
  };

  describe.each(Object.keys(parsers))("%s", (name) => {
    test.each(rows)("%s", (_row, before, unit, after = "") => {
      for (const options of [strict, everything]) {
        let ending: Ending;
        const parse = (chunks: Uint8Array[]): void => {
          ending = endingOf(() => parsers[name]!(textOf(chunks), options));
        };
        expectLinear({ before, unit, after }, [30], parse, undefined, 12_500);
        if (options === everything) expect(ending).toBe(undefined);
      }
    });
  });

  test.each([
    ["Q", "é"],
    ["B", "é"],
    ["Q", "a =?"],
    ["Q", "€"],
  ] as const)("words to encode as %s: %s", (encoding, character) => {
    const unit = toIsomorphic(character);
    const run = (chunks: Uint8Array[]): void => void encodeWords(textOf(chunks), { encoding });
    // Of which up to 68 look an octet up in a string of what needs no escape.
    expectLinear({ before: "\xe9", unit, after: "" }, [180], run, undefined);
  });
});

describe("What is held back", () => {
  const maxPaddingBytes = 16;
  const delimiter = "\r\n--boundary";
  const floods = [
    "x",
    "\r",
    "\r\n",
    "\r\n--boundar",
    `${delimiter}X`,
    `${delimiter}${" ".repeat(maxPaddingBytes)}X`,
    `${delimiter}-`,
  ];

  test.each(floods.flatMap((unit) => ["strict", "lenient"].map((tolerance) => ({ unit, tolerance }))))(
    "of a body of $unit, $tolerance: no more than a delimiter and its padding",
    ({ unit, tolerance }) => {
      for (const size of [1, 5, 64]) {
        const parser = new MultipartParser({ boundary: "boundary", tolerance, limits: { maxPaddingBytes } });
        const head = "--boundary\r\n\r\n";
        let [pushed, answered] = [-head.length, 0];
        for (const chunk of chunksOf(octetsOfFlood({ before: head, unit, after: "" }, 2000), size)) {
          parser.push(chunk);
          pushed += chunk.length;
          for (let event; (event = parser.read()) !== undefined;) answered += event.data?.length ?? 0;
          expect(pushed - answered).toBeLessThanOrEqual(delimiter.length + maxPaddingBytes + 1);
        }
      }
    },
  );

  test.each(["a", "\r\n", "\0"])("of an HTTP body of %j: nothing", (unit) => {
    const head = "HTTP/1.1 200 OK\r\n\r\n";
    const parser = new HttpMessageParser();
    let [pushed, answered] = [-head.length, 0];
    for (const chunk of chunksOf(octetsOfFlood({ before: head, unit, after: "" }, 500), 3)) {
      parser.push(chunk);
      pushed += chunk.length;
      for (let event; (event = parser.read()) !== undefined;) answered += event.data?.length ?? 0;
      expect(answered).toBe(Math.max(0, pushed));
    }
  });

  test.each([1, 7, 64])("of a JSON array, in chunks of %i: no element that is complete", (size) => {
    const element = '{"id":"1","body":[1,2,3]}';
    const parser = new JsonArrayParser(strict);
    let [pushed, answered] = [-1, 0];
    for (const chunk of chunksOf(
      octetsOfFlood({ before: "[", unit: `${element},`, after: "" }, 2000),
      size,
    )) {
      parser.push(chunk);
      pushed += chunk.length;
      for (let event; (event = parser.read()) !== undefined;) answered += event.data.length + 1;
      expect(pushed - answered).toBeLessThan(element.length);
    }
    expect(answered).toBeGreaterThan(1900);
  });

  const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const multipart = (limit: object): Machine => new MultipartParser({ boundary: "b", limits: limit });
  const http = (limit: object): Machine => new HttpMessageParser({ tolerance: "lenient", limits: limit });
  const json = (limit: object): Machine => new JsonArrayParser({ key: "value", limits: limit });
  test.each<
    [limit: keyof Limits, create: (limit: object) => Machine, before: string, unit: string, counted: string]
  >([
    ["maxHeaderBytes", multipart, "--b\r\n", "a", ""],
    ["maxHeaderBytes", multipart, "--b\r\n", "A: 1\r\n", ""],
    ["maxTotalHeaderBytes", multipart, "--b\r\n", "a", ""],
    ["maxPaddingBytes", multipart, "--b", " ", ""],
    ["maxPaddingBytes", multipart, "--b\r\n\r\n\r\n--b", "\t", ""],
    ["maxPreambleBytes", multipart, "", "a", ""],
    ["maxEpilogueBytes", multipart, "--b--", " ", ""],
    ["maxPartBytes", multipart, "--b\r\n\r\n", "a", ""],
    ["maxTotalBytes", multipart, "", "a", ""],
    ["maxHeaderBytes", http, "", "a", ""],
    ["maxHeaderBytes", http, "", "\r\n", ""],
    ["maxHeaderBytes", http, `${chunked}0\r\n`, "a", ""],
    ["maxTotalHeaderBytes", http, "", "a", ""],
    ["maxChunkExtensionBytes", http, `${chunked}1`, ";", ""],
    ["maxPartBytes", http, "HTTP/1.1 200 OK\r\n\r\n", "a", ""],
    ["maxTotalBytes", http, "", "a", ""],
    ["maxBufferedBytes", json, '{"value":[', "1", ""],
    ["maxBufferedBytes", json, '{"value":[', "[", ""],
    ["maxTotalBytes", json, "", " ", ""],
  ])("%s: refused at the octet that exceeds it", (name, create, before, unit) => {
    const value = 90;
    const machine = create({ [name]: value });
    const input = octetsOfFlood({ before, unit, after: "" }, 400);
    let pushed = 0;
    const ending = endingOf(() => {
      for (const chunk of chunksOf(input, 1)) {
        pushed++;
        machine.push(chunk);
        while (machine.read() !== undefined);
      }
    });
    expect(ending).toBe("limit-exceeded");
    expect(pushed).toBe(name === "maxTotalBytes" ? value + 1 : before.length + value + 1);
  });
});

test("the count sees what is quadratic", async () => {
  const { code } = instrument(`
    export const scan = (octets) => { for (let i = 0; i < octets.length; i++) octets.indexOf(1, i); };
    export const copy = (octets) => { for (let i = 0; i < octets.length; i++) octets.slice(i); };
    export const fill = (octets) => { for (let i = 0; i < octets.length; i++) new Uint8Array(i); };
    export const loop = (octets) => { for (const one of octets) for (const other of octets) one ?? other; };
    export const once = (octets) => octets.indexOf(1) < 0 || octets.slice();`);
  const { once, ...quadratic } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`
  );
  const measure = (run: (octets: Uint8Array) => unknown, length: number): number =>
    stepsOf(() => void run(new Uint8Array(length)));
  expect(Object.keys(quadratic)).toHaveLength(4);
  for (const run of Object.values<(octets: Uint8Array) => unknown>(quadratic)) {
    expect(measure(run, 800) / measure(run, 100)).toBeGreaterThan(50);
  }
  expect(measure(once, 800) / measure(once, 100)).toBeLessThan(8.5);
});
