import { parseMediaType } from "../grammar/media-type.ts";
import type { MediaType } from "../grammar/media-type.ts";

/** The media type that a field's value is, read leniently; `undefined` if it is none. */
export function mediaTypeOf(value: string | null | undefined): MediaType | undefined {
  try {
    return value === null || value === undefined
      ? undefined
      : parseMediaType(value, { tolerance: "lenient" });
  } catch {
    return undefined;
  }
}

/** Whether a media type is that of JSON text (RFC 6839 §3.1). */
export function isJsonType({ type, subtype }: Pick<MediaType, "type" | "subtype">): boolean {
  return subtype.endsWith("+json") || (type === "application" && subtype === "json");
}
