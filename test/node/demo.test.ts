/** The demo and the examples, run as users run them, from a build of their own. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "batchwire-demo-"));

beforeAll(() => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  for (const project of [root, join(root, "src/cli")]) {
    execFileSync(process.execPath, [tsc, "-p", project, "--outDir", join(home, "dist")]);
  }
  cpSync(join(root, "package.json"), join(home, "package.json"));
  // The servers among the examples have tests and packages of their own: examples/test.
  const filter = (path: string): boolean => !path.includes("node_modules");
  cpSync(join(root, "examples"), join(home, "examples"), { recursive: true, filter });
}, 120_000);

afterAll(() => rmSync(home, { recursive: true }));

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

function run(script: string, args: string[] = [], env: Record<string, string> = {}, input = ""): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: home,
    encoding: "utf8",
    input: Buffer.from(input, "latin1"),
    env: { ...process.env, npm_lifecycle_event: "", ...env },
  });
  return { status, stdout, stderr };
}

const demo = (...args: string[]): Run => run("dist/cli/inspect.js", args);

/** Runs the demo on lines that end in CRLF; answers its lines without the first. */
function demoOf(lines: string[], ...args: string[]): { status: number | null; lines: string[] } {
  writeFileSync(join(home, "input.http"), lines.join("\r\n"), "latin1");
  const { status, stdout, stderr } = demo("input.http", ...args);
  expect(stderr).toBe("");
  return { status, lines: stdout.trimEnd().split("\n").slice(1) };
}

const part = ["--b", "Content-Type: application/http", ""];
const get = [...part, "GET /a HTTP/1.1", "Host: h", "", ""];
const table = ['  a multipart body, boundary "b"', "", "  after octet  part  operation"];

describe("Without files the demo reads the exchange of UCWA's documentation", () => {
  test("and prints operations, sizes, deviations and that the octets are the same", () => {
    expect(demo()).toEqual({ status: 0, stderr: "", stdout: ucwaExchange + conversations });
  });

  test("of which the README shows a part", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const shown = /it prints\n\n```text\n(.*?)```/s.exec(readme)?.[1];
    expect(shown).toContain("ucwa-request.json");
    expect(ucwaExchange).toContain(shown);
  });

  test("with request bodies of the lengths that the documentation counts", () => {
    for (const [form, length] of [
      ["xml", 553],
      ["json", 557],
    ] as const) {
      const message = readFileSync(join(root, `examples/ucwa-request.${form}.http`), "latin1");
      expect(message.split("\r\n")).toContain(`Content-Length: ${length}`);
      expect(message.slice(message.indexOf("\r\n\r\n") + 4)).toHaveLength(length);
    }
  });

  test("in files whose line ends are all CRLF", () => {
    for (const name of ["request.xml", "request.json", "response.xml", "response.json"]) {
      const message = readFileSync(join(root, `examples/ucwa-${name}.http`), "latin1");
      expect(message.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }
  });
});

/** What comes behind the exchange: the documented batches, sent to the sample service. */
const conversations = `
POST https://fe1.contoso.com/ucwa/v1/applications/192/batch
  ucwa, 2 operations
  200 multipart/batching, from here on as the answers arrive
  200  GET /ucwa/v1/applications/11540713861/me/phones
       {"rel":"phones","_embedded":{"phone":[{"number":"tel:+14255554321;ext=54321","type":"work"}]}}
  200  GET /ucwa/v1/applications/11540713861/policies
       {"rel":"policies","telephonyMode":"Uc","logging":"Enabled","photos":"Enabled"}

POST https://api.cronofy.com/v1/batch
  cronofy, 2 operations
  207 application/json, from here on as the answers arrive
  202  DELETE /v1/calendars/cal_123_abc/events
  422  POST /v1/calendars/cal_123_abc/events
       {"errors":{"summary":[{"key":"errors.required","description":"summary must be specified"}]}}
`;

