import { isBoundary } from "../grammar/boundary.ts";
import { CR, HTAB, LF, SP } from "../octets/ascii.ts";
import { isomorphicDecode, toIsomorphic, toText } from "../octets/text.ts";

/** What a file holds: a whole HTTP message, or a multipart body alone, whose first delimiter tells the boundary. */
export type Form = { is: "message" } | { is: "body"; boundary: string };

/** `undefined` if the octets are neither. */
export function formOf(octets: Uint8Array): Form | undefined {
  let isFirst = true;
  for (const line of linesOf(octets)) {
    if (isFirst && line !== "") {
      if (isStartLine(line)) return { is: "message" };
      isFirst = false;
    }
    if (!line.startsWith("--")) continue;
    const dashBoundary = withoutPadding(line);
    const boundary = toText(dashBoundary.slice(2));
    if (isBoundary(boundary, "lenient")) return { is: "body", boundary: openBoundary(octets, boundary) };
  }
  return undefined;
}

/** Whether a byte order mark stands before the first delimiter, which then is part of the preamble. */
export function hidesDelimiter(octets: Uint8Array): boolean {
  return isomorphicDecode(octets, 0, 5) === "\xef\xbb\xbf--";
}

function isStartLine(line: string): boolean {
  if (line.startsWith("HTTP/")) return true;
  const version = line.slice(line.lastIndexOf(" ") + 1);
  return version.startsWith("HTTP/") && !line.startsWith(" ");
}

/** A body without parts is a close-delimiter alone: then the last two dashes are no part of the boundary. */
function openBoundary(octets: Uint8Array, boundary: string): string {
  const open = boundary.slice(0, -2);
  if (!boundary.endsWith("--") || !isBoundary(open, "lenient")) return boundary;
  const close = `--${toIsomorphic(boundary)}--`;
  for (const line of linesOf(octets)) if (line.startsWith(close)) return boundary;
  return open;
}

function withoutPadding(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === SP || line.charCodeAt(end - 1) === HTAB)) end--;
  return line.slice(0, end);
}

/** Isomorphic lines without their line ends, CRLF or LF. */
function* linesOf(octets: Uint8Array): Generator<string> {
  for (let start = 0; start < octets.length;) {
    const lineFeed = octets.indexOf(LF, start);
    const next = lineFeed < 0 ? octets.length : lineFeed + 1;
    let end = lineFeed < 0 ? next : lineFeed;
    if (end > start && octets[end - 1] === CR) end--;
    yield isomorphicDecode(octets, start, end);
    start = next;
  }
}

/** Octets that arrive piece by piece, as a body does over a network. */
export class Arrival {
  /** Octets that have arrived. */
  count = 0;
  readonly stream: ReadableStream<Uint8Array>;

  constructor(octets: Uint8Array, chunkSize: number) {
    this.stream = new ReadableStream(
      {
        pull: (controller) => {
          const chunk = octets.subarray(this.count, this.count + chunkSize);
          this.count += chunk.length;
          if (chunk.length === 0) controller.close();
          else controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
  }
}
