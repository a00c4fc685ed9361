import { HeaderList } from "../grammar/header-list.ts";
import type { MultipartEvent } from "./multipart-event.ts";
import { MultipartMachine } from "./multipart-machine.ts";
import { Step } from "./multipart-step.ts";

const PART_END: MultipartEvent = /* @__PURE__ */ Object.freeze({ type: "part-end" });
const END: MultipartEvent = /* @__PURE__ */ Object.freeze({ type: "end" });

/**
 * Reads a multipart body of any subtype (RFC 2046 §5.1) as it arrives.
 *
 * `push()` a chunk, `read()` events until `undefined`, push the next. The parser holds the current
 * chunk, read in place, and at most one header section. Where whole parts are small enough to be
 * held, {@link WholePartParser} is simpler and faster.
 *
 * `end` is answered as soon as the close-delimiter is there; the rest of its line and the epilogue
 * are looked at by a later `push()` or `end()`, which may throw.
 *
 * @example
 * ```ts
 * import { MultipartParser } from "batchwire/codec";
 *
 * const parser = new MultipartParser({ contentType: "multipart/mixed; boundary=b" });
 * parser.push(new TextEncoder().encode("--b\r\nContent-ID: <1>\r\n\r\nHello\r\n--b--\r\n"));
 * parser.end();
 * for (let event; (event = parser.read()) !== undefined; ) {
 *   if (event.type === "part") console.log(event.headers.get("content-id")); // <1>
 *   if (event.type === "data") console.log(event.data.length); // 5
 * }
 * ```
 */
export class MultipartParser extends MultipartMachine<MultipartEvent> {
  protected override readEvent(): MultipartEvent | undefined {
    switch (this.step()) {
      case Step.DATA:
        return { type: "data", data: this.octets };
      case Step.PART:
        return { type: "part", headers: new HeaderList(this.section) };
      case Step.PART_END:
        return PART_END;
      case Step.END:
        return END;
      case Step.PREAMBLE:
        return { type: "preamble", data: this.octets };
      case Step.EPILOGUE:
        return { type: "epilogue", data: this.octets };
      case Step.NONE:
        return undefined;
    }
  }
}
