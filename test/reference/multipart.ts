import { type Finding, findError, Findings, type Tolerance } from "./findings.ts";
import { type Field, HeaderSection, type Line, lineAt, refuseCrAndNul } from "./header-section.ts";
import { fromOctets, isBlank, skip, toOctets } from "./text.ts";

export interface MultipartOptions {
  boundary: string;
  tolerance: Tolerance;
  /** Default `"mime"`. */
  profile?: "mime" | "form-data";
}

export interface ReferencePart {
  fields: Field[];
  body: Uint8Array;
  /** False if the input ended, or was refused, before the delimiter that ends this part. */
  complete: boolean;
}

export interface MultipartOutcome {
  parts: ReferencePart[];
  /** Present, if only empty, once the first delimiter is recognised. */
  preamble?: Uint8Array;
  /** Present, if only empty, once the line of the close-delimiter is accepted. */
  epilogue?: Uint8Array;
  /** True once a close-delimiter is recognised, whatever follows it. */
  closed: boolean;
  error?: Finding;
  deviations: Finding[];
}

/**
 * Reads a whole multipart body (RFC 2046 §5.1.1) in the plainest way, as a specification of what
 * the streaming parser must do. It shares no code with it and knows no limits.
 */
export function referenceMultipart(octets: Uint8Array, options: MultipartOptions): MultipartOutcome {
  const reading = new Reading(fromOctets(octets), options);
  const error = findError(() => reading.read());
  return error === undefined ? reading.outcome : { ...reading.outcome, error };
}

/**
 * What a delimiter may follow and its line may end in. `"either"` holds until the end of the first
 * delimiter line decides; strict mode refuses LF there.
 */
type LineEnds = "CRLF" | "LF" | "either";

/** What stands at an offset where `--boundary` would be at the start of a line. */
type Match =
  | { kind: "data" }
  /** The input ends before it is decided. */
  | { kind: "cut" }
  /** delimiter + padding + CR, no LF; `at` is the CR's offset. */
  | { kind: "bare-cr"; at: number }
  /** delimiter + padding + line end, which begins at `end`. */
  | { kind: "line"; end: number; next: number; lineEnd: "CRLF" | "LF" }
  | { kind: "close"; next: number };

type Delimiter = Extract<Match, { kind: "line" | "close" }>;

/** A place where a delimiter may stand: `start` is the offset of the line end before it, if any. */
interface Place {
  start: number;
  at: number;
}

class Reading {
  readonly outcome: MultipartOutcome;

  readonly #input: string;
  readonly #dashBoundary: string;
  readonly #profile: "mime" | "form-data";
  readonly #findings: Findings;
  #lineEnds: LineEnds;

