/** Methods that Fetch writes in upper case (WHATWG Fetch, "normalize a method"). */
const NORMALIZED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "POST",
  "PUT",
]);

/** WHATWG Fetch, "forbidden method"; workerd and Bun do not forbid them all. */
const FORBIDDEN: ReadonlySet<string> = /* @__PURE__ */ new Set(["CONNECT", "TRACE", "TRACK"]);

/**
 * The method as `Request` is to be given it. Bun makes a GET of every method that it does not know,
 * and of `Post`.
 *
 * @throws {TypeError} Fetch forbids the method, or this runtime makes another one of it.
 */
export function requestMethod(method: string): string {
  const upper = method.toUpperCase();
  if (FORBIDDEN.has(upper)) throw new TypeError(`Fetch forbids the method ${method}`);
  if (NORMALIZED.has(upper)) return upper;
  // Spares the usual methods the question, which takes as long as the request itself.
  if (method === "PATCH" || method === "MERGE") return method;
  // Asked without the body, which must not be lost with the method.
  const made = new Request("https://probe.invalid", { method }).method;
  if (made.toUpperCase() !== upper) throw new TypeError(`This runtime has no method ${method}`);
  return method;
}
