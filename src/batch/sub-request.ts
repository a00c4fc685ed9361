import { HeaderList } from "../grammar/header-list.ts";
import { requestUrl } from "../stream/request-url.ts";
import { toRequest } from "../stream/to-web-message.ts";
import type { BatchProblem, Dialect } from "./dialect.ts";
import { deleteConnectionFields } from "./message-fields.ts";
import type { RequestRead } from "./operation.ts";
import { resolveTarget } from "./target.ts";

/** What the requests of one batch are made by. */
export interface SubRequestRules {
  dialect: Dialect;
  /** The request that brought the batch. */
  batch: Request;
  batchUrl: URL;
  /** Fields that an operation takes over from the batch, in lower case. */
  inherit: readonly string[];
  allowOrigin: ((origin: string) => boolean) | undefined;
}

/** Fields of the batch that describe its own body or connection, whatever else is taken over. */
const OF_THE_BATCH: ReadonlySet<string> = /* @__PURE__ */ new Set(["accept", "expect", "host", "prefer"]);

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
  if (url.origin !== rules.batchUrl.origin && rules.allowOrigin?.(url.origin) !== true) {
    return {
      status: 400,
      code: "other-origin",
      message: `Target is of ${url.origin}, not of the batch's origin`,
    };
  }
  const refusal = refusalOf(url, message.headers, rules);
  if (refusal !== undefined) return refusal;
  try {
    return toRequest({ ...message, target: url.href, headers: headersOf(message, rules) }, { signal });
  } catch (error) {
    return { status: 400, code: "invalid-request", message: (error as Error).message };
  }
}

function refusalOf(url: URL, headers: HeaderList, rules: SubRequestRules): BatchProblem | undefined {
  const { dialect, batchUrl } = rules;
  if (
    url.origin === batchUrl.origin &&
    url.pathname === batchUrl.pathname &&
    url.search === batchUrl.search
  ) {
    return { status: 400, code: "nested-batch", message: "A batch may not be in a batch" };
  }
  const refused = dialect.refusedSegments ?? [];
  if (url.pathname.split("/").some((segment) => refused.includes(segment.toLowerCase()))) {
    return { status: 409, code: "unsupported-resource", message: "Resource may not be in a batch" };
  }
  if (dialect.credentials === "refuse" && (headers.has("authorization") || headers.has("cookie"))) {
    return {
      status: 400,
      code: "own-credentials",
      message: "An operation may not have credentials of its own",
    };
  }
  return undefined;
}

/**
 * The URL of a target. A Host field names the host of a target that has none itself, as in any
 * request (RFC 9112 §3.3).
 *
 * @throws {TypeError} There is no such URL.
 */
function urlOf({ target, headers }: RequestRead, { dialect, batchUrl }: SubRequestRules): URL {
  const url = resolveTarget(dialect, target, batchUrl);
  const host = headers.get("host");
  if (host !== undefined && url.origin === batchUrl.origin && !isHostOf(host, url)) {
    const named = new URL(requestUrl("/", undefined, host).href);
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

function headersOf({ headers }: RequestRead, { dialect, batch, inherit }: SubRequestRules): HeaderList {
  const fields = new HeaderList(headers);
  deleteConnectionFields(fields);
  fields.delete("host");
  fields.delete("content-length");
  const take = (name: string, value: string): void => {
    if (!fields.has(name)) fields.append(name, value);
  };
  if (dialect.credentials !== "own") {
    for (const name of inherit) {
      const value = batch.headers.get(name);
      if (value !== null) take(name, value);
    }
  }
  if (dialect.inheritFields !== true) return fields;
  const outer = new HeaderList(batch.headers);
  deleteConnectionFields(outer);
  for (const [name, value] of outer) {
    if (!OF_THE_BATCH.has(name) && !name.startsWith("content-")) take(name, value);
  }
  return fields;
}
