import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { azureTables, graph, odata, odataJson, salesforceBatch, ucwa } from "../../src/batch.ts";
import type { Dialect } from "../../src/batch.ts";
import {
  batchUrlsOf,
  isReference,
  percentEncoded,
  resolveTarget,
  writtenTarget,
} from "../../src/batch/target.ts";

const service = new URL("https://h/service/$batch");
const salesforce = new URL("https://h/services/data/v60.0/composite/batch");

describe("A target that was read is resolved", () => {
  test.each([
    [ucwa, "/me", service, "https://h/me"],
    [odata, "/service/A", service, "https://h/service/A"],
    [odata, "A(1)?$top=1", service, "https://h/service/A(1)?$top=1"],
    [odata, "https://h/x", service, "https://h/x"],
    [odata, "https://other/x", service, "https://other/x"],
    [odata, "//other/x", service, "https://h//other/x"],
    [graph, "/me", service, "https://h/service/me"],
    [graph, "/service/me", service, "https://h/service/me"],
    [graph, "me", service, "https://h/service/me"],
    [salesforceBatch, "v60.0/sobjects/A", salesforce, "https://h/services/data/v60.0/sobjects/A"],
    [odata, "A", new URL("https://h//other/$batch"), "https://h//other/A"],
  ] as const)("$0.name: $1", (dialect, target, url, href) => {
    expect(resolveTarget(dialect, target, batchUrlsOf(dialect, url)).href).toBe(href);
  });

  test.each(["http://", "https://h:99999/", "/\\\\evil"])(
    "or refused, if it would be another host: %s",
    (target) => {
      const resolve = (): string => resolveTarget(ucwa, target, batchUrlsOf(ucwa, service)).host;
      try {
        expect(resolve()).toBe("h");
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    },
  );
});

describe("A URL is written", () => {
  test.each([
    [ucwa, "https://h/me?x=1#f", service, "/me?x=1"],
    [ucwa, "https://h/me?", service, "/me?"],
    [ucwa, "https://other/me", service, undefined],
    [odata, "https://h/service/A", service, "A"],
    [odata, "https://h/elsewhere", service, "/elsewhere"],
    [graph, "https://h/service/me", service, "/me"],
    [graph, "https://h/me", service, undefined],
    [azureTables, "https://h/T(1)", service, "https://h/T(1)"],
    [azureTables, "https://other/T", service, "https://other/T"],
    [salesforceBatch, "https://h/services/data/v60.0/x", salesforce, "v60.0/x"],
  ] as const)("$0.name: $1", (dialect, url, batchUrl, target) => {
    expect(writtenTarget(dialect, url, batchUrlsOf(dialect, batchUrl))).toBe(target);
  });

  test.each([
    [odata, "https://h/service/items:search", "./items:search"],
    [odata, "https://h/service/https://x", "./https://x"],
    [odata, "https://h/service/*", "./*"],
    [odata, "https://h/service/", "./"],
    [odata, "https://h/service/?x", "?x"],
    [odata, "https://h/service/a/items:search", "a/items:search"],
    [odata, "https://h/service/A(b='1:2')", "A(b='1:2')"],
    [odata, "https://h/service//a", ".//a"],
    [odata, "https://h//a", "//a"],
    [odata, "https://h/service/$1/Orders", "./$1/Orders"],
    [odata, "https://h/service/$metadata", "$metadata"],
    [odata, "https://h/$1/Orders", "https://h/$1/Orders"],
    [odataJson, "https://h/service//a", ".//a"],
    [graph, "https://h/service/service/x", "/service/service/x"],
    [graph, "https://h/service/services", "/services"],
    [graph, "https://h/service//a", "//a"],
    [graph, "https://h/service/", "/"],
    [graph, "https://h/service/$1/x", "/$1/x"],
    [{ ...odata, target: "path" } as Dialect, "https://h/$1/x", "https://h/$1/x"],
  ] as const)("in another form where it would be read as another. $0.name: $1", (dialect, href, target) => {
    expect(writtenTarget(dialect, href, batchUrlsOf(dialect, service))).toBe(target);
  });

  test("in the first form that is read as itself, whatever its path", () => {
    const plain = "|a|.|..|service|%2f|é|a b|\\|A(b='1:2')".split("|");
    const ambiguous = "$1|$metadata|*|x:y|+x:y|1:2|:|%3a:|http:|https:|HTTPS:x".split("|");
    const segment = fc.constantFrom(...plain, ...ambiguous);
    const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join("/"));
    const root = fc.constantFrom("https://h", "https://h:8443", "http://h", "https://h.example");
    const base = fc.constantFrom("", "service/", "service/a/", "/service/");
    const query = fc.constantFrom("", "?", "?$top=1", "?a=x:y/z", "#b");
    const dialect = fc.record({
      target: fc.constantFrom("absolute", "path", "relative"),
      base: fc.constantFrom("service", "origin"),
      references: fc.boolean(),
      serviceDepth: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(dialect, root, base, base, path, query, (switches, host, below, within, tail, end) => {
        const batch = new URL(`https://h/${below}$batch`);
        const changed = { ...odata, ...switches } as Dialect;
        const { href } = new URL(`${host}/${within}${tail}${end}`);
        const target = writtenTarget(changed, href, batchUrlsOf(changed, batch));
        expect(target).toBe(firstThatIsRead(changed, href.split("#", 1)[0]!, batch));
      }),
      { numRuns: 1000 },
    );
  });
});

/** What is written of a URL, found by reading one form after another, what the dialect prefers first. */
function firstThatIsRead(dialect: Dialect, href: string, batch: URL): string | undefined {
  const urls = batchUrlsOf(dialect, batch);
  const isRead = (target: string): boolean => {
    if (target === "" || (dialect.references === true && isReference(target))) return false;
    try {
      return resolveTarget(dialect, target, urls).href === href;
    } catch {
      return false;
    }
  };
  if (dialect.target === "absolute") return href;
  if (new URL(href).origin !== batch.origin) return undefined;
  const path = href.slice(batch.origin.length);
  const { pathname } = urls.service;
  const relative = path.startsWith(pathname) ? path.slice(pathname.length) : undefined;
  if (dialect.target === "relative") {
    const besides = relative === undefined ? [] : [relative, `./${relative}`];
    return [...besides, path, href].find(isRead);
  }
  if (dialect.base !== "service") return [path, href].find(isRead);
  return relative === undefined ? undefined : [`/${relative}`, path, href].find(isRead);
}

test.each([
  ["$1", true],
  ["$1/Orders", true],
  ["/$1/Orders", true],
  ["$new?$expand=A", true],
  ["$metadata", false],
  ["$batch", false],
  ["$crossjoin(A,B)", false],
  ["$entity?$id=A(1)", false],
  ["A/$count", false],
  ["/A", false],
])("%s is a reference: %s", (target, expected) => {
  expect(isReference(target)).toBe(expected);
});

describe("What no request-target may hold is percent-encoded", () => {
  test.each([
    ["A?$filter=a eq 'b c'", "A?$filter=a%20eq%20'b%20c'"],
    ["/Größe/€/😀", "/Gr%C3%B6%C3%9Fe/%E2%82%AC/%F0%9F%98%80"],
    [" A\t ", "A"],
    ["A\ud800", "A%EF%BF%BD"],
    ["A\x7f", "A%7F"],
    ["A%20(\"<>|\\^`{}')", "A%20(\"<>|\\^`{}')"],
  ])("as URL parsing has it: %j", (target, encoded) => {
    expect(percentEncoded(target)).toBe(encoded);
    const urls = batchUrlsOf(odata, service);
    expect(resolveTarget(odata, encoded, urls).href).toBe(resolveTarget(odata, target, urls).href);
  });

  test("but for control characters, which stay to be refused", () => {
    expect(percentEncoded("a b\r\nc")).toBe("a%20b\r\nc");
  });
});
