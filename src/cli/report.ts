import type { HeaderList } from "../grammar/header-list.ts";
import type { HttpMessage } from "../stream/http-message.ts";
import { explain, meaningOf } from "./findings.ts";
import type { Finding, Place } from "./findings.ts";
import type { Rewriting } from "./compare.ts";
import { count, printable } from "./terminal.ts";
import type { Paint } from "./terminal.ts";

/** Places that are named of a deviation that a part has many times. */
const MAX_PLACES = 3;
/** Differences that are shown. */
const MAX_DIFFERENCES = 20;
/** Columns of a row that count octets and name the part. */
const OCTET_WIDTH = 11;
const PATH_WIDTH = 6;
/** As wide as what stands in front of a row's operation. */
const INDENT = " ".repeat(2 + OCTET_WIDTH + 2 + PATH_WIDTH);

/** Writes what is found, each line as soon as it is known. */
export class Report {
  readonly #print: (line: string) => void;
  readonly #paint: Paint;
  #operations = 0;
  #others = 0;
  #deviations = 0;
  #isMultipart = false;

  constructor(print: (line: string) => void, paint: Paint) {
    this.#print = print;
    this.#paint = paint;
  }

  /** Whether parts have been announced. */
  get hasParts(): boolean {
    return this.#isMultipart;
  }

