/**
 * Every multipart body over a small alphabet, read by the parser and by the reference, and how many
 * ended how. The counts are pinned: a change of behaviour anywhere in the grammar shows in them.
 */
import { describe, expect, test } from "vitest";
import type { Tolerance } from "../../src/deviation.ts";
import { referenceMultipart } from "../reference/multipart.ts";
import type { MultipartOutcome } from "../reference/multipart.ts";
import { endingLine, exhaust } from "../support/exhaustive.ts";
import type { Histogram, Shape } from "../support/exhaustive.ts";
import { multipartOutcome } from "../support/outcome.ts";

const rows: [what: string, shape: Shape, counts: Record<Tolerance, Histogram>][] = [
  [
    "of single octets",
    { alphabet: ["-", "b", "\r", "\n"], length: 6 },
    {
      strict: {
        "!bare-cr": 18,
        "!bare-lf": 34,
        "!text-after-close-delimiter": 3,
        "!unexpected-end": 5405,
        "ok": 1,
      },
      lenient: {
        "!bare-cr": 18,
        "!bare-lf": 1,
        "!unexpected-end": 5436,
        "ok with deviations": 5,
        "ok": 1,
        "~bare-lf": 33,
        "~missing-colon": 2,
        "~mixed-line-ends": 1,
        "~text-after-close-delimiter": 3,
      },
    },
  ],
  [
    "behind a delimiter line",
    { alphabet: ["-", "b", "\r", "\n", ":", " "], length: 5, prefix: "--b\r\n" },
    {
      strict: {
        "!bare-cr": 835,
        "!bare-lf": 3985,
        "!empty-field-name": 87,
        "!leading-white-space": 87,
        "!missing-colon": 145,
        "!repeated-delimiter": 2,
        "!space-before-colon": 2,
        "!unexpected-end": 4188,
      },
      lenient: {
        "!bare-cr": 835,
        "!bare-lf": 4043,
        "!unexpected-end": 4452,
        "ok with deviations": 1,
        "~empty-field-name": 99,
        "~leading-white-space": 87,
        "~missing-colon": 218,
        "~repeated-delimiter": 2,
        "~space-before-colon": 2,
      },
    },
  ],
  [
    "behind a delimiter line in LF",
    { alphabet: ["-", "b", "\r", "\n", ":"], length: 4, prefix: "--b\n", suffix: "\n\n\n--b--" },
    {
      strict: { "!bare-lf": 781 },
      lenient: {
        "!bare-cr": 244,
        "ok with deviations": 537,
        "~bare-lf": 781,
        "~empty-field-name": 140,
        "~missing-colon": 173,
        "~mixed-line-ends": 122,
        "~repeated-delimiter": 3,
      },
    },
  ],
  [
    "around a delimiter",
    { alphabet: ["-", "b", "\r", "\n", " "], length: 5, prefix: "--b\r\n\r\n\r\n--", suffix: "\r\n--b--" },
    {
      strict: {
        "!bare-cr": 165,
        "!bare-lf": 211,
        "!leading-white-space": 5,
        "!missing-colon": 10,
        "!repeated-delimiter": 6,
        "!text-after-close-delimiter": 20,
        "ok": 3489,
      },
      lenient: {
        "!bare-cr": 165,
        "!bare-lf": 204,
        "ok with deviations": 48,
        "ok": 3489,
        "~bare-lf": 7,
        "~leading-white-space": 5,
        "~missing-colon": 15,
        "~repeated-delimiter": 6,
        "~text-after-close-delimiter": 20,
        "~unterminated-header-section": 15,
      },
    },
  ],
  [
    "of pieces",
    { alphabet: ["\r\n", "\n", "--b", "--", " ", "b:"], length: 5 },
    {
      strict: {
        "!bare-lf": 1064,
        "!leading-white-space": 13,
        "!missing-colon": 12,
        "!repeated-delimiter": 28,
        "!text-after-close-delimiter": 559,
        "!unexpected-end": 7544,
        "ok": 111,
      },
      lenient: {
        "!bare-lf": 136,
        "!unexpected-end": 8203,
        "ok with deviations": 881,
        "ok": 111,
        "~bare-lf": 949,
        "~leading-white-space": 42,
        "~missing-colon": 78,
        "~mixed-line-ends": 150,
        "~repeated-delimiter": 73,
        "~text-after-close-delimiter": 733,
      },
    },
  ],
];

function lineOf({ parts, closed, ...ending }: MultipartOutcome): string {
  const partsLine = parts.map(
    ({ fields, body, complete }) => `[${fields.join(";")}|${body.join()}|${complete}]`,
  );
  return `${partsLine.join("")} ${closed} ${endingLine(ending)}`;
}

for (const tolerance of ["strict", "lenient"] as const) {
  describe(`multipart bodies (${tolerance})`, () => {
    test.each(rows)("%s", (_, shape, counts) => {
      const options = { boundary: "b", tolerance };
      const found = exhaust(
        shape,
        (chunks) => multipartOutcome(chunks, options),
        (input) => referenceMultipart(input, options),
        lineOf,
      );
      expect(found).toEqual(counts[tolerance]);
    });
  });
}
