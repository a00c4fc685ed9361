import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Base64Decoder } from "../../src/codec/base64-decoder.ts";
import { Base64Encoder, base64Length } from "../../src/codec/base64-encoder.ts";
import { referenceBase64 } from "../reference/transfer-encoding.ts";
import { arbitraryCuts, chunkings, cut, octets } from "../support/chunkings.ts";
import { encodedText, isomorphic } from "../support/transfer.ts";

const lineLengths = [4, 8, 72, 76, Infinity];

const cases: [input: string, lineLength: number, expected: string][] = [
  // RFC 4648 §10 has the same for "foobar"
  ["", 76, ""],
  ["M", 76, "TQ=="],
  ["Ma", 76, "TWE="],
  ["Man", 76, "TWFu"],
  ["Many", 76, "TWFueQ=="],
  ["\0\0\0\xff\xff\xff", 76, "AAAA////"],
  ["\xfb\xff\xbf", 76, "+/+/"],
  ["ABC".repeat(19), 76, "QUJD".repeat(19)],
  [`${"ABC".repeat(19)}D`, 76, `${"QUJD".repeat(19)}\r\nRA==`],
  ["ABC".repeat(38), 76, `${"QUJD".repeat(19)}\r\n${"QUJD".repeat(19)}`],
  ["ABC".repeat(38), Infinity, "QUJD".repeat(38)],
  ["ABCDEFGHI", 4, "QUJD\r\nREVG\r\nR0hJ"],
  ["Hello, world!", 8, "SGVsbG8s\r\nIHdvcmxk\r\nIQ=="],
];

describe("base64 encoding", () => {
  test.each(cases)("%j in lines of %d", (input, lineLength, expected) => {
    for (const { name, chunks } of chunkings(octets(input))) {
      expect(encodedText(new Base64Encoder({ lineLength }), chunks), name).toBe(expected);
    }
    expect(base64Length(input.length, lineLength)).toBe(expected.length);
  });

  test("has lines of 76 characters unless told otherwise", () => {
    const lines = isomorphic(new Base64Encoder().encode(new Uint8Array(200))).split("\r\n");
    expect(lines.map(({ length }) => length)).toEqual([76, 76, 76, 40]);
    expect(base64Length(200)).toBe(3 * 78 + 40);
  });

  test("each octet at each place of a quantum gives what the reference decodes", () => {
    for (let octet = 0; octet < 256; octet++) {
      for (let place = 0; place < 12; place++) {
        const input = new Uint8Array(12);
        input[place] = octet;
        const encoded = isomorphic(new Base64Encoder().encode(input));
        expect(referenceBase64(encoded)).toEqual({ text: isomorphic(input), findings: [] });
      }
    }
  });

  test.each(lineLengths)(
    "is undone by the decoder, has its lines and its foretold length, in lines of %d",
    (lineLength) => {
      fc.assert(
        fc.property(
          fc
            .uint8Array({ maxLength: 600 })
            .chain((input) => fc.tuple(fc.constant(input), arbitraryCuts(input.length))),
          ([input, cuts]) => {
            const encoded = encodedText(new Base64Encoder({ lineLength }), cut(input, cuts));
            expect(encoded).toBe(encodedText(new Base64Encoder({ lineLength }), [input]));
            expect(encoded.length).toBe(base64Length(input.length, lineLength));
            const lines = encoded.split("\r\n");
            const last = lines.pop() ?? "";
            expect(lines.every((line) => line.length === lineLength)).toBe(true);
            expect(last.length <= lineLength && (last.length > 0 || input.length === 0)).toBe(true);
            expect(new Base64Decoder().decode(octets(encoded))).toEqual(Uint8Array.from(input));
          },
        ),
      );
    },
  );

  test("the length of every short input is foretold, and every call fills its array", () => {
    for (const lineLength of lineLengths) {
      for (let length = 0; length < 200; length++) {
        const encoder = new Base64Encoder({ lineLength });
        const pieces = [encoder.encode(new Uint8Array(length), { stream: true }), encoder.encode()];
        expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(base64Length(length, lineLength));
        for (const piece of pieces) expect(piece.buffer.byteLength).toBe(piece.length);
      }
    }
  });

  test("begins afresh after the last chunk", () => {
    const encoder = new Base64Encoder({ lineLength: 8 });
    for (let n = 0; n < 3; n++)
      expect(isomorphic(encoder.encode(octets("ABCDEFG")))).toBe("QUJDREVG\r\nRw==");
  });

  test.each([0, -4, 75, 6, 0.5, Number.NaN, -Infinity, "8" as never])(
    "refuses a line length of %j",
    (lineLength) => {
      expect(() => new Base64Encoder({ lineLength })).toThrow(RangeError);
      expect(() => base64Length(1, lineLength)).toThrow(RangeError);
    },
  );

  test.each([-1, 0.5, Number.NaN, Infinity])("refuses to foretell the length of %d octets", (length) => {
    expect(() => base64Length(length)).toThrow(RangeError);
  });

  test("refuses what is not octets", () => {
    expect(() => new Base64Encoder().encode("text" as unknown as Uint8Array)).toThrow(TypeError);
  });
});
