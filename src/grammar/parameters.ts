import type { Origin, ToleranceOptions, Verdict } from "../deviation.ts";
import type { SyntaxCode } from "../errors.ts";
import { CR, DQUOTE, EQUALS, LF, NUL, SEMICOLON, TCHAR } from "../octets/ascii.ts";
import { decodeWords } from "./encoded-word.ts";
import { joinExtended, otherSectionName } from "./extended-parameters.ts";
import type { Parameter } from "./extended-parameters.ts";
import { isControl, isWhiteSpace, skipToken, skipWhiteSpace } from "./token.ts";

/** Rules of a kind of multipart body: RFC 2046, or RFC 7578 and WHATWG for form data. */
export type Profile = "mime" | "form-data";

/** How the parameters of a field value are read. */
export interface ParameterOptions extends ToleranceOptions {
  /**
   * `"form-data"` leaves out extended and continued parameters (`name*`, `name*0`), which RFC 7578
   * §4.2 forbids. Default: `"form-data"` for `multipart/form-data` and for the disposition
   * `form-data`, else `"mime"`.
   */
  profile?: Profile | undefined;
  /**
   * Whether lenient mode decodes the encoded-words (RFC 2047) that some mailers put into plain
   * parameters, a boundary aside. Default `false`.
   */
  decodeWords?: boolean | undefined;
  /** Where the value lies in an input; the default counts offsets from the start of the value. */
  origin?: Readonly<Origin> | undefined;
}

/** What {@link parseParameters} must know of the field that it reads. */
export interface ParameterRules {
  profile: Profile;
  /**
   * Whether white space may stand around "=". In a Content-Disposition it may: RFC 6266 §4.1 uses the
   * grammar of RFC 2616, where it is implied. In a Content-Type RFC 9110 §5.6.6 forbids it, and
   * WHATWG takes it for a part of the name or the value.
   */
  spaceAroundEquals: boolean;
  decodeWords: boolean;
  /** Replaces the value of a plain parameter. */
  unescape?: (name: string, value: string) => string;
}

const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A token character of RFC 2045 §5.1, which has the two braces more than RFC 9110. */
function isValueChar(c: number): boolean {
  return TCHAR[c] === 1 || c === OPEN_BRACE || c === CLOSE_BRACE;
}

/** Printable, and neither the end of the parameter nor of a quoted-string. */
function isBoundaryChar(c: number): boolean {
  return c > 0x20 && c < 0x7f && c !== SEMICOLON && c !== DQUOTE;
}

function isForbidden(c: number): boolean {
  return c === NUL || c === CR || c === LF;
}

/**
 * Reads `*( OWS ";" OWS [ parameter ] )` from `start`, where the value ends or a ";" stands.
 *
 * Strict mode takes `parameter = attribute "=" ( token / quoted-string )` and a last ";" without a
 * parameter. Lenient mode reads on as WHATWG MIME Sniffing §4.4 does, and reports:
 *
 * 1. a parameter without a name or "=", or with CR, LF or NUL: skipped; other controls are kept;
 * 2. a value with characters that need quotes, or none: taken up to the next ";";
 * 3. a quoted-string that does not end: taken up to the end;
 * 4. text after a quoted-string: skipped up to the next ";";
 * 5. a name that is given again: the first counts.
 *
 * In a quoted `filename` lenient mode keeps a backslash unless `"` or another backslash follows:
 * that is a Windows path, not a quoted-pair.
 *
 * @throws {BatchwireError} `malformed-parameter`, `repeated-parameter`; strict mode only.
 */
export function parseParameters(
  text: string,
  start: number,
  verdict: Verdict,
  rules: ParameterRules,
): Map<string, Parameter> {
  return new ParameterReader(text, start, verdict, rules).read();
}

class ParameterReader {
  readonly #text: string;
  #at: number;
  readonly #verdict: Verdict;
  readonly #rules: ParameterRules;
  readonly #parameters: Map<string, Parameter> = new Map();
  #anyExtended = false;
  /** Deviations wait here: RFC 2231 is looked at last, and reports go out in the order of the input. */
  readonly #deviations: { code: SyntaxCode; offset: number }[] = [];
  /** First offset at which the current parameter is malformed; -1 for none. */
  #flaw = -1;
  /** Whether the current parameter is worth keeping. */
  #usable = true;

  constructor(text: string, start: number, verdict: Verdict, rules: ParameterRules) {
    this.#text = text;
    this.#at = start;
    this.#verdict = verdict;
    this.#rules = rules;
  }

