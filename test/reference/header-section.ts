import type { Findings } from "./findings.ts";
import { isBlank, isControl, isTokenCharacter, readable, skip, trim, trimEnd } from "./text.ts";

/** One line of an input, its line end known. */
export interface Line {
  /** Without the line end. */
  text: string;
  /** Offset of its first octet. */
  at: number;
  /** Offset of its line end's first octet. */
  end: number;
  /** Offset of the octet after its line end. */
  next: number;
  lineEnd: "CRLF" | "LF" | "none";
}

/** The line that starts at `at`; undefined if the input ends before the line's LF. */
export function lineAt(input: string, at: number): Line | undefined {
  const lf = input.indexOf("\n", at);
  if (lf === -1) return undefined;
  const lineEnd = lf > at && input[lf - 1] === "\r" ? "CRLF" : "LF";
  const end = lineEnd === "CRLF" ? lf - 1 : lf;
  return { text: input.slice(at, end), at, end, next: lf + 1, lineEnd };
}

/** No line holds a CR beside its line end, or a NUL, in either mode. */
export function refuseCrAndNul(line: Line, findings: Findings): void {
  for (const [index, character] of [...line.text].entries()) {
    if (character === "\r") findings.refuse("bare-cr", line.at + index);
    if (character === "\0") findings.refuse("nul", line.at + index);
  }
}

export type Field = [name: string, value: string];

interface RawField {
  name: string;
  /** Everything after the colon, white space included, and all continuations. */
  value: string;
  /** Where the value begins; the end of its last line if it is empty. */
  valueAt: number;
}

/** The field lines of one header section or trailer section, between its start and its empty line. */
export class HeaderSection {
  readonly raw: RawField[] = [];
  /** True once a field line came, kept or skipped. */
  begun = false;

  readonly #findings: Findings;
  readonly #folding: "legal" | "deviation";
  /** The field that a continuation continues; undefined if its line was skipped. */
  #last: RawField | undefined;

  constructor(findings: Findings, folding: "legal" | "deviation") {
    this.#findings = findings;
    this.#folding = folding;
  }

  get fields(): Field[] {
    return this.raw.map(({ name, value }) => [readable(name), readable(trim(value))]);
  }

  /** Reads one non-empty line in which {@link refuseCrAndNul} found nothing. */
  read({ text, at }: Line): void {
    const isFirst = !this.begun;
    this.begun = true;
    if (isBlank(text[0])) {
      if (!isFirst) return this.#continue(text, at);
      this.#findings.tolerate("leading-white-space", at);
    }

    this.#last = undefined;
    const nameStart = skip(text, 0, isBlank);
    const colon = text.indexOf(":");
    if (colon === -1) return this.#findings.tolerate("missing-colon", at);
    if (colon === nameStart) return this.#findings.tolerate("empty-field-name", at + colon);

    const name = trimEnd(text.slice(nameStart, colon));
    const nameEnd = nameStart + name.length;
    const foreign = skip(text, nameStart, isTokenCharacter);
    if (foreign < nameEnd) this.#findings.tolerate("invalid-field-name", at + foreign);
    if (nameEnd < colon) this.#findings.tolerate("space-before-colon", at + nameEnd);
    this.#findControl(text, colon + 1, at);

    const valueAt = at + skip(text, colon + 1, isBlank);
    this.#last = { name, value: text.slice(colon + 1), valueAt };
    this.raw.push(this.#last);
  }

  #continue(text: string, at: number): void {
    if (this.#last === undefined) return;
    if (this.#folding === "deviation") this.#findings.tolerate("folded-field-line", at);
    this.#findControl(text, 0, at);
    if (trim(this.#last.value) === "") this.#last.valueAt = at + skip(text, 0, isBlank);
    this.#last.value += text;
  }

  #findControl(text: string, from: number, at: number): void {
    const control = skip(text, from, (character) => !isControl(character));
    if (control < text.length) this.#findings.tolerate("control-in-field-value", at + control);
  }
}
