import { trimWhiteSpace } from "../grammar/field-section.ts";
import { SP } from "../octets/ascii.ts";
import { isPrintableAscii, utf8Encode } from "../octets/text.ts";
import { requestUrl } from "../stream/request-url.ts";
import type { Dialect } from "./dialect.ts";

/** A batch's origin, and what its targets are relative to. */
export interface BatchUrls {
  readonly origin: string;
  readonly service: URL;
}

export function batchUrlsOf(dialect: Dialect, batch: URL): BatchUrls {
  return { origin: batch.origin, service: new URL(servicePath(dialect, batch), batch) };
}

/** What relative targets of a batch are relative to: the path of its URL up to the last slash, or one before. */
function servicePath({ serviceDepth = 0 }: Dialect, { pathname }: URL): string {
  let end = pathname.lastIndexOf("/");
  for (let n = 0; n < serviceDepth && end > 0; n++) end = pathname.lastIndexOf("/", end - 1);
  return pathname.slice(0, end + 1);
}

/** Whether a target begins with a reference to another operation: `$1/Orders`. */
export function isReference(target: string): boolean {
  const at = target.startsWith("/") ? 1 : 0;
  if (target.charAt(at) !== "$") return false;
  return !RESOURCES.has(target.slice(at + 1, referenceEnd(target, at)));
}

/** Index behind the id of a reference that begins at `at`. */
export function referenceEnd(target: string, at: number): number {
  let end = at + 1;
  while (end < target.length && !"/?(".includes(target.charAt(end))) end++;
  return end;
}

/** The id of a target that is a reference: `1` of `$1/Orders`. */
export function referenceId(target: string): string {
  const at = target.startsWith("/") ? 1 : 0;
  return target.slice(at + 1, referenceEnd(target, at));
}

/** Resources whose names begin with `$` (OData Protocol 4.01 §11.7.3.1): no id of an operation is one of them. */
const RESOURCES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "all",
  "batch",
  "count",
  "crossjoin",
  "entity",
  "id",
  "metadata",
  "root",
]);

/**
 * A target without what no request-target may hold, as URL parsing has it: no space at its ends; others,
 * and what is not ASCII, percent-encoded. A control character stays, for whoever writes the target to refuse.
 */
export function percentEncoded(target: string): string {
  if (isPrintableAscii(target, SP + 1)) return target;
  let encoded = "";
  for (const octet of utf8Encode(trimWhiteSpace(target))) {
    const isForeign = octet === SP || octet >= 0x7f;
    encoded += isForeign ? `%${octet.toString(16).toUpperCase()}` : String.fromCharCode(octet);
  }
  return encoded;
}

/**
 * The URL of a target that was read from a batch.
 *
 * @throws {TypeError} The target makes no URL, or one with another host than is written.
 */
export function resolveTarget(dialect: Dialect, target: string, { service }: BatchUrls): URL {
  const { pathname } = service;
  const isBelow = dialect.base === "service" && target.startsWith("/") && !target.startsWith(pathname);
  return requestUrl(isBelow ? pathname + target.slice(1) : target, service, undefined).url;
}

/**
 * The target that a request to `url` has in a batch that is sent to `batchUrl`: in the dialect's form, or
 * in another where that would be read as another URL; `undefined` if the dialect can only name what is
 * beside the batch, and `url` is not.
 */
export function writtenTarget(dialect: Dialect, url: URL, batchUrl: URL): string | undefined {
  const root = `${url.protocol}//${url.host}`;
  // Not `pathname + search`, which lacks the `?` of an empty query.
  const hash = url.href.indexOf("#");
  const href = hash < 0 ? url.href : url.href.slice(0, hash);
  if (dialect.target === "absolute") return href;
  if (url.origin !== batchUrl.origin) return undefined;
  const path = href.slice(href.indexOf(root) + root.length);
  const urls = batchUrlsOf(dialect, batchUrl);
  return formsOf(dialect, path, href, urls).find((form) => isReadAs(dialect, form, href, urls));
}

/** How a URL may be written, what the dialect prefers first. */
function formsOf({ target, base }: Dialect, path: string, href: string, { service }: BatchUrls): string[] {
  const isBeside = path.startsWith(service.pathname);
  const relative = path.slice(service.pathname.length);
  // With a dot where the first segment has a colon, and would be a scheme (RFC 3986 §4.2), or is empty.
  if (target === "relative" && isBeside) return [relative, `./${relative}`, path, href];
  if (target === "relative" || base !== "service") return [path, href];
  return isBeside ? [`/${relative}`, path, href] : [];
}

/** Whether a target stands for a URL, and not for another or for a reference. */
function isReadAs(dialect: Dialect, target: string, href: string, urls: BatchUrls): boolean {
  if (target === "" || (dialect.references === true && isReference(target))) return false;
  try {
    return resolveTarget(dialect, target, urls).href === href;
  } catch {
    return false;
  }
}