  read(): Map<string, Parameter> {
    const text = this.#text;
    while (this.#at < text.length) {
      this.#at = skipWhiteSpace(text, this.#at + 1);
      if (this.#at === text.length) break;
      if (text.charCodeAt(this.#at) === SEMICOLON) this.#deviate("malformed-parameter", this.#at);
      else this.#parameter();
    }
    const parameters = this.#anyExtended
      ? joinExtended(this.#parameters, this.#verdict.lenient, (code, offset) => this.#deviate(code, offset))
      : this.#parameters;
    this.#deviations.sort((a, b) => a.offset - b.offset);
    for (const { code, offset } of this.#deviations) this.#verdict.tolerate(code, offset);
    return parameters;
  }

  #deviate(code: SyntaxCode, offset: number): void {
    if (!this.#verdict.lenient) throw this.#verdict.error(code, offset);
    this.#deviations.push({ code, offset });
  }

  #spoil(offset: number): void {
    if (this.#flaw === -1) this.#flaw = offset;
  }

  /** Moves on to the end of the parameter. */
  #skipRest(): void {
    const end = this.#text.indexOf(";", this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #atEnd(): boolean {
    return this.#at === this.#text.length || this.#text.charCodeAt(this.#at) === SEMICOLON;
  }

  /** `attribute "=" value`, and white space after it. */
  #parameter(): void {
    const text = this.#text;
    const { spaceAroundEquals, profile } = this.#rules;
    const offset = this.#at;
    this.#flaw = -1;
    this.#usable = true;

    this.#at = skipToken(text, offset);
    const name = text.slice(offset, this.#at).toLowerCase();
    if (spaceAroundEquals) this.#at = skipWhiteSpace(text, this.#at);
    if (name === "" || text.charCodeAt(this.#at) !== EQUALS) {
      this.#spoil(this.#at);
      this.#usable = false;
      while (!this.#atEnd() && text.charCodeAt(this.#at) !== EQUALS) this.#at++;
    } else if (this.#isRepeated(name)) {
      this.#deviate("repeated-parameter", offset);
      this.#usable = false;
    }

    let value = "";
    let quoted = false;
    if (!this.#atEnd()) {
      this.#at++;
      if (spaceAroundEquals) this.#at = skipWhiteSpace(text, this.#at);
      quoted = text.charCodeAt(this.#at) === DQUOTE;
      value = quoted ? this.#quotedString(keepsBackslash(name, this.#verdict)) : this.#unquoted(name);
    }
    if (this.#flaw !== -1) this.#deviate("malformed-parameter", this.#flaw);
    if (!this.#usable) return;

    if (!name.includes("*")) {
      this.#parameters.set(name, { value: this.#unescape(name, value), offset, quoted });
    } else if (profile === "mime") {
      this.#anyExtended = true;
      this.#parameters.set(name, { value, offset, quoted });
    }
  }

  #isRepeated(name: string): boolean {
    if (this.#parameters.has(name)) return true;
    const other = name.includes("*") ? otherSectionName(name) : undefined;
    return other !== undefined && this.#parameters.has(other);
  }

  #unescape(name: string, value: string): string {
    const { unescape } = this.#rules;
    // A boundary is what stands in the body.
    const words = this.#rules.decodeWords && this.#verdict.lenient && name !== "boundary";
    const decoded = words ? decodeWords(value, { tolerance: "lenient" }) : value;
    return unescape === undefined ? decoded : unescape(name, decoded);
  }

  /**
   * `token`, and white space after it.
   *
   * A boundary needs no quotes for `=`, `:` or a backslash, in both modes: Google's servers and
   * others leave them out, and no reader can take the value for something else.
   */
  #unquoted(name: string): string {
    const text = this.#text;
    const start = this.#at;
    const isChar = name === "boundary" ? isBoundaryChar : isValueChar;
    while (isChar(text.charCodeAt(this.#at))) this.#at++;
    const tokenEnd = this.#at;
    this.#at = skipWhiteSpace(text, tokenEnd);
    if (tokenEnd > start && this.#atEnd()) return text.slice(start, tokenEnd);

    this.#spoil(tokenEnd > start ? this.#at : start);
    this.#skipRest();
    let end = this.#at;
    while (end > start && isWhiteSpace(text.charCodeAt(end - 1))) end--;
    for (let i = start; i < end; i++) if (isForbidden(text.charCodeAt(i))) this.#usable = false;
    return text.slice(start, end);
  }

  /**
   * `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE` (RFC 9110 §5.6.4), and white space
   * after it.
   */
  #quotedString(keepBackslash: boolean): string {
    const text = this.#text;
    let value = "";
    let runStart = this.#at + 1;
    let i = runStart;
    for (; i < text.length; i++) {
      let c = text.charCodeAt(i);
      if (c === DQUOTE) break;
      if (c === BACKSLASH && i + 1 < text.length) {
        c = text.charCodeAt(i + 1);
        if (!keepBackslash || c === DQUOTE || c === BACKSLASH) {
          value += text.slice(runStart, i);
          runStart = i + 1;
        }
        i++;
      }
      if (isControl(c)) {
        this.#spoil(i);
        if (isForbidden(c)) this.#usable = false;
      }
    }
    value += text.slice(runStart, i);
    if (i === text.length) this.#spoil(i);
    this.#at = skipWhiteSpace(text, i + 1);
    if (this.#at >= text.length) this.#at = text.length;
    else if (!this.#atEnd()) {
      this.#spoil(this.#at);
      this.#skipRest();
    }
    return value;
  }
}

function keepsBackslash(name: string, { lenient }: Verdict): boolean {
  return lenient && (name === "filename" || name.startsWith("filename*"));
}
