import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import type { HttpMessageParserOptions } from "../../src/codec/http-message-parser.ts";
import { JsonArrayParser } from "../../src/codec/json-array-parser.ts";
import type { JsonArrayParserOptions } from "../../src/codec/json-array-options.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import type { MultipartParserOptions } from "../../src/codec/multipart-options.ts";
import type { Deviation } from "../../src/deviation.ts";
import type { BatchwireError, Position } from "../../src/errors.ts";
import type { HeaderList } from "../../src/grammar/header-list.ts";
import { visible, visibleText } from "./documents.ts";
import { drive } from "./outcome.ts";
import { isomorphic } from "./transfer.ts";

/**
 * What a machine made of an input, one line an event, in the order in which it told:
 *
 *     part @15                          header section, which ends before octet 15
 *       Content-Type: text/plain
 *     data @15 "text"                   content that begins at octet 15
 *     part-end @23                      behind the delimiter line
 *     end @27                           behind the close-delimiter
 *     ~bare-lf @3 part 1                a deviation
 *     !unexpected-end @13 part 1, 400   the error that ended it, its HTTP status, and its limit
 *
 * Events of content that adjoin each other are one line: how content is cut depends on the chunks.
 */
export type EventLog = string;

class Log {
  readonly lines: string[] = [];
  #end = -1;

  event(line: string, offset: number): void {
    this.lines.push(`${line} @${offset}`);
    this.#end = -1;
  }

  fields(headers: HeaderList): void {
    for (const [name, value] of headers)
      this.lines.push(`  ${visibleText(name)}: ${visibleText(value)}`.trimEnd());
  }

  /** Content that ends before `end`; a hole or an overlap begins a line of its own. */
  content(type: string, data: Uint8Array, end: number): void {
    if (data.length === 0) this.lines.push(`empty ${type}`);
    const start = end - data.length;
    const text = `${visible(isomorphic(data))}"`;
    const last = this.lines.length - 1;
    if (this.#end === start && this.lines[last]!.startsWith(`${type} `))
      this.lines[last] = this.lines[last]!.slice(0, -1) + text;
    else this.lines.push(`${type} @${start} "${text}`);
    this.#end = end;
  }

  deviation(deviation: Deviation): void {
    this.lines.push(`~${deviation.code} ${placeOf(deviation)}`);
  }

  error(error: BatchwireError): void {
    const limit = error.limit === undefined ? "" : `, ${error.limit.name} ${error.limit.value}`;
    this.lines.push(`!${error.code} ${placeOf(error)}, ${error.status}${limit}`);
  }

  toString(): string {
    return this.lines.join("\n");
  }
}

function placeOf({ offset, path }: Position): string {
  return path === "" ? `@${offset}` : `@${offset} part ${path}`;
}

/** The log of a multipart body. */
export function multipartLog(chunks: readonly Uint8Array[], options: MultipartParserOptions): EventLog {
  const log = new Log();
  const parser = new MultipartParser({ ...options, onDeviation: (deviation) => log.deviation(deviation) });
  const error = drive(parser, chunks, (event) => {
    if ("data" in event) log.content(event.type, event.data, parser.offset);
    else log.event(event.type, parser.offset);
    if (event.type === "part") log.fields(event.headers);
  });
  if (error !== undefined) log.error(error);
  return log.toString();
}

/** The log of an HTTP message: `head` with its start-line, `trailers`, and what is left over as `remainder`. */
export function httpLog(chunks: readonly Uint8Array[], options: HttpMessageParserOptions): EventLog {
  const log = new Log();
  const parser = new HttpMessageParser({ ...options, onDeviation: (deviation) => log.deviation(deviation) });
  let offset = 0;
  const error = drive(
    parser,
    chunks,
    (event) => {
      if (event.type === "data") {
        log.content("data", event.data, parser.offset);
      } else if (event.type === "head") {
        const { head } = event;
        log.event("head", parser.offset);
        log.lines.push(
          head.kind === "request"
            ? `  ${head.method} "${visibleText(head.target)}" ${head.version}`
            : `  ${head.version} ${head.status} "${visibleText(head.reason)}"`,
        );
        log.fields(head.headers);
      } else {
        log.event(event.type, parser.offset);
        if (event.type === "trailers") log.fields(event.headers);
      }
    },
    () => {
      const { remainder } = parser;
      offset = parser.offset + remainder.length;
      if (remainder.length > 0) log.content("remainder", remainder, offset);
    },
  );
  if (error !== undefined) log.error(error);
  return log.toString();
}

/**
 * The log of a JSON text with a wanted array: `element 2 @40 {"id":1}` is the second element and
 * begins at octet 40, `member count @9 2` a member whose value does.
 */
export function jsonArrayLog(chunks: readonly Uint8Array[], options: JsonArrayParserOptions): EventLog {
  const log = new Log();
  const parser = new JsonArrayParser({ ...options, onDeviation: (deviation) => log.deviation(deviation) });
  const error = drive(parser, chunks, (event) => {
    const { offset, path, valueOffset } = parser;
    if (event.type === "end") return log.event("end", offset);
    const name = event.type === "member" ? visibleText(event.name) : path;
    const text = event.type === "member" ? visibleText(event.text) : visible(isomorphic(event.data));
    log.lines.push(`${event.type} ${name} @${valueOffset} ${text}`);
    if (event.type === "element" && valueOffset + event.data.length !== offset)
      log.lines.push(`read up to ${offset}`);
  });
  if (error !== undefined) log.error(error);
  return log.toString();
}
