import { HeaderList } from "../grammar/header-list.ts";
import { GatheredView } from "../octets/gathered-view.ts";
import { EmbeddedMessageReader } from "./embedded-message-reader.ts";
import type { EmbeddedMessageOptions } from "./embedded-message-reader.ts";
import { MultipartMachine } from "./multipart-machine.ts";
import type { MultipartParserOptions } from "./multipart-options.ts";
import { Step } from "./multipart-step.ts";
import { WholePart } from "./whole-part.ts";

/** How {@link WholePartParser} reads; either `boundary` or `contentType` must be given. */
export interface WholePartParserOptions extends Omit<MultipartParserOptions, "preamble" | "epilogue"> {
  /**
   * Whether, and how, to read the HTTP messages in parts of type `application/http`. Default `false`.
   * Parameters of the type are left alone; a `malformed-media-type` is that of no message.
   */
  messages?: boolean | EmbeddedMessageOptions | undefined;
}

/**
 * Reads a multipart body of any subtype (RFC 2046 §5.1) part by part, each whole; of a batch, also
 * the HTTP message in each part of type `application/http`, its transfer encoding undone.
 *
 * The verbs and rules of {@link MultipartParser}, for parts that may be held, of up to
 * `maxBufferedBytes` each: a body that lies whole in a chunk is a view of it, which must not change
 * until `read()` has returned `undefined`; one that spans chunks is gathered in octets of its own.
 *
 * A message is read when its part is whole: what is wrong with it is told behind what is wrong with
 * the delimiter line that ends the part, and ends the reading as anything else does.
 *
 * Heads that lie close together are decoded together: to keep a string of each message costs little
 * (336 octets for a target of 100), but to keep one of every tenth 2 KiB, which a copy of it saves.
 *
 * @example
 * ```ts
 * import { WholePartParser } from "batchwire/codec";
 *
 * const contentType = "multipart/mixed; boundary=b";
 * const parser = new WholePartParser({ contentType, messages: true });
 * const message = "GET /me HTTP/1.1\r\nHost: example.com\r\n\r\n";
 * const batch = `--b\r\nContent-Type: application/http\r\n\r\n${message}\r\n--b--\r\n`;
 * parser.push(new TextEncoder().encode(batch));
 * parser.end();
 * for (let part; (part = parser.read()) !== undefined; ) {
 *   if (part.head?.kind === "request") console.log(part.head.method, part.head.target); // GET /me
 * }
 * ```
 */
export class WholePartParser extends MultipartMachine<WholePart> {
  readonly #messages: EmbeddedMessageReader | undefined;
  #part: WholePart | undefined;
  /** Offset of the part's body in this machine's input. */
  #bodyOffset = 0;
  /** The part's body, where it was not read at once. */
  readonly #body = new GatheredView();

  constructor(options: WholePartParserOptions) {
    super({ ...options, preamble: false, epilogue: false });
    const { messages = false, tolerance, onDeviation } = options;
    if (messages === false) return;
    const embedded = messages === true ? {} : messages;
    this.#messages = new EmbeddedMessageReader(
      embedded,
      { tolerance, onDeviation },
      this.budget,
      this.window,
      this.words,
    );
  }

  protected override readEvent(): WholePart | undefined {
    for (;;) {
      switch (this.step()) {
        case Step.PART: {
          const start = this.position;
          const { part, origin } = this.verdict;
          this.#bodyOffset = this.offset;
          this.#part = new WholePart(new HeaderList(this.section), this.#bodyOffset, part, origin);
          this.#messages?.start(this.section, this.headersOffset, this.verdict);
          const end = this.readToEnd(this.budget.limits.maxBufferedBytes);
          if (end >= 0) return this.#take(this.chunk, start, end);
          break;
        }
        case Step.DATA:
          this.#add(this.octets);
          break;
        case Step.PART_END: {
          const body = this.#body.take();
          return this.#take(body, 0, body.length);
        }
        case Step.END:
          // No event follows that the rest of the chunk could wait for.
          this.skip();
          break;
        case Step.NONE:
          // The chunk is the caller's again.
          this.#body.own();
          return undefined;
      }
    }
  }

  /** The part whose body is `octets[start, end)`. */
  #take(octets: Uint8Array, start: number, end: number): WholePart {
    const part = this.#part!;
    const isMessage = this.#messages?.read(part, octets, start, end, this.#bodyOffset) === true;
    if (!isMessage && end > start) part.body = octets.subarray(start, end);
    return part;
  }

  #add(octets: Uint8Array): void {
    const { maxBufferedBytes, maxPartBytes } = this.budget.limits;
    if (this.bodyLength > maxBufferedBytes && maxBufferedBytes < maxPartBytes)
      throw this.verdict.exceeded("maxBufferedBytes", maxBufferedBytes, this.#bodyOffset + maxBufferedBytes);
    this.throwFailure();
    this.#body.add(octets);
  }
}
