import { LF } from "../octets/ascii.ts";
import { layoutOf } from "./layout.ts";
import type { Region } from "./layout.ts";

/** Lengths in octets that a reader does not tell, by the paths of parts; the outermost body has the path `""`. */
export interface Measures {
  /** Bodies of parts, as they were sent. */
  readonly bodies: ReadonlyMap<string, number>;
  readonly epilogues: ReadonlyMap<string, number>;
}

export const unmeasured: Measures = { bodies: new Map(), epilogues: new Map() };

/** Measures a multipart body, unless it is broken. */
export function measure(octets: Uint8Array, boundary: string): Measures {
  let regions: Region[];
  try {
    regions = layoutOf(octets, boundary);
  } catch {
    return unmeasured;
  }
  const starts = new Map<string, number>();
  const bodies = new Map<string, number>();
  const epilogues = new Map<string, number>();
  for (const { path, what, start, end } of regions) {
    if (what === "header section") starts.set(path, end);
    if (what === "epilogue") epilogues.set(path, epilogueLength(octets.subarray(start, end)));
    for (let outer = path; starts.has(outer); outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")))) {
      bodies.set(outer, end - starts.get(outer)!);
    }
  }
  return { bodies, epilogues };
}

/** Without what is left of the close-delimiter's line. */
function epilogueLength(octets: Uint8Array): number {
  const lineFeed = octets.indexOf(LF);
  return lineFeed < 0 ? 0 : octets.length - lineFeed - 1;
}
