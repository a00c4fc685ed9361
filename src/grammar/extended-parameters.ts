import type { SyntaxCode } from "../errors.ts";
import { HEX_VALUE } from "../octets/ascii.ts";
import { isomorphicDecode, utf8Decode } from "../octets/text.ts";
import { usAsciiDecode, charsetDecoder } from "./charset.ts";
import type { CharsetDecoder } from "./charset.ts";

/** One parameter of a field value. */
export interface Parameter {
  /** Without quotes and quoted-pairs. */
  readonly value: string;
  /** Index of the name in the field value. */
  readonly offset: number;
  /** Whether the value was a quoted-string. */
  readonly quoted: boolean;
}

/** A parameter named `attribute*`, `attribute*0` or `attribute*0*`. */
interface Section {
  /** The whole name, in lower case. */
  readonly name: string;
  readonly parameter: Parameter;
  /** Whether the value is percent-encoded. */
  readonly extended: boolean;
  /** 0 for `attribute*`. */
  readonly number: number;
  readonly leadingZero: boolean;
  /** Whether it is percent-encoded, in quotes, and one of several; see deviation 3. */
  readonly quoted: boolean;
}

/** All forms in which one attribute is given. */
interface Forms {
  plain?: Parameter;
  single?: Section;
  sections?: Section[];
}

interface Decoded {
  value: string | undefined;
  /** What is not part of `value`. */
  undecoded: readonly Section[];
}

type Report = (code: SyntaxCode, offset: number) => void;

const STAR = 0x2a;
const PERCENT = 0x25;
/** A number of more digits might not be exact. */
const MAX_SECTION_DIGITS = 9;

/**
 * Puts extended and continued parameters together (RFC 2231 §3 and §4, RFC 8187 §3.2).
 *
 * Where one attribute is given in several forms, `name*` goes before sections, and sections before
 * the plain form (RFC 6266 §4.3). A form that cannot be decoded counts as absent, and stays in the
 * result undecoded under its own name (`name*`, `name*1`). Strict mode decodes only what RFC 2231
 * allows, with one exception: `name*="…"`, which everybody reads. Lenient mode decodes and reports:
 *
 * 1. a value without a charset: as UTF-8 where it is valid, else one character an octet;
 * 2. sections that are numbered from 1, with gaps, or with leading zeros;
 * 3. extended sections in quotes;
 * 4. a charset in a first section that is not marked as extended;
 * 5. ASCII in a charset that is not supported.
 *
 * @param given - The parameters as they were spelled, by lower-case name, in order.
 * @param report - Called in lenient mode with what was let pass or left undecoded.
 */
export function joinExtended(
  given: ReadonlyMap<string, Parameter>,
  lenient: boolean,
  report: Report,
): Map<string, Parameter> {
  const joined = new Map<string, Parameter>();
  for (const [attribute, forms] of groupByAttribute(given, lenient, report)) {
    const single = forms.single && decode([forms.single], lenient, report);
    const sections = forms.sections?.sort((a, b) => a.number - b.number);
    const continued = sections && decode(sections, lenient, report);

    if (single?.value !== undefined) {
      joined.set(attribute, { value: single.value, offset: forms.single!.parameter.offset, quoted: false });
    } else if (continued?.value !== undefined) {
      joined.set(attribute, {
        value: continued.value,
        offset: sections![0]!.parameter.offset,
        quoted: false,
      });
    } else if (forms.plain !== undefined) {
      joined.set(attribute, forms.plain);
    }
    for (const { name, parameter } of single?.undecoded ?? []) joined.set(name, parameter);
    for (const { name, parameter } of continued?.undecoded ?? []) joined.set(name, parameter);
  }
  return joined;
}

function groupByAttribute(
  given: ReadonlyMap<string, Parameter>,
  lenient: boolean,
  report: Report,
): Map<string, Forms> {
  const groups = new Map<string, Forms>();
  const formsOf = (attribute: string): Forms => {
    let forms = groups.get(attribute);
    if (forms === undefined) groups.set(attribute, (forms = {}));
    return forms;
  };
  for (const [name, parameter] of given) {
    const star = name.indexOf("*");
    const section = star > 0 ? parseSection(name, star, parameter) : undefined;
    if (section === undefined || (section.leadingZero && !lenient)) {
      if (star !== -1 && lenient) report("malformed-extended-parameter", parameter.offset);
      formsOf(name).plain = parameter;
      continue;
    }
    const forms = formsOf(name.slice(0, star));
    if (star + 1 === name.length) forms.single = section;
    else (forms.sections ??= []).push(section);
  }
  return groups;
}

/**
 * ```
 * name           = attribute "*" / attribute "*" section-number [ "*" ]
 * section-number = "0" / %x31-39 *DIGIT
 * ```
 */
function parseSection(name: string, star: number, parameter: Parameter): Section | undefined {
  const extended = name.charCodeAt(name.length - 1) === STAR;
  if (star + 1 === name.length) {
    return { name, parameter, extended, number: 0, leadingZero: false, quoted: false };
  }
  const digits = name.slice(star + 1, extended ? -1 : undefined);
  if (digits === "" || digits.length > MAX_SECTION_DIGITS || !isDigits(digits)) return undefined;
  const leadingZero = digits.length > 1 && digits.startsWith("0");
  return {
    name,
    parameter,
    extended,
    number: Number(digits),
    leadingZero,
    quoted: extended && parameter.quoted,
  };
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x30 || c > 0x39) return false;
  }
  return true;
}

