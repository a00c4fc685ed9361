import type { MediaType } from "../grammar/media-type.ts";
import type { Dialect } from "../batch/dialect.ts";
import { isJsonType, mediaTypeOf } from "../batch/media.ts";

/**
 * The dialect of a batch: by its media type, then by its URL, where one that takes any URL comes
 * behind those that know it, then by the order of the dialects.
 */
export function chooseDialect(
  dialects: readonly Dialect[],
  contentType: string | null,
  url: URL,
): Dialect | undefined {
  const fitting = dialectsOf(dialects, contentType);
  return (
    fitting.find(({ matches }) => matches?.(url) === true) ??
    fitting.find(({ matches }) => matches === undefined) ??
    fitting[0]
  );
}

/** The dialects whose batches have a media type. */
export function dialectsOf(dialects: readonly Dialect[], contentType: string | null): Dialect[] {
  const mediaType = mediaTypeOf(contentType);
  return mediaType === undefined ? [] : dialects.filter((dialect) => isOf(dialect, mediaType));
}

/**
 * The dialect that a batch is answered in: its own, unless the request accepts that of another
 * format only (OData Protocol 4.01 §11.7.7.3).
 */
export function acceptedDialect(dialect: Dialect, accept: string | null): Dialect {
  if (accept === null || dialect.alternatives === undefined) return dialect;
  const ranges = accept.split(",").map(mediaTypeOf);
  const accepts = ({ envelope }: Dialect): boolean => {
    return ranges.some((range) => {
      if (range === undefined) return false;
      return (
        range.type === "*" || (envelope.format === "json" ? isJsonType(range) : range.type === "multipart")
      );
    });
  };
  return accepts(dialect) ? dialect : (dialect.alternatives().find(accepts) ?? dialect);
}

/** Whether the first failure ends the batch: what the request prefers (RFC 7240), `undefined` if nothing. */
export function preferredStop(dialect: Dialect, prefer: string | null): boolean | undefined {
  if (dialect.onFailureSwitch?.prefer !== true || prefer === null) return undefined;
  for (const preference of prefer.split(",")) {
    const [name = "", value = "true"] = preference
      .split(";", 1)[0]!
      .split("=")
      .map((word) => word.trim());
    const key = name.toLowerCase();
    if (key === "continue-on-error" || key === "odata.continue-on-error")
      return value.toLowerCase().includes("false");
  }
  return undefined;
}

function isOf({ envelope }: Dialect, mediaType: MediaType): boolean {
  if (envelope.format === "json") return isJsonType(mediaType);
  return mediaType.type === "multipart" && mediaType.subtype === envelope.subtype;
}
