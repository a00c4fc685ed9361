import { describe, expect, test } from "vitest";
import { azureTables, graph, odata, salesforceBatch, ucwa } from "../../src/batch.ts";
import { batchUrlsOf, isReference, resolveTarget, writtenTarget } from "../../src/batch/target.ts";

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
    expect(writtenTarget(dialect, new URL(url), batchUrl)).toBe(target);
  });
});

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