const ucwaExchange = `\
examples/ucwa-request.xml.http: 817 octets, arriving 16 at a time
  Post https://fe1.contoso.com:443/ucwa/v1/applications/192/batch HTTP/1.1
  multipart/batching, boundary "EA370946"

  after octet  part  operation
          544  1     GET /ucwa/v1/applications/11540713861/policies
                     application/vnd.microsoft.com.ucwa+xml, no body
                     part Content-Length 200 ignored: the part's body has 184 octets
          816  2     GET /ucwa/v1/applications/11540713861/me/phones
                     application/vnd.microsoft.com.ucwa+xml, no body
                     part Content-Length 201 ignored: the part's body has 185 octets

  2 operations, no deviations
  written again: identical, all 553 octets from the first delimiter to the close-delimiter

examples/ucwa-response.xml.http: 2786 octets, arriving 16 at a time
  HTTP/1.1 200 OK
  multipart/batching, boundary "0cac9abd"

  after octet  part  operation
          288  1     200 OK
                     application/vnd.microsoft.com.ucwa+xml; charset=utf-8, body of 485 octets
          944  2     200 OK
                     application/vnd.microsoft.com.ucwa+xml; charset=utf-8, body of 1829 octets
  epilogue of 2 octets

  2 operations, no deviations
  written again: identical, all 2684 octets from the first delimiter to the close-delimiter

examples/ucwa-request.json.http: 821 octets, arriving 16 at a time
  Post https://fe1.contoso.com:443/ucwa/v1/applications/192/batch HTTP/1.1
  multipart/batching, boundary "EA370946"

  after octet  part  operation
          544  1     GET /ucwa/v1/applications/11540713861/policies
                     application/vnd.microsoft.com.ucwa+json, no body
                     part Content-Length 200 ignored: the part's body has 186 octets
          816  2     GET /ucwa/v1/applications/11540713861/me/phones
                     application/vnd.microsoft.com.ucwa+json, no body
                     part Content-Length 201 ignored: the part's body has 187 octets

  2 operations, no deviations
  written again: identical, all 557 octets from the first delimiter to the close-delimiter

examples/ucwa-response.json.http: 2123 octets, arriving 16 at a time
  HTTP/1.1 200 OK
  multipart/batching, boundary "0cac9abd"

  after octet  part  operation
          288  1     200 OK
                     application/vnd.microsoft.com.ucwa+json;charset=utf-8, body of 268 octets
          736  2     200 OK
                     application/vnd.microsoft.com.ucwa+json;charset=utf-8, body of 1387 octets

  2 operations, no deviations
  written again: identical, all 2023 octets from the first delimiter to the close-delimiter
`;

