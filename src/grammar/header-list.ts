import { FIELD_CONTENT } from "../octets/ascii.ts";
import { isAscii, isomorphicEncode, toIsomorphic, toText } from "../octets/text.ts";
import { isToken } from "./token.ts";

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
  /** Whether a value goes on over a line end. */
  readonly folded: boolean;
  /** Whether every line is good grammar, so that the section may be written again as it was read. */
  readonly verbatim: boolean;

  /** Name and text of each field, made when they are first asked for: lists of equal sections share them. */
  #strings: string[] | undefined;

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
        const value = this.value(at);
        if (this.ascii) strings.push(this.name(at), value);
        else strings.push(toText(this.name(at)), toText(value));
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

  name(index: number): string {
    return this.text.slice(this.offsets[index * 4], this.offsets[index * 4 + 1]);
  }

  /** Isomorphic value, unfolded: line ends dropped, white space kept (RFC 5322 §2.2.3). */
  value(index: number): string {
    const value = this.text.slice(this.offsets[index * 4 + 2], this.offsets[index * 4 + 3]);
    return this.folded ? value.replaceAll("\r", "").replaceAll("\n", "") : value;
  }

  /** The field line as it was read, folds and line end included. */
  line(index: number): string {
    return this.text.slice(this.offsets[index * 4], this.offsets[index * 4 + 4] ?? this.text.length);
  }
}

interface Field {
  name: string;
  /** Isomorphic. */
  value: string;
  /** Isomorphic field line with its line end, where it was read and not edited. */
  line: string | undefined;
}

/** What a {@link HeaderList} is made from: pairs in order, a record, or another list. */
export type HeaderListInit =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string>>;

/**
 * A header section: an ordered list of fields, compared case-insensitively, repeats kept.
 *
 * A list that a parser made keeps the wire spelling of each field (case, white space, folds) until
 * that field is edited, so that it can be written again octet for octet. It owns its text and pins
 * no chunk of the input.
 *
 * Values are text: UTF-8 where the octets are valid UTF-8, else one character an octet. Values
 * that are set are written as UTF-8.
 *
 * @example
 * ```ts
 * import { HeaderList } from "batchwire/codec";
 *
 * const headers = new HeaderList([["Content-Type", "application/http"]]);
 * headers.append("Content-ID", "<1@example>");
 * console.log(headers.get("content-id")); // <1@example>
 * console.log([...headers]); // [ [ "Content-Type", "application/http" ], [ "Content-ID", "<1@example>" ] ]
 * ```
 */
export class HeaderList implements Iterable<[name: string, value: string]> {
  #section: FieldSection | undefined;
  /** Made on the first edit. */
  #fields: Field[] | undefined;

  /** @throws {TypeError} A name is not a token, or a value holds CR, LF or NUL. */
  constructor(init?: HeaderListInit | FieldSection) {
    if (init instanceof FieldSection) {
      this.#section = init;
    } else if (init instanceof HeaderList) {
      this.#section = init.#section;
      this.#fields = init.#fields?.map((field) => ({ ...field }));
    } else {
      this.#fields = [];
      if (init !== undefined) {
        for (const [name, value] of Symbol.iterator in init ? init : Object.entries(init))
          this.append(name, value);
      }
    }
  }

  /** A list of values that are already isomorphic, as those of `Headers` are. */
  static fromIsomorphic(fields: Iterable<readonly [name: string, value: string]>): HeaderList {
    const list = new HeaderList();
    for (const [name, value] of fields) list.#fields!.push(createField(name, value));
    return list;
  }

  /** Number of fields, repeats counted. */
  get size(): number {
    return this.#fields?.length ?? this.#section!.size;
  }

  /** Value of the first field of this name, or `undefined`; see {@link getAll} for repeats. */
  get(name: string): string | undefined {
    const at = this.#indexOf(lowerCase(name), 0);
    return at < 0 ? undefined : this.#textAt(at);
  }

