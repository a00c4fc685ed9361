import type { MultipartSerializer } from "../codec/multipart-serializer.ts";
import type { TransferEncoder } from "../codec/transfer-coder.ts";
import { BatchwireError } from "../errors.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { Body } from "./body.ts";
import { endIteration, isThenable, ownedOf } from "./chunk-source.ts";
import type { ChunkSource } from "./chunk-source.ts";
import { SMALL } from "./octet-writer.ts";
import type { OctetWriter, Steps } from "./octet-writer.ts";
import { discardBody, dropBody, endAll, openBody } from "./outgoing-body.ts";
import type { OutgoingBody } from "./outgoing-body.ts";

/** A part whose header section and length are known; its body is opened when its turn comes. */
export interface PreparedPart {
  headers: HeaderList;
  body: OutgoingBody;
  encoder: TransferEncoder | undefined;
  /** Length of the body before it is encoded. */
  contentLength: number | undefined;
  /** Length of the body as it is written. */
  bodyLength: number | undefined;
}

/** A part that is yet to be prepared. */
interface Unprepared {
  body?: OutgoingBody;
}

type Parts<Part> = (Iterator<Part | PreparedPart> | AsyncIterator<Part | PreparedPart>) & {
  /** Whether another part is sure to come: its delimiter, which ends the one before, is then not waited for. */
  readonly moreWillCome?: boolean;
};

/** Writes a multipart body, a head or a piece of a part's body a step. */
export class PartSteps<Part extends Unprepared> implements Steps {
  ended = false;
  readonly #serializer: MultipartSerializer;
  readonly #parts: Parts<Part>;
  /** The parts of an array that are yet to come. */
  readonly #prepared: Iterable<PreparedPart>;
  readonly #prepare: (part: Part) => PreparedPart;
  readonly #output: OctetWriter;
  #awaitsPart = false;
  #part: PreparedPart | undefined;
  #source: ChunkSource | undefined;
  /** Octets of the body that have been read, before they are encoded. */
  #read = 0;

  constructor(
    serializer: MultipartSerializer,
    parts: Iterable<Part | PreparedPart> | AsyncIterable<Part | PreparedPart>,
    prepare: (part: Part) => PreparedPart,
    output: OctetWriter,
  ) {
    this.#serializer = serializer;
    const prepared = Array.isArray(parts) ? (parts as PreparedPart[]).values() : undefined;
    this.#prepared = prepared ?? [];
    this.#parts =
      prepared ?? (Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]());
    this.#prepare = prepare;
    this.#output = output;
  }

  /** Cancels the body being read and those to come, and ends the iteration. */
  async cancel(reason: unknown): Promise<void> {
    this.ended = true;
    const source = this.#source;
    this.#source = undefined;
    // An array's parts are all known, and nobody else will cancel them.
    const others = [...this.#prepared].map((part) => () => discardBody(part.body, reason));
    const end = (): unknown => endIteration(this.#parts, this.#awaitsPart);
    await endAll([() => source?.cancel(reason), end, ...others]);
  }

  /** Writes the next part's head or the next piece of its body: at once, or when it has come. */
  step(): Promise<void> | undefined {
    const source = this.#source;
    if (source === undefined) {
      const next = this.#parts.next() as IteratorResult<Part> | PromiseLike<IteratorResult<Part>>;
      if (!isThenable(next)) {
        this.#startPart(next);
        return undefined;
      }
      if (this.#parts.moreWillCome === true)
        this.#output.write(this.#serializer.write({ type: "delimiter" }));
      this.#awaitsPart = true;
      return Promise.resolve(next.then((result) => this.#startPart(result)));
    }
    const chunk = source.pull();
    if (isThenable(chunk)) return Promise.resolve(chunk.then((pulled) => this.#writeBody(source, pulled)));
    this.#writeBody(source, chunk);
    return undefined;
  }

  #startPart({ done, value }: IteratorResult<Part | PreparedPart>): void {
    this.#awaitsPart = false;
    if (done === true) {
      if (this.ended) return;
      this.#output.write(this.#serializer.write({ type: "end" }));
      this.ended = true;
    } else if (this.ended) {
      // The stream was cancelled while this part was on its way.
      dropPart(value, undefined);
    } else {
      this.#startBody(value);
    }
  }

  #startBody(value: Part | PreparedPart): void {
    try {
      const part = "encoder" in value ? value : this.#prepare(value);
      const { headers, bodyLength } = part;
      this.#output.write(this.#serializer.write({ type: "part", headers, bodyLength }));
      this.#part = part;
      this.#read = 0;
      this.#source = openBody(part.body);
    } catch (error) {
      // Whoever gave the part has given it away.
      dropPart(value, error);
      throw error;
    }
  }

  #writeBody(source: ChunkSource, chunk: Uint8Array | undefined): void {
    const { encoder, contentLength } = this.#part!;
    this.#read += chunk?.length ?? 0;
    if (encoder !== undefined && contentLength !== undefined)
      this.#checkLength(contentLength, chunk === undefined);
    if (encoder !== undefined) {
      const data = encoder.encode(chunk, { stream: chunk !== undefined });
      this.#output.write(this.#serializer.write({ type: "data", data }));
    } else if (chunk !== undefined) {
      this.#serializer.write({ type: "data", data: chunk });
      this.#output.write(chunk.length > SMALL ? ownedOf(chunk, source) : chunk);
    }
    if (chunk !== undefined) return;
    this.#output.write(this.#serializer.write({ type: "part-end" }));
    this.#source = undefined;
  }

  /** The serializer checks a length as it is written; one that is encoded is checked here. */
  #checkLength(declared: number, isEnd: boolean): void {
    if (this.#read > declared || (isEnd && this.#read < declared)) {
      throw new BatchwireError("body-length-mismatch");
    }
  }
}

function dropPart(part: Unprepared | null | undefined, reason: unknown): void {
  dropBody(part instanceof Body ? part : part?.body, reason);
}