  constructor(input: string, { boundary, tolerance, profile = "mime" }: MultipartOptions) {
    this.#input = input;
    this.#dashBoundary = `--${boundary}`;
    this.#profile = profile;
    this.#findings = new Findings(tolerance);
    this.#lineEnds = "either";
    this.outcome = { parts: [], closed: false, deviations: this.#findings.deviations };
  }

  /** multipart-body = [preamble CRLF] delimiter-line *(body-part delimiter-line) close-delimiter … */
  read(): void {
    let next = this.#preamble();
    while (next !== undefined) next = this.#bodyPart(next);
  }

  /** Returns the offset after the first delimiter line, undefined after a close-delimiter. */
  #preamble(): number | undefined {
    const { start, at, match } = this.#findDelimiter(0);
    const delimiter = this.#recognise(match);

    this.outcome.preamble = toOctets(this.#input.slice(0, start));
    if (this.#profile === "form-data" && start > 0) this.#findings.tolerate("preamble-in-form-data", 0);

    const followsBareLf = start < at && this.#input[start] === "\n";
    if (followsBareLf) this.#findings.tolerate("bare-lf", start);
    if (this.#lineEnds === "either" && delimiter.kind === "close")
      this.#lineEnds = followsBareLf ? "LF" : "CRLF";
    return this.#afterDelimiter(delimiter);
  }

  /** body-part = header-section empty-line body; returns as {@link Reading.#preamble} does. */
  #bodyPart(from: number): number | undefined {
    const head = this.#headerSection(from);
    const { fields, begun } = head.section;
    if ("delimiter" in head) {
      if (begun) this.outcome.parts.push({ fields, body: new Uint8Array(), complete: true });
      return this.#afterDelimiter(head.delimiter);
    }

    const { start, at, match } = this.#findDelimiter(head.bodyAt);
    const part: ReferencePart = {
      fields,
      body: toOctets(this.#input.slice(head.bodyAt, start)),
      complete: false,
    };
    this.outcome.parts.push(part);
    const delimiter = this.#recognise(match);
    part.complete = true;

    const followsCrlf = start < at && this.#input[start] === "\r";
    if (this.#lineEnds === "LF" && followsCrlf) this.#findings.tolerate("mixed-line-ends", start);
    return this.#afterDelimiter(delimiter);
  }

  /** Reads lines to the empty line, or to a delimiter that stands in its place. */
  #headerSection(from: number): { section: HeaderSection } & ({ bodyAt: number } | { delimiter: Delimiter }) {
    const section = new HeaderSection(this.#findings, this.#profile === "form-data" ? "deviation" : "legal");
    let at = from;
    for (;;) {
      const match = this.#match(at);
      // Only a close-delimiter is judged before its line is complete.
      if (match.kind === "close") return this.#endEarly(section, at, match);
      const line = this.#headerLine(at);
      if (match.kind === "line") return this.#endEarly(section, at, match);
      if (line.text !== "") section.read(line);
      if (this.#lineEnds === "LF" && line.lineEnd === "CRLF")
        this.#findings.tolerate("mixed-line-ends", line.end);
      at = line.next;
      if (line.text === "") return { section, bodyAt: at };
    }
  }

  #endEarly(
    section: HeaderSection,
    at: number,
    delimiter: Delimiter,
  ): { section: HeaderSection; delimiter: Delimiter } {
    this.#findings.tolerate(section.begun ? "unterminated-header-section" : "repeated-delimiter", at);
    return { section, delimiter };
  }

  /** A complete line without any of the codes that both modes refuse. */
  #headerLine(at: number): Line {
    const line = lineAt(this.#input, at);
    if (line === undefined) return this.#findings.refuse("unexpected-end", this.#input.length);
    refuseCrAndNul(line, this.#findings);
    if (this.#lineEnds === "CRLF" && line.lineEnd === "LF") this.#findings.refuse("bare-lf", line.end);
    return line;
  }

  /**
   * The first place from `from` on that is not data. Its `start` ends what is certainly body: if
   * the input is cut off, all that could still become a delimiter is behind it.
   */
  #findDelimiter(from: number): Place & { match: Match } {
    for (const place of this.#places(from)) {
      const match = this.#match(place.at);
      if (match.kind !== "data") return { ...place, match };
    }
    const end = this.#input.length;
    const start = end > from && this.#input[end - 1] === "\r" ? end - 1 : end;
    return { start, at: end, match: { kind: "cut" } };
  }

  /** `from` itself, where a line end has just been seen, then after each line end. */
  *#places(from: number): Generator<Place> {
    yield { start: from, at: from };
    for (let lf = this.#input.indexOf("\n", from); lf !== -1; lf = this.#input.indexOf("\n", lf + 1)) {
      const followsCr = lf > from && this.#input[lf - 1] === "\r";
      if (followsCr) yield { start: lf - 1, at: lf + 1 };
      else if (this.#lineEnds !== "CRLF") yield { start: lf, at: lf + 1 };
    }
  }

  #match(at: number): Match {
    const rest = this.#input.slice(at, at + this.#dashBoundary.length);
    if (rest !== this.#dashBoundary) {
      const isCut = at + rest.length === this.#input.length && this.#dashBoundary.startsWith(rest);
      return { kind: isCut ? "cut" : "data" };
    }

    const after = at + this.#dashBoundary.length;
    if (this.#input.startsWith("--", after)) return { kind: "close", next: after + 2 };
    if (this.#input.slice(after) === "-") return { kind: "cut" };

    const end = skip(this.#input, after, isBlank);
    switch (this.#input.slice(end, end + 2)) {
      case "":
      case "\r":
        return { kind: "cut" };
      case "\r\n":
        return { kind: "line", end, next: end + 2, lineEnd: "CRLF" };
    }
    if (this.#input[end] === "\r") return { kind: "bare-cr", at: end };
    if (this.#input[end] === "\n") return { kind: "line", end, next: end + 1, lineEnd: "LF" };
    return { kind: "data" };
  }

  /** The refused codes of a delimiter come before anything else about it. */
  #recognise(match: Match): Delimiter {
    if (match.kind === "bare-cr") return this.#findings.refuse("bare-cr", match.at);
    if (match.kind === "line" && match.lineEnd === "LF" && this.#lineEnds === "CRLF") {
      this.#findings.refuse("bare-lf", match.end);
    }
    if (match.kind === "line" || match.kind === "close") return match;
    return this.#findings.refuse("unexpected-end", this.#input.length);
  }

  /** Judges the end of a delimiter line, or the rest of a close-delimiter's. */
  #afterDelimiter(delimiter: Delimiter): number | undefined {
    if (delimiter.kind === "close") {
      this.outcome.closed = true;
      this.#epilogue(delimiter.next);
      return undefined;
    }
    const { end, next, lineEnd } = delimiter;
    if (lineEnd === "LF") this.#findings.tolerate("bare-lf", end);
    if (lineEnd === "CRLF" && this.#lineEnds === "LF") this.#findings.tolerate("mixed-line-ends", end);
    if (this.#lineEnds === "either") this.#lineEnds = lineEnd;
    return next;
  }

  /** `from` follows the close-delimiter. */
  #epilogue(from: number): void {
    const input = this.#input;
    const end = skip(input, from, isBlank);
    const lf = input.indexOf("\n", end);
    const next = lf === -1 ? input.length : lf + 1;

    const isLegal = end === input.length || input.startsWith("\r\n", end);
    if (!isLegal && lf !== end) this.#findings.tolerate("text-after-close-delimiter", end);
    if (!isLegal && lf === end && this.#lineEnds === "CRLF") this.#findings.tolerate("bare-lf", end);
    if (lf === end + 1 && isLegal && this.#lineEnds === "LF") this.#findings.tolerate("mixed-line-ends", end);
    this.outcome.epilogue = toOctets(input.slice(next));
  }
}
