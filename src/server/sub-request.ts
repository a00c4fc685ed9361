import { lowerCase } from "../grammar/field-section.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { requestMethod } from "../stream/request-method.ts";
import { canStreamRequests } from "../stream/body-init.ts";
import { requestUrl } from "../stream/request-url.ts";
import { toRequest } from "../stream/to-web-message.ts";
import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import { connectionFields } from "../batch/message-fields.ts";
import type { RequestRead } from "../batch/operation.ts";
import { resolveTarget } from "../batch/target.ts";
import type { BatchUrls } from "../batch/target.ts";

/** What the requests of one batch are made by. */
export interface SubRequestRules {
  dialect: Dialect;
  /** The request that brought the batch. */
  batch: Request;
  urls: BatchUrls;
  isBatch: BatchTest;
  /** Credentials that an operation takes over from the batch, where the dialect lets it; fields in lower case. */
  inherit: readonly string[];
  /** Other fields that it takes over. */
  passedOn: readonly string[];
  /** Whether fields that the dialect refuses are. */
  isStrict: boolean;
  allowOrigin: ((origin: string) => boolean | "own") | undefined;
}

/**
 * Fields of the batch that are about its own body, connection or answer, whatever else is taken over:
 * no reader of parts undoes a Content-Encoding.
 */
const OF_THE_BATCH: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "accept",
  "accept-encoding",
  "expect",
  "host",
  "prefer",
]);

/**
 * The request of an operation, or what it is refused with: a target that is no URL, lies in another
 * origin, or is a batch.
 */
export function subRequest(
  message: RequestRead,
  rules: SubRequestRules,
  signal: AbortSignal,
): Request | BatchProblem {
  const { dialect } = rules;
  const { method } = message;
  if (dialect.methods !== undefined && !dialect.methods.includes(method)) {
    return { status: 405, code: "method-not-allowed", message: `Method ${method} is not allowed in a batch` };
  }
  let url: URL;
  try {
    url = urlOf(message, rules);
  } catch (error) {
    return { status: 400, code: "invalid-target", message: (error as Error).message };
  }
  const allowance = url.origin === rules.urls.batch.origin ? "own" : rules.allowOrigin?.(url.origin);
  if (allowance !== true && allowance !== "own") {
    return {
      status: 400,
      code: "other-origin",
      message: `Target is of ${url.origin}, not of the batch's origin`,
    };
  }
  const refusal = refusalOf(url, message.headers, rules);
  if (refusal !== undefined) return refusal;
  try {
    const headers = headersOf(message, rules, allowance === "own");
    const { body } = message;
    // Streams and bodies that Fetch forbids take care, which the rest is spared: it costs 3 µs.
    const isPlain = body === null || (body instanceof Uint8Array && method !== "GET" && method !== "HEAD");
    if (body !== null && "pull" in body && !canStreamRequests()) {
      // Firefox: a request there has its body whole or not at all.
      return { status: 413, code: "limit-exceeded", message: "Body is longer than can be held" };
    }
    if (!isPlain)
      return toRequest(
        { ...message, target: url.href, headers: HeaderList.fromIsomorphic(headers) },
        { signal },
      );
    return new Request(url.href, { method: requestMethod(method), headers, body, signal });
  } catch (error) {
    return { status: 400, code: "invalid-request", message: (error as Error).message };
  }
}

function refusalOf(url: URL, headers: HeaderList, rules: SubRequestRules): BatchProblem | undefined {
  const { dialect, isBatch, inherit, isStrict } = rules;
  const route = routeOf(url);
  if (isBatch(url, route)) return NESTED_BATCH;
  const { refusedSegments = [], refusedFields = [] } = dialect;
  if (route.some((segment) => refusedSegments.includes(segment))) {
    return { status: 409, code: "unsupported-resource", message: "Resource may not be in a batch" };
  }
  const refused = isStrict ? refusedFields.find((name) => headers.has(name)) : undefined;
  if (refused !== undefined) {
    return { status: 400, code: "refused-field", message: `Field ${refused} may not be in a batch` };
  }
  const hasOwn = ["authorization", "cookie", ...inherit].some((name) => headers.has(name));
  if (dialect.credentials === "refuse" && hasOwn) {
    return {
      status: 400,
      code: "own-credentials",
      message: "An operation may not have credentials of its own",
    };
  }
  return undefined;
}

