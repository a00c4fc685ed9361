import type { Verdict } from "../deviation.ts";
import { lowerCase, trimWhiteSpace } from "../grammar/field-section.ts";
import type { FieldSection } from "../grammar/field-section.ts";
import type { StatusLine, RequestLine, Within } from "../grammar/start-line.ts";

/** How the end of a body is told: by its length, by chunks, by the end of the input, or there is none. */
export type Framing = { by: "length"; length: number } | { by: "chunks" } | { by: "end" } | { by: "nothing" };

const ZERO = 0x30;

/**
 * Message body length (RFC 9112 §6.3), and in a body part that of batch readers: there the
 * delimiter frames the message, and the message's own framing is checked against it.
 *
 * Both modes refuse what two readers could frame differently: a Content-Length that is not one
 * decimal number or not the same twice, and a Transfer-Encoding that does not end in `chunked`.
 *
 * Deviations that lenient mode lets pass:
 * 1. Equal Content-Length fields count once.
 * 2. Content-Length beside Transfer-Encoding, in a part only: chunked decides.
 */
export function framingOf(
  line: RequestLine | StatusLine,
  section: FieldSection,
  within: Within,
  requestMethod: string | undefined,
  verdict: Verdict,
  offset: number,
): Framing {
  const length = contentLengthOf(section, verdict, offset);
  const codings = transferCodingsAt(section, verdict, offset);
  if (codings >= 0 && length !== undefined) {
    if (within === "message") throw verdict.error("content-length-with-transfer-encoding", codings);
    verdict.tolerate("content-length-with-transfer-encoding", codings);
  }
  if (line.kind === "response" && hasNoBody(line.status, within, requestMethod)) {
    // What stands in the part all the same is kept: nothing is lost silently.
    return { by: within === "part" ? "end" : "nothing" };
  }
  if (codings >= 0) return { by: "chunks" };
  if (length !== undefined) return { by: "length", length };
  return { by: within === "part" || line.kind === "response" ? "end" : "nothing" };
}

/**
 * Whether a message whose part has `length` octets behind its head is framed by the part alone: it
 * has no Transfer-Encoding, and no Content-Length or one that says the same.
 */
export function isFramedByPart(section: FieldSection, length: number): boolean {
  if (section.indexOf("transfer-encoding") >= 0) return false;
  const at = section.indexOf("content-length");
  if (at < 0) return true;
  return parseDecimal(section.value(at)) === length && section.indexOf("content-length", at + 1) < 0;
}

/** Whether a response has no body by nature, so that its Content-Length describes another (RFC 9110 §8.6). */
export function carriesNoBody(status: number, requestMethod: string | undefined): boolean {
  return status < 200 || status === 204 || status === 304 || requestMethod === "HEAD";
}

/** Whether a response carries no body whatever its fields say (RFC 9112 §6.3, rules 1 and 2). */
function hasNoBody(status: number, within: Within, requestMethod: string | undefined): boolean {
  // A status below 100, which a lenient reader lets pass, says nothing.
  const isTold = status >= 100 || requestMethod === "HEAD";
  if (isTold && carriesNoBody(status, requestMethod)) return true;
  return within === "message" && requestMethod === "CONNECT" && status >= 200 && status < 300;
}

function contentLengthOf(section: FieldSection, verdict: Verdict, offset: number): number | undefined {
  let length: number | undefined;
  for (let at = section.indexOf("content-length"); at >= 0; at = section.indexOf("content-length", at + 1)) {
    const valueOffset = offset + section.offsets[at * 4 + 2]!;
    const value = parseDecimal(section.value(at));
    if (value === undefined || (length !== undefined && value !== length)) {
      throw verdict.error("invalid-content-length", valueOffset);
    }
    if (length !== undefined) verdict.tolerate("repeated-content-length", valueOffset);
    length = value;
  }
  return length;
}

/** `1*DIGIT` of a safe integer; `undefined` for anything else. */
export function parseDecimal(text: string): number | undefined {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return text === "" ? undefined : value;
}

/** Offset of the Transfer-Encoding value, whose last and only `chunked` is the last coding; -1 if there is none. */
function transferCodingsAt(section: FieldSection, verdict: Verdict, offset: number): number {
  const first = section.indexOf("transfer-encoding");
  if (first < 0) return -1;
  const valueOffset = offset + section.offsets[first * 4 + 2]!;
  const values: string[] = [];
  for (let at = first; at >= 0; at = section.indexOf("transfer-encoding", at + 1))
    values.push(section.value(at));
  if (!endInChunked(values)) throw verdict.error("invalid-transfer-encoding", valueOffset);
  return valueOffset;
}

/**
 * Whether the last transfer coding of these field values, and only the last, is chunked
 * (RFC 9112 §6.1). White space around a coding is left out, an empty coding is one.
 */
export function endInChunked(values: readonly string[]): boolean {
  const codings = values.flatMap((value) => value.split(","));
  const chunkedAt = codings.findIndex((coding) => lowerCase(trimWhiteSpace(coding)) === "chunked");
  return chunkedAt >= 0 && chunkedAt === codings.length - 1;
}
