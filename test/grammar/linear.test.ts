import { describe, expect, test } from "vitest";
import { boundaryOf } from "../../src/grammar/boundary.ts";
import { formatContentDisposition, parseContentDisposition } from "../../src/grammar/content-disposition.ts";
import { decodeWords, encodeWords } from "../../src/grammar/encoded-word.ts";
import { jsonMembers } from "../../src/grammar/json-object.ts";
import { formatMediaType, parseMediaType } from "../../src/grammar/media-type.ts";

/** Runs `run` and counts the characters of strings that it looks at, searches or copies. */
function charactersRead(run: () => void): number {
  const { charCodeAt, indexOf, slice } = String.prototype;
  let count = 0;
  const counting = {
    charCodeAt(this: string, index: number): number {
      count++;
      return charCodeAt.call(this, index);
    },
    indexOf(this: string, text: string, from = 0): number {
      const found = indexOf.call(this, text, from);
      count += (found === -1 ? this.length : found) - from;
      return found;
    },
    slice(this: string, start?: number, end?: number): string {
      const part = slice.call(this, start, end);
      count += part.length;
      return part;
    },
  };
  Object.assign(String.prototype, counting);
  try {
    run();
  } finally {
    Object.assign(String.prototype, { charCodeAt, indexOf, slice });
  }
  return count;
}

const lenient = { tolerance: "lenient" } as const;
/** `unit(0)`, `unit(1)` … */
const repeat = (count: number, unit: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => unit(i)).join("");

describe("Twice the text costs no more looks a character", () => {
  test.each<[string, (n: number) => string, (text: string) => void]>([
    ["semicolons", (n) => ";".repeat(n), (text) => parseMediaType(`a/b${text}`, lenient)],
    ["parameters", (n) => repeat(n, (i) => `;p${i}=v`), (text) => parseMediaType(`a/b${text}`)],
    [
      "one parameter again and again",
      (n) => ";x=1".repeat(n),
      (text) => parseMediaType(`a/b${text}`, lenient),
    ],
    ["names without a value", (n) => "; x".repeat(n), (text) => parseMediaType(`a/b${text}`, lenient)],
    ["equals signs", (n) => "=".repeat(n), (text) => parseMediaType(`a/b;x${text}`, lenient)],
    [
      "spaces",
      (n) => " ".repeat(n),
      (text) => parseContentDisposition(`a${text};${text}x${text}=${text}1${text}`),
    ],
    [
      "spaces in a value",
      (n) => `1${" ".repeat(n)}`,
      (text) => parseMediaType(`a/b;x=${text}2${text}`, lenient),
    ],
    ["quotes", (n) => '"'.repeat(n), (text) => parseMediaType(`a/b;x=${text}`, lenient)],
    ["quoted-strings", (n) => '"1"x'.repeat(n), (text) => parseMediaType(`a/b;x=${text}`, lenient)],
    ["unclosed quoted-strings", (n) => ';"='.repeat(n), (text) => parseMediaType(`a/b${text}`, lenient)],
    ["escaped quotes", (n) => String.raw`\"`.repeat(n), (text) => parseMediaType(`a/b;x="${text}`, lenient)],
    ["sections", (n) => repeat(n, (i) => `;x*${i}=v`), (text) => parseMediaType(`a/b${text}`)],
    [
      "sections backwards",
      (n) => repeat(n, (i) => `;x*${n - 1 - i}*=utf-8''%41`),
      (text) => parseMediaType(`a/b${text}`, lenient),
    ],
    [
      "sections with gaps",
      (n) => repeat(n, (i) => `;x*${2 * i + 1}=v`),
      (text) => parseMediaType(`a/b${text}`),
    ],
    [
      "extended parameters",
      (n) => repeat(n, (i) => `;p${i}*=utf-8''%41`),
      (text) => parseMediaType(`a/b${text}`),
    ],
    ["apostrophes", (n) => "'".repeat(n), (text) => parseMediaType(`a/b;x*=${text}`, lenient)],
    ["asterisks", (n) => "*".repeat(n), (text) => parseMediaType(`a/b;x${text}=1`, lenient)],
    ["boundaries", (n) => "boundary=b;".repeat(n), (text) => boundaryOf(`multipart/mixed;${text}`, lenient)],
    [
      "escapes",
      (n) => "%22%".repeat(n),
      (text) => parseContentDisposition(`a;name="${text}"`, { percentDecode: true }),
    ],
    ["members", (n) => repeat(n, (i) => `,"m${i}":1`), (text) => jsonMembers(`{"a":1${text}}`)],
    ["members of one name", (n) => ',"m":""'.repeat(n), (text) => jsonMembers(`{"a":1${text}}`)],
    ["starts of words", (n) => "=?".repeat(n), (text) => decodeWords(text)],
    ["charsets of words", (n) => "=?a".repeat(n), (text) => decodeWords(text)],
    ["heads of words", (n) => "=?a?Q?".repeat(n), (text) => decodeWords(text)],
    ["words", (n) => "=?utf-8?Q?a?= ".repeat(n), (text) => decodeWords(text)],
    ["broken words", (n) => "=?utf-8?Q?=?= ".repeat(n), (text) => decodeWords(text)],
    ["words to write", (n) => "é ".repeat(n), (text) => encodeWords(text)],
    [
      "quotes to write",
      (n) => '"\\'.repeat(n),
      (text) => formatMediaType({ type: "a", subtype: "b", parameters: [["x", text]] }),
    ],
    [
      "line ends to write",
      (n) => "\r\n\n".repeat(n),
      (text) => formatContentDisposition({ type: "form-data", parameters: [["name", text]] }),
    ],
  ])("%s", (_, make, run) => {
    const n = 10_000;
    const [once, twice] = [make(n), make(2 * n)];
    const reads = [charactersRead(() => run(once)), charactersRead(() => run(twice))] as const;
    expect(reads[0]).toBeGreaterThan(0);
    const perCharacter = [reads[0] / once.length, reads[1] / twice.length] as const;
    expect(perCharacter[1] / perCharacter[0]).toBeLessThan(1.05);
    expect(perCharacter[1]).toBeLessThan(12);
  });
});
