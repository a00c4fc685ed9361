import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryHttpMessage, arbitraryMultipart, octets } from "../support/chunkings.ts";
import type { Finding, Tolerance } from "./findings.ts";
import { type HttpMessageOptions, type HttpMessageOutcome, referenceHttpMessage } from "./http-message.ts";
import { type MultipartOptions, type MultipartOutcome, referenceMultipart } from "./multipart.ts";
import { fromOctets } from "./text.ts";

// What the reference itself must say, written by hand. An outcome is written as one line:
// [fields|body] a complete part, [fields|body… an open one, `closed` the close-delimiter,
// ~code@offset a deviation, !code@offset the error; preamble, epilogue, trailers and remainder
// where they are not empty.

function finding(mark: string, { code, offset }: Finding): string {
  return `${mark}${code}@${offset}`;
}

function fields(list: readonly (readonly [string, string])[]): string {
  return list.map(([name, value]) => `${name}:${value}`).join(";");
}

function named(name: string, value: Uint8Array | undefined): string[] {
  return value === undefined || value.length === 0 ? [] : [`${name}(${fromOctets(value)})`];
}

function multipartLine(outcome: MultipartOutcome): string {
  return [
    ...named("preamble", outcome.preamble),
    ...outcome.parts.map((part) => {
      const content = `${fields(part.fields)}|${fromOctets(part.body)}`;
      return part.complete ? `[${content}]` : `[${content}…`;
    }),
    ...(outcome.closed ? ["closed"] : []),
    ...named("epilogue", outcome.epilogue),
    ...outcome.deviations.map((deviation) => finding("~", deviation)),
    ...(outcome.error === undefined ? [] : [finding("!", outcome.error)]),
  ].join(" ");
}

function httpLine(outcome: HttpMessageOutcome): string {
  const { head } = outcome;
  const startLine =
    head === undefined
      ? []
      : head.kind === "request"
        ? [head.method, `<${head.target}>`, head.version, `{${fields(head.fields)}}`]
        : [head.version, String(head.status), `<${head.reason}>`, `{${fields(head.fields)}}`];
  return [
    ...startLine,
    ...named("body", outcome.body),
    ...(outcome.trailers.length === 0 ? [] : [`trailers(${fields(outcome.trailers)})`]),
    ...named("remainder", outcome.remainder),
    ...outcome.deviations.map((deviation) => finding("~", deviation)),
    ...(outcome.error === undefined ? [] : [finding("!", outcome.error)]),
  ].join(" ");
}

/** What, the input, the outcome in strict mode, and in lenient mode where that differs. */
type Case = [what: string, input: string, strict: string, lenient?: string | undefined];

function multipart(
  input: string,
  tolerance: Tolerance,
  profile: MultipartOptions["profile"] = "mime",
): string {
  return multipartLine(referenceMultipart(octets(input), { boundary: "b", tolerance, profile }));
}

