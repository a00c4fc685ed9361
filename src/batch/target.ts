import { trimWhiteSpace } from "../grammar/field-section.ts";
import { COLON, SCHEME, SP } from "../octets/ascii.ts";
import { isPrintableAscii, utf8Encode } from "../octets/text.ts";
import { requestUrl } from "../stream/request-url.ts";
import type { Dialect } from "./dialect.ts";

/** A batch's origin, what its URL has in front of the path, and what its targets are relative to. */
export interface BatchUrls {
  readonly origin: string;
  readonly root: string;
  readonly service: URL;
}

export function batchUrlsOf(dialect: Dialect, batch: URL): BatchUrls {
  const root = `${batch.protocol}//${batch.host}`;
  // Not resolved against `batch`: a path that begins with `//` would be a host.
  return { origin: batch.origin, root, service: new URL(root + servicePath(dialect, batch)) };
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
 * The target that a request to the URL `href` has in a batch: in the dialect's form, or in another where
 * that would be read as another URL or as a reference; `undefined` if the dialect can only name what is
 * beside the batch, and the URL is not.
 */
export function writtenTarget(
  dialect: Dialect,
  href: string,
  { root, service }: BatchUrls,
): string | undefined {
  const { target, base } = dialect;
  const hash = href.indexOf("#");
  const absolute = hash < 0 ? href : href.slice(0, hash);
  if (target === "absolute") return absolute;
  if (!absolute.startsWith(`${root}/`)) return undefined;
  const path = absolute.slice(root.length);
  const { pathname } = service;
  const isBeside = path.startsWith(pathname);
  const relative = path.slice(pathname.length);
  if (target === "relative" && isBeside) {
    // A dot in front changes nothing but how it is read (RFC 3986 §4.2).
    return isRelativePath(relative) && !isReferenceIn(dialect, relative) ? relative : `./${relative}`;
  }
  if (base !== "service") return isReferenceIn(dialect, path) ? absolute : path;
  if (!isBeside) return target === "relative" ? absolute : undefined;
  const below = `/${relative}`;
  if (!below.startsWith(pathname) && !isReferenceIn(dialect, below)) return below;
  return isReferenceIn(dialect, path) ? absolute : path;
}

/** Whether what follows the service's path in a URL is a relative reference that stands for it. */
function isRelativePath(text: string): boolean {
  return text !== "" && text !== "*" && !text.startsWith("/") && !hasScheme(text);
}

/** Whether a URI reference begins with a `scheme`, which a letter begins (RFC 3986 §3.1). */
function hasScheme(text: string): boolean {
  let end = 0;
  while (SCHEME[text.charCodeAt(end)] === 1) end++;
  return text.charCodeAt(end) === COLON && text.charCodeAt(0) >= 0x41;
}

function isReferenceIn({ references }: Dialect, target: string): boolean {
  return references === true && isReference(target);
}