describe("The demo reads", () => {
  test("a bare body, whose first delimiter line tells the boundary", () => {
    expect(demoOf([...get, "--b--", ""])).toEqual({
      status: 0,
      lines: [
        ...table,
        "           76  1     GET /a",
        "                     no body",
        "",
        "  1 operation, no deviations",
        "  written again: identical, all 74 octets from the first delimiter to the close-delimiter",
      ],
    });
  });

  test("a body without parts", () => {
    expect(demoOf(["--b--", ""]).lines).toEqual([
      ...table,
      "  warning: no parts",
      "",
      "  0 operations, no deviations",
      "  written again: identical, all 5 octets from the first delimiter to the close-delimiter",
    ]);
  });

  test("as many octets at a time as it is told: an operation is known once its head has arrived", () => {
    // The heads end with octets 67 and 136; the octet behind an empty line tells that no delimiter follows it.
    const rows = (chunk: string): string[] =>
      demoOf([...get, ...get, "--b--", ""], "--chunk", chunk).lines.slice(3, 7);
    expect(rows("1").filter((line) => line.includes("GET"))).toEqual([
      "           68  1     GET /a",
      "          137  2     GET /a",
    ]);
    expect(rows("1000").filter((line) => line.includes("GET"))).toEqual([
      "          145  1     GET /a",
      "          145  2     GET /a",
    ]);
  });

  test("a chunked message, and counts from the start of what the chunks hold", () => {
    const body = [...part, "GET /a HTTP/1.1", "X : y", "", "", "--b--"].join("\r\n");
    const { status, lines } = demoOf([
      "POST /batch HTTP/1.1",
      "Content-Type: multipart/mixed; boundary=b",
      "Transfer-Encoding: chunked",
      "",
      body.length.toString(16),
      body,
      "0",
      "",
      "",
    ]);
    expect(status).toBe(0);
    expect(lines.slice(0, 2)).toEqual(["  POST /batch HTTP/1.1", '  multipart/mixed, boundary "b"']);
    expect(lines.slice(6)).toEqual([
      "                     deviation space-before-colon at octet 57 of the unchunked body: White space stands between field name and colon",
      "",
      "  1 operation, 1 deviation",
      "  written again: normalised in 1 place",
      "    part 1, head: space-before-colon (lenient), first at octet 57 of the unchunked body",
      String.raw`      "...1.1\r\nX : y\r\n\r\n" became "...1.1\r\nX: y\r\n\r\n"`,
    ]);
  });

  test("change sets and parts that hold no message", () => {
    const inner = ["--c", "Content-Type: application/http", "", "HTTP/1.1 204 No Content", "", ""];
    const { lines } = demoOf([
      "--b",
      "Content-Type: multipart/mixed; boundary=c",
      "",
      ...inner,
      ...inner,
      "--c--",
      "",
      "--b",
      'Content-Disposition: form-data; name="n"',
      "",
      "text",
      "--b--",
    ]);
    expect(lines.slice(3)).toEqual([
      '           64  1     multipart/mixed, boundary "c"',
      "          128  1.1   204 No Content",
      "                     no body",
      "          192  1.2   204 No Content",
      "                     no body",
      '          255  2     form-data; name="n"',
      "                     text/plain, body of 4 octets",
      "",
      "  2 operations and 1 other part, no deviations",
      "  written again: identical, all 255 octets from the first delimiter to the close-delimiter",
    ]);
  });

  test("a message that holds no multipart body", () => {
    const lines = ["HTTP/1.1 200 OK", "Content-Type: application/json", "", "{}"];
    expect(demoOf(lines)).toEqual({
      status: 0,
      lines: ["  HTTP/1.1 200 OK", "  application/json, 2 octets: only multipart bodies are inspected"],
    });
  });

  test("a message without a Content-Type", () => {
    expect(demoOf(["HTTP/1.1 200 OK", "", "{}"]).lines).toEqual([
      "  HTTP/1.1 200 OK",
      "  no Content-Type, 2 octets: only multipart bodies are inspected",
    ]);
  });

  test("standard input in place of the file -", () => {
    const input = [...get, "--b--"].join("\r\n");
    const { status, stdout, stderr } = run("dist/cli/inspect.js", ["-"], {}, input);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n")[0]).toBe(`standard input: ${input.length} octets, arriving 16 at a time`);
    expect(stdout).toContain("  1 operation, no deviations\n");
  });

  test.each([
    ["none", []],
    ["one", [""]],
  ])("change sets whose close-delimiters have line ends of their own: %s", (_, lineEnd) => {
    const { lines } = demoOf([
      "--b",
      "Content-Type: multipart/mixed; boundary=c",
      "",
      "--c",
      "Content-Type: application/http",
      "",
      "HTTP/1.1 204 No Content",
      "",
      "",
      "--c--",
      ...lineEnd,
      "--b--",
      ...lineEnd,
    ]);
    expect(lines.at(-1)).toMatch(/^ {2}written again: identical, all \d+ octets /);
  });
});