/**
 * The other name of the same section: `a*0` for `a*0*` and the reverse; `undefined` if `name` is
 * not a section's.
 */
export function otherSectionName(name: string): string | undefined {
  const extended = name.charCodeAt(name.length - 1) === STAR;
  const star = name.indexOf("*");
  const digits = name.slice(star + 1, extended ? -1 : undefined);
  if (star <= 0 || digits === "" || !isDigits(digits)) return undefined;
  return extended ? name.slice(0, -1) : `${name}*`;
}

/** The value of `sections`, which are sorted by number. */
function decode(sections: readonly Section[], lenient: boolean, report: Report): Decoded {
  return lenient ? decodeLenient(sections, report) : decodeStrict(sections);
}

function decodeStrict(sections: readonly Section[]): Decoded {
  let count = 0;
  while (count < sections.length && sections[count]!.number === count) count++;
  const chain = sections.slice(0, count);
  const first = chain[0];
  if (first === undefined) return { value: undefined, undecoded: sections };

  let value: string | undefined;
  if (!chain.some(({ extended }) => extended)) {
    value = concatenate(chain);
  } else if (first.extended && !chain.some(({ quoted }) => quoted)) {
    const prefix = charsetPrefix(first.parameter.value);
    const decoder = prefix && charsetDecoder(prefix.charset, "strict");
    if (prefix && decoder) value = decodeChain(chain, prefix.end, decoder);
  }
  return { value, undecoded: value === undefined ? sections : sections.slice(count) };
}

function decodeLenient(sections: readonly Section[], report: Report): Decoded {
  const chain: Section[] = [];
  const superfluous: Section[] = [];
  let regular = true;
  for (const section of sections) {
    // `a*1` and `a*01` are two names of one section.
    if (chain.at(-1)?.number === section.number) {
      report("malformed-extended-parameter", section.parameter.offset);
      superfluous.push(section);
      continue;
    }
    if (section.number !== chain.length || section.leadingZero || section.quoted) regular = false;
    chain.push(section);
  }

  const first = chain[0]!;
  let value: string | undefined;
  if (!chain.some(({ extended }) => extended)) {
    value = concatenate(chain);
  } else {
    let prefix = charsetPrefix(first.parameter.value);
    if (!first.extended) {
      regular = false;
      // Two apostrophes in ordinary text are no charset.
      if (prefix && charsetDecoder(prefix.charset, "lenient") === undefined) prefix = undefined;
    }
    if (prefix === undefined || prefix.charset === "") {
      regular = false;
      value = decodeChain(chain, prefix?.end ?? 0, utf8OrIsomorphic);
    } else {
      const decoder = charsetDecoder(prefix.charset, "lenient");
      if (decoder === undefined) report("unsupported-charset", first.parameter.offset);
      value = decodeChain(chain, prefix.end, decoder ?? usAsciiDecode);
      if (decoder !== undefined && value === undefined) regular = false;
    }
  }
  if (!regular) report("malformed-extended-parameter", first.parameter.offset);
  return { value, undecoded: value === undefined ? sections : superfluous };
}

function utf8OrIsomorphic(octets: Uint8Array): string {
  return utf8Decode(octets) ?? isomorphicDecode(octets);
}

function concatenate(chain: readonly Section[]): string {
  let value = "";
  for (const { parameter } of chain) value += parameter.value;
  return value;
}

/** `initial-section-value = [ charset ] "'" [ language ] "'" value-chars`; the language is not kept. */
function charsetPrefix(value: string): { charset: string; end: number } | undefined {
  const charsetEnd = value.indexOf("'");
  const languageEnd = charsetEnd === -1 ? -1 : value.indexOf("'", charsetEnd + 1);
  if (languageEnd === -1) return undefined;
  return { charset: value.slice(0, charsetEnd), end: languageEnd + 1 };
}

/**
 * Octets of neighbouring extended sections are decoded together: a character may be cut in two.
 * `undefined` if a `%` has no two digits, or the octets are not valid in the charset.
 */
function decodeChain(chain: readonly Section[], start: number, decoder: CharsetDecoder): string | undefined {
  let text = "";
  let octets: number[] = [];
  let from = start;
  for (const { parameter, extended } of chain) {
    if (extended) {
      if (!percentDecode(parameter.value, from, octets)) return undefined;
    } else {
      const decoded = decoder(new Uint8Array(octets));
      if (decoded === undefined) return undefined;
      text += decoded + parameter.value.slice(from);
      octets = [];
    }
    from = 0;
  }
  const decoded = decoder(new Uint8Array(octets));
  return decoded === undefined ? undefined : text + decoded;
}

/** `*( ext-octet / attribute-char )`, any other visible ASCII and SP taken as it stands. */
function percentDecode(text: string, start: number, octets: number[]): boolean {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === PERCENT) {
      const high = HEX_VALUE[text.charCodeAt(i + 1)] ?? 0xff;
      const low = HEX_VALUE[text.charCodeAt(i + 2)] ?? 0xff;
      if (high === 0xff || low === 0xff) return false;
      octets.push((high << 4) | low);
      i += 2;
    } else if (c < 0x20 || c > 0x7e) {
      return false;
    } else {
      octets.push(c);
    }
  }
  return true;
}
