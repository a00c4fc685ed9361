/** Brings what was read and what a vector expects into one form. */
import type { RequestHead, ResponseHead } from "../../../src/codec/http-event.ts";
import type { HeaderList } from "../../../src/grammar/header-list.ts";
import { fromBase64, isomorphic } from "../corpus.ts";
import type { ExpectedMessage, Fields } from "../corpus.ts";
import type { MessageOutcome } from "./reading.ts";

export type Relaxations = readonly string[];

/** Fields in order; `compare` may allow another folding, or names with spaces at their ends. */
export function fieldsOf(headers: HeaderList | Fields | undefined, compare: Relaxations = []): Fields {
  return [...(headers ?? [])].map(([name, value]) => [
    compare.includes("name-trim") ? name.trim() : name,
    compare.includes("fold-wsp") ? value.replaceAll(/[ \t\r\n]+/gu, " ").trim() : value,
  ]);
}

/** A body as isomorphic text; `compare` may allow line ends more or fewer at its end. */
export function bodyOf(body: Uint8Array | string, compare: Relaxations = []): string {
  const text = isomorphic(typeof body === "string" ? fromBase64(body) : body);
  return compare.includes("body-trim-newline") ? text.replace(/[\r\n]+$/u, "") : text;
}

function startLineOf(head: RequestHead | ResponseHead | undefined): Record<string, unknown> {
  const { kind: _kind, headers: _headers, ...line } = head ?? {};
  return line;
}

/** The asserted members of a message, as found and as expected. */
export function compareMessages(
  outcome: MessageOutcome,
  expected: Omit<ExpectedMessage, "kind">,
  compare: Relaxations = [],
): { found: unknown; expected: unknown } {
  const bodyCompared = expected.bodyBase64 !== undefined;
  const remainderCompared = expected.remainderBase64 !== undefined;
  return {
    found: {
      startLine: startLineOf(outcome.head),
      headers: fieldsOf(outcome.head?.headers, compare),
      trailers: fieldsOf(outcome.trailers, compare),
      body: bodyCompared && bodyOf(outcome.body, compare),
      remainder: remainderCompared && bodyOf(outcome.remainder),
    },
    expected: {
      startLine: expected.startLine,
      headers: fieldsOf(expected.headers, compare),
      trailers: fieldsOf(expected.trailers, compare),
      body: bodyCompared && bodyOf(expected.bodyBase64 ?? "", compare),
      remainder: remainderCompared && bodyOf(expected.remainderBase64 ?? ""),
    },
  };
}