  file(name: string, size: number, chunkSize: number): void {
    this.#print(
      `${this.#paint.bold(printable(name))}: ${count(size, "octet")}, arriving ${chunkSize} at a time`,
    );
  }

  outer(message: HttpMessage): void {
    const { kind, version } = message;
    const line = startLine(message);
    this.#print(`  ${kind === "request" ? `${line} ${version}` : `${version} ${line}`}`);
  }

  contentCoding(coding: string | undefined): void {
    if (coding === undefined || coding.trim().toLowerCase() === "identity") return;
    this.#warn("  ", `content coding ${printable(coding)} is not undone`);
  }

  multipart(essence: string, boundary: string): void {
    this.#isMultipart = true;
    this.#print(`  ${printable(essence)}, boundary ${printable(JSON.stringify(boundary))}`);
    this.#print("");
    this.#print(this.#paint.dim("  after octet  part  operation"));
  }

  notMultipart(essence: string | undefined, length: number): void {
    const type = essence === undefined ? "no Content-Type" : printable(essence);
    this.#print(`  ${type}, ${count(length, "octet")}: only multipart bodies are inspected`);
  }

  byteOrderMark(): void {
    this.#warn("  ", "a byte order mark hides the first delimiter");
  }

  /** The preamble or epilogue of the body in the part at `path`. */
  outside(what: "preamble" | "epilogue", length: number, path: string): void {
    if (length > 0) this.#print(`${indentOf(path)}${what} of ${count(length, "octet")}${inPart(path)}`);
  }

  noParts(path: string): void {
    this.#warn(indentOf(path), `no parts${inPart(path)}`);
  }

  /** A Content-Length of a part, which holds another number of octets. */
  ignoredLength(declared: string, length: number): void {
    const octets = count(length, "octet");
    this.#print(`${INDENT}part Content-Length ${printable(declared)} ignored: the part's body has ${octets}`);
  }

  /** A part that holds a message whose head has arrived with octet `arrived` of the file. */
  operation(path: string, message: HttpMessage, arrived: number): void {
    this.#operations++;
    this.#row(arrived, path, this.#paint.bold(startLine(message)));
  }

  /** A part that should hold a message. */
  unreadable(path: string, arrived: number): void {
    this.#row(arrived, path, "no HTTP message");
  }

  /** A part that holds a multipart body, such as a change set. */
  group(path: string, essence: string, boundary: string, arrived: number): void {
    this.#row(arrived, path, `${printable(essence)}, boundary ${printable(JSON.stringify(boundary))}`);
  }

  /** A part that holds anything else. */
  content(path: string, headers: HeaderList, arrived: number): void {
    this.#others++;
    this.#row(arrived, path, printable(headers.get("content-disposition") ?? "no operation"));
  }

  body(mediaType: string | undefined, length: number): void {
    const type = mediaType === undefined ? "" : `${printable(mediaType)}, `;
    this.#print(`${INDENT}${type}${length === 0 ? "no body" : `body of ${count(length, "octet")}`}`);
  }

  /** Deviations, each kind once; `path` tells of which part the report is speaking. */
  findings(findings: readonly Finding[], path = ""): void {
    const { yellow, dim } = this.#paint;
    const kinds = new Map<string, Finding[]>();
    for (const finding of findings) {
      const key = `${finding.path} ${finding.code} ${finding.place.of}`;
      const kind = kinds.get(key);
      if (kind === undefined) kinds.set(key, [finding]);
      else kind.push(finding);
    }
    for (const kind of kinds.values()) {
      const { code, path: found } = kind[0]!;
      const part = found === path ? "" : inPart(found);
      const places = placesOf(kind.map(({ place }) => place));
      this.#print(
        `${indentOf(path)}${yellow(`deviation ${code}`)} at ${places}${part}: ${dim(meaningOf(code))}`,
      );
    }
    this.#deviations += findings.length;
  }

  error({ code, path, place }: Finding, error: unknown): void {
    const label = this.#paint.red(`error ${code}`);
    this.#print(`${indentOf(path)}${label} at ${placesOf([place])}${inPart(path)}: ${explain(error)}`);
  }

  end(): void {
    const others = this.#others === 0 ? "" : ` and ${count(this.#others, "other part")}`;
    const deviations = this.#deviations === 0 ? "no deviations" : count(this.#deviations, "deviation");
    this.#print("");
    this.#print(`  ${count(this.#operations, "operation")}${others}, ${deviations}`);
  }

  rewriting(result: Rewriting): void {
    const { green, red, yellow, dim } = this.#paint;
    switch (result.is) {
      case "identical":
        this.#print(
          `  written again: ${green("identical")}, all ${count(result.length, "octet")} from the first delimiter to the close-delimiter`,
        );
        break;
      case "refused":
        this.#print(`  written again: ${red("refused")}, ${printable(result.because)}`);
        break;
      case "broken":
        this.#print(`  not written again: ${red("broken")}`);
        break;
      case "normalised":
        this.#print(
          `  written again: ${yellow("normalised")} in ${count(result.differences.length, "place")}`,
        );
        for (const { path, what, place, reason, was, now } of result.differences.slice(0, MAX_DIFFERENCES)) {
          const part = path === "" ? "" : `part ${path}, `;
          this.#print(`    ${part}${what}: ${reason}, first at ${placesOf([place])}`);
          this.#print(dim(`      ${was} became ${now}`));
        }
        if (result.differences.length > MAX_DIFFERENCES) {
          this.#print(`    and ${result.differences.length - MAX_DIFFERENCES} more`);
        }
    }
  }

  #warn(indent: string, text: string): void {
    this.#print(`${indent}${this.#paint.yellow("warning")}: ${text}`);
  }

  #row(arrived: number, path: string, text: string): void {
    const columns = `${String(arrived).padStart(OCTET_WIDTH)}  ${this.#paint.cyan(path.padEnd(PATH_WIDTH))}`;
    this.#print(`  ${columns}${text}`);
  }
}

/** What is said of a part stands under its row. */
function indentOf(path: string): string {
  return path === "" ? "  " : INDENT;
}

function inPart(path: string): string {
  return path === "" ? "" : ` in part ${path}`;
}

function placesOf(places: readonly Place[]): string {
  const { unit, of } = places[0]!;
  const shown = places.slice(0, MAX_PLACES).map(({ at }) => at);
  const more = places.length > MAX_PLACES ? ` and ${places.length - MAX_PLACES} more` : "";
  return `${unit} ${shown.join(", ")}${more}${of === "" ? "" : ` of ${of}`}`;
}

function startLine(message: HttpMessage): string {
  return printable(
    message.kind === "request"
      ? `${message.method} ${message.target}`
      : `${message.status} ${message.reason}`.trimEnd(),
  );
}
