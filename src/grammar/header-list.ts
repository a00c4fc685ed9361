import { isomorphicEncode, toIsomorphic, toText } from "../octets/text.ts";
import { assertName, assertValue, createField, fieldOf } from "./field.ts";
import type { Field } from "./field.ts";
import { FieldSection, isSameName, lowerCase } from "./field-section.ts";

/** What a {@link HeaderList} is made from: pairs in order, a record, `Headers`, or another list. */
export type HeaderListInit =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string>>;

/**
 * A header section: an ordered list of fields, compared case-insensitively, repeats kept.
 *
 * A list that a parser made keeps the wire spelling of each field (case, white space, folds) until
 * that field is edited, so that it can be written again octet for octet. It owns its text and pins
 * no chunk of the input; of one that was read among many small parts, a string that is kept keeps up
 * to 2 KiB of the text around it.
 *
 * Values are text: UTF-8 where the octets are valid UTF-8, else one character an octet. Values
 * that are set are written as UTF-8; those of `Headers`, which hold one character an octet, as these octets.
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
  /** As it was read, if it was. */
  #section: FieldSection | undefined;
  /** Made on the first edit; then they count. */
  #fields: Field[] | undefined;

  /** @throws {TypeError} A name is not a token, or a value holds CR, LF or NUL. */
  constructor(init?: HeaderListInit);
  /** The list of a section that was read. @internal */
  constructor(section: FieldSection);
  constructor(init?: HeaderListInit | FieldSection) {
    // No more here than this, or it is called where it could be inlined, twice a part.
    if (init instanceof FieldSection) this.#section = init;
    else this.#initialize(init);
  }

  #initialize(init: HeaderListInit | undefined): void {
    if (init instanceof HeaderList) {
      this.#section = init.#section;
      this.#fields = init.#fields?.map((field) => ({ ...field }));
      return;
    }
    this.#fields = [];
    if (init === undefined) return;
    const toField = isHeaders(init) ? createField : fieldOf;
    for (const [name, value] of Symbol.iterator in init ? init : Object.entries(init))
      this.#fields.push(toField(name, value));
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
    const wanted = wireName(name);
    if (this.#fields === undefined) return this.#section!.first(wanted);
    const at = this.#indexOf(wanted, 0);
    return at < 0 ? undefined : this.#textAt(at);
  }

  /** Values of all fields of this name, in order. */
  getAll(name: string): string[] {
    const wanted = wireName(name);
    const values: string[] = [];
    for (let at = this.#indexOf(wanted, 0); at >= 0; at = this.#indexOf(wanted, at + 1))
      values.push(this.#textAt(at));
    return values;
  }

  has(name: string): boolean {
    return this.#indexOf(wireName(name), 0) >= 0;
  }

  /** Adds a field behind all others. @throws {TypeError} As the constructor does. */
  append(name: string, value: string): void {
    this.#edit().push(fieldOf(name, value));
  }

  /** Replaces the first field of this name, dropping its repeats, or appends. @throws {TypeError} As the constructor does. */
  set(name: string, value: string): void {
    const field = fieldOf(name, value);
    const fields = this.#edit();
    const at = this.#indexOf(wireName(name), 0);
    if (at < 0) {
      fields.push(field);
      return;
    }
    fields[at] = field;
    this.#remove(wireName(name), at + 1);
  }

  /** Removes all fields of this name; tells whether there were any. */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    this.#edit();
    this.#remove(wireName(name), 0);
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
      for (const { name, value } of this.#fields.slice()) callback(toText(value), toText(name));
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
        assertName(name);
        assertValue(name, value);
        text += `${name}: ${value}\r\n`;
      }
    }
    return text;
  }

  /**
   * The list itself, or, where it was read in folded lines, a copy that is written without folds: no sender of
   * HTTP may fold (RFC 9112 §5.2).
   *
   * @internal
   */
  unfolded(): HeaderList {
    if (this.#section?.folded !== true) return this;
    const list = new HeaderList(this);
    const fields = list.#edit();
    fields.forEach((field, at) => {
      if (field.line !== undefined && isFolded(field.line)) fields[at] = { ...field, line: undefined };
    });
    return list;
  }

  /**
   * Where the value of the first field of this name began, in octets from the start of the header
   * section; `undefined` if there is none, or if the list has been edited.
   */
  valueOffset(name: string): number | undefined {
    const section = this.#fields === undefined ? this.#section! : undefined;
    const at = section?.indexOf(wireName(name)) ?? -1;
    return at < 0 ? undefined : section!.offsets[at * 4 + 2];
  }

  /**
   * Value of the first field of this name as it was read, whatever has been edited since; `undefined` if
   * there was none, or if the list was not read.
   *
   * @internal
   */
  valueAsRead(name: string): string | undefined {
    return this.#section?.first(wireName(name));
  }

  /**
   * What was read before the header section, isomorphic, if no field line deviates: the start-line as it
   * was, good or not, without its line end.
   *
   * @internal
   */
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
    return toText(this.#fields?.[at]!.name ?? this.#section!.name(at));
  }

  #valueAt(at: number): string {
    return this.#fields?.[at]!.value ?? this.#section!.value(at);
  }

  #textAt(at: number): string {
    return this.#fields === undefined ? this.#section!.valueText(at) : toText(this.#valueAt(at));
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
    }
    return this.#fields;
  }
}

/**
 * Whether these are `Headers`, of any realm or polyfill. No field of a record is mistaken for what tells them:
 * StarlingMonkey's have no tag, node-fetch's no `getSetCookie()`.
 */
function isHeaders(init: HeaderListInit): boolean {
  const { [Symbol.toStringTag]: tag, getSetCookie } = init as Record<string | symbol, unknown>;
  return tag === "Headers" || typeof getSetCookie === "function";
}

/** Whether one of the field lines goes on behind its line end, be it with white space alone. */
function isFolded(lines: string): boolean {
  return lines.includes("\n ") || lines.includes("\n\t");
}

/** Slots of {@link askedNames}. */
const ASKED = 16;
const askedNames: { name: string; wireName: string }[] = [];

/**
 * A name as it is looked for: in lower case, isomorphic. Answers are kept, in a slot for the length
 * of the name: each part is asked for the same few, and to look at a name takes as long as to find it.
 */
function wireName(name: string): string {
  const asked = askedNames[name.length % ASKED];
  if (asked !== undefined && asked.name === name) return asked.wireName;
  const answer = toWireName(name);
  askedNames[name.length % ASKED] = { name, wireName: answer };
  return answer;
}

function toWireName(name: string): string {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code > 0x7f || (code >= 0x41 && code <= 0x5a)) return lowerCase(toIsomorphic(name));
  }
  return name;
}