describe("a multipart body, in strict and in lenient mode", () => {
  test.each<Case>([
    // Framing
    ["two parts", "--b\r\nA: 1\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--", "[A:1|x] [|y] closed"],
    ["no part", "--b--\r\n", "closed"],
    [
      "preamble, padding and epilogue",
      "p\r\n--b \t\r\n\r\nx\r\n--b-- \r\ne\r\n",
      "preamble(p) [|x] closed epilogue(e\r\n)",
    ],
    ["a delimiter that shares its line end with the empty line", "--b\r\n\r\n--b--", "[|] closed"],
    [
      "a longer boundary is data",
      "--b\r\n\r\n--bc\r\n--b c\r\n--b-\r\n--b--",
      "[|--bc\r\n--b c\r\n--b-] closed",
    ],
    [
      "a close-delimiter closes whatever follows",
      "--b\r\n\r\nx\r\n--b--c",
      "[|x] closed !text-after-close-delimiter@15",
      "[|x] closed ~text-after-close-delimiter@15",
    ],
    [
      "text after padding, then an epilogue",
      "--b--  c\rd\ne",
      "closed !text-after-close-delimiter@7",
      "closed epilogue(e) ~text-after-close-delimiter@7",
    ],
    [
      "CR at the end of the close-delimiter's line",
      "--b-- \r",
      "closed !text-after-close-delimiter@6",
      "closed ~text-after-close-delimiter@6",
    ],
    [
      "LF at the end of the close-delimiter's line",
      "--b--\ne",
      "closed !bare-lf@5",
      "closed epilogue(e) ~bare-lf@5",
    ],
    ["bare CR after a delimiter", "--b\r\n\r\nx\r\n--b \ry\r\n--b--", "[|x… !bare-cr@14"],

    // Line ends
    [
      "LF after the first delimiter",
      "--b\nA: 1\n\nx\n--b\n\ny\n--b--\ne",
      "!bare-lf@3",
      "[A:1|x] [|y] closed epilogue(e) ~bare-lf@3 ~bare-lf@15",
    ],
    [
      "CRLF where the framing is LF",
      "--b\nA: 1\r\n\r\nx\r\n--b\r\n\ny\r\n--b--",
      "!bare-lf@3",
      "[A:1|x] [|y] closed ~bare-lf@3 ~mixed-line-ends@8 ~mixed-line-ends@10 ~mixed-line-ends@13 ~mixed-line-ends@18 ~mixed-line-ends@22",
    ],
    [
      "LF before a first delimiter that ends in CRLF",
      "p\n--b\r\n\r\nx\n--b--\r\n--b--",
      "preamble(p) !bare-lf@1",
      "preamble(p) [|x\n--b--] closed ~bare-lf@1",
    ],
    [
      "LF before and after the first delimiter",
      "p\n--b\n\nx\n--b--",
      "preamble(p) !bare-lf@1",
      "preamble(p) [|x] closed ~bare-lf@1 ~bare-lf@5",
    ],
    [
      "CRLF before a first delimiter that ends in LF",
      "p\r\n--b\n\nx\n--b--",
      "preamble(p) !bare-lf@6",
      "preamble(p) [|x] closed ~bare-lf@6",
    ],
    [
      "LF before a close-delimiter that is the first",
      "\n--b--\ne",
      "!bare-lf@0",
      "closed epilogue(e) ~bare-lf@0",
    ],
    ["LF after a later delimiter", "--b\r\n\r\nx\r\n--b\n\r\n\r\n--b--", "[|x… !bare-lf@13"],
    ["CR of its own before the CRLF of a delimiter", "--b\r\n\r\nx\r\r\n--b--", "[|x\r] closed"],

    // Early ends
    ["nothing", "", "!unexpected-end@0"],
    ["the end in a body", "--b\r\n\r\nxy", "[|xy… !unexpected-end@9"],
    ["the end in what could be a delimiter line", "--b\r\n\r\nx\r\n--b \t\r", "[|x… !unexpected-end@16"],
    ["the end in what could be a close-delimiter", "--b\r\n\r\nx\r\n--b-", "[|x… !unexpected-end@14"],
    ["the end in what could be a line end", "--b\r\n\r\nx\r\n--bc\r", "[|x\r\n--bc… !unexpected-end@15"],
    ["the end in a delimiter at the start of a body", "--b\r\n\r\n-", "[|… !unexpected-end@8"],
    ["the end after a delimiter line", "--b\r\n\r\nx\r\n--b\r\n", "[|x] !unexpected-end@15"],
    [
      "the end in a header section, whatever its last line holds",
      "--b\r\nA: 1\r\n\0\r",
      "!unexpected-end@13",
    ],

    // Delimiters in header sections
    [
      "a delimiter line after a delimiter line",
      "--b\r\n--b\r\n\r\nx\r\n--b--",
      "!repeated-delimiter@5",
      "[|x] closed ~repeated-delimiter@5",
    ],
    [
      "a close-delimiter after a delimiter line",
      "--b\r\n--b--",
      "!repeated-delimiter@5",
      "closed ~repeated-delimiter@5",
    ],
    [
      "a delimiter line after a field line",
      "--b\r\nA: 1\r\n--b \r\n\r\nx\r\n--b--",
      "!unterminated-header-section@11",
      "[A:1|] [|x] closed ~unterminated-header-section@11",
    ],
    [
      "a close-delimiter after a skipped line",
      "--b\r\nA\r\n--b--",
      "!missing-colon@5",
      "[|] closed ~missing-colon@5 ~unterminated-header-section@8",
    ],
    ["a delimiter line with a refused line end", "--b\r\nA: 1\r\n--b\nx", "!bare-lf@14"],
    ["a field name that begins as the delimiter", "--b\r\n--bc: 1\r\n\r\nx\r\n--b--", "[--bc:1|x] closed"],

    // Field lines
    ["white space around a value", "--b\r\nA:\t 1 2 \t\r\nB:\r\n\r\n\r\n--b--", "[A:1 2;B:|] closed"],
    [
      "folded lines keep their white space",
      "--b\r\nA: 1 \r\n\t2\r\n  \r\n\r\n\r\n--b--",
      "[A:1 \t2|] closed",
    ],
    [
      "repeated fields and names of Object.prototype",
      "--b\r\n__proto__: 1\r\n__proto__: 2\r\n\r\n\r\n--b--",
      "[__proto__:1;__proto__:2|] closed",
    ],
    ["UTF-8 and other octets", "--b\r\nA: \xc3\xa9\r\nB: \xe9\r\n\r\n\r\n--b--", "[A:é;B:\xe9|] closed"],
    [
      "a line without colon and its continuation",
      "--b\r\nA\r\n \x01\r\nB: 1\r\n\r\n\r\n--b--",
      "!missing-colon@5",
      "[B:1|] closed ~missing-colon@5",
    ],
    [
      "a line without name",
      "--b\r\n: \x01\r\n\r\n\r\n--b--",
      "!empty-field-name@5",
      "[|] closed ~empty-field-name@5",
    ],
    [
      "white space before the colon",
      "--b\r\nA \t: 1\r\n\r\n\r\n--b--",
      "!space-before-colon@6",
      "[A:1|] closed ~space-before-colon@6",
    ],
    [
      "a name that is not a token",
      "--b\r\n(A) : 1\r\n\r\n\r\n--b--",
      "!invalid-field-name@5",
      "[(A):1|] closed ~invalid-field-name@5 ~space-before-colon@8",
    ],
    [
      "control characters in a value and its continuation",
      "--b\r\nA: \x01\x02\r\n \x7f\r\n\r\n\r\n--b--",
      "!control-in-field-value@8",
      "[A:\x01\x02 \x7f|] closed ~control-in-field-value@8 ~control-in-field-value@13",
    ],
    [
      "white space at the start of the first line",
      "--b\r\n A: 1\r\n\r\n\r\n--b--",
      "!leading-white-space@5",
      "[A:1|] closed ~leading-white-space@5",
    ],
    [
      "white space alone on the first line",
      "--b\r\n  \r\nA: 1\r\n\r\n\r\n--b--",
      "!leading-white-space@5",
      "[A:1|] closed ~leading-white-space@5 ~missing-colon@5",
    ],
    ["bare CR before other flaws of its line", "--b\r\n : \r1\r\n\r\n", "!bare-cr@8"],
    ["NUL before a bare LF", "--b\r\nA: \0\n", "!nul@8"],
    ["bare LF before other flaws of its line", "--b\r\nA\n", "!bare-lf@6"],
    ["bare CR where the framing is LF", "--b\nA: 1\r\r\n\n", "!bare-lf@3", "~bare-lf@3 !bare-cr@8"],
  ])("%s", (_, input, strict, lenient = strict) => {
    expect([multipart(input, "strict"), multipart(input, "lenient")]).toEqual([strict, lenient]);
  });

  test.each<Case>([
    [
      "a preamble",
      "p\r\n--b\r\n\r\nx\r\n--b--",
      "preamble(p) !preamble-in-form-data@0",
      "preamble(p) [|x] closed ~preamble-in-form-data@0",
    ],
    ["a line end alone", "\r\n--b\r\n\r\nx\r\n--b--", "[|x] closed"],
    [
      "a folded line",
      "--b\r\nA: 1\r\n 2\r\n\r\nx\r\n--b--",
      "!folded-field-line@11",
      "[A:1 2|x] closed ~folded-field-line@11",
    ],
    [
      "a preamble before LF",
      "p\n--b\n\nx\n--b--",
      "preamble(p) !preamble-in-form-data@0",
      "preamble(p) [|x] closed ~preamble-in-form-data@0 ~bare-lf@1 ~bare-lf@5",
    ],
  ])("as form-data: %s", (_, input, strict, lenient = strict) => {
    expect([multipart(input, "strict", "form-data"), multipart(input, "lenient", "form-data")]).toEqual([
      strict,
      lenient,
    ]);
  });
});

