import { createTransferDecoder, isIdentity } from "../codec/transfer-encoding.ts";
import type { TransferDecoder } from "../codec/transfer-coder.ts";
import type { Origin } from "../deviation.ts";
import { parseContentDisposition } from "../grammar/content-disposition.ts";
import type { ContentDisposition } from "../grammar/content-disposition.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { MediaType } from "../grammar/media-type.ts";
import type { ParameterOptions } from "../grammar/parameters.ts";
import { Body } from "./body.ts";
import type { ReaderContext } from "./body.ts";

/** Where a part's body comes from: the reader that the part was read by. */
export interface PartFeed {
  /** The next piece of the part's body as it was sent; `undefined` behind its last. */
  pull(part: BodyPart): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** The same without waiting: `null` if that is not at hand. */
  pullAtHand(part: BodyPart): Uint8Array | undefined | null;
  /** Nobody wants the rest of the part's body. */
  cancel(part: BodyPart): void;
  readonly mayTransfer: boolean;
  /** Whether the input has failed, so that no part follows. */
  readonly failed: boolean;
}

/** Where a part lies, and what it is without a Content-Type. */
export interface PartPlace {
  /** Of its body as it was sent. */
  origin: Readonly<Origin>;
  headersOffset: number;
  defaultEssence: string;
}

/**
 * One part of a multipart body: a header section, and a body that can be read once, until the
 * reader is asked for the next part. A part left behind rejects with `part-abandoned`.
 *
 * Handed to a `MultipartReader` it is read as a nested multipart body, handed to
 * `readHttpMessage()` as an HTTP message.
 *
 * @example
 * ```ts
 * import { MultipartReader } from "batchwire";
 * import type { BodyPart } from "batchwire";
 *
 * async function describe(part: BodyPart): Promise<string> {
 *   return `${part.path}: ${part.disposition?.name} is ${await part.text()}`;
 * }
 *
 * const form = new FormData();
 * form.append("colour", "blue");
 * for await (const part of new MultipartReader(new Response(form))) {
 *   console.log(await describe(part)); // 1: colour is blue
 * }
 * ```
 */
export class BodyPart extends Body {
  readonly headers: HeaderList;
  /** Place in the outermost body: `"2"`, or `"1.2"` for the second part nested in the first. */
  readonly path: string;
  /** @internal */
  override readonly context: ReaderContext;

  readonly #feed: PartFeed;
  readonly #rawOrigin: Readonly<Origin>;
  readonly #headersOffset: number;
  readonly #defaultEssence: string;
  #mediaType: MediaType | undefined;
  #disposition: ContentDisposition | undefined;
  #decoder: TransferDecoder | "unknown" | undefined = "unknown";
  #flushed = false;

  /** Made by `MultipartReader`. */
  constructor(headers: HeaderList, place: PartPlace, context: ReaderContext, feed: PartFeed) {
    super();
    this.headers = headers;
    this.path = place.origin.path;
    this.context = context;
    this.#feed = feed;
    this.#rawOrigin = place.origin;
    this.#headersOffset = place.headersOffset;
    this.#defaultEssence = place.defaultEssence;
  }

