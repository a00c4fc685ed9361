import { describe, expect, test } from "vitest";
import { Base64Decoder } from "../../src/codec/base64-decoder.ts";
import { Base64Encoder } from "../../src/codec/base64-encoder.ts";
import { QuotedPrintableDecoder } from "../../src/codec/quoted-printable-decoder.ts";
import { QuotedPrintableEncoder } from "../../src/codec/quoted-printable-encoder.ts";
import { createTransferDecoder, createTransferEncoder } from "../../src/codec/transfer-encoding.ts";
import type { Deviation } from "../../src/deviation.ts";
import { BatchwireError } from "../../src/errors.ts";
import { octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";

describe("the mechanism of a Content-Transfer-Encoding field", () => {
  test.each([undefined, "7bit", "8bit", "binary", "BINARY", " 8Bit\t"])(
    "%j leaves the octets as they are",
    (mechanism) => {
      expect(createTransferDecoder(mechanism)).toBeUndefined();
      expect(createTransferEncoder(mechanism)).toBeUndefined();
    },
  );

  test.each(["base64", "BASE64", "Base64", " base64", "base64 \t", "\r\n base64"])(
    "%j is base64",
    (mechanism) => {
      expect(createTransferDecoder(mechanism)).toBeInstanceOf(Base64Decoder);
      expect(createTransferEncoder(mechanism)).toBeInstanceOf(Base64Encoder);
    },
  );

  test.each(["quoted-printable", "Quoted-Printable", " quoted-printable\r\n"])(
    "%j is quoted-printable",
    (mechanism) => {
      expect(createTransferDecoder(mechanism)).toBeInstanceOf(QuotedPrintableDecoder);
      expect(createTransferEncoder(mechanism)).toBeInstanceOf(QuotedPrintableEncoder);
    },
  );

  const origin = { offset: 40, offsetBase: "input", path: "2", depth: 1 } as const;

  test.each([
    "",
    " ",
    "x-uuencode",
    "base64;",
    "base 64",
    "base64, 7bit",
    "\xa0base64",
    "quoted_printable",
    "__proto__",
  ])("%j is unknown: an error in strict mode, reported in lenient mode", (mechanism) => {
    let thrown: unknown;
    try {
      createTransferDecoder(mechanism, { origin });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(BatchwireError);
    const position = { code: "unknown-transfer-encoding", offset: 40, offsetBase: "input", path: "2" };
    expect(thrown).toMatchObject(position);

    const deviations: Deviation[] = [];
    const decoder = createTransferDecoder(mechanism, {
      origin,
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
    });
    expect(decoder).toBeUndefined();
    expect(deviations).toEqual([position]);

    expect(() => createTransferEncoder(mechanism)).toThrow(RangeError);
  });

  test("the options reach the decoder", () => {
    const deviations: Deviation[] = [];
    const options = {
      origin,
      tolerance: "lenient",
      onDeviation: (deviation: Deviation) => deviations.push(deviation),
    } as const;
    expect(createTransferDecoder("base64", options)?.decode(octets("!TWFu"))).toEqual(octets("Man"));
    expect(createTransferDecoder("quoted-printable", options)?.decode(octets("a=!"))).toEqual(octets("a=!"));
    expect(deviations.map(({ code, offset }) => [code, offset])).toEqual([
      ["base64-foreign-character", 40],
      ["qp-invalid-escape", 41],
    ]);
  });

  test("the options reach the encoder", () => {
    const text = (mechanism: string, input: string): string =>
      isomorphic(
        createTransferEncoder(mechanism, { lineLength: 4, binary: true })?.encode(octets(input)) ??
          octets("-"),
      );
    expect(text("base64", "ManMan")).toBe("TWFu\r\nTWFu");
    expect(text("quoted-printable", "\n")).toBe("=0A");
  });
});
