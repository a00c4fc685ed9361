import { lowerCase } from "../grammar/field-section.ts";
import { HeaderList } from "../grammar/header-list.ts";
import { requestMethod } from "../stream/request-method.ts";
import { canStreamRequests } from "../stream/body-init.ts";
import { isAbsoluteTarget, requestUrl } from "../stream/request-url.ts";
import { toRequest } from "../stream/to-web-message.ts";
import type { BatchProblem, Dialect } from "../batch/dialect.ts";
import { connectionFields } from "../batch/message-fields.ts";
import type { RequestRead } from "../batch/operation.ts";
import { resolveTarget } from "../batch/target.ts";
import type { BatchUrls } from "../batch/target.ts";
import { dialectsOf } from "./choose-dialect.ts";

/** What the requests of one batch are made by. */
export interface SubRequestRules {
  dialect: Dialect;
  urls: BatchUrls;
  isBatch: BatchTest;
  /** Characters that a target may have, too, which is made of a reference, and so bounded by no reader. */
  maxTargetLength: number;
  /** Fields, in lower case, that are credentials. */
  credentials: readonly string[];
  /** Fields of the batch that an operation takes over, if it has none of the name. */
  taken: TakenFields;
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

type Fields = readonly (readonly [name: string, value: string])[];

/** Fields for operations in the batch's own origin, and for those in others. */
export interface TakenFields {
  readonly own: Fields;
  readonly other: Fields;
}

/**
 * What operations take over from `batch`: `inherit` as the dialect lets them, `passedOn` in any
 * origin; both in lower case. Found once for all of them.
 */
export function takenFields(
  { credentials, inheritFields }: Dialect,
  batch: Request,
  inherit: readonly string[],
  passedOn: readonly string[],
): TakenFields {
  const taken = new Map<string, string>();
  const take = (name: string): void => {
    const value = batch.headers.get(name);
    if (value !== null) taken.set(name, value);
  };
  passedOn.forEach(take);
  const other = [...taken];
  if (credentials !== "own") inherit.forEach(take);
  if (inheritFields === true) {
    const ofConnection = connectionFields(batch.headers.get("connection"));
    batch.headers.forEach((_, name) => {
      const isOwn = OF_THE_BATCH.has(name) || name.startsWith("content-") || inherit.includes(name);
      if (!isOwn && !ofConnection.has(name)) take(name);
    });
  }
  return { own: [...taken], other };
}

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
  const { method, target } = message;
  if (target.length > rules.maxTargetLength) {
    return {
      status: 413,
      code: "limit-exceeded",
      message: "Target with what its reference stands for is too long",
    };
  }
  if (dialect.methods !== undefined && !dialect.methods.includes(method)) {
    return { status: 405, code: "method-not-allowed", message: `Method ${method} is not allowed in a batch` };
  }
  let url: URL;
  try {
    url = urlOf(message, rules);
  } catch (error) {
    return { status: 400, code: "invalid-target", message: (error as Error).message };
  }
  const { origin } = url;
  const allowance = origin === rules.urls.origin ? "own" : rules.allowOrigin?.(origin);
  if (allowance !== true && allowance !== "own") {
    return {
      status: 400,
      code: "other-origin",
      message: `Target is of ${origin}, not of the batch's origin`,
    };
  }
  const refusal = refusalOf(url, message, rules);
  if (refusal !== undefined) return refusal;
  try {
    const headers = headersOf(message.headers, allowance === "own" ? rules.taken.own : rules.taken.other);
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

function refusalOf(url: URL, message: RequestRead, rules: SubRequestRules): BatchProblem | undefined {
  const { dialect, isBatch, credentials, isStrict } = rules;
  const { headers } = message;
  const route = routeOf(url);
  if (isBatch(url, route, message)) return NESTED_BATCH;
  const { refusedSegments = [], refusedFields = [] } = dialect;
  if (refusedSegments.some((segment) => `${route}/`.includes(`/${segment}/`))) {
    return { status: 409, code: "unsupported-resource", message: "Resource may not be in a batch" };
  }
  const refused = isStrict ? refusedFields.find((name) => headers.has(name)) : undefined;
  if (refused !== undefined) {
    return { status: 400, code: "refused-field", message: `Field ${refused} may not be in a batch` };
  }
  if (dialect.credentials === "refuse" && credentials.some((name) => headers.has(name))) {
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

/** Tells whether a request is a batch, by a URL whose path a tolerant router sees as `route`. */
export type BatchTest = (url: URL, route: string, request: RequestRead) => boolean;

/**
 * Tells batches from the rest for a router that does not take every spelling for another path. What
 * has the URL of a batch of `dialect` is one, whatever its method. By that of another dialect of the
 * handler it may be a resource that only looks so, as `/batch/42` does beside Google's: it is a batch
 * if it would be read as one, a POST of that dialect's media type.
 */
export function batchTest(dialect: Dialect, dialects: readonly Dialect[], batch: URL): BatchTest {
  const own = routeOf(batch);
  const isKnown = dialect.matches?.(batch) === true;
  return (url, route, { method, headers }) => {
    if (route === own && (!isKnown || url.search === batch.search)) return true;
    const isOf = ({ matches }: Dialect): boolean =>
      matches !== undefined && (matches(url) || (route !== url.pathname && matches(withRoute(url, route))));
    if (isKnown && isOf(dialect)) return true;
    if (method.toUpperCase() !== "POST") return false;
    const others = dialects.filter(isOf);
    return others.length > 0 && dialectsOf(others, headers.getAll("content-type").join(", ")).length > 0;
  };
}

function withRoute(url: URL, route: string): URL {
  const normalized = new URL(url);
  normalized.pathname = route;
  return normalized;
}

/**
 * A path as the most tolerant router sees it: `%62` decoded, `\`, `%2F` and `//` taken for `/`,
 * parameters behind `;` and a last slash left out, and no difference made by case. Empty at the root.
 */
function routeOf({ pathname }: URL): string {
  const isPlain = !["%", ";", "//"].some((spelling) => pathname.includes(spelling));
  if (isPlain && !pathname.endsWith("/")) return pathname.toLowerCase();
  return pathname
    .split("/")
    .flatMap(decodedSegments)
    .map((segment) => segment.split(";", 1)[0]!.toLowerCase())
    .filter((segment) => segment !== "")
    .map((segment) => `/${segment}`)
    .join("");
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
 * request (RFC 9112 §3.3), and of no other (§3.2.2).
 *
 * @throws {TypeError} There is no such URL.
 */
function urlOf({ target, headers }: RequestRead, { dialect, urls }: SubRequestRules): URL {
  const url = resolveTarget(dialect, target, urls);
  const hosts = headers.getAll("host");
  const host = hosts[0];
  // Others may take the last one (RFC 9112 §3.2).
  if (hosts.some((other) => other !== host)) throw new TypeError("There are different Host fields");
  if (host !== undefined && !isAbsoluteTarget(target) && !isHostOf(host, url)) {
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
function headersOf(headers: HeaderList, taken: Fields): [name: string, value: string][] {
  const names = connectionFields(headers.get("connection"));
  const fields = headers.isomorphicEntries().filter(([name]) => {
    const key = lowerCase(name);
    return !names.has(key) && key !== "host" && key !== "content-length";
  });
  for (const [name, value] of taken) if (!headers.has(name)) fields.push([name, value]);
  return fields;
}