function http(input: string, options: HttpMessageOptions): string {
  return httpLine(referenceHttpMessage(octets(input), options));
}

describe("an HTTP message in a part, in strict and in lenient mode", () => {
  test.each<Case>([
    // Start-line
    ["a request", "POST items HTTP/1.1\r\nA: 1\r\n\r\nx", "POST <items> HTTP/1.1 {A:1} body(x)"],
    ["a response", "HTTP/1.0 404 Not Found\r\n\r\n", "HTTP/1.0 404 <Not Found> {}"],
    [
      "empty lines first",
      "\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      "!empty-line-before-start-line@0",
      "GET </> HTTP/1.1 {} ~empty-line-before-start-line@0 ~empty-line-before-start-line@2",
    ],
    ["no version", "GET /\r\n\r\n", "!missing-http-version@5", "GET </> HTTP/1.1 {} ~missing-http-version@5"],
    [
      "another version",
      "GET / HTTP/2\r\n\r\n",
      "!invalid-http-version@6",
      "GET </> HTTP/2 {} ~invalid-http-version@6",
    ],
    [
      "a space in the target",
      "GET /a b HTTP/1.1\r\n\r\n",
      "!space-in-target@6",
      "GET </a b> HTTP/1.1 {} ~space-in-target@6",
    ],
    [
      "spaces after the target",
      "GET /  \r\n\r\n",
      "!space-in-target@5",
      "GET </> HTTP/1.1 {} ~space-in-target@5 ~missing-http-version@7",
    ],
    [
      "spaces around the target and behind the version",
      "GET  /  HTTP/1.1 \r\n\r\n",
      "!space-in-target@4",
      "GET </> HTTP/1.1 {} ~space-in-target@4 ~space-in-target@16",
    ],
    ["no target", "GET HTTP/1.1\r\n\r\n", "!invalid-request-line@4"],
    ["no space", "GET\r\n\r\n", "!invalid-request-line@3"],
    ["HTAB in the target", "GET /\t HTTP/1.1\r\n\r\n", "!invalid-request-line@5"],
    ["a method that is not a token", "G(T / HTTP/1.1\r\n\r\n", "!invalid-request-line@1"],
    [
      "no space after the status",
      "HTTP/1.1 200\r\n\r\n",
      "!status-line-without-space@12",
      "HTTP/1.1 200 <> {} ~status-line-without-space@12",
    ],
    ["an empty reason", "HTTP/1.1 200 \r\n\r\n", "HTTP/1.1 200 <> {}"],
    ["a status of four digits", "HTTP/1.1 2000 \r\n\r\n", "!invalid-status-line@12"],
    [
      "a status below 100",
      "HTTP/1.1 099 \r\n\r\n",
      "!status-below-100@9",
      "HTTP/1.1 99 <> {} ~status-below-100@9",
    ],
    ["a control character in the reason", "HTTP/1.1 200 \x01\r\n\r\n", "!invalid-status-line@13"],

    // Head
    [
      "LF as line end",
      "GET / HTTP/1.1\nA: 1\n\nx\n",
      "!bare-lf@14",
      "GET </> HTTP/1.1 {A:1} body(x\n) ~bare-lf@14 ~bare-lf@19 ~bare-lf@20",
    ],
    [
      "a folded line",
      "GET / HTTP/1.1\r\nA: 1\r\n 2\r\n\r\n",
      "!folded-field-line@22",
      "GET </> HTTP/1.1 {A:1 2} ~folded-field-line@22",
    ],
    [
      "a head that ends after a line",
      "GET / HTTP/1.1\r\nA: 1\r\n",
      "!unterminated-head@22",
      "GET </> HTTP/1.1 {A:1} ~unterminated-head@22",
    ],
    [
      "a head that ends in a line",
      "GET / HTTP/1.1\r\nA: 1",
      "!unterminated-head@20",
      "GET </> HTTP/1.1 {A:1} ~unterminated-head@20",
    ],
    [
      "no start-line",
      "\r\n",
      "!empty-line-before-start-line@0",
      "~empty-line-before-start-line@0 !unexpected-end@2",
    ],
    ["bare CR", "GET / HTTP/1.1\r\nA: \r1\r\n\r\n", "!bare-cr@19"],

    // Content-Length
    [
      "the exact length",
      "HTTP/1.1 200 OK\r\nContent-Length: 02\r\n\r\nxy",
      "HTTP/1.1 200 <OK> {Content-Length:02} body(xy)",
    ],
    [
      "line ends after the length",
      "GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx\r\n\n",
      "GET </> HTTP/1.1 {Content-Length:1} body(x) !content-length-mismatch@38",
      "GET </> HTTP/1.1 {Content-Length:1} body(x) ~content-length-mismatch@38",
    ],
    [
      "text after the length",
      "GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\nxyz",
      "GET </> HTTP/1.1 {Content-Length:1} body(x) !content-length-mismatch@38",
      "GET </> HTTP/1.1 {Content-Length:1} body(xyz) ~content-length-mismatch@38",
    ],
    [
      "less than the length",
      "GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nxyz",
      "GET </> HTTP/1.1 {Content-Length:9} body(xyz) !content-length-mismatch@40",
      "GET </> HTTP/1.1 {Content-Length:9} body(xyz) ~content-length-mismatch@40",
    ],
    ["a list", "GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\nx", "!invalid-content-length@32"],
    ["no number", "GET / HTTP/1.1\r\nContent-Length:\r\n\r\n", "!invalid-content-length@31"],
    [
      "more than 2^53-1",
      "GET / HTTP/1.1\r\nContent-Length: 9007199254740992\r\n\r\n",
      "!invalid-content-length@32",
    ],
    [
      "equal lengths",
      "GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\nx",
      "!repeated-content-length@51",
      "GET </> HTTP/1.1 {Content-Length:1;content-length:1} body(x) ~repeated-content-length@51",
    ],
    [
      "unequal lengths",
      "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
      "!invalid-content-length@51",
    ],
    [
      "a length that says nothing of a 304",
      "HTTP/1.1 304 \r\nContent-Length: 9\r\n\r\n",
      "HTTP/1.1 304 <> {Content-Length:9}",
    ],

    // Chunked
    [
      "chunks, an extension and trailers",
      "GET / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nxy\r\n01;a=b\r\nz\r\n0\r\nT: 1\r\n\r\n",
      "GET </> HTTP/1.1 {Transfer-Encoding:Chunked} body(xyz) trailers(T:1)",
    ],
    [
      "a coding before chunked",
      "GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
      "GET </> HTTP/1.1 {Transfer-Encoding:gzip;Transfer-Encoding:chunked} body(x)",
    ],
    [
      "a coding after chunked",
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
      "!invalid-transfer-encoding@35",
    ],
    [
      "chunked and a length",
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n0\r\n\r\n",
      "!content-length-with-transfer-encoding@35",
      "GET </> HTTP/1.1 {Transfer-Encoding:chunked;Content-Length:9} ~content-length-with-transfer-encoding@35",
    ],
  ])("%s", (_, input, strict, lenient = strict) => {
    const outcome = (tolerance: Tolerance): string => http(input, { within: "part", tolerance });
    expect([outcome("strict"), outcome("lenient")]).toEqual([strict, lenient]);
  });

  const chunked = "GET / HTTP/1.1\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const chunkedAt = chunked.length;

  test.each<[what: string, body: string, strict: string, lenient?: string]>([
    [
      "white space after a size",
      "1 \r\nx\r\n0\r\n\r\n",
      "!space-after-chunk-size@+1",
      "body(x) ~space-after-chunk-size@+1",
    ],
    ["LF after a size", "1\nx\r\n0\r\n\r\n", "!invalid-chunk@+1"],
    ["no size", ";a\r\n", "!invalid-chunk@+0"],
    ["a size above 2^53-1", "20000000000000\r\n", "!invalid-chunk@+13"],
    ["a size of 17 digits", "00000000000000001\r\n", "!invalid-chunk@+16"],
    ["text after a chunk", "1\r\nxy", "body(x) !invalid-chunk@+4"],
    ["a control character in an extension", "1;\x01", "!invalid-chunk@+2"],
    ["the end in a chunk", "3\r\nxy", "body(xy) !unexpected-end@+5"],
    ["the end before the trailers' empty line", "0\r\n", "!unexpected-end@+3"],
    [
      "line ends after the message",
      "0\r\n\r\n\r\n",
      "!content-after-message@+5",
      "~content-after-message@+5",
    ],
    ["text after the message", "0\r\n\r\n\r\nx", "!content-after-message@+5"],
  ])("chunked: %s", (_, body, strict, lenient = strict) => {
    const outcome = (tolerance: Tolerance): string => http(chunked + body, { within: "part", tolerance });
    const head = "GET </> HTTP/1.1 {A:1;Transfer-Encoding:chunked}";
    const absolute = (line: string): string => {
      const [before = "", after = ""] = line.split("@+");
      return `${head} ${before}@${chunkedAt + Number(after)}`;
    };
    expect([outcome("strict"), outcome("lenient")]).toEqual([absolute(strict), absolute(lenient)]);
  });

  test("octets in the part of an answer to HEAD stay, undecoded", () => {
    const input = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n";
    const line = http(input, { within: "part", requestMethod: "HEAD", tolerance: "strict" });
    expect(line).toBe("HTTP/1.1 200 <OK> {Transfer-Encoding:chunked} body(1\r\n)");
  });
});

