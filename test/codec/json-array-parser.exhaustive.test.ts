/**
 * Every JSON envelope over a small alphabet, read by the parser and by the reference, and how many
 * ended how. The counts are pinned: a change of behaviour anywhere in the grammar shows in them. What
 * the reference makes of an input must agree with what JSON.parse makes of the whole.
 */
import { describe, expect, test } from "vitest";
import type { Tolerance } from "../../src/deviation.ts";
import { referenceJsonArray } from "../reference/json-array.ts";
import type { JsonArrayOutcome } from "../reference/json-array.ts";
import { octets } from "../support/chunkings.ts";
import { endingLine, exhaust } from "../support/exhaustive.ts";
import type { Histogram, Shape } from "../support/exhaustive.ts";
import { jsonArrayOutcome } from "../support/outcome.ts";
import { isomorphic, utf8, utf8Text } from "../support/transfer.ts";

const keys = ["k", "l"];

/** Only a repeated member is read in one mode and refused in the other. */
const inBoth = (counts: Histogram): Record<Tolerance, Histogram> => ({ strict: counts, lenient: counts });

const rows: [what: string, shape: Shape, keys: string[] | undefined, counts: Record<Tolerance, Histogram>][] =
  [
    [
      "arrays of single octets",
      { alphabet: [...'[]{}",1 '], length: 5 },
      undefined,
      inBoth({ "!invalid-json": 19577, "!missing-batch-array": 16047, "!unexpected-end": 1755, "ok": 70 }),
    ],
    [
      "elements of single octets",
      { alphabet: [...'[]{}":\\\n'], length: 5, prefix: "[", suffix: "]" },
      undefined,
      inBoth({ "!invalid-json": 31297, "!unexpected-end": 5562, "ok": 590 }),
    ],
    [
      "envelopes of single tokens",
      { alphabet: [...",[]{}1", '"a":'], length: 5, prefix: '{"k":', suffix: "}" },
      keys,
      inBoth({ "!invalid-json": 10997, "!missing-batch-array": 8403, "!unexpected-end": 194, "ok": 14 }),
    ],
    [
      "envelopes of members",
      {
        alphabet: ['"k":[]', '"l":[1]', '"k":1', '"a":2', '"\\u0061":{}', ",", '"\xff":3'],
        length: 5,
        prefix: "{",
        suffix: "}",
      },
      keys,
      {
        strict: { "!invalid-json": 16121, "!missing-batch-array": 3040, "!repeated-member": 430, "ok": 17 },
        lenient: {
          "!invalid-json": 16376,
          "!missing-batch-array": 3182,
          "ok with deviations": 33,
          "ok": 17,
          "~repeated-member": 430,
        },
      },
    ],
  ];

function lineOf({ read, closed, ...ending }: JsonArrayOutcome): string {
  return `${JSON.stringify(read)} ${closed} ${endingLine(ending)}`;
}

/** The value, as JSON again; `undefined` if the octets are not JSON. */
function parsed(input: Uint8Array): string | undefined {
  try {
    return JSON.stringify(JSON.parse(utf8Text(input)));
  } catch {
    return undefined;
  }
}

/** What the reference makes of an input, in the order of its members, is what JSON.parse makes of the whole. */
function agrees(
  input: Uint8Array,
  wanted: string[] | undefined,
  { read, error, deviations }: JsonArrayOutcome,
): boolean {
  if (error?.code === "missing-batch-array" || error?.code === "repeated-member") return true;
  const elements = read.flatMap((item) => (item.length === 1 ? [parsed(octets(item[0]))] : []));
  const whole = parsed(input);
  const isJson = error === undefined && !elements.includes(undefined);
  if (!isJson || deviations.length > 0) return isJson === (whole !== undefined);
  const array = `[${elements.join()}]`;
  if (wanted === undefined) return whole === array;
  const members = read.flatMap((item) =>
    item.length === 2 ? [`${JSON.stringify(item[0])}:${parsed(utf8(item[1]))}`] : [],
  );
  return wanted.some((name) =>
    Array.from(
      { length: members.length + 1 },
      (_, at) => `{${[...members.slice(0, at), `"${name}":${array}`, ...members.slice(at)].join()}}`,
    ).includes(whole!),
  );
}

for (const tolerance of ["strict", "lenient"] as const) {
  describe(`JSON envelopes (${tolerance})`, () => {
    test.each(rows)("%s", (_, shape, wanted, counts) => {
      const options = { keys: wanted, tolerance };
      const disagreed: string[] = [];
      const found = exhaust(
        shape,
        (chunks) => jsonArrayOutcome(chunks, options),
        (input) => {
          const outcome = referenceJsonArray(input, options);
          if (!agrees(input, wanted, outcome)) disagreed.push(isomorphic(input));
          return outcome;
        },
        lineOf,
      );
      expect(disagreed).toEqual([]);
      expect(found).toEqual(counts[tolerance]);
    });
  });
}
