import { CR, DQUOTE, LF, NUL, TCHAR } from "../octets/ascii.ts";
import { utf8Encode } from "../octets/text.ts";
import type { Profile } from "./parameters.ts";
import { isControl, isToken } from "./token.ts";

/** Parameters to write, in order: pairs, a `Map`, or `Object.entries()` of a record, but no record itself. */
export type ParametersInit = Iterable<readonly [name: string, value: string]>;

const PERCENT = 0x25;
const APOSTROPHE = 0x27;
const ASTERISK = 0x2a;
const BACKSLASH = 0x5c;
const DEL = 0x7f;

/**
 * Writes parameters as `; name=value` in their order. Values are quoted where they must be; in the
 * profile `"mime"` what a quoted-string cannot hold becomes an extended parameter (RFC 8187 §3.2),
 * in `"form-data"` it is written as UTF-8, always quoted, with `"`, CR and LF escaped and line ends of
 * `name` made CRLF as WHATWG HTML §4.10.22.8 says. A name with "*" means a value that the caller has encoded.
 *
 * @throws {TypeError} A name is not a token or is given twice; a value holds NUL, or outside form
 * data CR or LF.
 */
export function formatParameters(parameters: ParametersInit, profile: Profile): string {
  let text = "";
  const names = new Set<string>();
  for (const [name, value] of parameters) {
    if (!isToken(name)) throw new TypeError(`Parameter name ${JSON.stringify(name)} is not a token`);
    const parameter = profile === "mime" ? formatParameter(name, value) : formatFormParameter(name, value);
    // The written name: a plain one becomes `name*` where its value needs that.
    const written = parameter.slice(0, parameter.indexOf("=")).toLowerCase();
    if (names.has(written)) throw new TypeError(`Parameter "${name}" is given twice`);
    names.add(written);
    text += `; ${parameter}`;
  }
  return text;
}

function formatParameter(name: string, value: string): string {
  let quotable = true;
  let escaped = "";
  let runStart = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c === NUL || c === CR || c === LF) refuse(name, "CR, LF or NUL");
    if (isControl(c) || c > DEL) quotable = false;
    if (c === DQUOTE || c === BACKSLASH) {
      escaped += `${value.slice(runStart, i)}\\`;
      runStart = i;
    }
  }
  if (isToken(value)) return `${name}=${value}`;
  if (quotable) return `${name}="${escaped}${value.slice(runStart)}"`;
  if (name.includes("*")) refuse(name, "characters that an encoded value cannot have");
  return `${name}*=UTF-8''${percentEncode(value)}`;
}

function formatFormParameter(name: string, given: string): string {
  const value = name.toLowerCase() === "name" ? normalizeLineEnds(given) : given;
  let escaped = "";
  let runStart = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c === NUL) refuse(name, "NUL");
    if (c !== DQUOTE && c !== CR && c !== LF) continue;
    escaped += `${value.slice(runStart, i)}${c === DQUOTE ? "%22" : c === CR ? "%0D" : "%0A"}`;
    runStart = i + 1;
  }
  return `${name}="${escaped}${value.slice(runStart)}"`;
}

/** A lone CR or LF becomes CRLF. */
function normalizeLineEnds(text: string): string {
  let normalized = "";
  let runStart = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c !== CR && c !== LF) continue;
    normalized += `${text.slice(runStart, i)}\r\n`;
    if (c === CR && text.charCodeAt(i + 1) === LF) i++;
    runStart = i + 1;
  }
  return normalized + text.slice(runStart);
}

function refuse(name: string, what: string): never {
  throw new TypeError(`Value of parameter "${name}" holds ${what}`);
}

/** `*( pct-encoded / attr-char )` (RFC 8187 §3.2.1). */
function percentEncode(value: string): string {
  let text = "";
  for (const octet of utf8Encode(value)) {
    const isAttrChar = TCHAR[octet] === 1 && octet !== PERCENT && octet !== APOSTROPHE && octet !== ASTERISK;
    text += isAttrChar
      ? String.fromCharCode(octet)
      : `%${octet < 16 ? "0" : ""}${octet.toString(16).toUpperCase()}`;
  }
  return text;
}
