import { describe, expect, test } from "vitest";
import {
  fromRequest,
  fromResponse,
  httpMessageStream,
  MultipartReader,
  readHttpMessage,
  toRequest,
  toResponse,
} from "../../src/index.ts";
import type {
  Dropped,
  HttpMessage,
  OutgoingBody,
  RequestMessage,
  RequestMessageInit,
  ResponseMessage,
  ResponseMessageInit,
  ToRequestOptions,
} from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";
import { nextPart, rejection, streamOf, Tap, textOf, thrown, turns } from "../support/web-streams.ts";

/** Whether this runtime streams request bodies; Firefox takes a stream for a string, WebKit refuses it. */
const streamsRequests = ((): boolean => {
  const init = { method: "POST", body: new ReadableStream(), duplex: "half" };
  try {
    return !new Request("https://a.invalid/", init as RequestInit).headers.has("content-type");
  } catch {
    return false;
  }
})();

/** Whether fields such as Host may be set: not in browsers, nor in StarlingMonkey. */
const setsEveryField = new Request("https://a.invalid/", { headers: { host: "a" } }).headers.has("host");

/** Whether Content-Length may be set: not in browsers, which count the octets themselves. */
const setsLength = new Request("https://a.invalid/", { headers: { "content-length": "1" } }).headers.has(
  "content-length",
);

/** Whether a body of known length brings its Content-Length with it, as in StarlingMonkey. */
const givesLength = new Response("a").headers.has("content-length");

/** The fields of a message, but for what its body brought. */
const fieldsOf = ({ headers }: Request | Response): [string, string][] =>
  [...headers].filter(([name]) => !givesLength || name !== "content-length");

const messageOf = (text: string): Promise<HttpMessage> => readHttpMessage(octets(text));
const requestOf = async (text: string): Promise<RequestMessage> => (await messageOf(text)) as RequestMessage;
const responseOf = async (text: string): Promise<ResponseMessage> =>
  (await messageOf(text)) as ResponseMessage;

/** A request to convert, and what is lost of it. */
function converted(
  message: RequestMessage | Partial<RequestMessageInit>,
  options: ToRequestOptions = {},
): { request: Request; dropped: Dropped[] } {
  const dropped: Dropped[] = [];
  const init =
    "pull" in message ? message : { kind: "request" as const, method: "GET", target: "/", ...message };
  const request = toRequest(init as RequestMessageInit, {
    base: "https://base.example/root/",
    onDropped: (what) => dropped.push(what),
    ...options,
  });
  return { request, dropped };
}

function convertedResponse(message: ResponseMessage | Partial<ResponseMessageInit>): {
  response: Response;
  dropped: Dropped[];
} {
  const dropped: Dropped[] = [];
  const init = "pull" in message ? message : { kind: "response" as const, status: 200, ...message };
  const response = toResponse(init as ResponseMessageInit, { onDropped: (what) => dropped.push(what) });
  return { response, dropped };
}

const lost = (dropped: Dropped[]): string[] =>
  dropped.map(({ what, name }) => (name === undefined ? what : `${what} ${name}`));

