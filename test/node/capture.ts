/** Decodes a recorded exchange to lines that a reader can compare with the recording's notes. */
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { MultipartSerializer } from "../../src/codec/multipart-serializer.ts";
import { createTransferDecoder } from "../../src/codec/transfer-encoding.ts";
import { boundaryOf } from "../../src/grammar/boundary.ts";
import { parseContentDisposition } from "../../src/grammar/content-disposition.ts";
import type { HeaderList } from "../../src/grammar/header-list.ts";
import { parseMediaType } from "../../src/grammar/media-type.ts";
import { concat, drive } from "../support/outcome.ts";
import { asText, readCapture } from "./corpus.ts";
import { readEveryWay, readMessage, readMultipart } from "./vectors/reading.ts";
import type { MessageOutcome, MultipartOutcome } from "./vectors/reading.ts";

/** One direction of an exchange: the outer message as it stood on the wire, read as RFC 9112 has it. */
export function readWire(file: string): MessageOutcome {
  const input = readCapture(file);
  return readEveryWay({ input, generated: true }, (chunks) => readMessage(chunks, { within: "message" }));
}

export interface Decoded {
  /** An operation, a form entry or a group a line; what is in a group is indented. */
  lines: string[];
  /** Codes of all deviations, in the order in which the bodies are read, each once. */
  deviations: string[];
  /** Every multipart body, groups included. */
  bodies: { octets: Uint8Array; contentType: string }[];
}

/** Reads a body in lenient mode, in every chunking. What is not multipart is only summed up. */
export function decode(octets: Uint8Array, contentType: string): Decoded {
  const decoded: Decoded = { lines: [], deviations: [], bodies: [] };
  const essence = contentType && parseMediaType(contentType, { tolerance: "lenient" }).essence;
  if (essence.startsWith("multipart/")) decodeBody(octets, contentType, "", decoded);
  else decoded.lines.push(summary(octets, essence));
  decoded.deviations = [...new Set(decoded.deviations)];
  return decoded;
}

function decodeBody(octets: Uint8Array, contentType: string, indent: string, decoded: Decoded): void {
  decoded.bodies.push({ octets, contentType });
  const outcome = readEveryWay({ input: octets, generated: false }, (chunks) =>
    readMultipart(chunks, { tolerance: "lenient", contentType }),
  );
  note(outcome, decoded);
  if (outcome.epilogue.length > 0)
    decoded.lines.push(`${indent}epilogue ${JSON.stringify(asText(outcome.epilogue))}`);
  for (const part of outcome.parts) decodePart(part, indent, decoded);
}

function note({ error, deviations }: Pick<MultipartOutcome, "error" | "deviations">, decoded: Decoded): void {
  if (error !== undefined) throw new Error(`${error.code} at octet ${error.offset}`);
  for (const { code } of deviations) decoded.deviations.push(code);
}

function decodePart(
  { headers, body }: MultipartOutcome["parts"][number],
  indent: string,
  decoded: Decoded,
): void {
  const partType = headers.get("content-type") ?? "text/plain";
  const { type, essence } = parseMediaType(partType, { tolerance: "lenient" });
  if (type === "multipart") {
    decoded.lines.push(`${indent}group${formName(headers)}`);
    return decodeBody(body, partType, `${indent}  `, decoded);
  }
  const octets =
    createTransferDecoder(headers.get("content-transfer-encoding"), { tolerance: "lenient" })?.decode(body) ??
    body;
  if (essence !== "application/http") {
    decoded.lines.push(`${indent}${formName(headers).trim()}: ${summary(octets, essence)}`);
    return;
  }
  const message = readEveryWay({ input: octets, generated: false }, (chunks) =>
    readMessage(chunks, { tolerance: "lenient", within: "part" }),
  );
  note(message, decoded);
  decoded.lines.push(`${indent}${operation(message, headers)}`);
}

function formName(headers: HeaderList): string {
  const disposition = headers.get("content-disposition");
  if (disposition === undefined) return "";
  const { name, filename } = parseContentDisposition(disposition);
  const names = [name, filename].filter((value) => value !== undefined);
  return ` ${names.map((value) => JSON.stringify(value)).join(" ")}`;
}

/** `METHOD target` or `status reason`, Content-IDs in angle brackets as `part` or `inner`, and the body. */
function operation({ head, body, trailers }: MessageOutcome, part: HeaderList): string {
  const fields = head!.headers;
  const words = head!.kind === "request" ? [head!.method, head!.target] : [head!.status, head!.reason];
  const partId = part.get("content-id");
  const innerId = fields.get("content-id");
  if (partId !== undefined) words.push(`[part ${partId}]`);
  if (innerId !== undefined) words.push(`[inner ${innerId}]`);
  if (trailers !== undefined) words.push("[trailers]");
  const contentType = fields.get("content-type");
  const essence = contentType && parseMediaType(contentType, { tolerance: "lenient" }).essence;
  return `${words.join(" ")}${body.length === 0 ? "" : `: ${summary(body, essence ?? "")}`}`;
}

/** What a JSON object is made of, or how many octets there are of what. */
function summary(octets: Uint8Array, essence: string): string {
  if (!/[/+]json$/u.test(essence)) return `${octets.length} octets of ${essence || "no type"}`;
  const text = asText(octets);
  return text.trim() === "" ? `${octets.length} octets of white space` : members(text);
}

/** The members of a JSON object, arrays with their lengths. */
function members(json: string): string {
  const entries = Object.entries(JSON.parse(json) as Record<string, unknown>);
  return `{${entries.map(([name, value]) => (Array.isArray(value) ? `${name}[${value.length}]` : name)).join(" ")}}`;
}

/** The body as it is written again after it was read. */
export function rewrite(octets: Uint8Array, contentType: string): Uint8Array {
  const boundary = boundaryOf(contentType, { tolerance: "lenient" });
  const parser = new MultipartParser({ boundary, tolerance: "lenient" });
  const serializer = new MultipartSerializer({ boundary });
  const written: Uint8Array[] = [];
  const error = drive(parser, [octets], (event) => written.push(serializer.write(event)));
  if (error !== undefined) throw error;
  return concat(written);
}

/** One entry of the table of recordings. */
export interface Recording {
  name: string;
  request: Direction;
  response: Direction;
}

export interface Direction {
  lines: string[];
  deviations: string[];
}

export function parseTable(text: string): Recording[] {
  const parsed: Recording[] = [];
  for (const line of text.trim().split("\n")) {
    if (!line.startsWith(" ")) {
      const [name = ""] = line.split("  ");
      parsed.push({ name, request: { lines: [], deviations: [] }, response: { lines: [], deviations: [] } });
      continue;
    }
    const direction = parsed.at(-1)![line[2] === ">" ? "request" : "response"];
    if (line[3] === "!") direction.deviations.push(line.slice(5).split("  ")[0]!);
    else direction.lines.push(line.slice(4));
  }
  return parsed;
}
