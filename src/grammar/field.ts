import { FIELD_CONTENT, SP } from "../octets/ascii.ts";
import { copyOf, toIsomorphic } from "../octets/text.ts";
import { trimWhiteSpace } from "./field-section.ts";
import { isToken } from "./token.ts";

/** A field of a list that has been edited. Never changed, so that lists may share it. */
export interface Field {
  /** Isomorphic. */
  name: string;
  /** Isomorphic. */
  value: string;
  /** Isomorphic field line with its line end, as it was read or set; none if what was read may not be written. */
  line: string | undefined;
}

/** Slots of {@link recentFields}. */
const RECENT = 64;
/** Fields whose line is longer are not kept: they seldom come again. */
const SHORT_LINE = 128;

/**
 * Fields made lately, in a slot for the lengths of name and value: every part of a batch has the
 * same few, and on Node 20 to judge the 50 characters of one takes 0.2 us.
 */
const recentFields: (Field | undefined)[] = [];
/** For each slot what the last value that was not there comes to. Most come once, and are not worth their copy. */
const lastSums: Int32Array = /* @__PURE__ */ new Int32Array(RECENT);

/** The field of a name and a text. @throws {TypeError} The name is not a token, or the value holds CR, LF or NUL. */
export function fieldOf(name: string, value: string): Field {
  const text = String(name);
  const content = typeof value === "string" ? value : String(toIsomorphic(value));
  const slot = (text.length * 5 + content.length) % RECENT;
  const recent = recentFields[slot];
  if (recent !== undefined && recent.name === text && recent.value === content) return recent;
  const sum = sumOf(content);
  if (sum === undefined) return createField(text, toIsomorphic(content));
  const field = createField(text, content, true);
  const { value: trimmed, line } = field;
  if (line!.length > SHORT_LINE || trimmed.length < content.length) return field;
  if (sum === lastSums[slot]) recentFields[slot] = createField(copyOf(text), copyOf(content), true);
  lastSums[slot] = sum;
  return field;
}

/** The field of what is isomorphic already. */
export function createField(name: string, value: string, isPlain = false): Field {
  const text = String(name);
  const trimmed = trimWhiteSpace(String(value));
  assertName(text);
  if (!isPlain) assertValue(text, trimmed);
  return { name: text, value: trimmed, line: `${text}: ${trimmed}\r\n` };
}

/**
 * The sum of the characters of a text that is isomorphic as it is, and harmless: printable ASCII, as most
 * are. One look at each takes as long as all else.
 */
function sumOf(text: string): number | undefined {
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SP || code > 0x7e) return undefined;
    sum += code;
  }
  return sum;
}

export function assertName(name: string): void {
  if (!isToken(name)) throw new TypeError(`Field name ${JSON.stringify(name)} is not a token`);
}

/**
 * CR, LF or NUL in what is written would let a value forge fields, parts or messages; other control
 * characters no strict reader takes (RFC 9110 §5.5).
 */
export function assertValue(name: string, isomorphicValue: string): void {
  const at = foreignCharacter(isomorphicValue);
  if (at < 0) return;
  throw new TypeError(`Value of field "${name}" holds a character that may not stand in it (index ${at})`);
}

/** Index of the first character of an isomorphic text that may stand in no field value, nor in a reason; -1 if all may. */
export function foreignCharacter(isomorphic: string): number {
  for (let i = 0; i < isomorphic.length; i++) if (FIELD_CONTENT[isomorphic.charCodeAt(i)] !== 1) return i;
  return -1;
}
