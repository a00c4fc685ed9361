import type { RequestHead, ResponseHead } from "../codec/http-event.ts";
import { HttpMessageParser } from "../codec/http-message-parser.ts";
import { topLevel } from "../deviation.ts";
import type { Origin, ToleranceOptions } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { Limits } from "../limits.ts";
import { NO_OCTETS } from "../octets/ascii.ts";
import { GatheredView } from "../octets/gathered-view.ts";
import type { BodyPart } from "../stream/body-part.ts";
import type { ByteSource } from "../stream/chunk-source.ts";
import { readMessageFrom } from "../stream/http-message.ts";
import { MultipartReader } from "../stream/multipart-reader.ts";
import { idField, idIn } from "./content-id.ts";
import type { MultipartEnvelope } from "./dialect.ts";
import { HeldBody, holdBody, ResumedSource } from "./held-body.ts";
import { deleteWrongLength } from "./message-fields.ts";
import type { OperationKind, OperationPlace, OperationRead, RequestRead, ResponseRead } from "./operation.ts";

/** Where operations come from, whatever the envelope. */
export interface OperationSource {
  /** The next operation; `undefined` behind the last one. */
  next(): Promise<OperationRead | undefined>;
  /** Members of the envelope beside the operations, as far as they have been read. */
  readonly members: ReadonlyMap<string, unknown>;
  /** Where the operation read last lies. */
  readonly origin: Readonly<Origin>;
  cancel(reason?: unknown): Promise<void>;
}

/** How the operations of an envelope are read, whatever its format. */
export interface OperationSourceOptions extends ToleranceOptions {
  kind: OperationKind;
  contentType?: string | undefined;
  limits: Readonly<Limits>;
  signal?: AbortSignal | undefined;
  requestMethod?: ((place: OperationPlace) => string | undefined) | undefined;
  onGroupEnd?: (() => void) | undefined;
}

const NO_MEMBERS: ReadonlyMap<string, unknown> = new Map();
const NO_NAMES: readonly string[] = /* @__PURE__ */ Object.freeze([]);

/** The operations of a multipart envelope: its parts, and those of the change sets in it. */
export class MultipartOperations implements OperationSource {
  readonly members: ReadonlyMap<string, unknown> = NO_MEMBERS;
  readonly #envelope: MultipartEnvelope;
  readonly #options: OperationSourceOptions;
  origin: Readonly<Origin> = topLevel;
  readonly #batch: MultipartReader;
  #changeSet: MultipartReader | undefined;
  #changeSets = 0;
  /** The part of the last change set, as long as no operation of it has come. */
  #emptySet: BodyPart | undefined;
  #index = 0;
  #parser: HttpMessageParser | undefined;
  /** The last Content-Type of a part that was `application/http`. */
  #httpType: string | undefined;
  /** The body that must be read before anything behind it can be. */
  #held: HeldBody | undefined;

  constructor(source: ByteSource, envelope: MultipartEnvelope, options: OperationSourceOptions) {
    const { tolerance, onDeviation, contentType, limits, signal } = options;
    this.#envelope = envelope;
    this.#options = options;
    this.#batch = new MultipartReader(source, { tolerance, onDeviation, contentType, limits, signal });
  }

