import type { HeaderList } from "../grammar/header-list.ts";

/**
 * What a multipart body consists of, in the order of the input:
 * `*preamble *(part *data part-end) end *epilogue`.
 *
 * `data` is never empty. It is a view of the chunk that was pushed, or a small copy of octets that
 * were withheld; how a body is cut into `data` events depends on the chunks, its octets do not.
 */
export type MultipartEvent =
  | { type: "part"; headers: HeaderList }
  | { type: "data"; data: Uint8Array }
  | { type: "part-end" }
  | { type: "end" }
  /** Octets before the first delimiter, without the line end that belongs to it. Only on request. */
  | { type: "preamble"; data: Uint8Array }
  /** Octets behind the close-delimiter's line. Only on request. */
  | { type: "epilogue"; data: Uint8Array };