  /** Values of all fields of this name, in order. */
  getAll(name: string): string[] {
    const wanted = lowerCase(name);
    const values: string[] = [];
    for (let at = this.#indexOf(wanted, 0); at >= 0; at = this.#indexOf(wanted, at + 1))
      values.push(this.#textAt(at));
    return values;
  }

  has(name: string): boolean {
    return this.#indexOf(lowerCase(name), 0) >= 0;
  }

  /** Adds a field behind all others. @throws {TypeError} As the constructor does. */
  append(name: string, value: string): void {
    this.#edit().push(createField(name, toIsomorphic(value)));
  }

  /** Replaces the first field of this name, dropping its repeats, or appends. @throws {TypeError} As the constructor does. */
  set(name: string, value: string): void {
    const field = createField(name, toIsomorphic(value));
    const fields = this.#edit();
    const at = this.#indexOf(lowerCase(name), 0);
    if (at < 0) {
      fields.push(field);
      return;
    }
    fields[at] = field;
    this.#remove(lowerCase(name), at + 1);
  }

  /** Removes all fields of this name; tells whether there were any. */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    this.#edit();
    this.#remove(lowerCase(name), 0);
    return true;
  }

  /** Pairs of name and value, in order; edits while iterating do not show. */
  [Symbol.iterator](): IterableIterator<[name: string, value: string]> {
    const pairs: [string, string][] = [];
    this.forEach((value, name) => pairs.push([name, value]));
    return pairs.values();
  }

  /** Calls `callback` with each field in order, as `Headers` does. */
  forEach(callback: (value: string, name: string) => void): void {
    if (this.#fields !== undefined) {
      for (const { name, value } of [...this.#fields]) callback(toText(value), name);
      return;
    }
    const { strings } = this.#section!;
    for (let i = 0; i < strings.length; i += 2) callback(strings[i + 1]!, strings[i]!);
  }

  /** Pairs whose values are isomorphic: one character an octet, as `Headers` wants them. */
  isomorphicEntries(): [name: string, value: string][] {
    const pairs: [string, string][] = [];
    for (let at = 0; at < this.size; at++) pairs.push([this.#nameAt(at), this.#valueAt(at)]);
    return pairs;
  }

  /**
   * The field lines with CRLF line ends, without the empty line that ends a section.
   *
   * @throws {TypeError} A lenient reader let a name pass that may not be written.
   */
  toOctets(): Uint8Array<ArrayBuffer> {
    return isomorphicEncode(this.toIsomorphic());
  }

  /** {@link toOctets} as an isomorphic string. */
  toIsomorphic(): string {
    if (this.#fields === undefined && this.#section!.verbatim)
      return this.#section!.text.slice(this.#section!.start);
    let text = "";
    for (const { name, value, line } of this.#edit()) {
      if (line !== undefined) {
        text += line;
      } else {
        assertField(name, value);
        text += `${name}: ${value}\r\n`;
      }
    }
    return text;
  }

  /**
   * Where the value of the first field of this name began, in octets from the start of the header
   * section; `undefined` if there is none, or if the list has been edited.
   */
  valueOffset(name: string): number | undefined {
    const section = this.#section;
    const at = section?.indexOf(lowerCase(name)) ?? -1;
    return at < 0 ? undefined : section!.offsets[at * 4 + 2];
  }

  /** The isomorphic line before the header section as it was read, without its line end, if nothing deviated. */
  get startLine(): string | undefined {
    const section = this.#section;
    return section?.verbatim === true && section.start > 0
      ? section.text.slice(0, section.start - 2)
      : undefined;
  }

  toJSON(): [name: string, value: string][] {
    return [...this];
  }

  #nameAt(at: number): string {
    return this.#fields?.[at]!.name ?? toText(this.#section!.name(at));
  }

  #valueAt(at: number): string {
    return this.#fields?.[at]!.value ?? this.#section!.value(at);
  }

  #textAt(at: number): string {
    const value = this.#valueAt(at);
    return this.#fields === undefined && this.#section!.ascii ? value : toText(value);
  }

  /** Index of the first field named `wanted` (in lower case) from `at` on, or -1. */
  #indexOf(wanted: string, at: number): number {
    if (this.#fields === undefined) return this.#section!.indexOf(wanted, at);
    for (; at < this.#fields.length; at++) {
      const { name } = this.#fields[at]!;
      if (name.length === wanted.length && isSameName(name, 0, wanted)) return at;
    }
    return -1;
  }

  #remove(wanted: string, from: number): void {
    const fields = this.#fields!;
    let kept = from;
    for (let at = from; at < fields.length; at++) {
      const field = fields[at]!;
      if (lowerCase(field.name) !== wanted) fields[kept++] = field;
    }
    fields.length = kept;
  }

  #edit(): Field[] {
    if (this.#fields === undefined) {
      const section = this.#section!;
      this.#fields = [];
      for (let at = 0; at < section.size; at++) {
        const line = section.verbatim ? section.line(at) : undefined;
        this.#fields.push({ name: section.name(at), value: section.value(at), line });
      }
      this.#section = undefined;
    }
    return this.#fields;
  }
}

function createField(name: string, value: string): Field {
  const trimmed = trimWhiteSpace(String(value));
  assertField(String(name), trimmed);
  return { name: String(name), value: trimmed, line: undefined };
}

/** CR, LF or NUL in what is written would let a value forge fields, parts or messages (RFC 9110 §5.5). */
function assertField(name: string, isomorphicValue: string): void {
  if (!isToken(name)) throw new TypeError(`Field name ${JSON.stringify(name)} is not a token`);
  for (let i = 0; i < isomorphicValue.length; i++) {
    const octet = isomorphicValue.charCodeAt(i);
    if (octet > 0xff || (FIELD_CONTENT[octet] !== 1 && (octet === 0 || octet === 0x0a || octet === 0x0d))) {
      throw new TypeError(`Value of field "${name}" holds a character that may not stand in it (index ${i})`);
    }
  }
}

/** Without SP and HTAB at both ends (`OWS`, RFC 9110 §5.6.3). */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charCodeAt(start))) start++;
  while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** ASCII lower case: `toLowerCase()` alone would also map others, such as the Kelvin sign to `k`. */
export function lowerCase(text: string): string {
  let i = 0;
  while (i < text.length && (text.charCodeAt(i) > 0x5a || text.charCodeAt(i) < 0x41)) i++;
  if (i === text.length) return text;
  if (isAscii(text)) return text.toLowerCase();
  let lower = "";
  for (const character of text) lower += character <= "Z" ? character.toLowerCase() : character;
  return lower;
}

/** Whether `text` at `start` is `wanted`, which is in lower case, but for the case of ASCII letters. */
function isSameName(text: string, start: number, wanted: string): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const code = text.charCodeAt(start + i);
    const lower = code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
    if (lower !== wanted.charCodeAt(i)) return false;
  }
  return true;
}