describe("the URL of a request", () => {
  test.each([
    ["/me", "https://base.example/me"],
    ["/me?a=b&c", "https://base.example/me?a=b&c"],
    ["/", "https://base.example/"],
    ["//host/path", "https://base.example//host/path"],
    ["me", "https://base.example/root/me"],
    ["Orders(1)/Items?$top=1", "https://base.example/root/Orders(1)/Items?$top=1"],
    ["?a", "https://base.example/root/?a"],
    ["http://other.example/a", "http://other.example/a"],
    ["https://other.example:8443/a?b", "https://other.example:8443/a?b"],
  ])("of target %s", (target, url) => {
    const { request, dropped } = converted({ target });
    expect(request.url).toBe(url);
    expect(dropped).toEqual([]);
  });

  test("is that of the Host where no base is given", async () => {
    const request = await requestOf("GET //a?b HTTP/1.1\r\nHost: example.com:8080\r\n\r\n");
    expect(toRequest(request).url).toBe("https://example.com:8080//a?b");
  });

  test("of an absolute target needs no Host and no base", () => {
    const message = { kind: "request", method: "GET", target: "http://a.example/b" } as const;
    expect(toRequest(message).url).toBe("http://a.example/b");
    expect(toRequest({ ...message, headers: { Host: "b.example" } }).url).toBe("http://a.example/b");
    expect(toRequest(message, { base: "https://b.example" }).url).toBe("http://a.example/b");
  });

  test("of any other target needs one", () => {
    for (const target of ["/a", "a", "*"]) {
      expect(() => toRequest({ kind: "request", method: "GET", target })).toThrow(TypeError);
    }
    expect(() => converted({ target: "http://[" })).toThrow(TypeError);
    expect(() => converted({ target: "a" }, { base: "nowhere" })).toThrow(TypeError);
  });

  test("cannot say *", () => {
    const { request, dropped } = converted({ method: "OPTIONS", target: "*" });
    expect(request.url).toBe("https://base.example/");
    expect(lost(dropped)).toEqual(["target"]);
  });

  test.each([
    ["/a/../b", "https://base.example/b"],
    ["/a/./b", "https://base.example/a/b"],
    ["/a\\b", "https://base.example/a/b"],
    ["/a\tb", "https://base.example/ab"],
    ["/a b", "https://base.example/a%20b"],
    ["/a#b", "https://base.example/a#b"],
    ["/a#", "https://base.example/a#"],
    ["/caf\u00e9", "https://base.example/caf%C3%A9"],
    ["../a", "https://base.example/a"],
    ["a/../b", "https://base.example/root/b"],
    ["http://A.example/a", "http://a.example/a"],
    ["http://a.example:80/a", "http://a.example/a"],
    ["http://a.example", "http://a.example/"],
    ["HTTPS://a.example/a", "https://a.example/a"],
  ])("differs from target %j, which is told", (target, url) => {
    const { request, dropped } = converted({ target });
    // As this runtime spells it: Firefox leaves an empty fragment out.
    expect(request.url).toBe(new Request(url).url);
    expect(lost(dropped)).toEqual(["target"]);
  });

  test.each(["//evil.example/", "/\\evil.example/", "/\t/evil.example/", "/@evil.example", "@evil.example"])(
    "has the host of the base for target %j",
    (target) => {
      expect(new URL(converted({ target }).request.url).host).toBe("base.example");
    },
  );

  test.each([
    "\\\\evil.example\\a",
    "\\/evil.example/a",
    "\t//evil.example",
    " http://evil.example/",
    "h\nttp://evil.example/",
    "http:evil.example",
    "https:\\\\evil.example",
    "base.example:8080/a",
    "data:text/plain,a",
    "file:///a",
  ])("is refused where another host or scheme would be read into target %j", (target) => {
    expect(() => converted({ target })).toThrow(TypeError);
  });

  test.each([
    "a.example\\@evil.example",
    "a.example\\.evil.example",
    "a\t.example",
    "%61.example",
    "\u24d0.example",
    "\u212a.example",
    "0x7f.1",
    "2130706433",
    "/evil.example",
    "a:b@evil.example",
    "",
  ])("is refused where URL parsing makes another host of %j, in a target or a Host", (host) => {
    const message = { kind: "request", method: "GET" } as const;
    expect(() => toRequest({ ...message, target: `http://${host}/a` })).toThrow(TypeError);
    if (/^[\x20-\x7e]*$/.test(host)) {
      expect(() => toRequest({ ...message, target: "/a", headers: { Host: host } })).toThrow(TypeError);
    }
  });

  test.each(["a.example", "A.Example", "a.example:8443", "a.example:443", "127.0.0.1", "[::1]:8080"])(
    "may have %j for a host",
    (host) => {
      const { hostname } = new URL(`https://${host}`);
      const message = { kind: "request", method: "GET" } as const;
      for (const target of ["/a", `https://${host}/a`]) {
        const request = toRequest({ ...message, target, headers: { Host: host } });
        expect(new URL(request.url).hostname).toBe(hostname);
      }
    },
  );
});

