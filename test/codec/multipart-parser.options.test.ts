import { describe, expect, test } from "vitest";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import type { MultipartParserOptions } from "../../src/codec/multipart-options.ts";
import type { Tolerance } from "../../src/deviation.ts";
import type { ErrorCode } from "../../src/errors.ts";
import type { Profile } from "../../src/grammar/parameters.ts";
import { octets } from "../support/chunkings.ts";
import { multipartLog } from "../support/event-log.ts";

describe("the boundary", () => {
  const body = octets("--b\r\n\r\nx\r\n--b--");
  const log = 'part @7\ndata @7 "x"\npart-end @15\nend @15';

  test.each([
    "multipart/mixed; boundary=b",
    'Multipart/X-Other ; charset=utf-8; BOUNDARY="b"',
    'multipart/related;boundary=b;type="text/plain"',
  ])("of %s", (contentType) => {
    expect(multipartLog([body], { contentType })).toBe(log);
  });

  test("may be given without a content type, and goes before that of one", () => {
    expect(multipartLog([body], { boundary: "b" })).toBe(log);
    expect(multipartLog([body], { boundary: "b", contentType: "multipart/mixed; boundary=c" })).toBe(log);
    expect(multipartLog([body], { boundary: undefined, contentType: "multipart/mixed; boundary=b" })).toBe(
      log,
    );
    expect(() => new MultipartParser({})).toThrow(TypeError);
  });

  const invalid: [contentType: string, code: ErrorCode, lenient?: ErrorCode | "accepted"][] = [
    ["", "malformed-media-type"],
    ["multipart", "malformed-media-type", "not-multipart"],
    ["text/plain; boundary=b", "not-multipart"],
    ["multipart/mixed", "missing-boundary"],
    ["multipart/mixed; boundary", "malformed-parameter", "missing-boundary"],
    ['multipart/mixed; boundary=""', "invalid-boundary"],
    [`multipart/mixed; boundary=${"b".repeat(71)}`, "invalid-boundary", "accepted"],
    [`multipart/mixed; boundary=${"b".repeat(257)}`, "invalid-boundary"],
    ['multipart/mixed; boundary="b "', "invalid-boundary", "accepted"],
    ["multipart/mixed; boundary=b; boundary=b", "repeated-parameter", "accepted"],
  ];
  const construct = (contentType: string, tolerance: Tolerance): string => {
    try {
      return new MultipartParser({ contentType, tolerance }) instanceof MultipartParser ? "accepted" : "";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  test.each(invalid)("of %j is refused", (contentType, code, lenient = code) => {
    expect([construct(contentType, "strict"), construct(contentType, "lenient")]).toEqual([code, lenient]);
  });

  test("of 70 characters is the longest; lenient mode takes 256", () => {
    const longest: Record<Tolerance, number> = { strict: 70, lenient: 256 };
    for (const tolerance of ["strict", "lenient"] as const) {
      const boundary = "a".repeat(longest[tolerance]);
      const input = octets(`--${boundary}\r\n\r\n--${"a".repeat(longest[tolerance] - 1)}\r\n--${boundary}--`);
      expect(multipartLog([input], { boundary, tolerance })).toContain("end @");
      expect(() => new MultipartParser({ boundary: `${boundary}a`, tolerance })).toThrow(RangeError);
    }
  });

  test.each(["", "b\r", "b\n", "b\0", "\x7f", "b "])("%j is a wrong argument", (boundary) => {
    expect(() => new MultipartParser({ boundary })).toThrow(RangeError);
  });

  test("outside ASCII is its UTF-8 octets, in lenient mode only", () => {
    const input = octets("--\xc3\xa9\r\n\r\n--\xe9\r\n--\xc3\xa9--");
    expect(multipartLog([input], { boundary: "é", tolerance: "lenient" })).toBe(
      'part @8\ndata @8 "--\\xe9"\npart-end @19\nend @19',
    );
    expect(() => new MultipartParser({ boundary: "é" })).toThrow(RangeError);
  });
});

describe("the profile", () => {
  const folded = octets("--b\r\nA:\r\n 1\r\n\r\n--b--");
  const withPreamble = octets("p\r\n--b--");
  const cases: [options: MultipartParserOptions, profile: Profile, preamble: "legal" | "refused"][] = [
    [{ boundary: "b" }, "mime", "legal"],
    [{ boundary: "b", profile: "form-data" }, "form-data", "refused"],
    [{ contentType: "multipart/mixed; boundary=b" }, "mime", "legal"],
    [{ contentType: "multipart/form-data; boundary=b" }, "form-data", "legal"],
    [{ contentType: "Multipart/FORM-data; boundary=b" }, "form-data", "legal"],
    [{ contentType: "multipart/form-data-x; boundary=b" }, "mime", "legal"],
    [{ contentType: "multipart/form-data; boundary=b", profile: "mime" }, "mime", "legal"],
    [{ contentType: "multipart/mixed; boundary=b", profile: "form-data" }, "form-data", "refused"],
    [{ contentType: "multipart/form-data; boundary=b", profile: undefined }, "form-data", "legal"],
  ];
  test.each(cases)("of %j is %s, and a preamble is %s", (options, profile, preamble) => {
    expect(multipartLog([folded], options).includes("!folded-field-line")).toBe(profile === "form-data");
    expect(multipartLog([withPreamble], options).includes("!preamble-in-form-data")).toBe(
      preamble === "refused",
    );
  });
});

describe("the tolerance", () => {
  test("is strict unless it is said to be lenient", () => {
    const input = octets("--b\n\n--b--");
    expect(multipartLog([input], { boundary: "b" })).toBe("!bare-lf @3, 400");
    expect(multipartLog([input], { boundary: "b", tolerance: undefined })).toBe("!bare-lf @3, 400");
    expect(multipartLog([input], { boundary: "b", tolerance: "lenient" })).toContain("end @10");
  });

  test("that is neither is a wrong argument", () => {
    expect(() => new MultipartParser({ boundary: "b", tolerance: "loose" as Tolerance })).toThrow(TypeError);
  });

  test("needs no callback", () => {
    const parser = new MultipartParser({ boundary: "b", tolerance: "lenient" });
    parser.push(octets("--b\n\n--b--"));
    expect(parser.read()?.type).toBe("part");
  });
});