  /**
   * The parsed Content-Type; without one `text/plain`, in a `multipart/digest` `message/rfc822`
   * (RFC 2046 §5.1.5).
   *
   * @throws {BatchwireError} `malformed-media-type`, and in strict mode what is wrong with parameters.
   */
  get mediaType(): MediaType {
    this.#mediaType ??= parseMediaType(
      this.headers.get("content-type") ?? this.#defaultEssence,
      this.#fieldOptions("content-type"),
    );
    return this.#mediaType;
  }

  /**
   * A parameter of the media type. The parts of a batch repeat their Content-Type: where nothing of it can
   * deviate the last one's parameters are kept, for to parse it takes 1.5 of the 2.3 us of `text()` (Node 20).
   *
   * @internal
   */
  override mediaTypeParameter(name: string): string | undefined {
    if (this.#mediaType !== undefined || this.context.tolerance === "lenient") {
      return super.mediaTypeParameter(name);
    }
    const contentType = this.headers.get("content-type");
    let last = this.context.lastParameters;
    if (last === undefined || last.contentType !== contentType) {
      // A copy, for the media type is the caller's.
      last = { contentType, parameters: new Map(this.mediaType.parameters) };
      this.context.lastParameters = last;
    }
    return last.parameters.get(name);
  }

  /**
   * The parsed Content-Disposition, which holds `name` and `filename` of form data.
   *
   * @throws {BatchwireError} In strict mode, what is wrong with it.
   */
  get disposition(): ContentDisposition | undefined {
    const value = this.headers.get("content-disposition");
    if (value === undefined) return undefined;
    this.#disposition ??= parseContentDisposition(value, this.#fieldOptions("content-disposition"));
    return this.#disposition;
  }

  /** Where the body lies: in the input, or in itself if a transfer encoding has been undone. */
  override get origin(): Readonly<Origin> {
    if (this.#decode() === undefined) return this.#rawOrigin;
    return { ...this.#rawOrigin, offset: 0, offsetBase: "decoded-body" };
  }

  /**
   * The next octets of the body, transfer-decoded unless that was declined: a view, valid until the
   * next call. `body` and `bytes()` answer octets of the caller's own.
   */
  override pull(): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    const decoder = this.#decode();
    return decoder === undefined ? this.#feed.pull(this) : this.#pullDecoded(decoder);
  }

  /** @internal */
  pullAtHand(): Uint8Array | undefined | null {
    // What is decoded is not worth the wait: nothing but `peek()` asks.
    return this.#decode() === undefined ? this.#feed.pullAtHand(this) : null;
  }

  /** Leaves the rest of the body to be skipped when the next part is asked for. */
  override cancel(): Promise<void> {
    this.#feed.cancel(this);
    return Promise.resolve();
  }

  /** @internal */
  override get mayTransfer(): boolean {
    return this.isDecoded || this.#feed.mayTransfer;
  }

  /** Whether the body is not as it was sent: its transfer encoding is undone as it is read. */
  get isDecoded(): boolean {
    return this.#decode() !== undefined;
  }

  /** Whether the body has a transfer encoding that is not undone: that was declined, or it is unknown. */
  get isEncoded(): boolean {
    const mechanism = this.#mechanism;
    return mechanism !== undefined && !isIdentity(mechanism) && !this.isDecoded;
  }

  /** Whether the input around the part has failed: an error that was thrown is not of the part alone. @internal */
  get isInputLost(): boolean {
    return this.#feed.failed;
  }

  /** Where the value of the field `name` lies. @internal */
  fieldOrigin(name: string): Readonly<Origin> {
    return { ...this.#rawOrigin, offset: this.#headersOffset + (this.headers.valueOffset(name) ?? 0) };
  }

  /** Offsets in a value that is folded or not ASCII are those of its text, from where it begins. */
  #fieldOptions(name: string): ParameterOptions {
    const { tolerance, onDeviation } = this.context;
    return { tolerance, onDeviation, origin: this.fieldOrigin(name) };
  }

  /** The field as it was read: an edit says how the body is to be written, not how it was. */
  get #mechanism(): string | undefined {
    return this.headers.valueAsRead("content-transfer-encoding");
  }

  #decode(): TransferDecoder | undefined {
    if (this.#decoder === "unknown") {
      const { decode, tolerance, onDeviation } = this.context;
      const mechanism = decode ? this.#mechanism : undefined;
      this.#decoder = createTransferDecoder(mechanism, { tolerance, onDeviation, origin: this.#rawOrigin });
    }
    return this.#decoder;
  }

  async #pullDecoded(decoder: TransferDecoder): Promise<Uint8Array | undefined> {
    while (!this.#flushed) {
      const encoded = await this.#feed.pull(this);
      this.#flushed = encoded === undefined;
      const octets = decoder.decode(encoded, { stream: !this.#flushed });
      if (octets.length > 0) return octets;
    }
    return undefined;
  }
}
