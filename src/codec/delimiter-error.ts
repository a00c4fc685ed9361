import type { Verdict } from "../deviation.ts";
import type { Limits } from "../limits.ts";
import { Found } from "./delimiter-scanner.ts";

/** What is wrong with the delimiter line that a scanner has `found`, its `next` being at `offset`. */
export function delimiterError(
  found: Found,
  verdict: Verdict,
  { maxPaddingBytes }: Readonly<Limits>,
  offset: number,
): Error {
  if (found === Found.BARE_CR) return verdict.error("bare-cr", offset - 1);
  if (found === Found.BARE_LF) return verdict.error("bare-lf", offset);
  return verdict.exceeded("maxPaddingBytes", maxPaddingBytes, offset);
}