describe("an HTTP message alone, in strict and in lenient mode", () => {
  test.each<[...Case, requestMethod?: string]>([
    ["a request has no body of its own", "GET / HTTP/1.1\r\n\r\nx", "GET </> HTTP/1.1 {} remainder(x)"],
    ["a response runs to the end", "HTTP/1.1 200 OK\r\n\r\nx", "HTTP/1.1 200 <OK> {} body(x)"],
    [
      "a length",
      "GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\nxyz",
      "GET </> HTTP/1.1 {Content-Length:1} body(x) remainder(yz)",
    ],
    [
      "less than the length",
      "GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
      "GET </> HTTP/1.1 {Content-Length:9} body(x) !unexpected-end@38",
    ],
    [
      "chunks",
      "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nx",
      "GET </> HTTP/1.1 {Transfer-Encoding:chunked} remainder(x)",
    ],
    [
      "chunked and a length",
      "GET / HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "!content-length-with-transfer-encoding@54",
    ],
    [
      "a relative target",
      "GET a HTTP/1.1\r\n\r\n",
      "!invalid-target-form@4",
      "GET <a> HTTP/1.1 {} ~invalid-target-form@4",
    ],
    ["the other forms of a target", "GET a+b:c HTTP/1.1\r\n\r\n", "GET <a+b:c> HTTP/1.1 {}"],
    ["a head that ends after a line", "GET / HTTP/1.1\r\n", "!unexpected-end@16"],
    [
      "an answer to HEAD",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 200 <OK> {Content-Length:1} remainder(x)",
      undefined,
      "HEAD",
    ],
    ["a tunnel", "HTTP/1.1 200 OK\r\n\r\nx", "HTTP/1.1 200 <OK> {} remainder(x)", undefined, "CONNECT"],
  ])("%s", (_, input, strict, lenient = strict, requestMethod = undefined) => {
    const outcome = (tolerance: Tolerance): string =>
      http(input, { within: "message", tolerance, requestMethod });
    expect([outcome("strict"), outcome("lenient")]).toEqual([strict, lenient]);
  });
});

