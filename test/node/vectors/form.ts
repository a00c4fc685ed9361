/** The form-data view of a multipart body: entries named by Content-Disposition. */
import type { Tolerance } from "../../../src/deviation.ts";
import { parseContentDisposition } from "../../../src/grammar/content-disposition.ts";
import { parseMediaType } from "../../../src/grammar/media-type.ts";
import { fromBase64, isomorphic } from "../corpus.ts";
import type { ExpectedEntry, Vector } from "../corpus.ts";
import { optionsOfTheSource } from "./overruled.ts";
import type { MultipartOutcome } from "./reading.ts";

type Part = MultipartOutcome["parts"][number];

/**
 * The entries as found and as expected, with only what the vector asserts of each. A part without
 * Content-Disposition is no entry.
 */
export function compareForms(
  vector: Vector,
  parts: readonly Part[],
  tolerance: Tolerance,
): { found: unknown; expected: unknown } {
  const form = vector.expect.form ?? [];
  const entries = parts.filter(({ headers }) => headers.has("content-disposition"));
  return {
    found: entries.map((part, index) => entryOf(part, form[index], vector, tolerance)),
    expected: form.map(({ bodyBase64, contentType, ...entry }) => ({
      ...entry,
      ...(bodyBase64 !== undefined && { body: isomorphic(fromBase64(bodyBase64)) }),
      ...(contentType !== undefined && { contentType: parseMediaType(contentType).essence }),
    })),
  };
}

function entryOf(
  { headers, body }: Part,
  asserted: ExpectedEntry | undefined,
  { id, options = {} }: Vector,
  tolerance: Tolerance,
): unknown {
  const { name, filename } = parseContentDisposition(headers.get("content-disposition") ?? "", {
    tolerance,
    basename: options["basename"] === true,
    percentDecode: options["percentDecode"] === true,
    ...optionsOfTheSource[id],
  });
  const contentType = headers.get("content-type") ?? "text/plain";
  return {
    name,
    ...(asserted?.filename !== undefined && { filename: filename ?? null }),
    ...(asserted?.bodyBase64 !== undefined && { body: isomorphic(body) }),
    ...(asserted?.contentType !== undefined && {
      contentType: parseMediaType(contentType, { tolerance }).essence,
    }),
  };
}
