/**
 * Octets as text in which each character stands for one octet (isomorphic, U+0000 to U+00FF): the
 * reference reads such text, so every index is an octet offset.
 */
export function fromOctets(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join("");
}

/** The octets of isomorphic text. */
export function toOctets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Isomorphic text as people mean it: UTF-8 where the octets are valid UTF-8, else unchanged. */
export function readable(text: string): string {
  const percentEncoded = Array.from(text, (character) => `%${hexadecimal(character)}`).join("");
  try {
    return decodeURIComponent(percentEncoded);
  } catch {
    return text;
  }
}

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, "0");
}

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** True for one of the characters of `set`, and false for the end of the input. */
function isOneOf(character: string | undefined, set: string): boolean {
  return character !== undefined && character !== "" && set.includes(character);
}

/** SP / HTAB: transport padding, OWS, BWS. */
export function isBlank(character: string | undefined): boolean {
  return isOneOf(character, " \t");
}

/** DIGIT */
export function isDigit(character: string | undefined): boolean {
  return isOneOf(character, digits);
}

/** HEXDIG, in either case */
export function isHexDigit(character: string | undefined): boolean {
  return isOneOf(character, `${digits}ABCDEFabcdef`);
}

/** ALPHA */
export function isLetter(character: string | undefined): boolean {
  return isOneOf(character, letters);
}

/** tchar (RFC 9110 §5.6.2) */
export function isTokenCharacter(character: string | undefined): boolean {
  return isOneOf(character, `${digits}${letters}!#$%&'*+-.^_\`|~`);
}

/** CTL without HTAB, which field values and chunk extensions may hold. */
export function isControl(character: string): boolean {
  return (character < " " && character !== "\t") || character === "\x7f";
}

/** The first index from `from` on whose character fails `test`; the text's length if none does. */
export function skip(text: string, from: number, test: (character: string) => boolean): number {
  let index = from;
  while (index < text.length && test(text.charAt(index))) index++;
  return index;
}

/** `text` without the SP and HTAB at its end. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text[end - 1])) end--;
  return text.slice(0, end);
}

/** `text` without the SP and HTAB at both ends. */
export function trim(text: string): string {
  return trimEnd(text.slice(skip(text, 0, isBlank)));
}