export const NESTED_BATCH: BatchProblem = {
  status: 400,
  code: "nested-batch",
  message: "A batch may not be in a batch",
};

/** Tells whether a URL, whose path has these segments, is that of a batch. */
export type BatchTest = (url: URL, route: readonly string[]) => boolean;

/** Tells batches from the rest for a router that does not take every spelling for another path. */
export function batchTest({ matches }: Dialect, batch: URL): BatchTest {
  const own = routeOf(batch);
  const isOwn = (route: readonly string[]): boolean =>
    route.length === own.length && route.every((segment, i) => segment === own[i]);
  if (matches === undefined || !matches(batch)) return (_, route) => isOwn(route);
  return (url, route) => {
    if (matches(url) || (isOwn(route) && url.search === batch.search)) return true;
    const path = `/${route.join("/")}`;
    if (path === url.pathname) return false;
    const normalized = new URL(url);
    normalized.pathname = path;
    return matches(normalized);
  };
}

/**
 * Segments of a path as the most tolerant router sees them: `%62` decoded, `\`, `%2F` and `//` taken
 * for `/`, parameters behind `;` and a last slash left out, and no difference made by case.
 */
function routeOf({ pathname }: URL): string[] {
  const segments = pathname.split("/");
  const decoded = pathname.includes("%") ? segments.flatMap(decodedSegments) : segments;
  return decoded
    .map((segment) => segment.split(";", 1)[0]!.toLowerCase())
    .filter((segment) => segment !== "");
}

function decodedSegments(segment: string): string[] {
  try {
    return decodeURIComponent(segment).replaceAll("\\", "/").split("/");
  } catch {
    return [segment];
  }
}

/**
 * The URL of a target. A Host field names the host of a target that has none itself, as in any
 * request (RFC 9112 §3.3).
 *
 * @throws {TypeError} There is no such URL.
 */
function urlOf({ target, headers }: RequestRead, { dialect, urls }: SubRequestRules): URL {
  const url = resolveTarget(dialect, target, urls);
  const [host, ...others] = headers.has("host") ? headers.getAll("host") : [];
  // Others may take the last one (RFC 9112 §3.2).
  if (others.some((other) => other !== host)) throw new TypeError("There are different Host fields");
  if (host !== undefined && url.origin === urls.batch.origin && !isHostOf(host, url)) {
    const named = requestUrl("/", undefined, host).url;
    url.host = named.host;
    url.port = named.port;
  }
  return url;
}

/** Whether a Host field is that of a URL, whose default port it may name. */
function isHostOf(host: string, url: URL): boolean {
  const written = host.toLowerCase();
  return written === url.host || written === `${url.hostname}:${url.protocol === "https:" ? 443 : 80}`;
}

/** The operation's fields that are not of its connection or framing, and those that it takes over. */
function headersOf(
  { headers }: RequestRead,
  { dialect, batch, inherit, passedOn }: SubRequestRules,
  isOwnOrigin: boolean,
): [string, string][] {
  const fields = headers.isomorphicEntries();
  const names = connectionFields(headers);
  const kept = fields.filter(([name]) => {
    const key = lowerCase(name);
    return !names.has(key) && key !== "host" && key !== "content-length";
  });
  const take = (name: string, value: string | null): void => {
    if (value !== null && !headers.has(name)) kept.push([name, value]);
  };
  for (const name of passedOn) take(name, batch.headers.get(name));
  if (!isOwnOrigin) return kept;
  if (dialect.credentials !== "own") for (const name of inherit) take(name, batch.headers.get(name));
  if (dialect.inheritFields !== true) return kept;
  const ofConnection = connectionFields(new HeaderList(batch.headers));
  batch.headers.forEach((value, name) => {
    const isOwn = OF_THE_BATCH.has(name) || name.startsWith("content-") || inherit.includes(name);
    if (!isOwn && !ofConnection.has(name)) take(name, value);
  });
  return kept;
}
