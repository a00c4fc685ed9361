import type { Verdict } from "../deviation.ts";
import { HTAB, SP, TCHAR } from "../octets/ascii.ts";
import { isomorphicDecode, toText } from "../octets/text.ts";

/** `request-line` (RFC 9112 §3). */
export interface RequestLine {
  kind: "request";
  /** As written: methods are case-sensitive. */
  method: string;
  /** Any of the four forms, as written: never resolved, never normalised. */
  target: string;
  /** As written, such as `HTTP/1.1`. */
  version: string;
}

/** `status-line` (RFC 9112 §4). */
export interface StatusLine {
  kind: "response";
  version: string;
  status: number;
  /** May be empty. */
  reason: string;
}

/** Whether a message stands in a body part that frames it, or alone (RFC 9112). */
export type Within = "part" | "message";

/** A start-line in octets: its bounds, the reader's verdict, and the offset of `octets[0]`. */
interface Line {
  octets: Uint8Array;
  start: number;
  end: number;
  origin: number;
  verdict: Verdict;
}

const SLASH = 0x2f;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const HTTP_SLASH = [0x48, 0x54, 0x54, 0x50, SLASH];

const isDigit = (octet: number | undefined): boolean => octet !== undefined && octet >= ZERO && octet <= NINE;

/**
 * Parses `octets[start, end)`, a line without its line end. `kind` is told by the line itself if it
 * is not given: only a status-line starts with `HTTP/`.
 */
export function parseStartLine(
  line: Line,
  kind: "request" | "response" | undefined,
  within: Within,
): RequestLine | StatusLine {
  const isResponse =
    kind === undefined ? startsWithHttp(line.octets, line.start, line.end) : kind === "response";
  return isResponse ? parseStatusLine(line) : parseRequestLine(line, within);
}

/**
 * ```abnf
 * request-line = method SP request-target SP HTTP-version
 * ```
 *
 * Deviations that lenient mode lets pass:
 * 1. No version, as Google's and OData's own samples have it: taken for HTTP/1.1.
 * 2. A literal space in the target: the last word is the version only if it looks like one; the
 *    target is all between it and the method.
 * 3. More than one space between them, or one behind the last (RFC 9112 §3).
 * 4. A target that only a part may have, in a message of its own.
 */
function parseRequestLine({ octets, start, end, origin, verdict }: Line, within: Within): RequestLine {
  let methodEnd = start;
  while (methodEnd < end && TCHAR[octets[methodEnd]!] === 1) methodEnd++;
  if (methodEnd === start || octets[methodEnd] !== SP || methodEnd === end) {
    throw verdict.error("invalid-request-line", origin + methodEnd);
  }
  const rawStart = methodEnd + 1;
  const wordsEnd = trimmedEnd(octets, rawStart, end);
  const versionStart = findVersionAtEnd(octets, rawStart, wordsEnd);
  const rawEnd = versionStart < 0 ? end : versionStart - 1;
  const targetEnd = trimmedEnd(octets, rawStart, rawEnd);
  let targetStart = rawStart;
  while (targetStart < targetEnd && octets[targetStart] === SP) targetStart++;
  // "GET HTTP/1.1" has its one space before the version.
  if (targetStart >= targetEnd) throw verdict.error("invalid-request-line", origin + rawStart);
  const method = isomorphicDecode(octets, start, methodEnd);
  const target = toText(isomorphicDecode(octets, targetStart, targetEnd));
  if (!isTargetOf(method, target, within)) verdict.tolerate("invalid-target-form", origin + rawStart);
  let hasSpace = false;
  for (let i = rawStart; i < rawEnd; i++) {
    const octet = octets[i]!;
    if (octet === SP) {
      if (!hasSpace) verdict.tolerate("space-in-target", origin + i);
      hasSpace = true;
    } else if (octet < SP || octet === 0x7f) {
      throw verdict.error("invalid-request-line", origin + i);
    }
  }
  if (versionStart < 0) {
    verdict.tolerate("missing-http-version", origin + end);
    return { kind: "request", method, target, version: "HTTP/1.1" };
  }
  checkVersion(octets, versionStart, wordsEnd, origin, verdict);
  if (wordsEnd < end) verdict.tolerate("space-in-target", origin + wordsEnd);
  return { kind: "request", method, target, version: isomorphicDecode(octets, versionStart, wordsEnd) };
}

