import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QuotedPrintableDecoder } from "../../src/codec/quoted-printable-decoder.ts";
import { QuotedPrintableEncoder } from "../../src/codec/quoted-printable-encoder.ts";
import { referenceQuotedPrintable } from "../reference/transfer-encoding.ts";
import { arbitraryCuts, chunkings, cut, octets } from "../support/chunkings.ts";
import { encodedText, everyString, isomorphic } from "../support/transfer.ts";

const x = (count: number): string => "x".repeat(count);

/** `undefined`: the same in binary mode. */
const cases: [what: string, input: string, text: string, binary?: string][] = [
  ["nothing", "", ""],
  [
    "graphic characters",
    "!\"#$%&'()*+,-./09:;<>?@AZ[\\]^_`az{|}~",
    "!\"#$%&'()*+,-./09:;<>?@AZ[\\]^_`az{|}~",
  ],
  ["an equals sign", "a=b", "a=3Db"],
  ["controls", "\0\x1f\x7f", "=00=1F=7F"],
  ["octets above ASCII", "caf\xc3\xa9", "caf=C3=A9"],

  // Line ends
  ["CRLF", "a\r\nb\r\n", "a\r\nb\r\n", "a=0D=0Ab=0D=0A"],
  ["LF", "a\n\nb", "a\r\n\r\nb", "a=0A=0Ab"],
  ["CR", "a\rb\r", "a\r\nb\r\n", "a=0Db=0D"],
  ["CR CR LF LF", "\r\r\n\n", "\r\n\r\n\r\n", "=0D=0D=0A=0A"],

  // White space
  ["white space within a line", "a b\tc  d", "a b\tc  d"],
  ["white space at a line's end", "a \t\r\nb", "a =09\r\nb", "a \t=0D=0Ab"],
  ["white space at the end", "a  ", "a =20"],
  ["only white space", "\t", "=09"],
  ["white space behind a line end", "\r\n \r\n", "\r\n=20\r\n", "=0D=0A =0D=0A"],
  ["white space before an escape", "a =", "a =3D"],

  // Line length
  ["75 characters", x(75), x(75)],
  ["76 characters", x(76), `${x(75)}=\r\nx`],
  [
    "75 characters and a line end",
    `${x(75)}\r\n${x(75)}\n`,
    `${x(75)}\r\n${x(75)}\r\n`,
    `${x(75)}=\r\n=0D=0A${x(69)}=\r\n${x(6)}=0A`,
  ],
  ["an escape that fills the line", `${x(72)}=`, `${x(72)}=3D`],
  ["an escape that does not fit", `${x(73)}=y`, `${x(73)}=\r\n=3Dy`],
  ["an escape behind a full line", `${x(75)}=`, `${x(75)}=\r\n=3D`],
  ["white space at the end of a full line", `${x(74)} `, `${x(74)}=\r\n=20`],
  ["white space behind a full line", `${x(75)} `, `${x(75)}=\r\n=20`],
  ["white space at a soft line break", `${x(74)} y`, `${x(74)} =\r\ny`],
  ["white space behind a soft line break", `${x(75)} y`, `${x(75)}=\r\n y`],
  ["a blank at the end of a full line", `${x(74)}\t\ny`, `${x(74)}=\r\n=09\r\ny`, `${x(74)}\t=\r\n=0Ay`],
  ["many escapes", "=".repeat(26), `${"=3D".repeat(25)}=\r\n=3D`],
  ["many blanks", " ".repeat(152), `${" ".repeat(75)}=\r\n${" ".repeat(75)}=\r\n =20`],
  ["many octets above ASCII", "\xff".repeat(51), `${"=FF".repeat(25)}=\r\n${"=FF".repeat(25)}=\r\n=FF`],
];

const encoded = (input: Uint8Array, binary: boolean): string =>
  encodedText(new QuotedPrintableEncoder({ binary }), [input]);

