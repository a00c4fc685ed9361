import { type Finding, findError, Findings, type Tolerance } from "./findings.ts";
import { fromOctets } from "./text.ts";

export interface JsonArrayOptions {
  /** Names of the wanted array; without them the text is the array. */
  keys?: readonly string[] | undefined;
  tolerance: Tolerance;
}

export interface JsonArrayOutcome {
  /** Members and elements in order: name and text, or isomorphic text alone. */
  read: ([name: string, text: string] | [text: string])[];
  /** True once the closing bracket of the whole is recognised, whatever follows it. */
  closed: boolean;
  error?: Finding;
  deviations: Finding[];
}

/**
 * Reads a whole JSON text with a wanted array in the plainest way, as a specification of what the
 * streaming parser must do. It shares no code with it and knows no limits.
 */
export function referenceJsonArray(octets: Uint8Array, options: JsonArrayOptions): JsonArrayOutcome {
  const reading = new Reading(fromOctets(octets), options);
  const error = findError(() => reading.read());
  return error === undefined ? reading.outcome : { ...reading.outcome, error };
}

const escaped = (octet: string): string => `%${octet.charCodeAt(0).toString(16)}`;

const whiteSpace = /[ \t\r\n]*/y;
const beginsValue = /[-"[{0-9tfn]/;
const scalar = /[-+.0-9A-Za-z]*/y;
const stringContent = /(?:[ !#-[\]-\xff]|\\[^])*/y;
const noBracket = /[^"[\]{}]*/y;

class Reading {
  readonly outcome: JsonArrayOutcome;
  readonly #input: string;
  readonly #keys: readonly string[] | undefined;
  readonly #findings: Findings;
  #at = 0;

  constructor(input: string, { keys, tolerance }: JsonArrayOptions) {
    this.#input = input;
    this.#keys = keys;
    this.#findings = new Findings(tolerance);
    this.outcome = { read: [], closed: false, deviations: this.#findings.deviations };
  }

  read(): void {
    if (this.#input.startsWith("\xef")) for (const octet of "\xef\xbb\xbf") this.#expect(octet);
    this.#skip(whiteSpace);
    const first = this.#next();
    const begin = this.#keys === undefined ? "[" : "{";
    if (first !== begin && beginsValue.test(first)) this.#refuse("missing-batch-array");
    this.#expect(begin);
    if (this.#keys === undefined) this.#readElements();
    else this.#readMembers(this.#keys);
    this.outcome.closed = true;
    this.#skip(whiteSpace);
    if (this.#at < this.#input.length) this.#refuse("invalid-json");
  }

  #readMembers(keys: readonly string[]): void {
    const names = new Set<string>();
    let hasArray = false;
    this.#readList(
      "}",
      () => {
        const start = this.#at;
        if (this.#next() !== '"') this.#refuse("invalid-json");
        const name = JSON.parse(this.#checked(start, this.#passValue())) as string;
        if (names.has(name)) this.#findings.tolerate("repeated-member", start);
        names.add(name);
        this.#skip(whiteSpace);
        this.#expect(":");
        this.#skip(whiteSpace);
        if (!beginsValue.test(this.#next())) this.#refuse("invalid-json");
        const isArray = this.#next() === "[";
        if (!keys.includes(name) || (hasArray && !isArray)) {
          const value = this.#at;
          this.outcome.read.push([name, this.#checked(value, this.#passValue())]);
          return;
        }
        if (hasArray || !isArray) this.#refuse("missing-batch-array");
        hasArray = true;
        this.#at++;
        this.#readElements();
      },
      () => {
        if (!hasArray) this.#refuse("missing-batch-array");
      },
    );
  }

  #readElements(): void {
    this.#readList("]", () => {
      if (!beginsValue.test(this.#next())) this.#refuse("invalid-json");
      this.outcome.read.push([this.#passValue()]);
    });
  }

  /** `[ item *( "," item ) ] close` */
  #readList(close: string, readItem: () => void, atClose: () => void = () => {}): void {
    for (let isFirst = true; ; isFirst = false) {
      this.#skip(whiteSpace);
      const next = this.#next();
      if (next === close) {
        atClose();
        this.#at++;
        return;
      }
      if (!isFirst) {
        this.#expect(",");
        this.#skip(whiteSpace);
        this.#next();
      }
      readItem();
    }
  }

  /** The extent of the value that begins here. */
  #passValue(): string {
    const start = this.#at;
    const open: string[] = [];
    do {
      if (open.length > 0) this.#skip(noBracket);
      const next = this.#next();
      if (next === '"') {
        this.#passString();
      } else if (next === "[" || next === "{") {
        open.push(next === "[" ? "]" : "}");
        this.#at++;
      } else if (open.length > 0) {
        this.#expect(open.pop()!);
      } else {
        this.#skip(scalar);
        this.#next();
      }
    } while (open.length > 0);
    return this.#input.slice(start, this.#at);
  }

  #passString(): void {
    this.#at++;
    this.#skip(stringContent);
    // An escape that the end of the input cuts in two.
    if (this.#input.slice(this.#at) === "\\") this.#at++;
    if (this.#next() !== '"') this.#refuse("invalid-json");
    this.#at++;
  }

  /** The text, decoded, of a value that begins at `start` and must be JSON. */
  #checked(start: number, isomorphic: string): string {
    try {
      const text = decodeURIComponent(isomorphic.replaceAll(/[%\x80-\xff]/g, escaped));
      JSON.parse(text);
      return text;
    } catch {
      return this.#findings.refuse("invalid-json", start);
    }
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#input)![0].length;
  }

  #next(): string {
    if (this.#at === this.#input.length) this.#refuse("unexpected-end");
    return this.#input[this.#at]!;
  }

  #expect(character: string): void {
    if (this.#next() !== character) this.#refuse("invalid-json");
    this.#at++;
  }

  #refuse(code: "invalid-json" | "unexpected-end" | "missing-batch-array"): never {
    return this.#findings.refuse(code, this.#at);
  }
}
