import type { Verdict } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { utf8Decode } from "../octets/text.ts";

/** The text and the value of octets that are one JSON text (RFC 8259), and begin at `offset`. */
export function readJson(
  octets: Uint8Array,
  offset: number,
  verdict: Verdict,
): [text: string, value: unknown] {
  const text = utf8Decode(octets);
  if (text === undefined) throw verdict.error("invalid-json", offset, "Body is not UTF-8");
  try {
    return [text, JSON.parse(text)];
  } catch (cause) {
    throw new BatchwireError("invalid-json", verdict.position(offset), { cause });
  }
}