describe("the method of a request", () => {
  test.each(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "MERGE", "REPORT"])(
    "%s is kept",
    (method) => {
      const { request, dropped } = converted({ method });
      expect(request.method).toBe(method);
      expect(dropped).toEqual([]);
    },
  );

  test.each(["merge", "report", "propfind"])(
    "%s is kept, or its upper case told (Bun, workerd)",
    (method) => {
      const { request, dropped } = converted({ method });
      const outcome = [request.method, ...lost(dropped)];
      expect([[method], [method.toUpperCase(), "method"]]).toContainEqual(outcome);
    },
  );

  test.each(["FROB", "x-frob"])(
    "%s is kept or refused (Bun, workerd), but never another one",
    async (method) => {
      const body = streamOf([octets("ab")]);
      let made: string | undefined;
      try {
        made = converted({ method }).request.method;
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        expect(() => converted({ method, body })).toThrow(TypeError);
        expect(await textOf(body)).toBe("ab");
      }
      expect([undefined, method, method.toUpperCase()]).toContain(made);
    },
  );

  test("is refused where the runtime would make another one of it, and the body left as it was", async () => {
    const { Request: original } = globalThis;
    globalThis.Request = class extends original {
      override get method(): string {
        return "GET";
      }
    };
    try {
      const body = streamOf([octets("ab")]);
      expect(() => converted({ method: "REPORT", body })).toThrow("This runtime has no method REPORT");
      expect(await textOf(body)).toBe("ab");
    } finally {
      globalThis.Request = original;
    }
  });

  test.each([
    ["get", "GET"],
    ["Post", "POST"],
  ])("%s becomes %s, which is told", (method, upper) => {
    const { request, dropped } = converted({ method });
    expect(request.method).toBe(upper);
    expect(lost(dropped)).toEqual(["method"]);
  });

  test.each(["CONNECT", "TRACE", "TRACK", "trace"])("%s is refused, as Fetch has it", (method) => {
    expect(() => converted({ method })).toThrow(TypeError);
  });
});

describe("the fields", () => {
  const fields: [string, string][] = [
    ["X-A", "1"],
    ["x-a", "2"],
    ["Content-ID", "<1>"],
  ];

  test("are kept, repeats in order", () => {
    const { request, dropped } = converted({ headers: fields });
    expect([...request.headers]).toEqual([
      ["content-id", "<1>"],
      ["x-a", "1, 2"],
    ]);
    expect(dropped).toEqual([]);
    expect([...convertedResponse({ headers: fields }).response.headers]).toEqual([...request.headers]);
  });

  test("are octets in Fetch, text in a message: both ways", async () => {
    const message = await responseOf("HTTP/1.1 200 OK\r\nX-Utf8: caf\xc3\xa9\r\nX-Latin: caf\xe9\r\n\r\n");
    expect(message.headers.get("x-utf8")).toBe("café");
    const response = toResponse(message);
    expect(response.headers.get("x-utf8")).toBe("caf\xc3\xa9");
    expect(response.headers.get("x-latin")).toBe("caf\xe9");
    const back = fromResponse(response);
    expect(await textOf(httpMessageStream(back).body)).toContain(
      "x-latin: caf\xe9\r\nx-utf8: caf\xc3\xa9\r\n",
    );
    expect(converted({ headers: { "X-A": "€" } }).request.headers.get("x-a")).toBe("\xe2\x82\xac");
  });

  // Browsers keep Set-Cookie from Response.
  test.runIf(new Response(null, { headers: { "set-cookie": "a" } }).headers.has("set-cookie"))(
    "Set-Cookie is not combined, where a Response keeps it",
    async () => {
      const text =
        "HTTP/1.1 200 \r\nset-cookie: a=1; Expires=Wed, 01 Jan\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n";
      const response = toResponse(await responseOf(text));
      expect(response.headers.getSetCookie()).toEqual(["a=1; Expires=Wed, 01 Jan", "b=2"]);
      expect([...(fromResponse(response).headers as Iterable<[string, string]>)].slice(-2)).toEqual([
        ["set-cookie", "a=1; Expires=Wed, 01 Jan"],
        ["set-cookie", "b=2"],
      ]);
    },
  );

  test("that Fetch refuses or has not are told: whatever is not there was told", async () => {
    const every: [string, string][] = [
      ["Host", "a"],
      ["Cookie", "a=1"],
      ["Connection", "close"],
      ["Set-Cookie", "a=1"],
      ["Transfer-Encoding", "chunked"],
      ["__proto__", "1"],
    ];
    const { request, dropped } = converted({ headers: every });
    const there = [...request.headers.keys()];
    const told = dropped.map(({ name }) => name!.toLowerCase());
    expect([...there, ...told].sort()).toEqual(every.map(([name]) => name.toLowerCase()).sort());

    const { response, dropped: ofResponse } = convertedResponse({ headers: every });
    const kept = [...response.headers.keys()];
    expect([...kept, ...ofResponse.map(({ name }) => name!.toLowerCase())].sort()).toEqual(
      every.map(([name]) => name.toLowerCase()).sort(),
    );
  });

  test("of the chunked coding, which has been undone, are told", async () => {
    const chunkedMessage = await responseOf(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    );
    const { response, dropped } = convertedResponse(chunkedMessage);
    expect(await response.text()).toBe("a");
    expect(lost(dropped)).toEqual(["field Transfer-Encoding"]);
  });

  test("that the message has not are not there: no Content-Type is made up", () => {
    const typed = new Blob(["a"], { type: "text/css" });
    for (const body of ["a", typed, new Response("a"), new Response(typed)]) {
      expect(fieldsOf(convertedResponse({ body }).response)).toEqual([]);
    }
    for (const body of ["a", typed, new Blob(["a"])]) {
      expect(fieldsOf(converted({ method: "POST", body }).request)).toEqual([]);
    }
  });

  test("that a runtime keeps out of a Response, as browsers keep Set-Cookie, are told", () => {
    const { Response: original } = globalThis;
    globalThis.Response = class extends original {
      constructor(body?: BodyInit | null, init?: ResponseInit) {
        super(body, init);
        this.headers.delete("set-cookie");
      }
    };
    try {
      const { dropped } = convertedResponse({ headers: [["Set-Cookie", "a=1"], ...fields] });
      expect(lost(dropped)).toEqual(["field Set-Cookie"]);
    } finally {
      globalThis.Response = original;
    }
  });
});

