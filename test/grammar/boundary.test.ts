import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { BatchwireError } from "../../src/errors.ts";
import { boundaryOf, createBoundary, isBoundary } from "../../src/grammar/boundary.ts";
import { formatMediaType } from "../../src/grammar/media-type.ts";
import { replaceGlobal } from "../support/globals.ts";

describe("isBoundary", () => {
  test.each([
    // text, strict, lenient
    ["b", true, true],
    ["gc0y0pkb9ex'()+_,-./:=?", true, true],
    ["----WebKitFormBoundary", true, true],
    ["a b", true, true],
    [" b", true, true],
    [String.raw`\/\/"{}`, true, true],
    ["--", true, true],
    ["b".repeat(70), true, true],
    ["b".repeat(71), false, true],
    ["b".repeat(256), false, true],
    ["b".repeat(257), false, false],
    ["b ", false, true],
    [" ", false, true],
    ["é", false, true],
    ["é".repeat(128), false, true],
    ["é".repeat(129), false, false],
    ["", false, false],
    ["a\rb", false, false],
    ["a\nb", false, false],
    ["a\tb", false, false],
    ["a\0b", false, false],
    ["b\u007f", false, false],
  ])("%j: strict %j, lenient %j", (text, strict, lenient) => {
    expect(isBoundary(text)).toBe(strict);
    expect(isBoundary(text, "strict")).toBe(strict);
    expect(isBoundary(text, "lenient")).toBe(lenient);
  });
});

describe("boundaryOf", () => {
  test.each([
    ["multipart/mixed; boundary=b", "b"],
    ['Multipart/Form-Data; charset=utf-8; BOUNDARY="a b"', "a b"],
    ["multipart/batching;boundary=6f8eb9d1-3fd2-4d84", "6f8eb9d1-3fd2-4d84"],
    ['multipart/mixed; boundary="===============123=="', "===============123=="],
    ["multipart/mixed; boundary=batch__Idre0l1auw=_AAeL0d8f2Iw=; x=1", "batch__Idre0l1auw=_AAeL0d8f2Iw="],
    [String.raw`multipart/mixed; boundary=\/\/:?`, String.raw`\/\/:?`],
    ["multipart/mixed; boundary*0=a; boundary*1=b", "ab"],
  ])("%j", (contentType, boundary) => {
    expect(boundaryOf(contentType)).toBe(boundary);
  });

  test.each([
    ["text/plain; boundary=b", "not-multipart", 0],
    ["multipartish/mixed; boundary=b", "not-multipart", 0],
    ["multipart/mixed", "missing-boundary", 15],
    ["multipart/mixed; bound=b", "missing-boundary", 24],
    ['multipart/mixed; boundary=""', "invalid-boundary", 17],
    [`multipart/mixed; x=1; boundary=${"b".repeat(257)}`, "invalid-boundary", 22],
    ["multipart/mixed; boundary*=utf-8''a%0D%0Ab", "invalid-boundary", 17],
    ["multipart/mixed boundary=b", "malformed-media-type", 15],
    ["", "malformed-media-type", 0],
  ] as const)("refuses %j in both modes: %s at %i", (contentType, code, offset) => {
    for (const tolerance of ["strict", "lenient"] as const) {
      const run = (): unknown => boundaryOf(contentType, { tolerance });
      expect(run).toThrow(BatchwireError);
      expect(run).toThrow(expect.objectContaining({ code, offset }));
    }
  });

  test.each([
    // The boundary that lenient mode takes; strict mode throws what it reports.
    [`multipart/mixed; boundary=${"b".repeat(71)}`, "b".repeat(71), "invalid-boundary", 17],
    ['multipart/mixed; boundary="b "', "b ", "invalid-boundary", 17],
    ["multipart/mixed; boundary=a; boundary=b", "a", "repeated-parameter", 29],
    ["multipart/mixed; boundary=a b; x=1", "a b", "malformed-parameter", 28],
    ["multipart/mixed;; boundary=a", "a", "malformed-parameter", 16],
  ] as const)("takes %j in lenient mode", (contentType, boundary, code, offset) => {
    const deviations: unknown[] = [];
    const onDeviation = (deviation: unknown): void => void deviations.push(deviation);
    expect(boundaryOf(contentType, { tolerance: "lenient", onDeviation })).toBe(boundary);
    expect(deviations).toEqual([{ code, offset, offsetBase: "input", path: "" }]);
    expect(() => boundaryOf(contentType)).toThrow(expect.objectContaining({ code, offset }));
  });

  test("does not take a media type without subtype for multipart", () => {
    const run = (): unknown => boundaryOf("multipart; boundary=b", { tolerance: "lenient" });
    expect(run).toThrow(expect.objectContaining({ code: "not-multipart", offset: 0 }));
  });

  test("gives back any boundary that was formatted", () => {
    const boundary = fc.string({ minLength: 1, maxLength: 70 }).filter((text) => isBoundary(text));
    fc.assert(
      fc.property(boundary, (text) => {
        const contentType = formatMediaType({
          type: "multipart",
          subtype: "mixed",
          parameters: [["boundary", text]],
        });
        expect(boundaryOf(contentType)).toBe(text);
      }),
    );
  });
});

describe("createBoundary", () => {
  const cryptoBefore = (globalThis as { crypto?: unknown }).crypto;
  let restore: (() => void) | undefined;
  const installCrypto = (value: unknown): void => {
    restore?.();
    restore = replaceGlobal("crypto", value);
  };
  afterEach(() => {
    restore?.();
    restore = undefined;
  });
  /** Fills with `first`, `first` + 1 … */
  const counting = (first: number) => ({
    getRandomValues: (octets: Uint8Array) => octets.forEach((_, i) => void (octets[i] = first + i)),
  });

  test("writes 16 random octets, each of which counts, behind the prefix", () => {
    installCrypto(counting(0));
    expect(createBoundary("batch_")).toBe("batch_000102030405060708090a0b0c0d0e0f");
    installCrypto(counting(0xf0));
    expect(createBoundary()).toBe("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  });

  test("never repeats itself, asks no predictable generator, and needs no quotes", () => {
    installCrypto(cryptoBefore ?? counting(0));
    const { random } = Math;
    Math.random = () => expect.unreachable();
    try {
      const boundaries = new Set(Array.from({ length: 1000 }, () => createBoundary("changeset_")));
      expect(boundaries.size).toBe(cryptoBefore === undefined ? 1 : 1000);
      for (const boundary of boundaries) {
        expect(boundary).toMatch(/^changeset_[0-9a-f]{32}$/);
        expect(isBoundary(boundary)).toBe(true);
        const contentType = formatMediaType({
          type: "a",
          subtype: "b",
          parameters: [["boundary", boundary]],
        });
        expect(contentType).toBe(`a/b; boundary=${boundary}`);
      }
    } finally {
      Math.random = random;
    }
  });

  test("takes a prefix of up to 38 characters that need no quotes", () => {
    installCrypto(counting(0));
    const prefix = "aZ09'+_-.".padEnd(38, "x");
    expect(createBoundary(prefix)).toHaveLength(70);
    expect(() => createBoundary(`${prefix}x`)).toThrow(RangeError);
    for (const character of ' "();:=/?,{*é\r\n') {
      expect(() => createBoundary(`a${character}`)).toThrow(TypeError);
    }
  });

  test.each([undefined, {}])("says what is missing where crypto is %j", (value) => {
    installCrypto(value);
    expect(() => createBoundary()).toThrow(
      new Error("createBoundary() needs crypto.getRandomValues(): pass a boundary of your own"),
    );
  });
});