/** What RFC 2045 §6.7 asks of encoded lines. */
function isWellFormed(text: string): boolean {
  return text
    .split("\r\n")
    .every(
      (line) =>
        /^(?:[\t -<>-~]|=[0-9A-F]{2}){0,75}=?$/.test(line) && line.length <= 76 && !/[\t ]$/.test(line),
    );
}

describe("quoted-printable encoding", () => {
  test.each(cases)("%s", (_, input, text, binary = text) => {
    for (const { name, chunks } of chunkings(octets(input))) {
      expect(encodedText(new QuotedPrintableEncoder(), chunks), name).toBe(text);
      expect(encodedText(new QuotedPrintableEncoder({ binary: true }), chunks), name).toBe(binary);
    }
  });

  const arbitraryInput = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc
      .array(
        fc.constantFrom(
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          "=",
          "\xe9",
          "word",
          "two words ",
          x(20),
          x(74),
          " ".repeat(74),
        ),
        { maxLength: 40 },
      )
      .map((pieces) => octets(pieces.join(""))),
  );
  const withCuts = arbitraryInput.chain((input) => fc.tuple(fc.constant(input), arbitraryCuts(input.length)));

  test.each([false, true])(
    "keeps to the rules in any chunking, and is undone by the decoder (binary: %s)",
    (binary) => {
      fc.assert(
        fc.property(withCuts, ([input, cuts]) => {
          const text = encoded(input, binary);
          expect(encodedText(new QuotedPrintableEncoder({ binary }), cut(input, cuts))).toBe(text);
          expect(isWellFormed(text), text).toBe(true);
          const expected = binary ? isomorphic(input) : isomorphic(input).replaceAll(/\r\n?|\n/g, "\r\n");
          expect(isomorphic(new QuotedPrintableDecoder().decode(octets(text)))).toBe(expected);
          expect(referenceQuotedPrintable(text)).toEqual({ text: expected, findings: [] });
        }),
        { numRuns: 1000 },
      );
    },
  );

  test("every short string at every place near the end of a line, in every single cut", () => {
    let strings = 0;
    for (const end of everyString("a =\r\n", 4)) {
      for (const column of [0, 71, 72, 73, 74, 75, 76]) {
        const input = octets(x(column) + end);
        for (const binary of [false, true]) {
          const text = encoded(input, binary);
          const expected = binary ? isomorphic(input) : isomorphic(input).replaceAll(/\r\n?|\n/g, "\r\n");
          const decoded = referenceQuotedPrintable(text);
          if (!isWellFormed(text) || decoded.text !== expected || decoded.findings.length > 0) {
            expect([text, decoded], JSON.stringify(isomorphic(input))).toEqual(["well-formed", expected]);
          }
          for (let position = column; position <= input.length; position++) {
            const got = encodedText(new QuotedPrintableEncoder({ binary }), cut(input, [position]));
            if (got !== text) expect(got, JSON.stringify([isomorphic(input), position])).toBe(text);
          }
          strings++;
        }
      }
    }
    expect(strings).toBe(2 * 7 * (1 + 5 + 25 + 125 + 625));
  });

  test("fills the arrays that it hands out", () => {
    const piece = new QuotedPrintableEncoder().encode(octets(x(1000)));
    expect(piece.buffer.byteLength).toBe(piece.length);
  });

  test("begins afresh after the last chunk", () => {
    const encoder = new QuotedPrintableEncoder();
    expect(isomorphic(encoder.encode(octets(`${x(74)}\r`)))).toBe(`${x(74)}\r\n`);
    expect(isomorphic(encoder.encode(octets("\na ")))).toBe("\r\na=20");
    expect(isomorphic(encoder.encode(octets(x(75))))).toBe(x(75));
  });

  test("refuses what is not octets", () => {
    expect(() => new QuotedPrintableEncoder().encode("text" as unknown as Uint8Array)).toThrow(TypeError);
  });
});
