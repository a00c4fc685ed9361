import { CR, DASH, LF, isBlank } from "../octets/ascii.ts";
import type { SectionRules } from "./field-line-reader.ts";

/** A delimiter that stands where a field line should. */
export interface SectionDelimiter {
  isClose: boolean;
  /** Index behind `--boundary`. */
  behind: number;
  /** Index of the line end behind the padding; of a close-delimiter, its end. */
  lineEnd: number;
  /** Index from which to go on. */
  next: number;
}

/** The delimiter at `octets[start]`, which ends before `end`; `undefined` if there is none (yet). */
export function delimiterAt(
  octets: Uint8Array,
  start: number,
  end: number,
  { dashBoundary, lineFeeds }: SectionRules,
): SectionDelimiter | undefined {
  // Behind `end` lie octets of another line, so the whole comparison must end before it.
  if (dashBoundary === undefined || start + dashBoundary.length >= end) return undefined;
  for (let i = 0; i < dashBoundary.length; i++) if (octets[start + i] !== dashBoundary[i]) return undefined;
  const behind = start + dashBoundary.length;
  if (behind + 1 < end && octets[behind] === DASH && octets[behind + 1] === DASH) {
    return { isClose: true, behind, lineEnd: behind + 2, next: behind + 2 };
  }
  let lineEnd = behind;
  while (lineEnd < end && isBlank(octets[lineEnd])) lineEnd++;
  const isCrLf = octets[lineEnd] === CR && octets[lineEnd + 1] === LF;
  const lineFeed = isCrLf ? lineEnd + 1 : lineEnd;
  const isWhole = lineFeed < end && octets[lineFeed] === LF && (isCrLf || lineFeeds === "framing");
  return isWhole ? { isClose: false, behind, lineEnd, next: lineFeed + 1 } : undefined;
}
