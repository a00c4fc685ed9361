import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QuotedPrintableDecoder } from "../../src/codec/quoted-printable-decoder.ts";
import { BatchwireError } from "../../src/errors.ts";
import { referenceQuotedPrintable } from "../reference/transfer-encoding.ts";
import { arbitraryCuts, chunkings, cut, octets } from "../support/chunkings.ts";
import { decodedLine, everyString, expectedLine, histogram, isomorphic } from "../support/transfer.ts";

const modes = ["strict", "lenient"] as const;
const line = (chunks: Uint8Array[], mode: (typeof modes)[number]): string =>
  decodedLine(QuotedPrintableDecoder, chunks, mode);

/** `undefined`: the same as in strict mode. */
type Case = [what: string, input: string, strict: string, lenient?: string];

const cases: Case[] = [
  // RFC 2045 §6.7 (1): escapes
  ["nothing", "", ""],
  ["an escape", "1 + 1 =3D 2", "1 + 1 = 2"],
  ["escapes side by side", "caf=C3=A9=21", "caf\xc3\xa9!"],
  ["lower-case digits", "=c3=a9=Aa", "\xc3\xa9\xaa"],
  ["a line end as escapes", "a=0D=0Ab", "a\r\nb"],
  ["every escape of a control character", "=00=7F", "\0\x7f"],
  ["a letter that is no digit", "a=g2b", "!qp-invalid-escape@1", "a=g2b ~qp-invalid-escape@1"],
  ["one digit", "a=4", "!qp-invalid-escape@1", "a=4 ~qp-invalid-escape@1"],
  ["one digit at a line end", "=4 \r\nx", "!qp-invalid-escape@0", "=4\r\nx ~qp-invalid-escape@0"],
  ["one digit, then an escape", "=4=41", "!qp-invalid-escape@0", "=4A ~qp-invalid-escape@0"],
  ["an escape of an escape", "==41", "!qp-invalid-escape@0", "=A ~qp-invalid-escape@0"],
  ["two bad escapes", "=x=y", "!qp-invalid-escape@0", "=x=y ~qp-invalid-escape@0 ~qp-invalid-escape@2"],

  // (2): literals
  ["octets above ASCII", "\xe2\x82\xac", "\xe2\x82\xac"],
  ["a NUL", "a\0b", "!qp-control-character@1", "a\0b ~qp-control-character@1"],
  ["a DEL behind white space", "a \x7f", "!qp-control-character@2", "a \x7f ~qp-control-character@2"],
  [
    "a form feed behind a bad escape",
    "=\f",
    "!qp-invalid-escape@0",
    "=\f ~qp-invalid-escape@0 ~qp-control-character@1",
  ],

  // (3): white space
  ["tabs and spaces within a line", "a\t b", "a\t b"],
  ["white space at a line's end", "a \t \r\nb", "a\r\nb"],
  ["white space at an LF", "a \nb", "a\nb"],
  ["white space at the body's end", "a \t", "a"],
  ["nothing but white space", " \t\r\n ", "\r\n"],
  ["white space that was escaped", "a =20 \r\n=09\t\n", "a  \r\n\t\n"],
  ["white space before a CR alone", "a \rb", "a \rb"],
  ["white space before a CR at the body's end", "a \r", "a \r"],

  // (4): line ends
  ["CRLF", "a\r\nb\r\n", "a\r\nb\r\n"],
  ["LF alone", "a\nb", "a\nb"],
  ["CR alone", "a\rb", "a\rb"],
  ["CR CR LF", "a\r\r\nb", "a\r\r\nb"],

  // (5): soft line breaks
  ["a soft line break", "a=\r\nb", "ab"],
  ["a soft line break with LF", "a=\nb", "ab"],
  ["white space before a soft line break", "a =\r\nb", "a b"],
  ["padding after a soft line break", "a= \t \r\nb", "ab"],
  ["a line that is only a soft line break", "a\r\n=\r\nb", "a\r\nb"],
  ["a soft line break at the body's end", "a=\r\n", "a"],
  ["a soft line break whose CRLF the delimiter took", "a\r\nb=", "a\r\nb"],
  ["the same with padding", "a=\t ", "a"],
  ["only white space before it", " =", " "],
  ["an = with nothing before it at the body's end", "=", "!qp-invalid-escape@0", "= ~qp-invalid-escape@0"],
  ["an = on a last line of its own", "a\r\n= ", "!qp-invalid-escape@3", "a\r\n= ~qp-invalid-escape@3"],
  ["two = at the body's end", "a==", "!qp-invalid-escape@1", "a= ~qp-invalid-escape@1"],
  ["an = and a CR alone", "a=\rb", "!qp-invalid-escape@1", "a=\rb ~qp-invalid-escape@1"],
  ["an = and a CR at the body's end", "a=\r", "!qp-invalid-escape@1", "a=\r ~qp-invalid-escape@1"],
  ["an = and CR CR LF", "a=\r\r\nb", "!qp-invalid-escape@1", "a=\r\r\nb ~qp-invalid-escape@1"],
  ["an =, white space and text", "a= \tb", "!qp-invalid-escape@1", "a= \tb ~qp-invalid-escape@1"],
  ["an =, white space and a CR alone", "a= \rb", "!qp-invalid-escape@1", "a= \rb ~qp-invalid-escape@1"],
  ["lines longer than 76 characters", `${"x".repeat(300)} =\r\ny`, `${"x".repeat(300)} y`],
];

