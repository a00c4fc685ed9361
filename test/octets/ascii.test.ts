import { expect, test } from "vitest";
import {
  BACKSLASH,
  BCHAR,
  COLON,
  COMMA,
  CR,
  DASH,
  DQUOTE,
  EQUALS,
  FIELD_CONTENT,
  HEX_VALUE,
  HTAB,
  JSON_FLAT,
  JSON_SCALAR,
  JSON_SPACE,
  JSON_UNESCAPED,
  JSON_VALUE_START,
  LEFT_BRACE,
  LEFT_BRACKET,
  LF,
  NUL,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  SEMICOLON,
  SP,
  TCHAR,
} from "../../src/octets/ascii.ts";

/** Octets of a class, as the grammar spells them. */
const grammar: [name: string, table: Uint8Array, rule: RegExp, size: number][] = [
  ["tchar (RFC 9110 §5.6.2)", TCHAR, /[!#$%&'*+\-.^_`|~0-9A-Za-z]/, 15 + 10 + 52],
  ["field-vchar / SP / HTAB (RFC 9110 §5.5)", FIELD_CONTENT, /[\x21-\x7e\x80-\xff \t]/, 94 + 128 + 2],
  ["bchars (RFC 2046 §5.1.1)", BCHAR, /[0-9A-Za-z'()+_,\-./:=? ]/, 62 + 13],
  ["ws (RFC 8259 §2)", JSON_SPACE, /[ \t\n\r]/, 4],
  ["what begins a value (RFC 8259 §3)", JSON_VALUE_START, /[[{"\-0-9ftn]/, 3 + 1 + 10 + 3],
  ["numbers and literal names (RFC 8259 §3, §6)", JSON_SCALAR, /[+\-.0-9A-Za-z]/, 3 + 62],
  ["unescaped (RFC 8259 §7)", JSON_UNESCAPED, /[\x20\x21\x23-\x5b\x5d-\xff]/, 256 - 32 - 2],
  ["all but quotation marks and brackets", JSON_FLAT, /[^"[\]{}]/, 256 - 5],
];

test.each(grammar)("%s", (_, table, rule, size) => {
  const octets = Array.from({ length: 256 }, (__, octet) => octet);
  expect(octets.map((octet) => table[octet])).toEqual(
    octets.map((octet) => (rule.test(String.fromCharCode(octet)) ? 1 : 0)),
  );
  expect(table.reduce((sum, member) => sum + member, 0)).toBe(size);
});

test("HEXDIG has a value in both cases; nothing else has", () => {
  for (let octet = 0; octet < 256; octet++) {
    const character = String.fromCharCode(octet);
    expect(HEX_VALUE[octet]).toBe(/[0-9A-Fa-f]/.test(character) ? Number.parseInt(character, 16) : 0xff);
  }
});

test("octets have the names of their characters", () => {
  const named = [NUL, HTAB, LF, CR, SP, DQUOTE, COMMA, DASH, COLON, SEMICOLON, EQUALS];
  expect(String.fromCharCode(...named)).toBe('\0\t\n\r ",-:;=');
  const brackets = [LEFT_BRACKET, BACKSLASH, RIGHT_BRACKET, LEFT_BRACE, RIGHT_BRACE];
  expect(String.fromCharCode(...brackets)).toBe("[\\]{}");
});

test("an index past the end of a chunk belongs to no class", () => {
  const pastTheEnd = new Uint8Array(0)[0]!;
  expect([TCHAR[pastTheEnd], FIELD_CONTENT[pastTheEnd], BCHAR[pastTheEnd], HEX_VALUE[pastTheEnd]]).toEqual(
    Array(4).fill(undefined),
  );
});
