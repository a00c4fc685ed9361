import { partPath } from "../deviation.ts";
import type { Origin } from "../deviation.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { NO_OCTETS } from "../octets/ascii.ts";
import type { RequestHead, ResponseHead } from "./http-event.ts";

/**
 * A body part, whole, and the HTTP message in it. It is the {@link Origin} of what is read of its body.
 *
 * @example
 * ```ts
 * import { WholePartParser } from "batchwire/codec";
 * import type { WholePart } from "batchwire/codec";
 *
 * function partsIn(octets: Uint8Array, contentType: string, origin?: WholePart): WholePart[] {
 *   const parser = new WholePartParser({ contentType, origin });
 *   const parts: WholePart[] = [];
 *   parser.push(octets);
 *   parser.end();
 *   for (let part; (part = parser.read()) !== undefined; ) parts.push(part);
 *   return parts;
 * }
 *
 * const set = "--s\r\n\r\nx\r\n--s--";
 * const batch = `--b\r\nContent-Type: multipart/mixed; boundary=s\r\n\r\n${set}\r\n--b--`;
 * for (const part of partsIn(new TextEncoder().encode(batch), "multipart/mixed; boundary=b")) {
 *   const nested = partsIn(part.body, part.headers.get("content-type")!, part);
 *   console.log(nested.map(({ path }) => path)); // [ "1.1" ]
 * }
 * ```
 */
export class WholePart implements Origin {
  /** Of the part. */
  readonly headers: HeaderList;
  /** Of the HTTP message in it, if messages are read and it holds one. */
  head: RequestHead | ResponseHead | undefined;
  /** Of the message; without one, of the part, no transfer encoding undone. */
  body: Uint8Array = NO_OCTETS;
  /** Trailer fields of a chunked message, if there are any. */
  trailers: HeaderList | undefined;
  /** Offset of `body`, as {@link offsetBase} counts. */
  offset: number;
  /** `"decoded-body"` of a message whose transfer encoding or chunks have been undone. */
  offsetBase: Origin["offsetBase"];
  readonly #outer: Readonly<Origin>;
  readonly #number: number;

  /** Made by {@link WholePartParser}: the part `number` of a body at `outer`. */
  constructor(headers: HeaderList, offset: number, number: number, outer: Readonly<Origin>) {
    this.headers = headers;
    this.offset = outer.offset + offset;
    this.offsetBase = outer.offsetBase;
    this.#number = number;
    this.#outer = outer;
  }

  /** Place in the outermost body: `"2"`, or `"1.2"` for the second part nested in the first. */
  get path(): string {
    return partPath(this.#outer.path, this.#number);
  }

  get depth(): number {
    return this.#outer.depth + 1;
  }
}