describe("The demo tells", () => {
  test("what stands around the parts of each body", () => {
    const { lines } = demoOf([
      "before",
      "--b",
      "Content-Type: multipart/mixed; boundary=c",
      "",
      "in front",
      "--c",
      "",
      "text",
      "--c--",
      "a",
      "--b--",
      "behind",
    ]);
    expect(lines.slice(3, 12)).toEqual([
      "  preamble of 6 octets",
      '           64  1     multipart/mixed, boundary "c"',
      "                     preamble of 8 octets in part 1",
      "           80  1.1   no operation",
      "                     text/plain, body of 4 octets",
      "                     epilogue of 1 octet in part 1",
      "  epilogue of 6 octets",
      "",
      "  0 operations and 1 other part, no deviations",
    ]);
  });

  test("why there are no parts where a byte order mark makes the first delimiter a preamble", () => {
    expect(demoOf(["\xef\xbb\xbf--b", "", "x", "--b--"]).lines).toEqual([
      ...table,
      "  warning: a byte order mark hides the first delimiter",
      "  preamble of 11 octets",
      "  warning: no parts",
      "",
      "  0 operations, no deviations",
      "  written again: identical, all 5 octets from the first delimiter to the close-delimiter",
    ]);
  });

  test.each([
    ["malformed-media-type", "", "("],
    ["malformed-parameter", "text/plain; ", "="],
  ])("the octet of a deviation in a field of any part: %s", (code, before, wrong) => {
    const first = ["--b", "", "x", "--b"];
    const { lines } = demoOf([...first, `Content-Type: ${before}${wrong}`, "", "y", "--b--"]);
    const offset = [...first, `Content-Type: ${before}`].join("\r\n").length;
    expect(lines.filter((line) => line.includes("deviation "))).toEqual([
      expect.stringMatching(`^ {21}deviation ${code} at octet ${offset}: `),
    ]);
  });

  test("the character of a deviation in the Content-Type of the message, once", () => {
    const contentType = "multipart/mixed; boundary=b; x=1; x=2";
    const { lines } = demoOf(["HTTP/1.1 200 OK", `Content-Type: ${contentType}`, "", ...get, "--b--"]);
    const at = contentType.lastIndexOf("x=");
    expect(lines.filter((line) => line.includes("deviation "))).toEqual([
      expect.stringMatching(`^ {2}deviation repeated-parameter at character ${at} of Content-Type: `),
    ]);
  });

  test("that a content coding is not undone", () => {
    const head = ["HTTP/1.1 200 OK", "Content-Type: multipart/mixed; boundary=b"];
    const { status, lines } = demoOf([...head, "Content-Encoding: gzip", "", "\x1f\x8b"]);
    expect(status).toBe(1);
    expect(lines[1]).toBe("  warning: content coding gzip is not undone");
    expect(demoOf([...head, "Content-Encoding: Identity", "", "--b--"]).lines[1]).toBe(
      '  multipart/mixed, boundary "b"',
    );
  });

  test("a Content-Length of a part that is not that of its body, whatever it holds", () => {
    const inner = ["--c", "Content-Type: application/http", "Content-Length: 27"];
    const message = ["", "HTTP/1.1 204 No Content", "", ""];
    const encoded = ["--b", "Content-Transfer-Encoding: base64", "Content-Length: 1", "", "eA=="];
    const group = ["--b", "Content-Type: multipart/mixed; boundary=c", "Content-Length: ###", ""];
    const { lines } = demoOf([...group, ...inner, ...message, "--c--", ...encoded, "--b--"]);
    const groupLength = [...inner, ...message, "--c--"].join("\r\n").length;
    expect(lines.slice(3, 10)).toEqual([
      expect.stringMatching(/ 1 {5}multipart\/mixed, boundary "c"$/),
      `                     part Content-Length ### ignored: the part's body has ${groupLength} octets`,
      expect.stringMatching(/ 1\.1 {3}204 No Content$/),
      "                     no body",
      expect.stringMatching(/ 2 {5}no operation$/),
      "                     text/plain, body of 1 octet",
      "                     part Content-Length 1 ignored: the part's body has 4 octets",
    ]);
  });

  test("every deviation with code and octet, and what is not written as it was read", () => {
    const { status, lines } = demoOf([
      "--b \t",
      "Content-Type: application/http",
      "",
      "GET /a HTTP/1.1",
      "X: a",
      "  folded",
      "",
      "",
      "--b",
      "X-Empty: 1",
      "",
      "--b",
      ...part,
      "POST /b HTTP/1.1",
      "Content-Length: 9",
      "",
      "abc",
      "--b--",
    ]);
    expect(status).toBe(0);
    expect(lines.slice(3)).toEqual([
      "           80  1     GET /a",
      "                     no body",
      "                     deviation folded-field-line at octet 64: Field line is folded",
      "          112  2     no operation",
      "                     text/plain, no body",
      "          190  3     POST /b",
      "                     body of 3 octets",
      "                     deviation repeated-delimiter at octet 102: Delimiter line directly follows a delimiter line",
      "                     deviation content-length-mismatch at octet 183: Content-Length differs from the body's length",
      "",
      "  2 operations and 1 other part, 3 deviations",
      "  written again: normalised in 4 places",
      "    part 1, delimiter: transport padding left out, first at octet 3",
      String.raw`      "--b \t\r\n" became "--b\r\n"`,
      "    part 1, head: folded-field-line (lenient), first at octet 62",
      String.raw`      "...\r\nX: a\r\n  folded\r\n\r\n" became "...\r\nX: a  folded\r\n\r\n"`,
      "    part 3, delimiter: repeated-delimiter (lenient), the empty part before it shared its line end, first at octet 97",
      String.raw`      "--b\r\n--b\r\n" became "\r\n--b\r\n"`,
      "    part 3, head: content-length-mismatch (lenient), first at octet 175",
      String.raw`      "...ngth: 9\r\n\r\n" became "...ngth: 3\r\n\r\n"`,
    ]);
  });

  test("a kind of deviation once, with its first places", () => {
    const { lines } = demoOf([[...get, ...get, "--b--"].join("\n")]);
    expect(lines.filter((line) => line.includes("deviation "))).toEqual([
      "                     deviation bare-lf at octet 3: Line ends in LF without CR",
      "                     deviation bare-lf at octet 51, 59, 60 and 1 more: Line ends in LF without CR",
      "                     deviation bare-lf at octet 113, 121, 122: Line ends in LF without CR",
    ]);
  });

  test("an error with its code, octet and part, after all that came before it", () => {
    const { status, lines } = demoOf([...get, ...part, "POST /b HTTP/1.1", "Content-Length: 10", "", "abc"]);
    expect(status).toBe(1);
    expect(lines.slice(3)).toEqual([
      "           80  1     GET /a",
      "                     no body",
      "          151  2     POST /b",
      "                     error unexpected-end at octet 151 in part 2: Input ends too early",
      "",
      "  2 operations, no deviations",
      "  not written again: broken",
    ]);
  });

  test("an error of the message around the body", () => {
    const chunk = ["--b", "Content-Type: application/http", "", "HTTP/1.1 204 No Content", "", "", "--b", ""];
    const body = chunk.join("\r\n");
    const head = [
      "HTTP/1.1 200 OK",
      "Content-Type: multipart/mixed; boundary=b",
      "Transfer-Encoding: chunked",
    ];
    const before = [...head, "", body.length.toString(16)];
    const { status, lines } = demoOf([...before, `${body}!`]);
    expect(status).toBe(1);
    const end = [...before, body].join("\r\n").length;
    expect(lines.slice(4)).toEqual([
      `          ${end + 1}  1     204 No Content`,
      "                     no body",
      `  error invalid-chunk at octet ${end}: Chunk is malformed`,
      "",
      "  1 operation, no deviations",
      "  not written again: broken",
    ]);
  });

  test("a message that is none, and goes on with the next part", () => {
    const { status, lines } = demoOf([...part, "nothing", "", "", ...get, "--b--"]);
    expect(status).toBe(1);
    expect(lines.slice(3)).toEqual([
      "           64  1     no HTTP message",
      "                     error invalid-request-line at octet 46 in part 1: Request line is malformed",
      "          126  2     GET /a",
      "                     no body",
      "",
      "  1 operation, no deviations",
      "  not written again: broken",
    ]);
  });

  test("what may not be written, though a lenient reader lets it pass", () => {
    const { status, lines } = demoOf([...part, "GET /a b HTTP/1.1", "", "", "--b--"]);
    expect(status).toBe(0);
    expect(lines.at(-1)).toBe(
      '  written again: refused, Request-target "/a b" is empty or holds white space or a control character',
    );
  });

  test("controls of a file by their names, for a terminal would obey them", () => {
    const { lines } = demoOf(["--b", "Content-Disposition: \x9b31m\u00e9", "", "", "--b--"]);
    expect(lines[3]).toBe(String.raw`           42  1     \x9b31mé`);
  });
});

