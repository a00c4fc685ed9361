/** Area `headers`: header sections, and encoded-words in their values. */
import type { Tolerance } from "../../../src/deviation.ts";
import { decodeWord, decodeWords, encodeWords } from "../../../src/grammar/encoded-word.ts";
import type { HeaderList } from "../../../src/grammar/header-list.ts";
import { asText, isomorphic } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import { fieldsOf } from "./compare.ts";
import { enclose } from "./parts.ts";
import { readEveryWay, readMessage, readMultipart } from "./reading.ts";

import type { Reader, Reading } from "./suite.ts";

export const readHeadersVector: Reader = (vector, tolerance) => {
  switch (vector.op) {
    case "block":
      return readBlock(vector, tolerance);
    case "decode-word": {
      const text = decodeWord(asText(vector.input), { tolerance });
      return text === undefined ? { refused: "undefined" } : { found: text, expected: vector.expect.text };
    }
    case "decode-words":
      return { found: decodeWords(asText(vector.input), { tolerance }), expected: vector.expect.text };
    case "encode-words":
      return writeWords(vector, tolerance);
    default:
      throw new Error(`Unknown operation ${String(vector.op)}`);
  }
};

/** Above the default: a vector expects a value as long as that to be read, and limits are the caller's. */
const limits = { maxHeaderBytes: 32_768 };

/** A header section has two homes, a body part and an HTTP message: it must be read the same in both. */
function readBlock(vector: Vector, tolerance: Tolerance): Reading {
  const { input } = vector;
  const part = readEveryWay({ ...vector, input: enclose(input, tolerance) }, (chunks) =>
    readMultipart(chunks, { tolerance, boundary: "enclosing", limits }),
  );
  const message = readEveryWay(
    { ...vector, input: Uint8Array.from([...Buffer.from("HTTP/1.1 200 OK\r\n"), ...input]) },
    (chunks) => readMessage(chunks, { tolerance, within: "message", limits }),
  );
  if (part.error !== undefined) return { refused: part.error.code };
  if (message.error !== undefined) return { refused: message.error.code };
  const homes = [part.parts[0]?.headers, message.head?.headers];
  return {
    found: homes.map((headers) => assertedOf(headers, vector)),
    expected: homes.map(() => ({
      headers: vector.expect.headers && fieldsOf(vector.expect.headers, vector.compare),
      valueLengths: vector.expect.valueLengths,
    })),
  };
}

function assertedOf(headers: HeaderList | undefined, { expect, compare }: Vector): unknown {
  return {
    headers: expect.headers && fieldsOf(headers, compare),
    valueLengths: expect.valueLengths && fieldsOf(headers).map(([, value]) => value.length),
  };
}

/** The words are the serializer's own choice; they must be read back as the text that was written. */
function writeWords({ input, options = {} }: Vector, tolerance: Tolerance): Reading {
  const { charset, encoding } = options as { charset: "utf-8" | "iso-8859-1"; encoding: "Q" | "B" };
  const text = charset === "utf-8" ? asText(input) : isomorphic(input);
  return { found: decodeWords(encodeWords(text, { charset, encoding }), { tolerance }), expected: text };
}
