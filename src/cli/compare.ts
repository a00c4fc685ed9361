import type { ErrorCode } from "../errors.ts";
import { CR, HTAB, LF, SP } from "../octets/ascii.ts";
import { isomorphicDecode } from "../octets/text.ts";
import type { Place } from "./findings.ts";
import { layoutOf } from "./layout.ts";
import type { Region } from "./layout.ts";
import type { Batch } from "./read.ts";
import { write } from "./rewrite.ts";
import type { LineEnds } from "./rewrite.ts";
import { printable } from "./terminal.ts";

/** A region that is written otherwise than it was read. */
export interface Difference extends Pick<Region, "path" | "what"> {
  reason: string;
  /** Of the first octet that differs. */
  place: Place;
  /** What stands there, quoted. */
  was: string;
  /** What is written instead, quoted. */
  now: string;
}

export type Rewriting =
  | { is: "identical"; length: number }
  | { is: "normalised"; differences: Difference[] }
  | { is: "refused"; because: string }
  | { is: "broken" };

/** Octets that are shown before the first that differs, and from it on. */
const BEFORE = 6;
const FROM = 22;

/** Writes a batch again, unless it could not be read, and compares it from the first delimiter to the close-delimiter. */
export async function writeAgain(batch: Batch | undefined): Promise<Rewriting> {
  if (batch === undefined) return { is: "broken" };
  const read = new Regions(batch.body, batch.boundary);
  let octets: Uint8Array;
  try {
    octets = await write(batch, (path) => read.lineEndsOf(path));
  } catch (error) {
    return { is: "refused", because: (error as Error).message };
  }
  const written = new Regions(octets, batch.boundary);
  const length = written.compared.length;
  return read.compared === written.compared
    ? { is: "identical", length }
    : { is: "normalised", differences: differencesOf(batch, read, written) };
}

/** A multipart body by its regions. */
class Regions {
  /** From the first delimiter to the close-delimiter. */
  readonly all: readonly Region[];
  /** The text of these, isomorphic. */
  readonly compared: string;
  readonly #text: string;
  readonly #byKey = new Map<string, Region>();

  constructor(octets: Uint8Array, boundary: string) {
    this.#text = isomorphicDecode(octets);
    const regions = layoutOf(octets, boundary);
    this.all = regions.slice(1, -1);
    this.compared = this.#text.slice(regions[0]!.end, regions.at(-1)!.start);
    for (const region of regions) this.#byKey.set(`${region.what} ${region.path}`, region);
  }

  has(path: string, what: Region["what"]): boolean {
    return this.#byKey.has(`${what} ${path}`);
  }

  textOf(path: string, what: Region["what"]): string {
    const region = this.#byKey.get(`${what} ${path}`);
    return region === undefined ? "" : this.#text.slice(region.start, region.end);
  }

  /** Those of a body without regions of its own, for it was transfer-encoded, are the usual ones. */
  lineEndsOf(path: string): LineEnds {
    return {
      leading: this.textOf(path, "preamble") === "\r\n",
      trailing: !this.has(path, "epilogue") || this.textOf(path, "epilogue").includes("\n"),
    };
  }
}

function differencesOf(batch: Batch, read: Regions, written: Regions): Difference[] {
  const differences: Difference[] = [];
  for (const region of read.all) {
    const { path, what, start } = region;
    const was = read.textOf(path, what);
    const now = written.textOf(path, what);
    if (was === now) continue;
    let at = 0;
    while (was[at] === now[at]) at++;
    const place = batch.findings.placeOf({ offset: start + at, offsetBase: "input" });
    const reason = reasonFor(batch, region, was, now) || defaultReason(what, read.has(path, "head"));
    differences.push({ path, what, reason, place, was: excerpt(was, at), now: excerpt(now, at) });
  }
  return differences;
}

/** Why a region is not written as it was read, as far as that is known; there is no lenient writer. */
function reasonFor({ findings }: Batch, region: Region, was: string, now: string): string {
  const { path, what, start, end } = region;
  const tolerated = new Set<ErrorCode>();
  for (const { code, offset, path: found } of findings.all) {
    const isHere = offset !== undefined && offset >= start && offset < end;
    // These are known only at the end of a region, or of the message.
    const isOf = found === path && lateCodes[what]?.includes(code) === true;
    if ((isHere && !allLateCodes.includes(code)) || isOf) tolerated.add(code);
  }
  // Where the framing uses LF, not every LF is a deviation of its own.
  if (withCrLf(was) === now) tolerated.add("bare-lf");
  const reasons = tolerated.size === 0 ? [] : [`${[...tolerated].join(", ")} (lenient)`];
  switch (what) {
    case "delimiter":
    case "close-delimiter":
      if (now.startsWith("\r\n") && was.startsWith("-")) {
        reasons.push("the empty part before it shared its line end");
      }
      if (isPadded(was)) reasons.push("transport padding left out");
  }
  return reasons.join(", ");
}

const lateCodes: Partial<Record<Region["what"], readonly ErrorCode[]>> = {
  "header section": ["unterminated-header-section"],
  "head": ["unterminated-head", "content-length-mismatch"],
  "body": ["content-length-mismatch"],
};
const allLateCodes = Object.values(lateCodes).flat();

function defaultReason(what: Region["what"], isMessage: boolean): string {
  switch (what) {
    case "preamble":
    case "epilogue":
      return "left out";
    case "body":
      return isMessage ? "chunks put together" : "transfer encoding laid out anew";
    default:
      return "written anew";
  }
}

function withCrLf(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n");
}

/** Whether white space stands before the line end. */
function isPadded(line: string): boolean {
  let end = line.length;
  while (line.charCodeAt(end - 1) === CR || line.charCodeAt(end - 1) === LF) end--;
  const last = line.charCodeAt(end - 1);
  return last === SP || last === HTAB;
}

function excerpt(text: string, at: number): string {
  const start = Math.max(0, at - BEFORE);
  const end = Math.min(text.length, at + FROM);
  const shown = printable(text.slice(start, end));
  return `"${start > 0 ? "..." : ""}${shown}${end < text.length ? "..." : ""}"`;
}
