import { describe, expect, test } from "vitest";
import { Verdict } from "../../src/deviation.ts";
import type { Deviation, Tolerance } from "../../src/deviation.ts";
import { BatchwireError } from "../../src/errors.ts";
import { parseStartLine } from "../../src/grammar/start-line.ts";
import type { Within } from "../../src/grammar/start-line.ts";
import { octets } from "../support/chunkings.ts";

/** Octets that would change the line if they belonged to it. */
const SURROUNDINGS = ["", "H", "1", " HTTP/1.1", "X HTTP/", "\0", "."];

/** What is made of a line, the same wherever it stands in a chunk. */
function parse(
  line: string,
  tolerance: Tolerance,
  within: Within = "part",
  kind?: "request" | "response",
): string {
  const outcomes = SURROUNDINGS.map((around) => {
    const found: Deviation[] = [];
    const verdict = new Verdict({ tolerance, onDeviation: (deviation) => found.push(deviation) });
    const start = around.length;
    const chunk = octets(around + line + around);
    const place = { octets: chunk, start, end: start + line.length, origin: 100 - start, verdict };
    try {
      const parsed = parseStartLine(place, kind, within);
      const words =
        parsed.kind === "request"
          ? [parsed.method, parsed.target, parsed.version]
          : [parsed.version, parsed.status, parsed.reason];
      return [
        ...words.map((word) => `<${word}>`),
        ...found.map(({ code, offset }) => `~${code}@${offset - 100}`),
      ].join(" ");
    } catch (error) {
      if (!(error instanceof BatchwireError)) throw error;
      return `!${error.code}@${error.offset - 100}`;
    }
  });
  const [outcome] = outcomes;
  expect(outcomes).toEqual(outcomes.map(() => outcome));
  return outcome!;
}

