/** Areas `qp` and `base64`, and the transfer encodings of body parts. */
import { Base64Decoder } from "../../../src/codec/base64-decoder.ts";
import { QuotedPrintableDecoder } from "../../../src/codec/quoted-printable-decoder.ts";
import { QuotedPrintableEncoder } from "../../../src/codec/quoted-printable-encoder.ts";
import type { Tolerance } from "../../../src/deviation.ts";
import { BatchwireError } from "../../../src/errors.ts";
import { concat } from "../../support/outcome.ts";
import { fromBase64, isomorphic } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import { readEveryWay, refusal } from "./reading.ts";
import type { Reader, Reading } from "./suite.ts";

interface Decoded {
  octets: Uint8Array;
  deviations: { code: string; offset: number }[];
  error: { code: string; offset: number } | undefined;
}

/** Decodes `chunks`, what came before an error included. */
export function decodeChunks(
  encoding: "base64" | "quoted-printable",
  chunks: readonly Uint8Array[],
  tolerance: Tolerance,
): Decoded {
  const deviations: Decoded["deviations"] = [];
  const options = {
    tolerance,
    onDeviation: ({ code, offset }: { code: string; offset: number }) =>
      void deviations.push({ code, offset }),
  };
  const decoder = encoding === "base64" ? new Base64Decoder(options) : new QuotedPrintableDecoder(options);
  const octets = refusal(() => {
    const decoded = chunks.map((chunk) => decoder.decode(chunk, { stream: true }));
    return concat([...decoded, decoder.decode()]);
  });
  if (octets instanceof BatchwireError) {
    return { octets: new Uint8Array(0), deviations, error: { code: octets.code, offset: octets.offset } };
  }
  return { octets, deviations, error: undefined };
}

export const readTransferVector: Reader = (vector, tolerance) => {
  const { op, area, expect } = vector;
  if (op !== "decode") return writeQuotedPrintable(vector, tolerance);
  const encoding = area === "base64" ? "base64" : "quoted-printable";
  const { octets, error } = readEveryWay(vector, (chunks) => decodeChunks(encoding, chunks, tolerance));
  if (error !== undefined) return { refused: error.code };
  return { found: isomorphic(octets), expected: isomorphic(fromBase64(expect.bodyBase64 ?? "")) };
};

/**
 * Which characters are escaped is the encoder's own choice: it must be read back as it was, with the
 * line ends of text turned to CRLF, in lines that are not too long.
 */
function writeQuotedPrintable(vector: Vector, tolerance: Tolerance): Reading {
  const { input, options = {}, op } = vector;
  const binary = op === "roundtrip" || options["binary"] === true;
  const encoded = readEveryWay(vector, (chunks) => {
    const encoder = new QuotedPrintableEncoder({ binary });
    const pieces = chunks.map((chunk) => encoder.encode(chunk, { stream: true }));
    return concat([...pieces, encoder.encode()]);
  });
  const { octets, error } = decodeChunks("quoted-printable", [encoded], tolerance);
  if (error !== undefined) return { refused: error.code };
  const text = isomorphic(input);
  const longest = Math.max(
    ...isomorphic(encoded)
      .split("\r\n")
      .map((line) => line.length),
  );
  return {
    found: { text: isomorphic(octets), tooLong: longest > 76 },
    expected: { text: binary ? text : text.replaceAll(/\r\n|\r|\n/gu, "\r\n"), tooLong: false },
  };
}
