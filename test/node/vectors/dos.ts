/** Area `dos`: inputs that cost more than they are worth, and the limits that stop them. */
import { createBoundary, isBoundary } from "../../../src/grammar/boundary.ts";
import { parseMediaType } from "../../../src/grammar/media-type.ts";
import type { Tolerance } from "../../../src/deviation.ts";
import { BatchwireError } from "../../../src/errors.ts";
import { asText, isomorphic, fromBase64 } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import { readHttpVector } from "./http.ts";
import { readMultipartVector, readBody } from "./multipart.ts";
import { readEveryWay, refusal } from "./reading.ts";
import type { Reader, Reading } from "./suite.ts";
import { decodeChunks } from "./transfer-encoding.ts";

export const readDosVector: Reader = (vector, tolerance) => {
  switch (vector.op) {
    case undefined:
      return vector.expect.form === undefined
        ? readMeasured(vector, tolerance)
        : readTruncating(vector, tolerance);
    case "http-response":
      return readHttpVector({ ...vector, area: "http-response" }, tolerance);
    case "params":
      return readParams(vector, tolerance);
    case "qp":
      return readQuotedPrintable(vector, tolerance);
    case "boundary-entropy":
      return makeBoundaries();
    default:
      throw new Error(`Unknown operation ${vector.op}`);
  }
};

function readMeasured(vector: Vector, tolerance: Tolerance): Reading {
  const { partCount, bodyLengths } = vector.expect;
  const { outcome, isFast } = timed(vector, () => readBody(vector, tolerance));
  if (outcome.error !== undefined) return { refused: outcome.error.code };
  return {
    found: {
      isFast,
      partCount: partCount && outcome.parts.length,
      bodyLengths: bodyLengths && outcome.parts.map(({ body }) => body.length),
    },
    expected: { isFast: true, partCount, bodyLengths },
  };
}

/** A source that cuts what is over its limits: the nearest of the limits here. */
function readTruncating(vector: Vector, tolerance: Tolerance): Reading {
  const { fileSize, fieldSize, files, fields } = vector.options as Record<string, number | undefined>;
  const options = {
    ...(fieldSize !== undefined && { maxPartBytes: Math.min(fieldSize, fileSize ?? Infinity) }),
    ...((files ?? fields) !== undefined && { maxParts: files ?? fields }),
  };
  // Not to be read whole, so the defaults stay; what is expected beyond the entries is the source's own.
  return readMultipartVector({ ...vector, options }, tolerance);
}

function readParams(vector: Vector, tolerance: Tolerance): Reading {
  const text = asText(vector.input);
  const { outcome, isFast } = timed(vector, () => refusal(() => parseMediaType(text, { tolerance })));
  if (outcome instanceof BatchwireError && isFast) return { refused: outcome.code };
  return { found: isFast, expected: true };
}

function readQuotedPrintable(vector: Vector, tolerance: Tolerance): Reading {
  const { decodedBase64 } = vector.expect;
  const { outcome, isFast } = timed(vector, () =>
    readEveryWay(vector, (chunks) => decodeChunks("quoted-printable", chunks, tolerance)),
  );
  if (outcome.error !== undefined) return { refused: outcome.error.code };
  return {
    found: [isFast, decodedBase64 === undefined || isomorphic(outcome.octets)],
    expected: [true, decodedBase64 === undefined || isomorphic(fromBase64(decodedBase64))],
  };
}

/** The vector's bound is generous for one reading; here it must do for all chunkings together. */
function timed<Answer>({ expect }: Vector, read: () => Answer): { outcome: Answer; isFast: boolean } {
  const start = performance.now();
  const outcome = read();
  return { outcome, isFast: performance.now() - start < (expect.maxMs ?? Infinity) };
}

/** Boundaries that differ, hold 16 octets from the platform's generator, and owe nothing to `Math.random`. */
function makeBoundaries(): Reading {
  const { random } = Math;
  let calls = 0;
  Math.random = () => {
    calls++;
    return random();
  };
  const boundaries = Array.from({ length: 1000 }, () => createBoundary());
  Math.random = random;
  return {
    found: {
      calls,
      distinct: new Set(boundaries).size,
      wellFormed: boundaries.every(
        (boundary) => isBoundary(boundary) && /^[0-9A-Za-z'()+_,./:=?-]{1,70}$/u.test(boundary),
      ),
      hexDigits:
        Math.min(...boundaries.map((boundary) => boundary.replaceAll(/[^0-9a-f]/gu, "").length)) >= 32,
    },
    expected: { calls: 0, distinct: 1000, wellFormed: true, hexDigits: true },
  };
}
