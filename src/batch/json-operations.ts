import { JsonArrayParser } from "../codec/json-array-parser.ts";
import type { JsonArrayEvent } from "../codec/json-array-event.ts";
import { carriesNoBody } from "../codec/message-framing.ts";
import { topLevel, Verdict } from "../deviation.ts";
import type { Origin } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { jsonItems, jsonMembers } from "../grammar/json-object.ts";
import type { JsonMember } from "../grammar/json-object.ts";
import { isToken } from "../grammar/token.ts";
import { SP } from "../octets/ascii.ts";
import { copyOf, utf8Decode, utf8Length } from "../octets/text.ts";
import { openSource } from "../stream/chunk-source.ts";
import type { ByteSource } from "../stream/chunk-source.ts";
import { EventReader } from "../stream/event-reader.ts";
import { Budget } from "../limits.ts";
import type { JsonEnvelope } from "./dialect.ts";
import { bodyOctets } from "./json-body.ts";
import { deleteWrongLength } from "./message-fields.ts";
import type { OperationSource, OperationSourceOptions } from "./multipart-operations.ts";
import type { OperationPlace, OperationRead } from "./operation.ts";

/** Members of an operation by name, each as its JSON text. */
type Members = Map<string, string>;

/** The operations of a JSON envelope: the elements of its array, each as soon as it has come. */
export class JsonOperations implements OperationSource {
  readonly members: Map<string, unknown> = new Map();
  origin: Readonly<Origin> = topLevel;
  readonly #envelope: JsonEnvelope;
  readonly #options: OperationSourceOptions;
  readonly #budget: Budget;
  readonly #parser: JsonArrayParser;
  readonly #events: EventReader<JsonArrayEvent>;
  #index = 0;

  constructor(source: ByteSource, envelope: JsonEnvelope, options: OperationSourceOptions) {
    const { kind, tolerance, onDeviation, limits, signal } = options;
    this.#envelope = envelope;
    this.#options = options;
    this.#budget = new Budget(limits);
    const key = envelope.key[kind];
    this.#parser = new JsonArrayParser({ key, tolerance, onDeviation, budget: this.#budget });
    this.#events = new EventReader(this.#parser, openSource(source, signal), signal);
  }

