import {
  BACKSLASH,
  COMMA,
  DQUOTE,
  LEFT_BRACE,
  LEFT_BRACKET,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  JSON_SPACE,
} from "../octets/ascii.ts";

/** One member of a JSON object, as written. */
export interface JsonMember {
  /** The name, decoded. */
  name: string;
  /** The JSON text of the value, without the white space around it. */
  text: string;
  /** Index of the value in the object's text, in UTF-16 code units. */
  offset: number;
}

/**
 * The members of the object that a JSON text is, in order, repeated names too; `undefined` if the
 * text is another value. The values stay text, so that what passes through passes unchanged: numbers
 * beyond 2^53, the order of members, escapes, white space.
 *
 * Of an object that has more than `max` members, one more than that: the rest is not even looked at.
 *
 * @throws {SyntaxError} The text is not JSON (RFC 8259).
 */
export function jsonMembers(text: string, max: number = Infinity): JsonMember[] | undefined {
  const members = membersIn(text, max);
  // Only well-formed text has been taken apart rightly. Before that, all of its members would become values.
  if (members === undefined || members.length <= max) JSON.parse(text);
  return members;
}

function membersIn(text: string, max: number): JsonMember[] | undefined {
  let i = skipSpace(text, 0);
  if (text.charCodeAt(i) !== LEFT_BRACE) return undefined;
  const members: JsonMember[] = [];
  i = skipSpace(text, i + 1);
  while (i < text.length && text.charCodeAt(i) !== RIGHT_BRACE && members.length <= max) {
    const nameEnd = skipString(text, i);
    const name = JSON.parse(text.slice(i, nameEnd)) as string;
    const colon = skipSpace(text, nameEnd);
    const offset = skipSpace(text, colon + 1);
    const end = skipValue(text, offset);
    members.push({ name, text: text.slice(offset, end), offset });
    i = skipSpace(text, end);
    if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
  }
  return members;
}

/**
 * The items of the array that a valid JSON text is, each as its JSON text; `undefined` if the text is
 * another value. Of an array that has more than `max` items, one more than that.
 */
export function jsonItems(text: string, max: number = Infinity): string[] | undefined {
  if (text.charCodeAt(0) !== LEFT_BRACKET) return undefined;
  const items: string[] = [];
  let i = skipSpace(text, 1);
  while (i < text.length && text.charCodeAt(i) !== RIGHT_BRACKET && items.length <= max) {
    const end = skipValue(text, i);
    items.push(text.slice(i, end));
    i = skipSpace(text, end);
    if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
  }
  return items;
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && JSON_SPACE[text.charCodeAt(i)] === 1) i++;
  return i;
}

/** Index behind the string whose quotation mark is at `at`. */
function skipString(text: string, at: number): number {
  let i = at + 1;
  for (let c: number; i < text.length && (c = text.charCodeAt(i)) !== DQUOTE; i++) if (c === BACKSLASH) i++;
  return i + 1;
}

/** Index behind the value that begins at `at`. */
function skipValue(text: string, at: number): number {
  let depth = 0;
  let i = at;
  do {
    const c = text.charCodeAt(i);
    if (c === DQUOTE) {
      i = skipString(text, i);
      continue;
    }
    if (depth === 0 && c !== LEFT_BRACE && c !== LEFT_BRACKET) return skipScalar(text, i);
    if (c === LEFT_BRACE || c === LEFT_BRACKET) depth++;
    else if (c === RIGHT_BRACE || c === RIGHT_BRACKET) depth--;
    i++;
  } while (depth > 0 && i < text.length);
  return i;
}

/** Index behind the number or literal name that begins at `at`. */
function skipScalar(text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === COMMA || c === RIGHT_BRACE || c === RIGHT_BRACKET || JSON_SPACE[c] === 1) break;
  }
  return i;
}