describe("nothing is told lost of a message that loses nothing", () => {
  const complete = "A: 1\r\n\r\n";

  test.each(["GET", "HEAD", "DELETE", "POST"])("a %s request without a body", async (method) => {
    const text = `${method} /me HTTP/1.1\r\n${complete}`;
    const { request, dropped } = converted(await requestOf(text));
    expect(dropped).toEqual([]);
    expect(await request.text()).toBe("");
    const batch = octets(`--b\r\nContent-Type: application/http\r\n\r\n${text}\r\n--b--`);
    const part = await readHttpMessage(await nextPart(new MultipartReader(batch, { boundary: "b" })));
    expect(converted(part as RequestMessage).dropped).toEqual([]);
  });

  test.each([204, 205, 304])("a %i response without a body", async (status) => {
    const text = `HTTP/1.1 ${status} \r\n${complete}`;
    const { response, dropped } = convertedResponse(await responseOf(text));
    expect(dropped).toEqual([]);
    expect(response.body).toBeNull();
    const batch = octets(`--b\r\nContent-Type: application/http\r\n\r\n${text}\r\n--b--`);
    const part = await readHttpMessage(await nextPart(new MultipartReader(batch, { boundary: "b" })));
    expect(convertedResponse(part as ResponseMessage).dropped).toEqual([]);
  });

  test.runIf(streamsRequests)("a request with a body, where a Request takes streams", async () => {
    const { request, dropped } = converted(
      await requestOf("MERGE /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"),
    );
    expect(lost(dropped)).toEqual(setsLength ? [] : ["field Content-Length"]);
    expect(await request.text()).toBe("ab");
  });

  test("a body that is known to be empty", () => {
    const empty = [null, undefined, "", octets(""), new ArrayBuffer(0), new Blob([]), new Response(null)];
    for (const body of empty) {
      expect(converted({ method: "GET", body }).dropped).toEqual([]);
      expect(convertedResponse({ status: 204, body }).dropped).toEqual([]);
      expect(convertedResponse({ body }).response.body).toBeNull();
    }
  });
});

