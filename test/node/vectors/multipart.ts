/** Areas `multipart` and `batch`: bodies of any subtype, their form-data view, and what is nested in them. */
import type { Tolerance } from "../../../src/deviation.ts";
import { BatchwireError } from "../../../src/errors.ts";
import type { Limits } from "../../../src/limits.ts";
import { defaultLimits } from "../../../src/limits.ts";
import type { Expectation, Vector } from "../corpus.ts";
import { bodyOf } from "./compare.ts";
import type { Relaxations } from "./compare.ts";
import { compareForms } from "./form.ts";
import { writeForm } from "./form-writer.ts";
import { assertRead, compareParts, decodePart } from "./parts.ts";
import { readEveryWay, readMultipart, refusal } from "./reading.ts";
import type { MultipartOutcome } from "./reading.ts";
import type { Reader } from "./suite.ts";

export const readMultipartVector: Reader = (vector, tolerance) => {
  if (vector.op === "serialize-form") return writeForm(vector);
  const { expect, compare = [], options = {}, area } = vector;
  const outcome = readBody(vector, tolerance);
  const reading = refusal(() => {
    assertRead(outcome);
    const decoded = outcome.parts.map((part) => ({ ...part, body: decodePart(part, tolerance) }));
    const entries = options["decode"] === true ? decoded : outcome.parts;
    const parts = compareParts(outcome, expect.parts, { tolerance, compare, opensByType: area === "batch" });
    const form = expect.form && compareForms(vector, entries, tolerance);
    return {
      found: [outcome.ended, expect.parts && parts.found, edgesOf(outcome, expect, compare), form?.found],
      expected: [true, expect.parts && parts.expected, edgesExpected(expect, compare), form?.expected],
    };
  });
  return reading instanceof BatchwireError ? { refused: reading.code } : reading;
};

/** Reads a whole body with the limits and the profile that the vector names. */
export function readBody(vector: Vector, tolerance: Tolerance): MultipartOutcome {
  const { options = {}, contentType = "" } = vector;
  const profile = options["profile"] === "whatwg-form-data" ? "form-data" : undefined;
  const limits = limitsOf(vector);
  return readEveryWay(vector, (chunks) => readMultipart(chunks, { tolerance, profile, limits, contentType }));
}

/**
 * The vector's limits. Where it expects the input to be read, a default limit must not stand in its
 * way: limits are the caller's.
 */
function limitsOf({ options = {}, expect }: Vector): Partial<Limits> {
  const own = Object.entries(options).filter(([name]) => name in defaultLimits);
  const lifted = expect.ok === false ? {} : { maxPreambleBytes: Infinity, maxEpilogueBytes: Infinity };
  return { ...lifted, ...Object.fromEntries(own) };
}

function edgesOf(outcome: MultipartOutcome, expect: Expectation, compare: Relaxations): object {
  const asserted = edgesExpected(expect, compare);
  return {
    ...("preamble" in asserted && { preamble: bodyOf(outcome.preamble) }),
    ...("epilogue" in asserted && { epilogue: bodyOf(outcome.epilogue) }),
  };
}

function edgesExpected({ preambleBase64, epilogueBase64 }: Expectation, compare: Relaxations): object {
  if (compare.includes("ignore-preamble-epilogue")) return {};
  return {
    ...(preambleBase64 !== undefined && { preamble: bodyOf(preambleBase64) }),
    ...(epilogueBase64 !== undefined && { epilogue: bodyOf(epilogueBase64) }),
  };
}