describe("quoted-printable decoding", () => {
  test.each(cases)("%s", (_, input, strict, lenient = strict) => {
    for (const { name, chunks } of chunkings(octets(input))) {
      expect(line(chunks, "strict"), name).toBe(strict);
      expect(line(chunks, "lenient"), name).toBe(lenient);
    }
  });

  test("every string of up to six characters agrees with the reference in every single cut", () => {
    const outcomes = { strict: [] as string[], lenient: [] as string[] };
    for (const text of everyString("0A \r\n=", 6)) {
      const input = octets(text);
      const decoded = referenceQuotedPrintable(text);
      for (const mode of modes) {
        const expected = expectedLine(decoded, mode);
        for (let position = 0; position < Math.max(1, input.length); position++) {
          const got = line(cut(input, [position]), mode);
          if (got !== expected) expect(got, JSON.stringify([text, position])).toBe(expected);
        }
        const got = line(
          cut(
            input,
            Array.from(input, (_, index) => index),
          ),
          mode,
        );
        if (got !== expected) expect(got, `${JSON.stringify(text)} octet by octet`).toBe(expected);
      }
      outcomes.strict.push(decoded.findings[0]?.code ?? "ok");
      outcomes.lenient.push(`${decoded.findings.length} deviations`);
    }
    expect(histogram(outcomes.strict)).toEqual({
      "ok": 32101,
      "qp-invalid-escape": 23886,
    });
    expect(histogram(outcomes.lenient)).toEqual({
      "0 deviations": 32101,
      "1 deviations": 17742,
      "2 deviations": 5125,
      "3 deviations": 921,
      "4 deviations": 94,
      "5 deviations": 4,
    });
  });

  const piece = fc.oneof(
    fc.constantFrom(
      "=3D",
      "=e9",
      "=\r\n",
      "= \t\r\n",
      "\r\n",
      "\n",
      "\r",
      " ",
      "\t",
      "  ",
      "=",
      "=4",
      "0",
      "\0",
      "\x7f",
    ),
    fc.constantFrom("abcd", "The quick brown fox ", "caf\xc3\xa9", ";<>?", "\x80\xff", "a\tb"),
  );
  test.each(modes)("longer input agrees with the reference in any chunking (%s)", (mode) => {
    fc.assert(
      fc.property(
        fc
          .array(piece, { maxLength: 60 })
          .map((pieces) => pieces.join(""))
          .chain((text) => fc.tuple(fc.constant(text), arbitraryCuts(text.length))),
        ([text, cuts]) => {
          const input = octets(text);
          const expected = expectedLine(referenceQuotedPrintable(text), mode);
          expect(line([input], mode)).toBe(expected);
          expect(line(cut(input, cuts), mode)).toBe(expected);
          expect(
            line(
              cut(
                input,
                Array.from(input, (_, index) => index),
              ),
              mode,
            ),
          ).toBe(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("octets at every place of a word are told apart", () => {
    for (let octet = 0; octet < 256; octet++) {
      for (let place = 0; place < 8; place++) {
        const input = new Uint8Array(17).fill(0x61);
        input[place] = octet;
        const expected = expectedLine(referenceQuotedPrintable(isomorphic(input)), "lenient");
        expect(line([input], "lenient")).toBe(expected);
      }
    }
  });
});

describe("white space that may be trailing", () => {
  const MiB = 1024 * 1024;
  const blanks = (length: number): Uint8Array => {
    const run = new Uint8Array(length).fill(0x20);
    for (let i = 0; i < length; i += 3) run[i] = 0x09;
    return run;
  };
  const whole = (...pieces: Uint8Array[]): Uint8Array => {
    const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const each of pieces) {
      joined.set(each, at);
      at += each.length;
    }
    return joined;
  };
  /** Whole, cut inside the run, and cut around its last octets. */
  const ways = (input: Uint8Array, run: number): Uint8Array[][] => [
    [input],
    cut(input, [1, 5, run >> 1]),
    cut(input, [run, run + 1, run + 2, run + 3]),
  ];

  const length = 2 * MiB;
  test.each([
    ["of 2 MiB is deleted at a line end", blanks(length), "\r\nx", "a\r\nx"],
    ["of 2 MiB is deleted at the end", blanks(length), "", "a"],
    ["of 2 MiB before a soft line break's end is deleted", whole(octets("="), blanks(length)), "\r\nx", "ax"],
    [
      "of more than 2 MiB at a line end is an error",
      blanks(length + 1),
      "\r\n",
      `!limit-exceeded@${length + 1}`,
    ],
    ["of more than 2 MiB at an LF is an error", blanks(length + 9), "\nx", `!limit-exceeded@${length + 1}`],
    ["of more than 2 MiB at the end is an error", blanks(length + 1), "", `!limit-exceeded@${length + 1}`],
    [
      "of more than 2 MiB after an = is an error",
      whole(octets("="), blanks(length + 1)),
      "\r\nx",
      `!limit-exceeded@${length + 2}`,
    ],
  ])("%s, lenient or not", (_, run, end, expected) => {
    const input = whole(octets("a"), run, octets(end));
    for (const chunks of ways(input, run.length)) expect(line(chunks, "lenient")).toBe(expected);
    expect(line([input], "strict")).toBe(expected);
  });

  test.each([length, length + 1, length + 70_000])("of %i octets within a line is content", (count) => {
    const input = whole(octets("a"), blanks(count), octets("b\r\n"));
    const expected = isomorphic(input);
    for (const chunks of ways(input, count)) {
      // toBe() would print both sides.
      expect(line(chunks, "strict") === expected).toBe(true);
    }
  });

  test("of more than 2 MiB is content before a CR alone and a DEL", () => {
    for (const end of ["\rb", "\r", "\x7f"]) {
      const input = whole(blanks(length + 1), octets(end));
      const expected = isomorphic(input);
      expect(line(cut(input, [length - 1, length]), "lenient").startsWith(expected)).toBe(true);
    }
  });

  test("costs no room in the chunks for which it is held", () => {
    const decoder = new QuotedPrintableDecoder();
    let allocated = 0;
    const blank = octets(" ");
    for (let n = 0; n < 20_000; n++) allocated += decoder.decode(blank, { stream: true }).buffer.byteLength;
    expect(allocated).toBeLessThanOrEqual(20_000 * 4);
    expect(decoder.decode(octets("x")).length).toBe(20_001);
  });
});

describe("the quoted-printable decoder as an object", () => {
  test("begins afresh after the last chunk", () => {
    const decoder = new QuotedPrintableDecoder({ tolerance: "lenient" });
    expect(isomorphic(decoder.decode(octets("a ="), { stream: true }), decoder.decode(octets("\n =4")))).toBe(
      "a  =4",
    );
    expect(isomorphic(decoder.decode(octets("1")))).toBe("1");
    expect(isomorphic(decoder.decode(octets("=")))).toBe("=");
    expect(decoder.decode().length).toBe(0);
  });

  test("throws the same error from every later call", () => {
    const decoder = new QuotedPrintableDecoder();
    const thrown: unknown[] = [];
    for (const input of ["ok", "=?", "ok", ""]) {
      try {
        decoder.decode(octets(input), { stream: true });
      } catch (error) {
        thrown.push(error);
      }
    }
    expect(thrown.length).toBe(3);
    expect(thrown[0]).toBeInstanceOf(BatchwireError);
    expect(new Set(thrown).size).toBe(1);
  });

  test("counts offsets from its origin, over all chunks", () => {
    const deviations: unknown[] = [];
    const decoder = new QuotedPrintableDecoder({
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
      origin: { offset: 1000, offsetBase: "decoded-body", path: "2.1", depth: 2 },
    });
    decoder.decode(octets("abc=\r\n="), { stream: true });
    decoder.decode(octets("?\x01"));
    expect(deviations).toEqual([
      { code: "qp-invalid-escape", offset: 1006, offsetBase: "decoded-body", path: "2.1" },
      { code: "qp-control-character", offset: 1008, offsetBase: "decoded-body", path: "2.1" },
    ]);
  });

  test("keeps neither the chunk nor its memory", () => {
    const chunk = octets("abc \t");
    const decoder = new QuotedPrintableDecoder();
    const first = decoder.decode(chunk, { stream: true });
    expect(first.buffer).not.toBe(chunk.buffer);
    chunk.fill(0x21);
    expect(isomorphic(first, decoder.decode(octets("d")))).toBe("abc \td");
  });

  test("refuses what is not octets, and goes on", () => {
    const decoder = new QuotedPrintableDecoder();
    expect(() => decoder.decode("text" as unknown as Uint8Array)).toThrow(TypeError);
    expect(isomorphic(decoder.decode(octets("=41")))).toBe("A");
  });
});