describe("a start-line, wherever it stands in a chunk", () => {
  test.each<[line: string, strict: string, lenient?: string]>([
    ["GET / HTTP/1.1", "<GET> </> <HTTP/1.1>"],
    ["GET / HTTP/1.0", "<GET> </> <HTTP/1.0>"],
    ["get a HTTP/1.1", "<get> <a> <HTTP/1.1>"],
    ["GET /\xc3\xa9 HTTP/1.1", "<GET> </é> <HTTP/1.1>"],
    ["GET /\xe9 HTTP/1.1", "<GET> </\xe9> <HTTP/1.1>"],
    ["GET HTTP/1.1 HTTP/1.1", "<GET> <HTTP/1.1> <HTTP/1.1>"],
    ["GET / HTTP/1", "!invalid-http-version@6", "<GET> </> <HTTP/1> ~invalid-http-version@6"],
    ["GET / HTTP/3.0", "!invalid-http-version@6", "<GET> </> <HTTP/3.0> ~invalid-http-version@6"],
    [
      "GET / HTTP/1.",
      "!space-in-target@5",
      "<GET> </ HTTP/1.> <HTTP/1.1> ~space-in-target@5 ~missing-http-version@13",
    ],
    [
      "GET / HTTP/",
      "!space-in-target@5",
      "<GET> </ HTTP/> <HTTP/1.1> ~space-in-target@5 ~missing-http-version@11",
    ],
    ["GET /", "!missing-http-version@5", "<GET> </> <HTTP/1.1> ~missing-http-version@5"],
    ["GET a b c HTTP/1.1", "!space-in-target@5", "<GET> <a b c> <HTTP/1.1> ~space-in-target@5"],
    ["GET  / HTTP/1.1", "!space-in-target@4", "<GET> </> <HTTP/1.1> ~space-in-target@4"],
    [
      "GET   /a b",
      "!space-in-target@4",
      "<GET> </a b> <HTTP/1.1> ~space-in-target@4 ~missing-http-version@10",
    ],
    ["GET /   HTTP/1.1", "!space-in-target@5", "<GET> </> <HTTP/1.1> ~space-in-target@5"],
    ["GET / HTTP/1.1 ", "!space-in-target@14", "<GET> </> <HTTP/1.1> ~space-in-target@14"],
    ["GET / HTTP/1.0   ", "!space-in-target@14", "<GET> </> <HTTP/1.0> ~space-in-target@14"],
    [
      "GET  a b  HTTP/2 ",
      "!space-in-target@4",
      "<GET> <a b> <HTTP/2> ~space-in-target@4 ~invalid-http-version@10 ~space-in-target@16",
    ],
    ["GET / HTTP/1.1\t", "!space-in-target@5", "!invalid-request-line@14"],
    ["GET", "!invalid-request-line@3"],
    ["GET ", "!invalid-request-line@4"],
    ["GET HTTP/1.1", "!invalid-request-line@4"],
    ["GET HTTP/1.1 ", "!invalid-request-line@4"],
    ["GET   HTTP/1.1", "!invalid-request-line@4"],
    [" GET / HTTP/1.1", "!invalid-request-line@0"],
    ["G\xc9T / HTTP/1.1", "!invalid-request-line@1"],
    ["GET /\x7f HTTP/1.1", "!invalid-request-line@5"],
    ["GET /\t HTTP/1.1", "!invalid-request-line@5"],
    ["HTTP/1.1 200 OK", "<HTTP/1.1> <200> <OK>"],
    ["HTTP/1.0 404 Not Found", "<HTTP/1.0> <404> <Not Found>"],
    ["HTTP/1.1 200 ", "<HTTP/1.1> <200> <>"],
    ["HTTP/1.1 200  \t", "<HTTP/1.1> <200> < \t>"],
    ["HTTP/1.1 200 \xc3\xa9", "<HTTP/1.1> <200> <é>"],
    ["HTTP/1.1 200 \xe9", "<HTTP/1.1> <200> <\xe9>"],
    ["HTTP/1.1 200", "!status-line-without-space@12", "<HTTP/1.1> <200> <> ~status-line-without-space@12"],
    ["HTTP/2 200 ", "!invalid-http-version@0", "<HTTP/2> <200> <> ~invalid-http-version@0"],
    ["HTTP/1.1  200 ", "!extra-space-in-status-line@9", "<HTTP/1.1> <200> <> ~extra-space-in-status-line@9"],
    ["HTTP/1.1 099 ", "!status-below-100@9", "<HTTP/1.1> <99> <> ~status-below-100@9"],
    ["HTTP/1.1 20", "!invalid-status-line@11"],
    ["HTTP/1.1 2000", "!invalid-status-line@12"],
    ["HTTP/1.1 200\t", "!invalid-status-line@12"],
    ["HTTP/1.1 -20 ", "!invalid-status-line@9"],
    ["HTTP/1.1", "!invalid-status-line@8"],
    ["HTTP/1.1 ", "!invalid-status-line@9"],
    ["HTTP/1.11 200 ", "!invalid-status-line@8"],
    ["HTTP/1.x 200 ", "!invalid-status-line@7"],
    ["HTTP/", "!invalid-status-line@5"],
    ["HTTP/1.1 200 \x1f", "!invalid-status-line@13"],
  ])("%j", (line, strict, lenient = strict) => {
    expect([parse(line, "strict"), parse(line, "lenient")]).toEqual([strict, lenient]);
  });

  test.each<[line: string, isForm: boolean]>([
    ["GET / HTTP/1.1", true],
    ["OPTIONS * HTTP/1.1", true],
    ["GET http://a HTTP/1.1", true],
    ["GET h+.-1:b HTTP/1.1", true],
    ["GET 1h:b HTTP/1.1", false],
    ["GET :b HTTP/1.1", false],
    ["GET a HTTP/1.1", false],
    ["GET a/b:c HTTP/1.1", false],
    ["GET $1/a HTTP/1.1", false],
    ["CONNECT a:1 HTTP/1.1", true],
    ["CONNECT [::1]:80 HTTP/1.1", true],
    ["CONNECT a: HTTP/1.1", false],
    ["CONNECT :1 HTTP/1.1", false],
    ["CONNECT a HTTP/1.1", false],
    ["CONNECT a:b HTTP/1.1", false],
  ])("in a message of its own has a target of RFC 9112 §3.2, in a part any: %j, %s", (line, isForm) => {
    const [method, target] = line.split(" ");
    const parsed = `<${method}> <${target}> <HTTP/1.1>`;
    const deviation = `invalid-target-form@${method!.length + 1}`;
    expect(parse(line, "strict", "part")).toBe(parsed);
    expect(parse(line, "strict", "message")).toBe(isForm ? parsed : `!${deviation}`);
    expect(parse(line, "lenient", "message")).toBe(isForm ? parsed : `${parsed} ~${deviation}`);
  });

  test("has its target told by its form behind a space too many", () => {
    expect(parse("GET  http://h/a HTTP/1.1", "lenient", "message")).toBe(
      "<GET> <http://h/a> <HTTP/1.1> ~space-in-target@4",
    );
  });

  test("is what it is said to be", () => {
    expect(parse("HTTP/1.1 200 OK", "strict", "part", "request")).toBe("!invalid-request-line@4");
    expect(parse("GET / HTTP/1.1", "strict", "part", "response")).toBe("!invalid-status-line@0");
    expect(parse("HTTP/1.1 200 OK", "strict", "part", "response")).toBe("<HTTP/1.1> <200> <OK>");
  });
});
