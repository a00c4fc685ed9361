import { lowerCase } from "../grammar/field-section.ts";

/** A request-target as a URL. */
export interface RequestUrl {
  url: URL;
  /** What the URL does not say of the target, if anything. */
  loss: string | undefined;
}

/**
 * The URL of a request-target (RFC 9112 §3.3): an absolute one is a URL by itself, any other is
 * resolved against `base`, else against `https` and the Host.
 *
 * The host is never one that URL parsing makes up: it reads `\\evil\a` and `<TAB>//evil/a` as other
 * hosts, and `http:a` as a host at all.
 *
 * @throws {TypeError} The target makes no URL, or one with another host than is written.
 */
export function requestUrl(
  target: string,
  base: string | URL | undefined,
  host: string | undefined,
): RequestUrl {
  if (isAbsoluteTarget(target)) {
    const url = parse(target);
    if (url === undefined || !hasAuthority(url, authorityOf(target))) {
      throw new TypeError(`Target ${JSON.stringify(target)} is no URL, or its host would be another`);
    }
    return { url, loss: lossOf(url, target) };
  }
  const root = base instanceof URL ? base : base === undefined ? urlOfHost(host) : parse(base);
  if (root === undefined) {
    throw new TypeError(`Target ${JSON.stringify(target)} is relative, and there is no valid base or Host`);
  }
  const url = parseRelative(target, root);
  if (url === undefined || url.protocol !== root.protocol || url.host !== root.host) {
    throw new TypeError(`Target ${JSON.stringify(target)} makes no URL of ${root.protocol}//${root.host}`);
  }
  return { url, loss: lossOf(url, target) };
}

/** The URL of a target as it is meant: URL parsing would take the path `//a/b` for the host `a`. */
function parseRelative(target: string, root: URL): URL | undefined {
  const path = target === "*" ? "/" : target;
  return path.startsWith("/") ? parse(`${root.protocol}//${root.host}${path}`) : parse(path, root);
}

function lossOf(url: URL, target: string): string | undefined {
  if (target === "*") return "A URL cannot say *";
  if (target.includes("#")) return "A URL takes what follows # for its fragment";
  return url.href.endsWith(target) ? undefined : `Its URL is ${url.href}`;
}

/** Whether a request-target is one of the absolute form (RFC 9112 §3.2.2), which has a host itself. */
export function isAbsoluteTarget(target: string): boolean {
  const start = lowerCase(target.slice(0, "https://".length));
  return start.startsWith("http://") || start === "https://";
}

/** `authority` of an absolute target (RFC 3986 §3.2). */
function authorityOf(target: string): string {
  const start = target.indexOf("//") + 2;
  let end = start;
  while (end < target.length && !"/?#".includes(target.charAt(end))) end++;
  return target.slice(start, end);
}

function urlOfHost(host: string | undefined): URL | undefined {
  const url = host === undefined ? undefined : parse(`https://${host}`);
  return url !== undefined && hasAuthority(url, host ?? "") ? url : undefined;
}

/**
 * Whether the URL has the host and port that were written, whatever their case. URL parsing undoes
 * `%65`, ends a host at `\` and makes an address of `0x7f.1`, where others see another host.
 */
function hasAuthority(url: URL, authority: string): boolean {
  const written = lowerCase(authority);
  return written === url.host || written === `${url.host}:${url.protocol === "https:" ? 443 : 80}`;
}

function parse(url: string | URL, base?: URL): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}