describe("where lenient mode finds nothing, strict mode says the same", () => {
  test.each<"mime" | "form-data">(["mime", "form-data"])("of multipart/%s", (profile) => {
    fc.assert(
      fc.property(arbitraryMultipart("b-"), (input) => {
        const lenient = referenceMultipart(input, { boundary: "b-", tolerance: "lenient", profile });
        fc.pre(lenient.deviations.length === 0 && lenient.error === undefined);
        expect(referenceMultipart(input, { boundary: "b-", tolerance: "strict", profile })).toEqual(lenient);
      }),
    );
  });

  test("of an HTTP message in a part", () => {
    fc.assert(
      fc.property(arbitraryHttpMessage(), (input) => {
        const lenient = referenceHttpMessage(input, { within: "part", tolerance: "lenient" });
        fc.pre(lenient.deviations.length === 0 && lenient.error === undefined);
        expect(referenceHttpMessage(input, { within: "part", tolerance: "strict" })).toEqual(lenient);
      }),
    );
  });
});

// Otherwise no streaming parser could agree with the reference.
describe("what is said of a beginning stays true, however the input goes on", () => {
  test.each<Tolerance>(["strict", "lenient"])("of a multipart body, %s", (tolerance) => {
    const read = (input: Uint8Array): MultipartOutcome =>
      referenceMultipart(input, { boundary: "b-", tolerance });
    fc.assert(
      fc.property(arbitraryMultipart("b-"), fc.nat(), (input, cut) => {
        const beginning = read(input.subarray(0, cut % (input.length + 1)));
        fc.pre(!beginning.closed);
        const whole = read(input);
        if (beginning.error?.code !== "unexpected-end") {
          expect(whole).toEqual(beginning);
          return;
        }
        expect(whole.deviations.slice(0, beginning.deviations.length)).toEqual(beginning.deviations);
        for (const [index, part] of beginning.parts.entries()) {
          const same = whole.parts[index];
          expect(same?.fields).toEqual(part.fields);
          expect(same?.body.slice(0, part.complete ? undefined : part.body.length)).toEqual(part.body);
        }
      }),
    );
  });

  test.each<Tolerance>(["strict", "lenient"])("of an HTTP message alone, %s", (tolerance) => {
    const read = (input: Uint8Array): HttpMessageOutcome =>
      referenceHttpMessage(input, { within: "message", tolerance });
    fc.assert(
      fc.property(arbitraryHttpMessage(), fc.nat(), (input, cut) => {
        const beginning = read(input.subarray(0, cut % (input.length + 1)));
        const whole = read(input);
        const isFinal = beginning.error !== undefined && beginning.error.code !== "unexpected-end";
        if (isFinal) expect(whole).toEqual(beginning);
        expect(whole.deviations.slice(0, beginning.deviations.length)).toEqual(beginning.deviations);
        expect(whole.body.slice(0, beginning.body.length)).toEqual(beginning.body);
      }),
    );
  });
});
