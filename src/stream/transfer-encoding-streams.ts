import { Base64Decoder } from "../codec/base64-decoder.ts";
import { Base64Encoder } from "../codec/base64-encoder.ts";
import type { Base64EncoderOptions } from "../codec/base64-encoder.ts";
import { QuotedPrintableDecoder } from "../codec/quoted-printable-decoder.ts";
import { QuotedPrintableEncoder } from "../codec/quoted-printable-encoder.ts";
import type { QuotedPrintableEncoderOptions } from "../codec/quoted-printable-encoder.ts";
import type { CodeOptions, TransferDecoderOptions } from "../codec/transfer-coder.ts";

type Octets = Uint8Array<ArrayBuffer>;

/** `TransformStream` over a coder; an instance has `readable` and `writable`, for `pipeThrough()`. */
class CoderStream {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array>;

  constructor(code: (chunk?: Uint8Array, options?: CodeOptions) => Octets) {
    const { readable, writable } = new TransformStream<Uint8Array, Octets>({
      transform: (chunk, controller) => {
        const octets = code(chunk, { stream: true });
        if (octets.length > 0) controller.enqueue(octets);
      },
      flush: (controller) => {
        const octets = code();
        if (octets.length > 0) controller.enqueue(octets);
      },
    });
    this.readable = readable;
    this.writable = writable;
  }
}

/**
 * {@link Base64Decoder} as a transform stream.
 *
 * @example
 * ```ts
 * import { Base64DecoderStream } from "batchwire";
 *
 * const encoded = new Response("SGVsbG8=").body!;
 * console.log(await new Response(encoded.pipeThrough(new Base64DecoderStream())).text()); // Hello
 * ```
 */
export class Base64DecoderStream extends CoderStream {
  constructor(options?: TransferDecoderOptions) {
    const decoder = new Base64Decoder(options);
    super((chunk, more) => decoder.decode(chunk, more));
  }
}

/**
 * {@link Base64Encoder} as a transform stream.
 *
 * @example
 * ```ts
 * import { Base64EncoderStream } from "batchwire";
 *
 * const encoded = new Response("Hello").body!.pipeThrough(new Base64EncoderStream());
 * console.log(await new Response(encoded).text()); // SGVsbG8=
 * ```
 */
export class Base64EncoderStream extends CoderStream {
  constructor(options?: Base64EncoderOptions) {
    const encoder = new Base64Encoder(options);
    super((chunk, more) => encoder.encode(chunk, more));
  }
}

/**
 * {@link QuotedPrintableDecoder} as a transform stream.
 *
 * @example
 * ```ts
 * import { QuotedPrintableDecoderStream } from "batchwire";
 *
 * const encoded = new Response("caf=C3=A9").body!;
 * console.log(await new Response(encoded.pipeThrough(new QuotedPrintableDecoderStream())).text()); // café
 * ```
 */
export class QuotedPrintableDecoderStream extends CoderStream {
  constructor(options?: TransferDecoderOptions) {
    const decoder = new QuotedPrintableDecoder(options);
    super((chunk, more) => decoder.decode(chunk, more));
  }
}

/**
 * {@link QuotedPrintableEncoder} as a transform stream.
 *
 * @example
 * ```ts
 * import { QuotedPrintableEncoderStream } from "batchwire";
 *
 * const encoded = new Response("café").body!.pipeThrough(new QuotedPrintableEncoderStream());
 * console.log(await new Response(encoded).text()); // caf=C3=A9
 * ```
 */
export class QuotedPrintableEncoderStream extends CoderStream {
  constructor(options?: QuotedPrintableEncoderOptions) {
    const encoder = new QuotedPrintableEncoder(options);
    super((chunk, more) => encoder.encode(chunk, more));
  }
}
