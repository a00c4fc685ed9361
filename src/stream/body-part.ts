import { createTransferDecoder } from "../codec/transfer-encoding.ts";
import type { TransferDecoder } from "../codec/transfer-coder.ts";
import type { Origin, ToleranceOptions } from "../deviation.ts";
import { parseContentDisposition } from "../grammar/content-disposition.ts";
import type { ContentDisposition } from "../grammar/content-disposition.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { MediaType } from "../grammar/media-type.ts";
import type { Budget } from "../limits.ts";
import { Body } from "./body.ts";

/** What a reader of something nested takes over from the reader around it. */
export interface ReaderContext extends ToleranceOptions {
  /** Whether bodies are transfer-decoded. */
  decode: boolean;
  /** Limits, and what has been used up of them. */
  budget: Budget;
}

/** Where a part's body comes from: the reader that the part was read by. */
export interface PartFeed {
  /** The next piece of the part's body as it was sent; `undefined` behind its last. */
  pull(part: BodyPart): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  readonly isChunkUsedUp: boolean;
}

/**
 * One part of a multipart body: a header section, and a body that can be read once, until the
 * reader is asked for the next part. A part left behind rejects with `part-abandoned`.
 *
 * Handed to a `MultipartReader` it is read as a nested multipart body, handed to
 * `readHttpMessage()` as an HTTP message.
 */
export class BodyPart extends Body {
  readonly headers: HeaderList;
  /** Place in the outermost body: `"2"`, or `"1.2"` for the second part nested in the first. */
  readonly path: string;
  readonly context: ReaderContext;

  readonly #feed: PartFeed;
  readonly #rawOrigin: Readonly<Origin>;
  readonly #defaultEssence: string;
  #mediaType: MediaType | undefined;
  #decoder: TransferDecoder | "unknown" | undefined = "unknown";
  #flushed = false;

  /** Made by `MultipartReader`. */
  constructor(
    headers: HeaderList,
    origin: Readonly<Origin>,
    context: ReaderContext,
    feed: PartFeed,
    defaultEssence: string,
  ) {
    super();
    this.headers = headers;
    this.path = origin.path;
    this.context = context;
    this.#feed = feed;
    this.#rawOrigin = origin;
    this.#defaultEssence = defaultEssence;
  }

  /**
   * The parsed Content-Type; without one `text/plain`, in a `multipart/digest` `message/rfc822`
   * (RFC 2046 §5.1.5).
   *
   * @throws {BatchwireError} `malformed-media-type`, and in strict mode what is wrong with parameters.
   */
  get mediaType(): MediaType {
    const { tolerance, onDeviation } = this.context;
    this.#mediaType ??= parseMediaType(this.headers.get("content-type") ?? this.#defaultEssence, {
      tolerance,
      onDeviation,
    });
    return this.#mediaType;
  }

  /**
   * The parsed Content-Disposition, which holds `name` and `filename` of form data.
   *
   * @throws {BatchwireError} In strict mode, what is wrong with it.
   */
  get disposition(): ContentDisposition | undefined {
    const value = this.headers.get("content-disposition");
    const { tolerance, onDeviation } = this.context;
    return value === undefined ? undefined : parseContentDisposition(value, { tolerance, onDeviation });
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

  /** Leaves the rest of the body to be skipped when the next part is asked for. */
  override cancel(): Promise<void> {
    return Promise.resolve();
  }

  protected override get maxBufferedBytes(): number {
    return this.context.budget.limits.maxBufferedBytes;
  }

  override get isChunkUsedUp(): boolean {
    return this.#decoder !== undefined || this.#feed.isChunkUsedUp;
  }

  #decode(): TransferDecoder | undefined {
    if (this.#decoder === "unknown") {
      const { decode, tolerance, onDeviation } = this.context;
      const mechanism = decode ? this.headers.get("content-transfer-encoding") : undefined;
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
