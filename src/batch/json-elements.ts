import { BatchwireError } from "../errors.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { NO_OCTETS } from "../octets/ascii.ts";
import { utf8Encode } from "../octets/text.ts";
import { Body } from "../stream/body.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import { openBody } from "../stream/outgoing-body.ts";
import type { OutgoingBody } from "../stream/outgoing-body.ts";
import type { HttpMessageInit } from "../stream/http-writer.ts";
import { GatheredOctets } from "../stream/gathered-octets.ts";
import type { Dialect, JsonEnvelope } from "./dialect.ts";
import { bodyForm, bodyText } from "./json-body.ts";
import type { ExpressedOperation, Operation } from "./operation.ts";

/** Fields that say nothing that the envelope does not say. */
const SAID_BY_THE_ENVELOPE: ReadonlySet<string> = /* @__PURE__ */ new Set(["host", "content-length"]);

/**
 * The JSON text of an operation: at once, unless its body is a stream, which is gathered first;
 * `onOpen` is given what it is pulled from.
 */
export function elementText(
  operation: Operation,
  dialect: Dialect,
  envelope: JsonEnvelope,
  onOpen?: (source: ChunkSource) => void,
): string | Promise<string> {
  const octets = octetsOf(operation.message, onOpen);
  if (octets instanceof Promise)
    return octets.then((gathered) => textOf(operation, gathered, dialect, envelope));
  return textOf(operation, octets, dialect, envelope);
}

function textOf(
  operation: ExpressedOperation,
  octets: Uint8Array,
  dialect: Dialect,
  envelope: JsonEnvelope,
): string {
  const { message, dependsOn = [], condition } = operation;
  const { request, response } = envelope.members;
  const names = message.kind === "request" ? request : response;
  const members: string[] = [];
  const add = (name: string | undefined, value: unknown): void => {
    if (name !== undefined && value !== undefined)
      members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  };
  add(names.id, operation.id);
  if (message.kind === "response") {
    add(response.status, message.status);
  } else {
    add(request.method, message.method);
    add(request.target, message.target);
    if (dependsOn.length > 0) {
      if (request.dependsOn === undefined) throw inexpressible(dialect, "dependencies");
      add(request.dependsOn, dependsOn);
    }
    if (condition !== undefined && request.condition === undefined)
      throw inexpressible(dialect, "conditions");
    add(request.condition, condition);
  }
  if (operation.group !== undefined && names.group === undefined)
    throw inexpressible(dialect, "atomic groups");
  add(names.group, operation.group);

  const headers = message.headers instanceof HeaderList ? message.headers : new HeaderList(message.headers);
  const fields = fieldsOf(headers, envelope, octets.length > 0);
  if (names.headers !== undefined && fields.size > 0) {
    members.push(`${JSON.stringify(names.headers)}:${fieldsText(fields)}`);
  } else if (fields.size > 0 && message.kind === "request") {
    throw inexpressible(dialect, `the field ${[...fields.keys()][0]}`);
  }

  if (octets.length === 0) {
    if (envelope.bodyRequired === true && message.kind === "request") add(names.body, {});
  } else {
    const text =
      names.body === undefined ? undefined : (operation.bodyText ?? bodyText(envelope, octets, headers));
    if (text === undefined) throw inexpressible(dialect, "the body, which is no JSON");
    members.push(`${JSON.stringify(names.body)}:${text}`);
  }
  return `{${members.join(",")}}`;
}

/** The values of fields by name, as it was written first. */
function fieldsOf(headers: HeaderList, envelope: JsonEnvelope, hasBody: boolean): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  const spellings = new Map<string, string>();
  const isSaid = envelope.body === "value" && (!hasBody || bodyForm(headers) === "json");
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (SAID_BY_THE_ENVELOPE.has(key) || (key === "content-type" && isSaid)) continue;
    const spelling = envelope.lowerCaseFields === true ? key : (spellings.get(key) ?? name);
    spellings.set(key, spelling);
    const values = fields.get(spelling);
    if (values === undefined) fields.set(spelling, [value]);
    else values.push(value);
  }
  return fields;
}

function fieldsText(fields: ReadonlyMap<string, string[]>): string {
  const members = [...fields].map(([name, values]) => `${JSON.stringify(name)}:${valueText(name, values)}`);
  return `{${members.join(",")}}`;
}

/** Repeats are joined, for members must not repeat; but not Set-Cookie, whose commas are its own (RFC 9110 §5.3). */
function valueText(name: string, values: readonly string[]): string {
  const isList = values.length > 1 && name.toLowerCase() === "set-cookie";
  return JSON.stringify(isList ? values : values.join(", "));
}

function octetsOf(
  message: HttpMessageInit,
  onOpen: ((source: ChunkSource) => void) | undefined,
): Uint8Array | Promise<Uint8Array> {
  const body = bodyOf(message);
  if (body === null || body === undefined) return NO_OCTETS;
  if (typeof body === "string") return utf8Encode(body);
  if (body instanceof Uint8Array) return body;
  const source = openBody(body);
  onOpen?.(source);
  return gather(source);
}

export function bodyOf(message: HttpMessageInit): OutgoingBody {
  return message instanceof Body ? message : message.body;
}

async function gather(source: ChunkSource): Promise<Uint8Array> {
  const octets = new GatheredOctets();
  for (let chunk = await source.pull(); chunk !== undefined; chunk = await source.pull()) octets.add(chunk);
  return octets.take();
}

export function inexpressible(dialect: Dialect, what: string): BatchwireError {
  return new BatchwireError(
    "inexpressible-operation",
    {},
    { detail: `${dialect.name} cannot express ${what}` },
  );
}
