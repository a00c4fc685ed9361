import type { ToleranceOptions } from "../deviation.ts";
import { BatchwireError } from "../errors.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { Limits } from "../limits.ts";
import type { BodyPart } from "../stream/body-part.ts";
import type { ByteSource } from "../stream/chunk-source.ts";
import { readHttpMessage } from "../stream/http-message.ts";
import type { HttpMessage } from "../stream/http-message.ts";
import { MultipartReader } from "../stream/multipart-reader.ts";
import { idField, idIn } from "./content-id.ts";
import type { MultipartEnvelope } from "./dialect.ts";
import { HeldBody, holdBody } from "./held-body.ts";
import type { OperationKind, OperationPlace, OperationRead } from "./operation.ts";

/** Where operations come from, whatever the envelope. */
export interface OperationSource {
  /** The next operation; `undefined` behind the last one. */
  next(): Promise<OperationRead | undefined>;
  /** Members of the envelope beside the operations, as far as they have been read. */
  readonly members: ReadonlyMap<string, unknown>;
  cancel(reason?: unknown): Promise<void>;
}

/** How the operations of an envelope are read, whatever its format. */
export interface OperationSourceOptions extends ToleranceOptions {
  kind: OperationKind;
  contentType?: string | undefined;
  limits?: Partial<Limits> | undefined;
  signal?: AbortSignal | undefined;
  requestMethod?: ((place: OperationPlace) => string | undefined) | undefined;
}

const NO_MEMBERS: ReadonlyMap<string, unknown> = new Map();

/** The operations of a multipart envelope: its parts, and those of the change sets in it. */
export class MultipartOperations implements OperationSource {
  readonly members: ReadonlyMap<string, unknown> = NO_MEMBERS;
  readonly #envelope: MultipartEnvelope;
  readonly #options: OperationSourceOptions;
  readonly #batch: MultipartReader;
  #changeSet: MultipartReader | undefined;
  #changeSets = 0;
  #index = 0;
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
    await this.#held?.released;
    this.#held = undefined;
    for (;;) {
      const reader = this.#changeSet ?? this.#batch;
      const { done, value: part } = await reader.next();
      if (done !== true) {
        const { changeSets } = this.#envelope;
        const isChangeSet =
          changeSets === true &&
          reader === this.#batch &&
          !this.#isHttp(part) &&
          part.mediaType.type === "multipart";
        if (!isChangeSet) return await this.#read(part);
        this.#changeSet = new MultipartReader(part);
        this.#changeSets++;
      } else if (this.#changeSet === undefined) {
        return undefined;
      } else {
        this.#changeSet = undefined;
      }
    }
  }

  async cancel(reason?: unknown): Promise<void> {
    await this.#held?.cancel(reason);
    await this.#batch.return();
  }

  async #read(part: BodyPart): Promise<OperationRead> {
    const { contentId } = this.#envelope;
    const { kind } = this.#options;
    const place: OperationPlace = {
      index: this.#index++,
      id: contentId === undefined ? undefined : idIn(contentId, kind, part.headers, undefined),
      group: this.#changeSet === undefined ? undefined : `changeset ${this.#changeSets}`,
      dependsOn: [],
    };
    try {
      const message = await this.#readMessage(part, place);
      const held = await holdBody(message, part.context.budget.limits.maxBufferedBytes);
      if (held instanceof HeldBody) this.#held = held;
      const id = place.id ?? this.#takeId(message);
      return { ...place, id, message: messageRead(message, held) } as OperationRead;
    } catch (error) {
      // What is wrong with the envelope is no operation's fault; the next part cannot be found.
      if (!(error instanceof BatchwireError) || part.isInputLost) throw error;
      return { ...place, error };
    }
  }

  #readMessage(part: BodyPart, place: OperationPlace): Promise<HttpMessage> {
    if (!this.#isHttp(part)) {
      throw new BatchwireError("not-an-operation", part.origin, {
        detail: `Part of type ${part.mediaType.essence} is no operation`,
      });
    }
    const { kind, requestMethod } = this.#options;
    return readHttpMessage(part, { kind, requestMethod: requestMethod?.(place) });
  }

  /** Batches repeat the Content-Type of their parts: one in which nothing deviates is read once. */
  #isHttp(part: BodyPart): boolean {
    const contentType = part.headers.get("content-type");
    if (contentType !== undefined && contentType === this.#httpType) return true;
    if (part.mediaType.essence !== "application/http") return false;
    if (isStrict(contentType!)) this.#httpType = contentType;
    return true;
  }

  /** The id in the message's own fields, which then are the message's alone. */
  #takeId({ headers }: HttpMessage): string | undefined {
    const { contentId } = this.#envelope;
    if (contentId === undefined) return undefined;
    const id = idIn(contentId, this.#options.kind, headers, undefined);
    if (id !== undefined) headers.delete(idField(contentId, this.#options.kind));
    return id;
  }
}

function isStrict(contentType: string): boolean {
  try {
    parseMediaType(contentType);
    return true;
  } catch {
    return false;
  }
}

function messageRead(message: HttpMessage, body: Uint8Array<ArrayBuffer> | HeldBody | null): unknown {
  const { version, headers } = message;
  // Chunked framing has been undone, and is not applied again where the message is written.
  if (headers.has("transfer-encoding")) headers.delete("transfer-encoding");
  return message.kind === "request"
    ? { kind: "request", method: message.method, target: message.target, version, headers, body }
    : { kind: "response", status: message.status, reason: message.reason, version, headers, body };
}
