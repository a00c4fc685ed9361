import { Verdict } from "../deviation.ts";
import { CR, HTAB, LF, SP } from "../octets/ascii.ts";
import { Base64Decoder } from "./base64-decoder.ts";
import { Base64Encoder } from "./base64-encoder.ts";
import type { Base64EncoderOptions } from "./base64-encoder.ts";
import { QuotedPrintableDecoder } from "./quoted-printable-decoder.ts";
import { QuotedPrintableEncoder } from "./quoted-printable-encoder.ts";
import type { QuotedPrintableEncoderOptions } from "./quoted-printable-encoder.ts";
import type { TransferDecoder, TransferDecoderOptions, TransferEncoder } from "./transfer-coder.ts";

/** The mechanisms of RFC 2045 §6.1; under the first three the octets are what they are. */
const MECHANISMS = ["7bit", "8bit", "binary", "base64", "quoted-printable"] as const;
type Mechanism = (typeof MECHANISMS)[number];

function isOuterSpace(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === SP || code === HTAB || code === CR || code === LF;
}

/** RFC 2045 §6.1: case does not matter, nor the white space around a field value; `undefined` if unknown. */
function parseMechanism(value: string): Mechanism | undefined {
  let start = 0;
  let end = value.length;
  while (start < end && isOuterSpace(value, start)) start++;
  while (start < end && isOuterSpace(value, end - 1)) end--;
  const token = value.slice(start, end).toLowerCase();
  return MECHANISMS.find((mechanism) => mechanism === token);
}

/** Whether the value of a Content-Transfer-Encoding field says that nothing is encoded. */
export function isIdentity(mechanism: string): boolean {
  const known = parseMechanism(mechanism);
  return known === "7bit" || known === "8bit" || known === "binary";
}

/**
 * The decoder for the value of a Content-Transfer-Encoding field; `undefined` where there is nothing
 * to decode: without the field (RFC 2045 §6.1: "7bit" is assumed), and for 7bit, 8bit and binary.
 * An unknown mechanism is an error in strict mode; in lenient mode it is reported and the octets stay as they are.
 *
 * @example
 * ```ts
 * import { createTransferDecoder } from "batchwire/codec";
 *
 * const body = new TextEncoder().encode("SGVsbG8=");
 * const decoded = createTransferDecoder(" Base64 ")?.decode(body) ?? body;
 * console.log(new TextDecoder().decode(decoded)); // Hello
 * ```
 *
 * @throws {BatchwireError} `unknown-transfer-encoding`, at the offset where the encoded octets begin.
 */
export function createTransferDecoder(
  mechanism: string | undefined,
  options: TransferDecoderOptions = {},
): TransferDecoder | undefined {
  const known = mechanism === undefined ? "7bit" : parseMechanism(mechanism);
  if (known === undefined) new Verdict(options, options.origin).tolerate("unknown-transfer-encoding", 0);
  if (known === "base64") return new Base64Decoder(options);
  if (known === "quoted-printable") return new QuotedPrintableDecoder(options);
  return undefined;
}

/**
 * The encoder for the value of a Content-Transfer-Encoding field; `undefined` where the octets are
 * written as they are.
 *
 * @example
 * ```ts
 * import { createTransferEncoder } from "batchwire/codec";
 *
 * const body = new TextEncoder().encode("Hello");
 * const encoded = createTransferEncoder("base64")?.encode(body) ?? body;
 * console.log(new TextDecoder().decode(encoded)); // SGVsbG8=
 * ```
 *
 * @throws {RangeError} The mechanism is unknown: there is no lenient writer.
 */
export function createTransferEncoder(
  mechanism: string | undefined,
  options: Base64EncoderOptions & QuotedPrintableEncoderOptions = {},
): TransferEncoder | undefined {
  const known = mechanism === undefined ? "7bit" : parseMechanism(mechanism);
  if (known === undefined) throw new RangeError(`Transfer encoding "${mechanism}" is unknown`);
  if (known === "base64") return new Base64Encoder(options);
  if (known === "quoted-printable") return new QuotedPrintableEncoder(options);
  return undefined;
}