describe("everything that is lost is told:", () => {
  test("the body of a GET", async () => {
    const { request, dropped } = converted(await requestOf("GET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"));
    expect(lost(dropped)).toEqual(setsLength ? ["body"] : ["body", "field Content-Length"]);
    expect(request.body ?? null).toBeNull();
    expect(lost(converted({ method: "HEAD", body: "ab" }).dropped)).toEqual(["body"]);
    expect(lost(converted({ method: "get", body: streamOf([]) }).dropped)).toEqual(["body", "method"]);
  });

  test.each([204, 205, 304])("the body of a %i", async (status) => {
    const { response, dropped } = convertedResponse(await responseOf(`HTTP/1.1 ${status} \r\n\r\nab`));
    expect(lost(dropped)).toEqual(["body"]);
    expect(response.body).toBeNull();
  });

  test("and a body that is lost is cancelled", async () => {
    for (const wrap of [
      (stream: ReadableStream) => stream,
      (stream: ReadableStream) => new Response(stream),
    ]) {
      const tap = new Tap("ab");
      convertedResponse({ status: 204, body: wrap(tap.stream) });
      await turns();
      expect(tap.cancels).toHaveLength(1);
    }
    const tap = new Tap("HTTP/1.1 204 \r\n\r\n", "ab");
    const part = await readHttpMessage(tap.stream, { within: "part" });
    convertedResponse(part as ResponseMessage);
    await turns();
    expect(tap.cancels).toHaveLength(1);
    expect(await rejection(part.text())).toMatchObject({ code: "body-used" });
  });

  test("a version other than HTTP/1.1", async () => {
    expect(lost(convertedResponse(await responseOf("HTTP/1.0 200 OK\r\n\r\n")).dropped)).toEqual(["version"]);
    expect(lost(converted({ version: "HTTP/2" }).dropped)).toEqual(["version"]);
  });

  test("fields that were read leniently and that Fetch knows no name for", async () => {
    const input = octets("HTTP/1.1 200 OK\r\nX Bad: 1\r\nA(b): 2\r\nA: 3\r\n\r\n");
    const message = (await readHttpMessage(input, { tolerance: "lenient" })) as ResponseMessage;
    const { response, dropped } = convertedResponse(message);
    expect(lost(dropped)).toEqual(["field X Bad", "field A(b)"]);
    expect(fieldsOf(response)).toEqual([["a", "3"]]);
  });

  test("trailers of a message to be written", () => {
    const headers = { "Transfer-Encoding": "chunked" };
    const all = ["field Transfer-Encoding", "trailers"];
    const trailers = { A: "1" };
    expect(lost(convertedResponse({ headers, body: "a", trailers }).dropped)).toEqual(all);
    expect(lost(converted({ method: "POST", headers, body: "a", trailers }).dropped)).toEqual(all);
    expect(lost(convertedResponse({ body: "a", trailers: [] }).dropped)).toEqual([]);
  });

  test("trailers of a message that was read, when its body has been", async () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const { response, dropped } = convertedResponse(await responseOf(`${head}1\r\na\r\n0\r\nA: 1\r\n\r\n`));
    expect(lost(dropped)).toEqual(["field Transfer-Encoding"]);
    expect(await response.text()).toBe("a");
    expect(lost(dropped)).toEqual(["field Transfer-Encoding", "trailers"]);

    const empty = convertedResponse(await responseOf(`${head}0\r\nA: 1\r\n\r\n`));
    expect(lost(empty.dropped)).toEqual(["field Transfer-Encoding", "trailers"]);
    expect(empty.response.body).toBeNull();

    const without = convertedResponse(await responseOf(`${head}1\r\na\r\n0\r\n\r\n`));
    expect(await without.response.text()).toBe("a");
    expect(lost(without.dropped)).toEqual(["field Transfer-Encoding"]);
  });

  test("a reason that Fetch refuses, the body being kept", async () => {
    const { response, dropped } = convertedResponse({ reason: "a\x01b", body: "ab" });
    expect(lost(dropped)).toEqual(["reason"]);
    expect(await response.text()).toBe("ab");
    expect(response.statusText).toBe("");
  });

  test("a fragment and credentials of a URL", () => {
    const dropped: Dropped[] = [];
    const request = new Request("https://a.example/b?c#d");
    const message = fromRequest(request, { onDropped: (what) => dropped.push(what) });
    expect(message.target).toBe("/b?c");
    expect(lost(dropped)).toEqual(["target"]);
  });

  test("but nobody need listen", async () => {
    expect(toResponse(await responseOf("HTTP/1.0 204 \r\n\r\nab")).status).toBe(204);
    expect(
      toRequest({ kind: "request", method: "get", target: "*", version: "HTTP/1.0" }, { base: "https://a" })
        .url,
    ).toBe("https://a/");
  });
});

