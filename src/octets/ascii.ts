/**
 * Octets by name, and the character classes of RFC 2046, RFC 5322, RFC 8259, RFC 9110 and RFC 9112
 * as 256-entry tables. A class is asked as `TCHAR[octet] === 1`; an index past the end of a chunk
 * yields `undefined` and so belongs to no class.
 */

export const NUL = 0x00;
export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const DQUOTE = 0x22;
export const COMMA = 0x2c;
export const DASH = 0x2d;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const LEFT_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const RIGHT_BRACKET = 0x5d;
export const LEFT_BRACE = 0x7b;
export const RIGHT_BRACE = 0x7d;

/** Never handed out: a caller who transferred its buffer would detach it for everyone. */
export const NO_OCTETS: Uint8Array<ArrayBuffer> = /* @__PURE__ */ new Uint8Array(0);

/** `WSP`: SP or HTAB (RFC 5234 §B.1), the white space within a line. */
export function isBlank(octet: number | undefined): boolean {
  return octet === SP || octet === HTAB;
}

/** A table from single characters and inclusive ranges such as `"az"`. */
function octetClass(...ranges: string[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const range of ranges) {
    table.fill(1, range.charCodeAt(0), range.charCodeAt(range.length - 1) + 1);
  }
  return table;
}

const DIGIT_RANGE = "09";
const ALPHA_RANGES = ["AZ", "az"];

/** `tchar` (RFC 9110 §5.6.2). */
export const TCHAR: Uint8Array = /* @__PURE__ */ octetClass(
  ..."!#$%&'*+-.^_`|~",
  DIGIT_RANGE,
  ...ALPHA_RANGES,
);

/** `field-vchar / SP / HTAB`, obs-text included: what may stand in a field value (RFC 9110 §5.5). */
export const FIELD_CONTENT: Uint8Array = /* @__PURE__ */ octetClass("\t", " ~", "\x80\xff");

/** `bchars` (RFC 2046 §5.1.1). */
export const BCHAR: Uint8Array = /* @__PURE__ */ octetClass(..."'()+_,-./:=? ", DIGIT_RANGE, ...ALPHA_RANGES);

/** What a `scheme` is made of (RFC 3986 §3.1). */
export const SCHEME: Uint8Array = /* @__PURE__ */ octetClass(..."+-.", DIGIT_RANGE, ...ALPHA_RANGES);

/**
 * What may follow `"--" boundary`: `transport-padding`, a line end, or the start of the close-delimiter's
 * `"--"` (RFC 2046 §5.1.1).
 */
export const BOUNDARY_TAIL: Uint8Array = /* @__PURE__ */ octetClass(..."\t\n\r -");

/** `ws` (RFC 8259 §2). */
export const JSON_SPACE: Uint8Array = /* @__PURE__ */ octetClass(..."\t\n\r ");

/** What may begin a `value` (RFC 8259 §3). */
export const JSON_VALUE_START: Uint8Array = /* @__PURE__ */ octetClass(...'"-[ftn{', DIGIT_RANGE);

/** What numbers and literal names are made of (RFC 8259 §3, §6). */
export const JSON_SCALAR: Uint8Array = /* @__PURE__ */ octetClass(..."+-.", DIGIT_RANGE, ...ALPHA_RANGES);

/** What stands for itself in a string: `unescaped` (RFC 8259 §7), in UTF-8. */
export const JSON_UNESCAPED: Uint8Array = /* @__PURE__ */ octetClass(" !", "#[", "]\xff");

/** All but quotation marks and brackets. */
export const JSON_FLAT: Uint8Array = /* @__PURE__ */ octetClass("\0!", "#Z", "\\", "^z", "|", "~\xff");

/** `HEXDIG` to its value; 0xff for any other octet. */
export const HEX_VALUE: Uint8Array = /* @__PURE__ */ (() => {
  const table = new Uint8Array(256).fill(0xff);
  for (let value = 0; value < 16; value++) {
    table[value.toString(16).charCodeAt(0)] = value;
    table[value.toString(16).toUpperCase().charCodeAt(0)] = value;
  }
  return table;
})();
