import { Base64Decoder } from "../codec/base64-decoder.ts";
import { Base64Encoder } from "../codec/base64-encoder.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import { isWhiteSpace } from "../grammar/token.ts";
import { isomorphicDecode, utf8Decode, utf8Encode } from "../octets/text.ts";
import type { JsonEnvelope } from "./dialect.ts";
import { isJsonType, mediaTypeOf } from "./media.ts";

/** How a body of a media type stands in a JSON envelope (OData JSON Format 4.01 §19). */
export type BodyForm = "json" | "text" | "binary";

/** The form of a message's body, by its Content-Type; `undefined` without one that can be read. */
export function bodyForm(headers: HeaderList): BodyForm | undefined {
  const mediaType = mediaTypeOf(headers.get("content-type"));
  if (mediaType === undefined) return undefined;
  if (isJsonType(mediaType)) return "json";
  return mediaType.type === "text" ? "text" : "binary";
}

/**
 * The octets of a body that stands in an envelope as the JSON text `text`, which is valid; a JSON
 * body is that text itself, so that no number of it loses digits. `undefined` if it should be
 * base64 and is not.
 */
export function bodyOctets(
  { body }: JsonEnvelope,
  text: string,
  headers: HeaderList,
): Uint8Array<ArrayBuffer> | undefined {
  const isString = text.startsWith('"');
  const form = isString ? (bodyForm(headers) ?? "json") : "json";
  if (form === "json" || (body === "value" && form === "binary")) return utf8Encode(text);
  const string = JSON.parse(text) as string;
  return form === "text" ? utf8Encode(string) : fromBase64Url(string);
}

/**
 * A body as it stands in an envelope: a JSON text. `undefined` if it cannot: it is no JSON value
 * where it must be one, or no UTF-8 where it is text.
 */
export function bodyText(
  { body }: JsonEnvelope,
  octets: Uint8Array,
  headers: HeaderList,
): string | undefined {
  const form = bodyForm(headers);
  if (body === "typed" && form !== "json" && form !== undefined) {
    if (form === "binary") return JSON.stringify(toBase64Url(octets));
    const text = utf8Decode(octets);
    return text === undefined ? undefined : JSON.stringify(text);
  }
  const text = utf8Decode(octets);
  if (text === undefined) return undefined;
  if (body === "value" && form === "text") return JSON.stringify(text);
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  return isJson(json) ? json : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** base64url (RFC 4648 §5), padding optional; Graph's clients send plain base64, which is read too. */
function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/");
  // Not of the length: the decoder passes over white space.
  let digits = 0;
  for (let i = 0; i < plain.length; i++) if (!isWhiteSpace(plain.charCodeAt(i))) digits++;
  const padding = "=".repeat((4 - (digits % 4)) % 4);
  try {
    // UTF-8, for a character above U+00FF must not become one that is base64.
    return new Base64Decoder().decode(utf8Encode(plain + padding));
  } catch {
    return undefined;
  }
}

function toBase64Url(octets: Uint8Array): string {
  const encoded = isomorphicDecode(new Base64Encoder({ lineLength: Infinity }).encode(octets));
  const end = encoded.endsWith("==") ? -2 : encoded.endsWith("=") ? -1 : encoded.length;
  return encoded.slice(0, end).replaceAll("+", "-").replaceAll("/", "_");
}