  async next(): Promise<OperationRead | undefined> {
    for (;;) {
      const event = await this.#events.read();
      if (event?.type === "element") return this.#read(event.data);
      if (event === undefined) return undefined;
      // What follows the envelope is an error, which the next read() finds.
      if (event.type === "member") this.members.set(event.name, JSON.parse(event.text));
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    if (!this.#events.failed) await this.#events.source.cancel(reason);
  }

  #read(octets: Uint8Array): OperationRead {
    const index = this.#index++;
    const { valueOffset: offset, path } = this.#parser;
    this.origin = { ...topLevel, offset, path };
    const reading = new ElementReading(this.#envelope, this.#options, this.#budget, this.origin, index);
    try {
      return reading.read(octets);
    } catch (error) {
      if (!(error instanceof BatchwireError)) throw error;
      return { ...reading.place, error };
    }
  }
}

/** The reading of one element. */
class ElementReading {
  /** What of the operation's place has been read. */
  place: OperationPlace;
  readonly #envelope: JsonEnvelope;
  readonly #options: OperationSourceOptions;
  readonly #budget: Budget;
  readonly #verdict: Verdict;
  /** Octets of what has been read in place of a head. */
  #headBytes = 0;

  constructor(
    envelope: JsonEnvelope,
    options: OperationSourceOptions,
    budget: Budget,
    origin: Readonly<Origin>,
    index: number,
  ) {
    this.#envelope = envelope;
    this.#options = options;
    this.#budget = budget;
    this.#verdict = new Verdict(options, origin);
    this.place = { index, id: undefined, group: undefined, dependsOn: [] };
  }

  read(octets: Uint8Array): OperationRead {
    const pairs = this.#pairsIn(utf8Decode(octets), "Operation is no JSON object");
    const members = membersOf(pairs);
    const { kind } = this.#options;
    const names = this.#envelope.members[kind];
    const { id, group, body: _, ...others } = names;
    this.#countHead(members, [id, group]);
    const idText = id === undefined ? undefined : (members.get(id) ?? "null");
    // First of all: whatever else is wrong, this is the operation that is answered, and the group that fails.
    if (idText !== undefined) this.place.id = idOf(idText);
    this.place.group = this.#text(members, group);
    if (idText !== undefined && !isString(idText))
      this.#verdict.tolerate("malformed-operation", 0, `"${id}" is no string`);
    this.#tolerateRepeats(pairs, members);
    this.#countHead(members, Object.values({ ...others, dependsOn: undefined }));
    const message = kind === "request" ? this.#request(members) : this.#response(members);
    return { ...this.place, message } as OperationRead;
  }

  #pairsIn(text: string | undefined, problem: string): readonly JsonMember[] {
    const { maxHeaderCount } = this.#budget.limits;
    let pairs: JsonMember[] | undefined;
    try {
      pairs = text === undefined ? undefined : jsonMembers(text, maxHeaderCount);
    } catch (cause) {
      throw new BatchwireError("invalid-json", this.#verdict.position(0), { cause });
    }
    if (pairs === undefined) throw this.#malformed(problem);
    if (pairs.length > maxHeaderCount) throw this.#verdict.exceeded("maxHeaderCount", maxHeaderCount, 0);
    return pairs;
  }

  /** Of members that are repeated the last one counts. */
  #tolerateRepeats(pairs: readonly JsonMember[], members: Members): void {
    for (let n = members.size; n < pairs.length; n++) this.#verdict.tolerate("repeated-member", 0);
  }

  /** What stands in the head of a message elsewhere has the limits of a head here, too. */
  #countHead(members: Members, names: readonly (string | undefined)[]): void {
    const { maxHeaderBytes, maxTotalHeaderBytes } = this.#budget.limits;
    let size = 0;
    for (const name of names) size += name === undefined ? 0 : utf8Length(members.get(name) ?? "");
    this.#headBytes += size;
    if (this.#headBytes > maxHeaderBytes) throw this.#verdict.exceeded("maxHeaderBytes", maxHeaderBytes, 0);
    this.#budget.headerBytes += size;
    if (this.#budget.headerBytes > maxTotalHeaderBytes)
      throw this.#verdict.exceeded("maxTotalHeaderBytes", maxTotalHeaderBytes, 0);
  }

  #request(members: Members): unknown {
    const names = this.#envelope.members.request;
    const written = this.#text(members, names.method);
    const target = this.#text(members, names.target);
    // A token is ASCII: what is not may have it for its upper case.
    if (written === undefined || !isToken(written)) throw this.#malformed(`"${names.method}" is no method`);
    const method = written.toUpperCase();
    if (target === undefined || hasControl(target)) throw this.#malformed(`"${names.target}" is no URL`);
    const dependsOn = this.#names(members, names.dependsOn);
    const condition = this.#text(members, names.condition);
    this.place = { ...this.place, dependsOn, condition };
    const headers = this.#headers(members, names.headers);
    const body = this.#body(members, names.body, headers);
    deleteWrongLength(headers, body?.length ?? 0);
    return { kind: "request", method, target, version: "HTTP/1.1", headers, body };
  }

  #response(members: Members): unknown {
    const names = this.#envelope.members.response;
    const status = this.#value(members, names.status);
    const isStatus = typeof status === "number" && Number.isInteger(status) && status >= 0 && status <= 999;
    if (!isStatus) throw this.#malformed(`"${names.status}" is no status code`);
    if (status < 100) this.#verdict.tolerate("status-below-100", 0);
    const headers = this.#headers(members, names.headers);
    const body = this.#body(members, names.body, headers);
    const isBodiless = carriesNoBody(status, this.#options.requestMethod?.(this.place));
    if (body !== null || !isBodiless) deleteWrongLength(headers, body?.length ?? 0);
    return { kind: "response", status, reason: "", version: "HTTP/1.1", headers, body };
  }

  #headers(members: Members, name: string | undefined): HeaderList {
    const headers = new HeaderList();
    const text = name === undefined ? undefined : members.get(name);
    if (text === undefined || text === "null") return headers;
    const pairs = this.#pairsIn(text, `"${name}" is no object`);
    const fields = membersOf(pairs);
    this.#tolerateRepeats(pairs, fields);
    for (const [field, value] of fields) {
      if (headers.has(field)) {
        // Another in another case: the last one counts, as of members that are the same.
        this.#verdict.tolerate("repeated-member", 0);
        headers.delete(field);
      }
      const contents = this.#fieldValues(field, value);
      try {
        for (const content of contents) headers.append(field, content);
      } catch {
        throw this.#malformed(`Field "${field}" is not allowed in HTTP`);
      }
      const { maxHeaderCount } = this.#budget.limits;
      if (headers.size > maxHeaderCount) throw this.#verdict.exceeded("maxHeaderCount", maxHeaderCount, 0);
    }
    return headers;
  }