describe("the reason of a response", () => {
  test.each(["OK", "", "Not Found", "caf\u00e9", "\u898b\u3064\u304b\u3089\u306a\u3044"])(
    "%j comes back as it was",
    (reason) => {
      const { response, dropped } = convertedResponse({ reason });
      expect(dropped).toEqual([]);
      expect(fromResponse(response).reason).toBe(reason);
    },
  );

  test("with a tab comes back as it was, or is told where the runtime refuses it (workerd)", async () => {
    const { response, dropped } = convertedResponse({ reason: "a\tb", body: "ab" });
    expect([["a\tb"], ["", "reason"]]).toContainEqual([response.statusText, ...lost(dropped)]);
    expect(await response.text()).toBe("ab");
  });

  test("that the runtime refuses is told, the body being kept", async () => {
    const { Response: original } = globalThis;
    globalThis.Response = class extends original {
      constructor(body?: BodyInit | null, init?: ResponseInit) {
        if (init?.statusText?.includes("\t") === true) throw new TypeError("Invalid statusText");
        super(body, init);
      }
    };
    try {
      const { response, dropped } = convertedResponse({ reason: "a\tb", body: streamOf([octets("ab")]) });
      expect([response.statusText, ...lost(dropped)]).toEqual(["", "reason"]);
      expect(await response.text()).toBe("ab");
    } finally {
      globalThis.Response = original;
    }
  });

  test("is octets in Fetch, as fields are", async () => {
    const fromNetwork = new Response(null, { statusText: "caf\xc3\xa9" });
    expect(await textOf(httpMessageStream(fromResponse(fromNetwork)).body)).toMatch(
      /^HTTP\/1\.1 200 caf\xc3\xa9\r\n/,
    );
    expect(toResponse(await responseOf("HTTP/1.1 200 caf\xc3\xa9\r\n\r\n")).statusText).toBe("caf\xc3\xa9");
    expect(toResponse(await responseOf("HTTP/1.1 200 caf\xe9\r\n\r\n")).statusText).toBe("caf\xe9");
  });
});

describe("the status of a response", () => {
  test.each([200, 201, 206, 304, 404, 418, 599])("%i is kept", (status) => {
    expect(convertedResponse({ status }).response.status).toBe(status);
  });

  test.each([0, -1, 200.5, Number.NaN])("%d is refused", (status) => {
    expect(() => convertedResponse({ status })).toThrow(RangeError);
  });

  test.each([100, 101, 103, 199, 600, 999])(
    "%i is refused, and the message left as it was",
    async (status) => {
      const dropped: Dropped[] = [];
      const message = await responseOf(`HTTP/1.1 ${status} \r\n\r\nab`);
      expect(thrown(() => toResponse(message, { onDropped: (what) => dropped.push(what) }))).toBeInstanceOf(
        RangeError,
      );
      expect(dropped).toEqual([]);
      expect(await message.text()).toBe("ab");
    },
  );
});

