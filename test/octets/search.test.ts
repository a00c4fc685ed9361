import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DelimiterSearch } from "../../src/octets/search.ts";
import { octets, seeded } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";

/** What {@link DelimiterSearch.find} must answer. */
function naiveFind(needle: string, text: string, start: number, end: number): number {
  return text.slice(0, end).indexOf(needle, start);
}

/** What {@link DelimiterSearch.findPrefixAtEnd} must answer. */
function naivePrefixAtEnd(needle: string, text: string, start: number, end: number): number {
  for (let at = Math.max(start, end - needle.length + 1); at < end; at++)
    if (needle.startsWith(text.slice(at, end))) return at;
  return end;
}

/** A search that has seen so much that it uses whatever pays for itself only then. */
function warmSearch(needle: string): DelimiterSearch {
  const search = new DelimiterSearch(octets(needle));
  const nothing = new Uint8Array(50_000);
  for (let run = 0; run < 3; run++) search.find(nothing, 0, nothing.length);
  return search;
}

function expectSame(
  search: DelimiterSearch,
  needle: string,
  text: string,
  start = 0,
  end = text.length,
): void {
  const chunk = octets(text);
  const answers = [search.find(chunk, start, end), search.findPrefixAtEnd(chunk, start, end)];
  const expected = [naiveFind(needle, text, start, end), naivePrefixAtEnd(needle, text, start, end)];
  if (answers.join() === expected.join()) return;
  expect({ needle, text, start, end, answers }).toEqual({ needle, text, start, end, answers: expected });
}

/** Needles as delimiters are: CR or LF, which the rest does not hold, dashes, and a boundary. */
const needles = [
  "\r\n--b",
  "\n--b",
  "\r\n----",
  "\n----",
  "\r\n--aa",
  "\n--abab",
  "\r\n--a-a--a",
  "\r\n--aab--aab",
  "\r\n--0123456789abcdef",
  `\r\n--${"a".repeat(70)}`,
  `\n--${"ab".repeat(35)}`,
  `\r\n--${"a".repeat(256)}`,
];

describe("a delimiter search finds what a naive search finds", () => {
  test("in every text of up to seven of its own octets and one other", () => {
    const alphabet = ["\n", "-", "b", "x"];
    const needle = "\n-b";
    const searches = [new DelimiterSearch(octets(needle)), warmSearch(needle)];
    let texts = [""];
    let count = 0;
    for (let length = 0; length <= 7; length++) {
      for (const text of texts) for (const search of searches) expectSame(search, needle, text);
      count += texts.length;
      texts = texts.flatMap((text) => alphabet.map((character) => text + character));
    }
    expect(count).toBe((4 ** 8 - 1) / 3);
  });

  test.each(needles)("in texts of its pieces: %j", (needle) => {
    const piece = fc.oneof(
      fc.nat({ max: needle.length }).map((length) => needle.slice(0, length)),
      fc.nat({ max: needle.length }).map((length) => needle.slice(length)),
      fc.constantFrom(
        "\r",
        "\n",
        "\r\n",
        "-",
        "--",
        "a",
        "b",
        "x",
        "\0",
        "\xff",
        needle.slice(1),
        needle.slice(2),
      ),
      fc.nat({ max: 300 }).map((length) => needle.slice(-1).repeat(length)),
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
    const fresh = new DelimiterSearch(octets(needle));
    const warm = warmSearch(needle);
    const window = fc.tuple(fc.nat(), fc.nat());
    fc.assert(
      fc.property(text, window, (haystack, [one, other]) => {
        const bounds = [one % (haystack.length + 1), other % (haystack.length + 1)].sort((a, b) => a - b);
        for (const search of [fresh, warm]) {
          expectSame(search, needle, haystack);
          expectSame(search, needle, haystack, bounds[0], bounds[1]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test.each(needles)("in long texts over its own octets, by chance and by period: %j", (needle) => {
    const random = seeded(needle.length);
    const alphabet = [...new Set(needle)];
    const pick = (count: number): string =>
      Array.from({ length: count }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
    const warm = warmSearch(needle);
    for (const length of [10, 300, 3000]) {
      for (let run = 0; run < 6; run++) {
        const tail = needle.slice(2);
        const period = needle.slice(run % 3, needle.length - Math.floor(run / 3));
        const texts = [
          pick(length),
          pick(1 + run).repeat(length / (1 + run)),
          period.repeat(Math.ceil(length / period.length)),
          tail.repeat(Math.ceil(length / tail.length)),
          needle.slice(-1).repeat(length),
        ];
        for (const text of texts) {
          for (const search of [new DelimiterSearch(octets(needle)), warm]) {
            expectSame(search, needle, text);
            for (const at of [0, 1, 2, Math.floor(random() * text.length), text.length])
              expectSame(search, needle, text.slice(0, at) + needle + text.slice(at));
          }
        }
      }
    }
  });

  test("that is followed by an octet that may follow it, or by none", () => {
    const needle = "\r\n--b";
    const mayFollow = new Uint8Array(256);
    mayFollow[0x0d] = 1;
    const text = `${needle}x${needle}${needle}\rx${needle}`;
    for (const warm of [false, true]) {
      const search = new DelimiterSearch(octets(needle), mayFollow);
      const padding = warm ? 50_000 : 0;
      for (let run = 0; run < 3; run++) search.find(new Uint8Array(padding), 0, padding);
      const chunk = octets(text + ".".repeat(300));
      expect(search.find(chunk, 0, chunk.length)).toBe(6);
      expect(search.find(chunk, 7, chunk.length)).toBe(11);
      expect(search.find(chunk, 12, chunk.length)).toBe(-1);
      expect(search.find(chunk, 12, text.length)).toBe(18);
    }
  });

  test("at every place of a chunk that is longer than any table costs", () => {
    const needle = "\r\n--boundary";
    const length = 40_000;
    const chunk = octets("\r\n--bound-ary--".repeat(length / 15));
    const search = new DelimiterSearch(octets(needle));
    const places = [0, 1, 2, 3, 100, 101, 8191, 8192, 8193, 20_000, 32_767, 32_768, 32_769, length - 50];
    for (const place of places) {
      const copy = chunk.slice();
      copy.set(search.needle, place);
      expect(search.find(copy, 0, copy.length)).toBe(place);
      expect(search.find(copy, place + 1, copy.length)).toBe(-1);
      expect(search.find(copy, 0, place + needle.length - 1)).toBe(-1);
    }
  });
});

test("octets outside the window count for nothing", () => {
  const search = new DelimiterSearch(octets("\r\n--b"));
  const chunk = octets("x\r\n--by\r\n--b");
  expect(search.find(chunk, 0, 5)).toBe(-1);
  expect(search.find(chunk, 2, chunk.length)).toBe(7);
  expect(search.find(chunk, 1, 6)).toBe(1);
  expect(search.find(chunk, 6, 6)).toBe(-1);
  expect(search.findPrefixAtEnd(chunk, 0, 4)).toBe(1);
  expect(search.findPrefixAtEnd(chunk, 2, 4)).toBe(4);
  expect(search.findPrefixAtEnd(chunk, 3, 3)).toBe(3);
});

test("a whole needle at the end is no proper prefix", () => {
  const search = new DelimiterSearch(octets("\r\n--b"));
  const chunk = octets("x\r\n--b");
  expect(search.findPrefixAtEnd(chunk, 0, chunk.length)).toBe(chunk.length);
  expect(isomorphic(search.needle)).toBe("\r\n--b");
});