  /**
   * The values of a field. Set-Cookie may be an array of strings, for its values cannot be joined
   * (RFC 9110 §5.3). Deviations that lenient mode lets pass: such an array of another field, and `null`, which is none.
   */
  #fieldValues(field: string, text: string): readonly string[] {
    if (isString(text)) return [JSON.parse(text) as string];
    const isNull = text === "null";
    // As it is written: a number may have more digits than a double.
    if (!isNull && !text.startsWith("[") && !text.startsWith("{")) return [copyOf(text)];
    const values: unknown = isNull ? [] : JSON.parse(text);
    const problem = `Field "${field}" is no string`;
    const areStrings = Array.isArray(values) && values.every((value) => typeof value === "string");
    if (!areStrings) throw this.#malformed(problem);
    if (isNull || field.toLowerCase() !== "set-cookie")
      this.#verdict.tolerate("malformed-operation", 0, problem);
    return values;
  }

  #body(members: Members, name: string | undefined, headers: HeaderList): Uint8Array<ArrayBuffer> | null {
    const text = name === undefined ? undefined : members.get(name);
    // In JSON nothing is framed: no coding is applied, and of several lengths none can be told to be right.
    headers.delete("transfer-encoding");
    if (headers.getAll("content-length").length > 1) headers.delete("content-length");
    if (text === undefined || text === "null") return null;
    const octets = bodyOctets(this.#envelope, text, headers);
    if (octets === undefined) throw this.#malformed(`"${name}" is no base64`);
    const { maxPartBytes } = this.#budget.limits;
    if (octets.length > maxPartBytes) throw this.#verdict.exceeded("maxPartBytes", maxPartBytes, 0);
    if (!headers.has("content-type")) headers.append("Content-Type", "application/json");
    return octets;
  }

  #names(members: Members, name: string | undefined): readonly string[] {
    const text = name === undefined ? undefined : members.get(name);
    if (text === undefined || text === "null") return [];
    const { maxParts } = this.#budget.limits;
    const problem = `"${name}" is no array of strings`;
    const items = jsonItems(text, maxParts);
    if (items === undefined) throw this.#malformed(problem);
    if (items.length > maxParts) throw this.#verdict.exceeded("maxParts", maxParts, 0);
    return items.map((item) => {
      const id = idOf(item);
      if (id === undefined) throw this.#malformed(problem);
      if (!isString(item)) this.#verdict.tolerate("malformed-operation", 0, problem);
      return id;
    });
  }

  #text(members: Members, name: string | undefined): string | undefined {
    const value = this.#value(members, name);
    if (value === undefined || value === null) return undefined;
    if (typeof value !== "string") throw this.#malformed(`"${name}" is no string`);
    return value;
  }

  #value(members: Members, name: string | undefined): unknown {
    const text = name === undefined ? undefined : members.get(name);
    return text === undefined ? undefined : JSON.parse(text);
  }

  #malformed(detail: string): BatchwireError {
    return this.#verdict.error("malformed-operation", 0, detail);
  }
}

function membersOf(pairs: readonly JsonMember[]): Members {
  return new Map(pairs.map(({ name, text }) => [name, text]));
}

function isString(json: string): boolean {
  return json.startsWith('"');
}

/** OData requires a string; a number says the same, as it is written: two of them may be one double. */
function idOf(json: string): string | undefined {
  const id: unknown = JSON.parse(json);
  if (typeof id === "number") return copyOf(json);
  return typeof id === "string" ? id : undefined;
}

/** URL parsing drops line ends and tabs, without a word: another URL than was written. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < SP) return true;
  return false;
}
