import { isBlank } from "../octets/ascii.ts";
import { isAscii, toText } from "../octets/text.ts";

/**
 * A parsed header section: one isomorphic string and the offsets of its fields. One string costs
 * one decoder call and pins no chunk; names and values are cut from it when somebody asks.
 */
export class FieldSection {
  /** All lines with their line ends, a start-line included, without the empty line. */
  readonly text: string;
  /** Four per field, indexes in `text`: start and end of the name, start and end of the value. */
  readonly offsets: readonly number[];
  /** Index in `text` of the first field line. */
  readonly start: number;
  /** Whether names and values are ASCII, so that no value needs UTF-8 decoding. */
  readonly ascii: boolean;
  /** Whether a field line is folded, so that a value may hold line ends. */
  readonly folded: boolean;
  /** Whether every line is good grammar, so that the section may be written again as it was read. */
  readonly verbatim: boolean;

  /** Name and text of each field, made when they are first asked for: lists of equal sections share them. */
  #strings: string[] | undefined;
  // What {@link first} was asked for last and before, and its answers: the parts of a batch share a
  // section and the questions.
  #asked: string | undefined;
  #answer: string | undefined;
  #askedBefore: string | undefined;
  #answerBefore: string | undefined;

  constructor(
    text: string,
    offsets: readonly number[],
    start: number,
    ascii: boolean,
    folded: boolean,
    verbatim: boolean,
  ) {
    this.text = text;
    this.offsets = offsets;
    this.start = start;
    this.ascii = ascii;
    this.folded = folded;
    this.verbatim = verbatim;
  }

  /** Two per field: its name, and its value as text. */
  get strings(): readonly string[] {
    if (this.#strings === undefined) {
      const strings: string[] = [];
      for (let at = 0; at < this.size; at++) {
        strings.push(this.ascii ? this.name(at) : toText(this.name(at)), this.valueText(at));
      }
      this.#strings = strings;
    }
    return this.#strings;
  }

  /** Number of fields. */
  get size(): number {
    return this.offsets.length / 4;
  }

  /** Index of the first field from `from` on whose name is `wanted`, given in lower case; -1 if none. */
  indexOf(wanted: string, from = 0): number {
    const { text, offsets } = this;
    for (let i = from * 4; i < offsets.length; i += 4) {
      const start = offsets[i]!;
      if (offsets[i + 1]! - start === wanted.length && isSameName(text, start, wanted)) return i / 4;
    }
    return -1;
  }

  /** Text of the first value whose name is `wanted`, given in lower case; `undefined` if none. */
  first(wanted: string): string | undefined {
    if (wanted === this.#asked) return this.#answer;
    if (wanted === this.#askedBefore) return this.#answerBefore;
    this.#askedBefore = this.#asked;
    this.#answerBefore = this.#answer;
    const at = this.indexOf(wanted);
    this.#answer = at < 0 ? undefined : this.valueText(at);
    this.#asked = wanted;
    return this.#answer;
  }

  name(index: number): string {
    return this.text.slice(this.offsets[index * 4], this.offsets[index * 4 + 1]);
  }

  /** Isomorphic value, unfolded: line ends dropped, white space kept (RFC 5322 §2.2.3). */
  value(index: number): string {
    const value = this.text.slice(this.offsets[index * 4 + 2], this.offsets[index * 4 + 3]);
    return this.folded ? value.replaceAll("\r", "").replaceAll("\n", "") : value;
  }

  valueText(index: number): string {
    return this.ascii ? this.value(index) : toText(this.value(index));
  }

  /** The field line as it was read, folds and line end included. */
  line(index: number): string {
    return this.text.slice(this.offsets[index * 4], this.offsets[index * 4 + 4] ?? this.text.length);
  }
}

/** Without SP and HTAB at both ends (`OWS`, RFC 9110 §5.6.3). */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** ASCII lower case: `toLowerCase()` alone would also map others, such as the Kelvin sign to `k`. */
export function lowerCase(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let lower = "";
  for (const character of text) lower += character <= "Z" ? character.toLowerCase() : character;
  return lower;
}

/** Whether `text` at `start` is `wanted`, which is in lower case, but for the case of ASCII letters. */
export function isSameName(text: string, start: number, wanted: string): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const code = text.charCodeAt(start + i);
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (lower !== wanted.charCodeAt(i)) return false;
  }
  return true;
}
