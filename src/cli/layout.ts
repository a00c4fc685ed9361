import { HttpMessageParser } from "../codec/http-message-parser.ts";
import { MultipartParser } from "../codec/multipart-parser.ts";
import { boundaryOf } from "../grammar/boundary.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import { CR, DASH, LF } from "../octets/ascii.ts";
import { isomorphicDecode, toIsomorphic } from "../octets/text.ts";

/** A stretch of a multipart body with one role. */
export interface Region {
  /** The part that it belongs to: for a delimiter the part that follows. */
  path: string;
  what: "preamble" | "delimiter" | "header section" | "head" | "body" | "close-delimiter" | "epilogue";
  start: number;
  end: number;
}

/** The regions of a multipart body, in order and without gaps, nested ones included. */
export function layoutOf(octets: Uint8Array, boundary: string): Region[] {
  return new Layout(octets).ofMultipart("", boundary, 0, octets.length);
}

class Layout {
  readonly #octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  ofMultipart(path: string, boundary: string, start: number, end: number): Region[] {
    const parser = new MultipartParser({
      boundary,
      tolerance: "lenient",
      preamble: true,
      // The reader that came before has stopped at its limit, without an error.
      limits: { maxEpilogueBytes: Infinity },
    });
    parser.push(this.#octets.subarray(start, end));
    parser.end();
    const dashBoundary = `--${toIsomorphic(boundary)}`;
    const regions: Region[] = [];
    /** End of what has a region. */
    let at = start;
    let bodyStart = start;
    let bodyEnd = start;
    let part = 0;
    let headers: HeaderList | undefined;
    const add = (what: Region["what"], regionEnd: number, of = path): void => {
      regions.push({ path: of, what, start: at, end: regionEnd });
      at = regionEnd;
    };
    const partPath = (): string => (path === "" ? String(part) : `${path}.${part}`);

    for (let event; (event = parser.read()) !== undefined;) {
      switch (event.type) {
        case "preamble":
          bodyEnd += event.data.length;
          break;
        case "part": {
          if (part++ === 0) add("preamble", this.#behindLineEnd(bodyEnd));
          headers = event.headers;
          const sectionEnd = this.#sectionEnd(at, start + parser.offset, dashBoundary);
          add("delimiter", this.#behindDelimiters(at, sectionEnd, dashBoundary), partPath());
          add("header section", sectionEnd, partPath());
          bodyStart = bodyEnd = at;
          break;
        }
        case "data":
          bodyEnd += event.data.length;
          break;
        case "part-end":
          regions.push(...this.#ofBody(partPath(), headers!, bodyStart, bodyEnd));
          at = bodyEnd;
          break;
        case "end":
          if (part === 0) add("preamble", this.#behindLineEnd(bodyEnd));
          add("close-delimiter", start + parser.offset);
      }
    }
    add("epilogue", end);
    return regions;
  }

  #ofBody(path: string, headers: HeaderList, start: number, end: number): Region[] {
    const whole: Region[] = [{ path, what: "body", start, end }];
    const contentType = headers.get("content-type") ?? "text/plain";
    const encoding = headers.get("content-transfer-encoding")?.trim().toLowerCase();
    if (encoding === "base64" || encoding === "quoted-printable") return whole;
    try {
      const { type, essence } = parseMediaType(contentType, { tolerance: "lenient" });
      if (type === "multipart") {
        return this.ofMultipart(path, boundaryOf(contentType, { tolerance: "lenient" }), start, end);
      }
      if (essence !== "application/http") return whole;
      const parser = new HttpMessageParser({ tolerance: "lenient" });
      parser.push(this.#octets.subarray(start, end));
      parser.end();
      parser.read();
      const headEnd = start + parser.offset;
      return [
        { path, what: "head", start, end: headEnd },
        { path, what: "body", start: headEnd, end },
      ];
    } catch {
      return whole;
    }
  }

  #behindLineEnd(at: number): number {
    while (this.#octets[at] === CR || this.#octets[at] === LF) at++;
    return at;
  }

  /** End of the delimiter line at `start`; a lenient reader takes several in a row for one. */
  #behindDelimiters(start: number, end: number, dashBoundary: string): number {
    let at = this.#behindLineEnd(start);
    while (at < end && this.#startsWith(dashBoundary, at)) {
      const lineFeed = this.#octets.indexOf(LF, at);
      at = lineFeed < 0 || lineFeed >= end ? end : lineFeed + 1;
    }
    return at;
  }

  /** Without the delimiter that ended the section in place of an empty line, if one did. */
  #sectionEnd(start: number, end: number, dashBoundary: string): number {
    let line = end;
    while (line > start + 1 && (line === end || this.#octets[line - 1] !== LF)) line--;
    return line > this.#behindLineEnd(start) + 2 && this.#startsWith(dashBoundary, line) ? line : end;
  }

  #startsWith(dashBoundary: string, at: number): boolean {
    if (this.#octets[at] !== DASH) return false;
    return isomorphicDecode(this.#octets, at, at + dashBoundary.length) === dashBoundary;
  }
}
