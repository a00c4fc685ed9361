import { CR, HTAB, LF, SP, TCHAR } from "../octets/ascii.ts";

const DEL = 0x7f;

/** SP and HTAB, and the line ends of a value that was not unfolded. */
export function isWhiteSpace(c: number): boolean {
  return c === SP || c === HTAB || c === CR || c === LF;
}

/** CTL (RFC 5234 §B.1) without HTAB, which a field value may hold. */
export function isControl(c: number): boolean {
  return (c < SP && c !== HTAB) || c === DEL;
}

/** Index of the first character from `at` on that is not white space. */
export function skipWhiteSpace(text: string, at: number): number {
  let i = at;
  while (isWhiteSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Index of the first character from `at` on that is not a `tchar`. */
export function skipToken(text: string, at: number): number {
  let i = at;
  // Behind the end stands NaN, which no table holds and every look-up would pay for.
  while (i < text.length && TCHAR[text.charCodeAt(i)] === 1) i++;
  return i;
}

/** Whether `text` is a `token` (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
  return text !== "" && skipToken(text, 0) === text.length;
}