describe("a body", () => {
  const content = "w\xf6rld\0";
  const bodies: [string, () => OutgoingBody][] = [
    ["Uint8Array", () => octets(content)],
    ["ArrayBuffer", () => octets(content).buffer],
    ["Blob", () => new Blob([octets(content)])],
    ["ReadableStream", () => streamOf([octets(content)])],
    ["array of chunks", () => [octets(content.slice(0, 2)), octets(content.slice(2))]],
    [
      "async iterable",
      async function* () {
        yield octets(content);
      },
    ],
    ["Response", () => new Response(octets(content))],
    [
      "ChunkSource",
      () => {
        const chunks = [octets(content)];
        return { pull: () => chunks.shift(), cancel: () => Promise.resolve() };
      },
    ],
  ];

  test.each(bodies)("of a response may be a %s", async (_, make) => {
    const { response } = convertedResponse({ body: make() });
    expect(isomorphic(new Uint8Array(await response.arrayBuffer()))).toBe(content);
  });

  test.each(bodies)(
    "of a request may be a %s, or is refused where it would be a stream",
    async (name, make) => {
      if (!streamsRequests && !["Uint8Array", "ArrayBuffer", "Blob"].includes(name)) {
        expect(() => converted({ method: "POST", body: make() })).toThrow(TypeError);
        return;
      }
      const { request } = converted({ method: "POST", body: make() });
      expect(isomorphic(new Uint8Array(await request.arrayBuffer()))).toBe(content);
    },
  );

  test("may be a part that was read, or a message", async () => {
    const reader = new MultipartReader(octets("--b\r\n\r\nab\r\n--b--"), { boundary: "b" });
    expect(await convertedResponse({ body: await nextPart(reader) }).response.text()).toBe("ab");
    const message = await messageOf("HTTP/1.1 200 OK\r\n\r\nab");
    expect(await convertedResponse({ body: message }).response.text()).toBe("ab");
  });

  test("is read when the response's is", async () => {
    const iterated: string[] = [];
    const { response: ofIterable } = convertedResponse({
      body: {
        *[Symbol.iterator]() {
          iterated.push("begun");
          yield octets("ab");
        },
      },
    });
    await turns();
    expect(iterated).toEqual([]);
    expect(await ofIterable.text()).toBe("ab");

    const tap = new Tap("HTTP/1.1 200 OK\r\n\r\n", "ab");
    const response = toResponse((await readHttpMessage(tap.stream)) as ResponseMessage);
    await turns();
    expect(tap.pulls).toBe(1);
    const body = response.body!.getReader();
    expect((await body.read()).value).toEqual(octets("ab"));
    await body.cancel("stop");
    expect(tap.cancels).toHaveLength(1);
  });

  test("that is wrong errors the response's", async () => {
    for (const [code, text] of [
      ["content-length-mismatch", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"],
      ["invalid-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size"],
    ] as const) {
      const { body } = toResponse(await responseOf(text));
      expect(await rejection(textOf(body!))).toMatchObject({ code });
      // Browsers' text() has an error of its own.
      expect(await rejection(toResponse(await responseOf(text)).text())).toBeInstanceOf(Error);
    }
  });

  test.each([
    ["its method", "TRACE / HTTP/1.1\r\nHost: a"],
    ["its URL", "POST / HTTP/1.1\r\nHost: a b"],
    ["credentials", "POST http://a:b@c/ HTTP/1.1\r\nHost: c"],
  ])("is still there when the request is refused for %s", async (_, head) => {
    const message = await requestOf(`${head}\r\nContent-Length: 2\r\n\r\nab`);
    const dropped: Dropped[] = [];
    expect(() => toRequest(message, { onDropped: (what) => dropped.push(what) })).toThrow(TypeError);
    expect(dropped).toEqual([]);
    expect(await message.text()).toBe("ab");

    const { method, target, headers } = message;
    for (const body of [streamOf([octets("ab")]), new Response("ab"), [octets("ab")].values()]) {
      expect(() => toRequest({ kind: "request", method, target, headers, body })).toThrow(TypeError);
      expect(await convertedResponse({ body }).response.text()).toBe("ab");
    }
  });

  test("that is locked, used, or no body at all is refused at once", async () => {
    const locked = streamOf([octets("ab")]);
    locked.getReader();
    const used = new Response("ab");
    await used.text();
    for (const body of [locked, used, 1 as never, {} as never]) {
      for (const status of [200, 204]) expect(() => convertedResponse({ status, body })).toThrow(TypeError);
      for (const method of ["POST", "GET"]) expect(() => converted({ method, body })).toThrow(TypeError);
    }
    const message = await responseOf("HTTP/1.1 200 OK\r\n\r\nab");
    await message.text();
    expect(thrown(() => toResponse(message))).toMatchObject({ code: "body-used" });
  });

  test("that is no octets errors the response's", async () => {
    const { body } = convertedResponse({ body: ["ab"] as never }).response;
    expect(await rejection(textOf(body!))).toBeInstanceOf(TypeError);
  });

  test.runIf(!streamsRequests)("of a request is no stream where the runtime takes none", () => {
    expect(() => converted({ method: "POST", body: streamOf([octets("ab")]) })).toThrow(TypeError);
    expect(converted({ method: "POST", body: octets("ab") }).request.method).toBe("POST");
  });

  test("may be aborted by a signal", () => {
    const controller = new AbortController();
    const { request } = converted({ method: "POST", body: "ab" }, { signal: controller.signal });
    expect(request.signal.aborted).toBe(false);
    controller.abort();
    expect(request.signal.aborted).toBe(true);
  });
});

describe("a Request becomes a message", () => {
  test("with its Host first, unless it has one", () => {
    const message = fromRequest(new Request("https://a.example:8443/b?c=d", { headers: { "X-A": "1" } }));
    expect(message).toMatchObject({ kind: "request", method: "GET", target: "/b?c=d" });
    expect([...(message.headers as Iterable<[string, string]>)]).toEqual([
      ["Host", "a.example:8443"],
      ["x-a", "1"],
    ]);
  });

  test.runIf(setsEveryField)("with the Host it has, where it may have one", () => {
    const message = fromRequest(new Request("https://a.example/", { headers: { Host: "b.example" } }));
    expect([...(message.headers as Iterable<[string, string]>)]).toEqual([["host", "b.example"]]);
  });

  test.each(["/b?", "/b?c?d", "/?", "/", "//b", "/%20"])(
    "with its target %s as it is in the URL",
    (target) => {
      const dropped: Dropped[] = [];
      const onDropped = (what: Dropped): unknown => dropped.push(what);
      expect(fromRequest(new Request(`https://a.example${target}`), { onDropped }).target).toBe(target);
      expect(dropped).toEqual([]);
      expect(fromRequest(new Request(`https://a.example${target}#f`), { onDropped }).target).toBe(target);
      expect(lost(dropped)).toEqual(["target"]);
      const request = new Request(`https://a.example${target}#`);
      expect(fromRequest(request, { onDropped }).target).toBe(target);
      // Firefox leaves an empty fragment out.
      expect(lost(dropped)).toEqual(request.url.includes("#") ? ["target", "target"] : ["target"]);
    },
  );

  test("unless its URL has no host", () => {
    expect(() => fromRequest(new Request("data:text/plain,a"))).toThrow(TypeError);
  });

  test("with its body, also where Request has no `body` (Firefox)", async () => {
    const init = { method: "POST", body: "ab", headers: { "Content-Type": "a/b" } };
    const withoutBody = (request: Request): Request =>
      Object.defineProperty(request, "body", { value: undefined });
    const request = withoutBody(new Request("https://a.example/", init));
    const message = fromRequest(request);
    expect(request.bodyUsed).toBe(false);
    expect(await textOf(httpMessageStream(message).body)).toMatch(/\r\n\r\nab$/);
    expect(() => httpMessageStream(fromRequest(request))).toThrow(TypeError);

    const bodiless = fromRequest(withoutBody(new Request("https://a.example/")));
    expect(await textOf(httpMessageStream(bodiless).body)).toBe("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
  });

  test.runIf(streamsRequests)("and back, where a Request takes streams", async () => {
    const request = new Request("https://a.example/b?c", {
      method: "PATCH",
      body: octets("a\0b"),
      headers: { "Content-Type": "a/b", "X-A": "caf\xc3\xa9" },
    });
    const { request: back, dropped } = converted(fromRequest(request), { base: request.url });
    expect(lost(dropped).filter((what) => what !== "field Host")).toEqual([]);
    expect(back.url).toBe(request.url);
    expect(back.method).toBe("PATCH");
    const fields = fieldsOf(back).filter(([name]) => name !== "host");
    expect(fields).toEqual([
      ["content-type", "a/b"],
      ["x-a", "caf\xc3\xa9"],
    ]);
    expect(isomorphic(new Uint8Array(await back.arrayBuffer()))).toBe("a\0b");
  });

  test("without a body is written without one", async () => {
    const text = await textOf(httpMessageStream(fromRequest(new Request("https://a.example/b"))).body);
    expect(text).toBe("GET /b HTTP/1.1\r\nHost: a.example\r\n\r\n");
  });

  test("whose body has been used is refused when it is written", async () => {
    const request = new Request("https://a.example/", { method: "POST", body: "ab" });
    await request.text();
    expect(() => httpMessageStream(fromRequest(request))).toThrow(TypeError);
  });
});

describe("a Response becomes a message", () => {
  test("and back", async () => {
    const response = new Response("ab", {
      status: 201,
      statusText: "Created",
      headers: { "X-A": "1", "Content-Type": "a/b" },
    });
    const message = fromResponse(response);
    expect(message).toMatchObject({ kind: "response", status: 201, reason: "Created" });
    const { response: back, dropped } = convertedResponse(message);
    expect(dropped).toEqual([]);
    expect([back.status, back.statusText, fieldsOf(back)]).toEqual([
      201,
      "Created",
      [
        ["content-type", "a/b"],
        ["x-a", "1"],
      ],
    ]);
    expect(await back.text()).toBe("ab");
  });

  test("without the content coding that the runtime has undone", () => {
    const headers = { "Content-Encoding": "gzip", "Content-Length": "9", "X-A": "1" };
    const made = fromResponse(new Response("ab", { headers }));
    expect([...(made.headers as Iterable<[string, string]>)].map(([name]) => name)).toContain(
      "content-encoding",
    );

    const fetched = new Response("ab", { headers });
    Object.defineProperty(fetched, "url", { value: "https://a.example/" });
    const dropped: Dropped[] = [];
    const message = fromResponse(fetched, { onDropped: (what) => dropped.push(what) });
    const names = [...(message.headers as Iterable<[string, string]>)].map(([name]) => name);
    expect(names).not.toContain("content-encoding");
    expect(names).not.toContain("content-length");
    expect(lost(dropped)).toEqual(["field content-encoding", "field content-length"]);
  });

  test("and is refused when it is written after its body has been used", async () => {
    const response = new Response("ab");
    await response.text();
    expect(() => httpMessageStream(fromResponse(response))).toThrow(TypeError);
  });

  test("unless it is an error", () => {
    expect(() => fromResponse(Response.error())).toThrow(TypeError);
  });
});
