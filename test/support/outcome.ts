import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import type { HttpMessageParserOptions } from "../../src/codec/http-message-parser.ts";
import { JsonArrayParser } from "../../src/codec/json-array-parser.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import type { MultipartParserOptions } from "../../src/codec/multipart-options.ts";
import { BatchwireError } from "../../src/errors.ts";
import type { HeaderList } from "../../src/grammar/header-list.ts";
import type { HttpMessageOutcome } from "../reference/http-message.ts";
import type { JsonArrayOptions, JsonArrayOutcome } from "../reference/json-array.ts";
import type { MultipartOutcome } from "../reference/multipart.ts";
import { isomorphic } from "./transfer.ts";

/** Joins chunks. */
export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Pushes `chunks` one by one and reads every event; answers the error that ended it. */
export function drive<Event>(
  machine: { push(chunk: Uint8Array): void; end(): void; read(): Event | undefined },
  chunks: readonly Uint8Array[],
  onEvent: (event: Event) => void,
  onChunkRead: () => void = () => {},
): BatchwireError | undefined {
  const readAll = (): void => {
    for (let event = machine.read(); event !== undefined; event = machine.read()) onEvent(event);
  };
  try {
    for (const chunk of chunks) {
      machine.push(chunk);
      readAll();
      onChunkRead();
    }
    machine.end();
    readAll();
    return undefined;
  } catch (error) {
    if (error instanceof BatchwireError) return error;
    throw error;
  }
}

const fieldsOf = (headers: HeaderList): [string, string][] => [...headers];
const findingOf = ({ code, offset }: { code: string; offset: number }): { code: never; offset: number } => ({
  code: code as never,
  offset,
});

/** What the multipart parser makes of `chunks`, in the words of the reference. */
export function multipartOutcome(
  chunks: readonly Uint8Array[],
  options: MultipartParserOptions,
): MultipartOutcome {
  const deviations: MultipartOutcome["deviations"] = [];
  const parser = new MultipartParser({
    ...options,
    onDeviation: (deviation) => deviations.push(findingOf(deviation)),
  });
  const parts: { fields: [string, string][]; data: Uint8Array[]; complete: boolean }[] = [];
  let closed = false;
  const error = drive(parser, chunks, (event) => {
    if (event.type === "part") parts.push({ fields: fieldsOf(event.headers), data: [], complete: false });
    else if (event.type === "data") parts.at(-1)!.data.push(event.data.slice());
    else if (event.type === "part-end") parts.at(-1)!.complete = true;
    else if (event.type === "end") closed = true;
  });
  return {
    parts: parts.map(({ fields, data, complete }) => ({ fields, body: concat(data), complete })),
    closed,
    deviations,
    ...(error === undefined ? {} : { error: findingOf(error) }),
  };
}

/** What the HTTP message parser makes of `chunks`, in the words of the reference. */
export function httpOutcome(
  chunks: readonly Uint8Array[],
  options: HttpMessageParserOptions,
): HttpMessageOutcome {
  const deviations: HttpMessageOutcome["deviations"] = [];
  const parser = new HttpMessageParser({
    ...options,
    onDeviation: (deviation) => deviations.push(findingOf(deviation)),
  });
  const outcome: HttpMessageOutcome = { body: new Uint8Array(0), trailers: [], deviations };
  const data: Uint8Array[] = [];
  const remainder: Uint8Array[] = [];
  const error = drive(
    parser,
    chunks,
    (event) => {
      if (event.type === "head") {
        const { headers, ...line } = event.head;
        outcome.head = { ...line, fields: fieldsOf(headers) };
      } else if (event.type === "data") {
        data.push(event.data.slice());
      } else if (event.type === "trailers") {
        outcome.trailers = fieldsOf(event.headers);
      }
    },
    () => remainder.push(parser.remainder.slice()),
  );
  outcome.body = concat(data);
  if (error !== undefined) outcome.error = findingOf(error);
  else if (options.within === "message") outcome.remainder = concat(remainder);
  return outcome;
}

/** What the JSON array parser makes of `chunks`, in the words of the reference. */
export function jsonArrayOutcome(
  chunks: readonly Uint8Array[],
  { keys, tolerance }: JsonArrayOptions,
): JsonArrayOutcome {
  const outcome: JsonArrayOutcome = { read: [], closed: false, deviations: [] };
  const parser = new JsonArrayParser({
    key: keys,
    tolerance,
    onDeviation: (deviation) => outcome.deviations.push(findingOf(deviation)),
  });
  const error = drive(parser, chunks, (event) => {
    if (event.type === "element") outcome.read.push([isomorphic(event.data)]);
    else if (event.type === "member") outcome.read.push([event.name, event.text]);
    else outcome.closed = true;
  });
  if (error !== undefined) outcome.error = findingOf(error);
  return outcome;
}