  async next(): Promise<OperationRead | undefined> {
    if (this.#held !== undefined) await this.#held.released;
    this.#held = undefined;
    for (;;) {
      const { done, value: part } = await (this.#changeSet ?? this.#batch).next();
      if (done === true) {
        if (this.#changeSet === undefined) return undefined;
        const unanswered = this.#options.kind === "response" ? this.#unanswered() : undefined;
        this.#changeSet = undefined;
        this.#options.onGroupEnd?.();
        if (unanswered !== undefined) return unanswered;
      } else if (this.#isChangeSet(part)) {
        this.#changeSet = new MultipartReader(part);
        this.#changeSets++;
        this.#emptySet = part;
      } else {
        return this.#read(part);
      }
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#held?.cancel(reason);
    await this.#batch.return();
  }

  /** The operation of a part: at once if it is at hand. */
  #read(part: BodyPart): OperationRead | Promise<OperationRead> {
    const { contentId } = this.#envelope;
    const place = this.#place(
      contentId === undefined ? undefined : idIn(contentId, this.#options.kind, part.headers),
    );
    this.#emptySet = undefined;
    try {
      this.origin = part.origin;
      if (!this.#isHttp(part)) throw notHttp(part);
      part.claim();
      const start = part.pullAtHand();
      const rest = start instanceof Uint8Array ? part.pullAtHand() : start;
      const { maxBufferedBytes } = part.context.budget.limits;
      if (rest === undefined && (start?.length ?? 0) <= maxBufferedBytes)
        return this.#operation(place, this.#parse(start ?? NO_OCTETS, part, place));
      return this.#readOn([start, rest], part, place).then(
        (message) => this.#operation(place, message),
        (error: unknown) => malformed(place, part, error),
      );
    } catch (error) {
      return malformed(place, part, error);
    }
  }

  #place(id: string | undefined): OperationPlace {
    const group = this.#changeSet === undefined ? undefined : `changeset ${this.#changeSets}`;
    return { index: this.#index++, id, group, dependsOn: NO_NAMES };
  }

  /** What stands for an answered change set without operations: skipped, it would move all behind it by a place. */
  #unanswered(): OperationRead | undefined {
    if (this.#emptySet === undefined) return undefined;
    const detail = "Change set of the answer is empty";
    const error = new BatchwireError("operation-unanswered", this.#emptySet.origin, { detail });
    return { ...this.#place(undefined), error };
  }

  #operation({ index, id, group, dependsOn }: OperationPlace, message: MessageRead): OperationRead {
    return { index, id: id ?? this.#takeId(message.headers), group, dependsOn, message } as OperationRead;
  }

  /**
   * A message that is at hand as a whole, as those of small operations are: one parser for all of
   * them, and no stream, takes a third of the time.
   */
  #parse(octets: Uint8Array, { context, origin }: BodyPart, place: OperationPlace): MessageRead {
    const { kind, requestMethod } = this.#options;
    const { tolerance, onDeviation, budget } = context;
    this.#parser ??= new HttpMessageParser({ kind, tolerance, onDeviation, budget });
    const parser = this.#parser;
    parser.reset({ origin, requestMethod: requestMethod?.(place) });
    parser.push(octets);
    parser.end();
    const first = parser.read();
    if (first?.type !== "head") throw new BatchwireError("unexpected-end", origin);
    assertChunkedAlone(first.head.headers, origin);
    const body = new GatheredView();
    for (let event = parser.read(); event !== undefined; event = parser.read()) {
      if (event.type === "data") body.add(event.data);
    }
    const gathered = body.take();
    return messageRead(first.head, gathered.length === 0 ? null : new Uint8Array(gathered));
  }

  /** A message of which these octets have been pulled, and the rest comes. */
  async #readOn(
    pulled: readonly (Uint8Array | null | undefined)[],
    part: BodyPart,
    place: OperationPlace,
  ): Promise<MessageRead> {
    const { kind, requestMethod } = this.#options;
    const source = new ResumedSource(pulled, part);
    const message = await readMessageFrom(source, part, { kind, requestMethod: requestMethod?.(place) });
    assertChunkedAlone(message.headers, part.origin);
    const body = await holdBody(message, part.context.budget.limits.maxBufferedBytes);
    if (body instanceof HeldBody) this.#held = body;
    return messageRead(message, body);
  }

  #isChangeSet(part: BodyPart): boolean {
    if (this.#envelope.changeSets !== true || this.#changeSet !== undefined) return false;
    return !this.#isHttp(part) && part.mediaType.type === "multipart";
  }

  /** Batches repeat the Content-Type of their parts: one in which nothing deviates is read once. */
  #isHttp(part: BodyPart): boolean {
    const contentType = part.headers.get("content-type");
    if (contentType !== undefined && contentType === this.#httpType) return true;
    if (part.mediaType.essence !== "application/http") return false;
    if (isStrict(contentType!)) this.#httpType = contentType;
    return true;
  }

  /** The id among the message's own fields, where OData v2 and Azure Tables have it; the rest are the message's alone. */
  #takeId(headers: HeaderList): string | undefined {
    const { contentId } = this.#envelope;
    if (contentId === undefined) return undefined;
    const id = idIn(contentId, this.#options.kind, headers);
    if (id !== undefined) headers.delete(idField(contentId, this.#options.kind));
    return id;
  }
}

type MessageRead = RequestRead | ResponseRead;

/** What is wrong with the envelope is no operation's fault; the next part cannot be found. */
function malformed(place: OperationPlace, part: BodyPart, error: unknown): OperationRead {
  if (!(error instanceof BatchwireError) || part.isInputLost) throw error;
  return { ...place, error };
}

function notHttp(part: BodyPart): BatchwireError {
  const detail = `Part of type ${part.mediaType.essence} is no operation`;
  return new BatchwireError("not-an-operation", part.origin, { detail });
}

function isStrict(contentType: string): boolean {
  try {
    parseMediaType(contentType);
    return true;
  } catch {
    return false;
  }
}

/** Of the transfer codings nobody but the sender can undo others (RFC 9112 §6.1), whose octets would pass for the body. */
function assertChunkedAlone(headers: HeaderList, origin: Readonly<Origin>): void {
  const codings = headers.has("transfer-encoding")
    ? headers.getAll("transfer-encoding").join(",")
    : "chunked";
  if (codings.toLowerCase() === "chunked") return;
  const detail = `Transfer-Encoding is ${codings}, and not chunked alone`;
  throw new BatchwireError("invalid-transfer-encoding", origin, { detail });
}

function messageRead(head: RequestHead | ResponseHead, body: MessageRead["body"]): MessageRead {
  const { version, headers } = head;
  // Chunked framing has been undone, and is not applied again where the message is written.
  if (headers.has("transfer-encoding")) headers.delete("transfer-encoding");
  // An answer without a body may be one to HEAD, with the length of another.
  if (body instanceof Uint8Array) deleteWrongLength(headers, body.length);
  else if (body === null && head.kind === "request") deleteWrongLength(headers, 0);
  return head.kind === "request"
    ? { kind: "request", method: head.method, target: head.target, version, headers, body }
    : { kind: "response", status: head.status, reason: head.reason, version, headers, body };
}