describe("The demo answers in one line, with exit code 1,", () => {
  test.each([
    ["a file that is not there", ["sub/../missing"], /^sub\/\.\.\/missing does not exist\n$/],
    ["a directory", ["examples/"], /^examples\/ is a directory\n$/],
    ["an empty file", ["empty"], /^empty is empty\n$/],
    ["empty standard input", ["-"], /^standard input is empty\n$/],
    ["an unknown option", ["--what"], /^Unknown option '--what'.*\n$/],
    ["a chunk size that is none", ["--chunk", "0"], /^--chunk 0 is no number of octets\n$/],
    ["a batch in JSON", ["batch.json"], /^batch.json is neither .*: .* no batches in JSON\n$/],
  ])("%s", (_, args, message) => {
    writeFileSync(join(home, "empty"), "");
    writeFileSync(join(home, "batch.json"), '{"requests":[{"id":"1","method":"GET","url":"/me"}]}');
    const { status, stdout, stderr } = demo(...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(message);
  });

  test("and goes on with the next file", () => {
    const { status, stdout } = demo("missing", "examples/ucwa-request.xml.http");
    expect(status).toBe(1);
    expect(stdout).toContain("2 operations, no deviations");
  });
});

test("The demo explains itself", () => {
  const { status, stdout } = demo("--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run demo/);
});

test("Run by npm in a folder of the caller's, the demo finds the caller's files and names them as typed", () => {
  const env = { npm_lifecycle_event: "demo", INIT_CWD: join(home, "examples") };
  const { status, stdout } = run("dist/cli/inspect.js", ["ucwa-request.xml.http"], env);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ucwa-request\.xml\.http: 817 octets/);
});

describe("The examples print", () => {
  test.each([
    ["read-response.js", "1 200 { name: 'Ada' }\n2 404 Not Found\n"],
    ["codec.js", 'part <1>\ndata "Hel"\ndata "lo"\npart-end\npart <2>\npart-end\nend\n'],
    [
      "write-request.js",
      [
        "multipart/batching; boundary=b 276",
        "--b\r",
        "Content-Type: application/http; msgtype=request\r",
        "\r",
        "GET /me HTTP/1.1\r",
        "Host: example.com\r",
        "\r",
        "\r",
        "--b\r",
        "Content-Type: application/http; msgtype=request\r",
        "\r",
        "POST /me/notes HTTP/1.1\r",
        "Host: example.com\r",
        "Content-Type: application/json\r",
        "Content-Length: 16\r",
        "\r",
        '{"text":"Hello"}\r',
        "--b--\r",
        "\n",
      ].join("\n"),
    ],
  ])("%s", (name, stdout) => {
    expect(run(`examples/${name}`)).toEqual({ status: 0, stderr: "", stdout });
  });
});