/**
 * ```abnf
 * status-line = HTTP-version SP status-code SP [ reason-phrase ]
 * ```
 *
 * Deviations that lenient mode lets pass:
 * 1. No space after the status code.
 * 2. More than one space before it, and a status code below 100.
 */
function parseStatusLine({ octets, start, end, origin, verdict }: Line): StatusLine {
  const invalid = (at: number): Error => verdict.error("invalid-status-line", origin + at);
  let at = start;
  for (const octet of HTTP_SLASH)
    if (octets[at] !== octet || at >= end) throw invalid(at);
    else at++;
  if (at >= end || !isDigit(octets[at])) throw invalid(at);
  at++;
  if (octets[at] === DOT && at < end) {
    if (at + 1 >= end || !isDigit(octets[at + 1])) throw invalid(at + 1);
    at += 2;
  }
  const versionEnd = at;
  if (at >= end || octets[at] !== SP) throw invalid(at);
  checkVersion(octets, start, versionEnd, origin, verdict);
  const codeStart = ++at;
  while (at < end && octets[at] === SP) at++;
  const spaces = at - codeStart;

  let status = 0;
  for (const codeEnd = at + 3; at < codeEnd; at++) {
    if (at >= end || !isDigit(octets[at])) throw invalid(at);
    status = status * 10 + octets[at]! - ZERO;
  }
  if (at < end && octets[at] !== SP) throw invalid(at);
  for (let i = at; i < end; i++) {
    const octet = octets[i]!;
    if ((octet < SP && octet !== HTAB) || octet === 0x7f) throw invalid(i);
  }
  if (spaces > 0) verdict.tolerate("extra-space-in-status-line", origin + codeStart);
  if (status < 100) verdict.tolerate("status-below-100", origin + at - 3);
  if (at === end) verdict.tolerate("status-line-without-space", origin + end);
  return {
    kind: "response",
    version: isomorphicDecode(octets, start, versionEnd),
    status,
    reason: at === end ? "" : toText(isomorphicDecode(octets, at + 1, end)),
  };
}

function startsWithHttp(octets: Uint8Array, start: number, end: number): boolean {
  if (end - start < HTTP_SLASH.length) return false;
  for (let i = 0; i < HTTP_SLASH.length; i++) if (octets[start + i] !== HTTP_SLASH[i]) return false;
  return true;
}

/** End of `octets[start, end)` without the spaces that it ends in. */
function trimmedEnd(octets: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && octets[at - 1] === SP) at--;
  return at;
}

/** Start of an `HTTP/d` or `HTTP/d.d` that a space precedes and the line ends with; -1 if none. */
function findVersionAtEnd(octets: Uint8Array, start: number, end: number): number {
  for (const length of [8, 6]) {
    const at = end - length;
    if (at < start || octets[at - 1] !== SP || !startsWithHttp(octets, at, end)) continue;
    const isShort = length === 6;
    if (isDigit(octets[at + 5]) && (isShort || (octets[at + 6] === DOT && isDigit(octets[at + 7]))))
      return at;
  }
  return -1;
}

/** Only HTTP/1.0 and HTTP/1.1 have the message syntax of RFC 9112. */
function checkVersion(
  octets: Uint8Array,
  start: number,
  end: number,
  origin: number,
  verdict: Verdict,
): void {
  const isKnown = end - start === 8 && octets[start + 5] === ZERO + 1 && octets[start + 7]! - ZERO <= 1;
  if (!isKnown) verdict.tolerate("invalid-http-version", origin + start);
}

/**
 * The forms of RFC 9112 §3.2. In a body part relative targets are fine: OData's are relative to
 * the service root.
 */
function isTargetOf(method: string, target: string, within: Within): boolean {
  if (within === "part" || target.startsWith("/") || target === "*") return true;
  if (method === "CONNECT") return isAuthority(target);
  const colon = target.indexOf(":");
  for (let i = 0; i < colon; i++) {
    const code = target.charCodeAt(i);
    const isAlpha = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
    const isLater = isDigit(code) || code === 0x2b || code === 0x2d || code === DOT;
    if (!isAlpha && (i === 0 || !isLater)) return false;
  }
  return colon > 0;
}

/** `uri-host ":" port` (RFC 9112 §3.2.3), as far as telling it from text without a port needs. */
function isAuthority(target: string): boolean {
  const colon = target.lastIndexOf(":");
  for (let i = colon + 1; i < target.length; i++) if (!isDigit(target.charCodeAt(i))) return false;
  return colon > 0 && colon < target.length - 1;
}
