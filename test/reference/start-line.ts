import type { Findings } from "./findings.ts";
import type { Line } from "./header-section.ts";
import { isControl, isDigit, isLetter, isTokenCharacter, readable, skip } from "./text.ts";

export interface RequestLine {
  kind: "request";
  method: string;
  target: string;
  version: string;
}

export interface StatusLine {
  kind: "response";
  version: string;
  status: number;
  reason: string;
}

/**
 * request-line = method SP request-target SP HTTP-version
 *
 * `anyTarget`: a target may be relative, as in a part.
 */
export function readRequestLine(
  { text, at, end }: Line,
  anyTarget: boolean,
  findings: Findings,
): RequestLine {
  const methodEnd = skip(text, 0, isTokenCharacter);
  if (methodEnd === 0 || text[methodEnd] !== " ") findings.refuse("invalid-request-line", at + methodEnd);
  const method = text.slice(0, methodEnd);

  // The last word is the version if it looks like one; all before it is the target. White space may
  // be ignored in front of either and behind them.
  const targetStart = methodEnd + 1;
  const words = trimSpacesAtEnd(text);
  const lastSpace = words.lastIndexOf(" ");
  const lastWord = words.slice(lastSpace + 1);
  const targetEnd = isVersion(lastWord) ? lastSpace : text.length;
  const rawTarget = text.slice(targetStart, targetEnd);
  const target = trimSpacesAtEnd(rawTarget.slice(skip(rawTarget, 0, (character) => character === " ")));
  if (target === "") findings.refuse("invalid-request-line", at + targetStart);
  if (!anyTarget && !hasRequestForm(method, target))
    findings.tolerate("invalid-target-form", at + targetStart);
  for (const [index, character] of [...rawTarget].entries()) {
    const offset = at + targetStart + index;
    if (index === rawTarget.indexOf(" ")) findings.tolerate("space-in-target", offset);
    if (isControl(character) || character === "\t") findings.refuse("invalid-request-line", offset);
  }

  if (isVersion(lastWord)) {
    judgeVersion(lastWord, at + lastSpace + 1, findings);
    if (words !== text) findings.tolerate("space-in-target", at + words.length);
  } else {
    findings.tolerate("missing-http-version", end);
  }
  const version = isVersion(lastWord) ? lastWord : "HTTP/1.1";
  return { kind: "request", method, target: readable(target), version };
}

/** status-line = HTTP-version SP status-code SP [ reason-phrase ] */
export function readStatusLine({ text, at, end }: Line, findings: Findings): StatusLine {
  const expect = (index: number, isExpected: boolean): void => {
    if (!isExpected) findings.refuse("invalid-status-line", at + index);
  };

  for (const [index, character] of [..."HTTP/"].entries()) expect(index, text[index] === character);
  expect(5, isDigit(text[5]));
  if (text[6] === ".") expect(7, isDigit(text[7]));
  const versionEnd = text[6] === "." ? 8 : 6;
  expect(versionEnd, text[versionEnd] === " ");
  const version = text.slice(0, versionEnd);
  judgeVersion(version, at, findings);

  const statusStart = skip(text, versionEnd + 1, (character) => character === " ");
  expect(statusStart, isDigit(text[statusStart]));
  expect(statusStart + 1, isDigit(text[statusStart + 1]));
  expect(statusStart + 2, isDigit(text[statusStart + 2]));
  const statusEnd = statusStart + 3;
  const status = Number(text.slice(statusStart, statusEnd));

  if (statusEnd < text.length) expect(statusEnd, text[statusEnd] === " ");
  const control = skip(text, statusEnd, (character) => !isControl(character));
  expect(control, control === text.length);
  if (statusStart > versionEnd + 1) findings.tolerate("extra-space-in-status-line", at + versionEnd + 1);
  if (status < 100) findings.tolerate("status-below-100", at + statusStart);
  if (statusEnd === text.length) findings.tolerate("status-line-without-space", end);
  return { kind: "response", version, status, reason: readable(text.slice(statusEnd + 1)) };
}

function judgeVersion(version: string, at: number, findings: Findings): void {
  if (version !== "HTTP/1.0" && version !== "HTTP/1.1") findings.tolerate("invalid-http-version", at);
}

/** `HTTP/` DIGIT [ `.` DIGIT ] */
function isVersion(word: string): boolean {
  const digits = word.slice("HTTP/".length);
  if (!word.startsWith("HTTP/") || !isDigit(digits[0])) return false;
  return digits.length === 1 || (digits.length === 3 && digits[1] === "." && isDigit(digits[2]));
}

/** request-target = origin-form / absolute-form / authority-form / asterisk-form */
function hasRequestForm(method: string, target: string): boolean {
  if (target === "*" || target.startsWith("/")) return true;
  if (method === "CONNECT") {
    const host = target.slice(0, Math.max(0, target.lastIndexOf(":")));
    const port = Array.from(target.slice(host.length + 1));
    return host !== "" && port.length > 0 && port.every((character) => isDigit(character));
  }
  const schemeEnd = skip(
    target,
    0,
    (character) => isLetter(character) || isDigit(character) || "+-.".includes(character),
  );
  return isLetter(target[0]) && target[schemeEnd] === ":";
}

function trimSpacesAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === " ") end--;
  return text.slice(0, end);
}
