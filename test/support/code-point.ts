import fc from "fast-check";

const surrogates = 0xe000 - 0xd800;

/**
 * A unit of strings: any code point but surrogates. fast-check has it as `"binary"`, for which it makes a table
 * of a million strings: a second a file, and more than the heap of StarlingMonkey holds.
 */
export const codePoint: fc.Arbitrary<string> = fc.nat(0x10ffff - surrogates).map(
  (index) => String.fromCodePoint(index < 0xd800 ? index : index + surrogates),
  (text) => {
    const point = typeof text === "string" ? text.codePointAt(0) : undefined;
    if (point === undefined || text !== String.fromCodePoint(point)) throw new Error("Not one code point");
    return point < 0xd800 ? point : point - surrogates;
  },
);
