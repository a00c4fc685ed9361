/**
 * Names of fields as senders write them. Those of others, such as Azure's `x-ms-error-code`, are
 * looked for in lower case.
 */
const SPELLINGS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ [
    "Accept-Ranges",
    "Age",
    "Allow",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Expires",
    "Last-Modified",
    "Location",
    "OData-EntityId",
    "OData-Version",
    "Preference-Applied",
    "Retry-After",
    "Server",
    "Set-Cookie",
    "Vary",
    "WWW-Authenticate",
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * The name of a field, spelled as it is elsewhere. `Headers` makes all of them lower case, and readers
 * of batches that search with regular expressions do not find `etag: `.
 */
export function spellingOf(name: string): string {
  return SPELLINGS.get(name) ?? name;
}
