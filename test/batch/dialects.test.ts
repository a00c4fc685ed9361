import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  azureBlob,
  azureTables,
  cronofy,
  google,
  graph,
  multipartBatch,
  odata,
  odataJson,
  OperationReader,
  operationStream,
  salesforceBatch,
  salesforceComposite,
  ucwa,
} from "../../src/batch.ts";
import type { Dialect, Operation, OperationKind, OperationRead } from "../../src/batch.ts";
import { readHttpMessage } from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { chunksOf, outcomeOf, Tap, textOf, turns } from "../support/web-streams.ts";
import { request, text } from "./support.ts";

/** What a dialect makes of operations: its Content-Type, and its octets with `b`, `c` … for boundaries. */
async function written<Kind extends OperationKind>(
  dialect: Dialect,
  kind: Kind,
  operations: Operation<Kind>[],
): Promise<string> {
  const { body, contentType, contentLength } = operationStream(operations, { dialect, kind });
  const wire = await new Response(body).text();
  if (contentLength !== undefined) expect(new TextEncoder().encode(wire).length).toBe(contentLength);
  const boundaries = [contentType, ...wire.split("\r\n")].flatMap(
    (line) => /boundary=(\S+)/.exec(line)?.[1] ?? [],
  );
  let shown = `${contentType}\n${wire}`;
  for (const [i, boundary] of boundaries.entries()) {
    const prefix = /^[a-z]+_/.exec(boundary)?.[0] ?? "";
    shown = shown.replaceAll(boundary, `${prefix}${"bcd"[i]}`);
  }
  return shown.replaceAll("\r\n", "\n");
}

const response = (status: number, reason: string, body?: string): Operation<"response"> => ({
  message: {
    kind: "response",
    status,
    reason,
    headers: body === undefined ? [["A", "1"]] : [["Content-Type", "application/json"]],
    body: body ?? null,
  },
});

describe("Requests on the wire", () => {
  const calls = [request('POST /a {"x":1}')];

  test.each([
    [
      ucwa,
      `multipart/batching; boundary=b
--b
Content-Type: application/http; msgtype=request
Content-Transfer-Encoding: binary

POST /a HTTP/1.1
Content-Type: application/json
Content-Length: 7

{"x":1}
--b--
`,
    ],
    [
      google,
      `multipart/mixed; boundary=batch_b
--batch_b
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: <item1>

POST /a HTTP/1.1
Content-Type: application/json
Content-Length: 7

{"x":1}
--batch_b--
`,
    ],
    [
      azureBlob,
      `multipart/mixed; boundary=batch_b
--batch_b
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 0

POST /a HTTP/1.1
Content-Type: application/json
Content-Length: 7

{"x":1}
--batch_b--`,
    ],
    [
      multipartBatch,
      `multipart/batch; type="application/http;version=1.1"; boundary=b
--b
Content-Type: application/http; version=1.1
Content-Transfer-Encoding: binary
Content-ID: <1@batchwire>

POST /a HTTP/1.1
Content-Type: application/json
Content-Length: 7

{"x":1}
--b--
`,
    ],
    [cronofy, 'application/json\n{"batch":[{"method":"POST","relative_url":"/a","data":{"x":1}}]}'],
    [
      odataJson,
      'application/json\n{"requests":[{"id":"1","method":"POST","url":"/a","headers":{"content-type":"application/json"},"body":{"x":1}}]}',
    ],
    [
      graph,
      'application/json\n{"requests":[{"id":"1","method":"POST","url":"/a","headers":{"Content-Type":"application/json"},"body":{"x":1}}]}',
    ],
    [
      salesforceBatch,
      'application/json\n{"batchRequests":[{"method":"POST","url":"/a","richInput":{"x":1}}]}',
    ],
    [
      salesforceComposite,
      'application/json\n{"compositeRequest":[{"referenceId":"1","method":"POST","url":"/a","body":{"x":1}}]}',
    ],
  ] as const)("of $0.name", async (dialect, wire) => {
    expect(await written(dialect, "request", calls)).toBe(wire);
  });

  test("a change set is a part of its own", async () => {
    const operations = ["@g POST a {}", "@g DELETE b", "GET c"].map(request);
    expect(await written(odata, "request", operations)).toBe(`multipart/mixed; boundary=batch_b
--batch_b
Content-Type: multipart/mixed; boundary=changeset_c

--changeset_c
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 1

POST a HTTP/1.1
Content-Type: application/json
Content-Length: 2

{}
--changeset_c
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 2

DELETE b HTTP/1.1


--changeset_c--

--batch_b
Content-Type: application/http
Content-Transfer-Encoding: binary
Content-ID: 3

GET c HTTP/1.1


--batch_b--
`);
  });

  test("an id that is given is nobody's", async () => {
    const wire = await written(odata, "request", ["GET a", "#1 GET b", "GET c"].map(request));
    expect(wire.match(/Content-ID: .*/g)).toEqual(["Content-ID: 2", "Content-ID: 1", "Content-ID: 3"]);
    const json = await written(odataJson, "request", ["GET a", "#1 GET b", "GET c"].map(request));
    expect(json.match(/"id":"[^"]*"/g)).toEqual(['"id":"2"', '"id":"1"', '"id":"3"']);
  });

  test("nor the name of a group", async () => {
    const lines = ["GET a", "@1 POST b {}", "@1 POST c {}", "@4 DELETE d"];
    const wire = await written(odataJson, "request", lines.map(request));
    expect(wire.match(/"id":"[^"]*"/g)).toEqual(['"id":"2"', '"id":"3"', '"id":"5"', '"id":"6"']);
  });

  test("of operations that come one by one, of those in front", async () => {
    const lines = ["#1 GET a", "@2 POST b {}", "GET c"];
    const { body } = operationStream(lines.map(request).values(), { dialect: odataJson, kind: "request" });
    const wire = await new Response(body).text();
    expect(wire.match(/"id":"[^"]*"/g)).toEqual(['"id":"1"', '"id":"3"', '"id":"4"']);
  });

  test("Azure Tables has its id among the message's own fields", async () => {
    const wire = await written(azureTables, "request", [request("#7 @g POST https://h/T {}")]);
    expect(wire).toContain(
      "binary\n\nPOST https://h/T HTTP/1.1\nContent-Type: application/json\nContent-ID: 7\n",
    );
  });

  test("a chunked message has its trailers, though its body is at hand", async () => {
    const message = {
      ...request("POST /a {}").message,
      headers: { "Transfer-Encoding": "chunked" },
      trailers: { Digest: "1" },
    };
    expect(await written(ucwa, "request", [{ message }])).toContain("\n\n2\n{}\n0\nDigest: 1\n\n\n--b--");
  });

  test("Cronofy has an object for a body even where there is none", async () => {
    expect(await written(cronofy, "request", [request("DELETE /a")])).toBe(
      'application/json\n{"batch":[{"method":"DELETE","relative_url":"/a","data":{}}]}',
    );
  });

  test("other members of a JSON envelope stand in front", async () => {
    const { body } = operationStream([request("GET /a")], {
      dialect: salesforceBatch,
      kind: "request",
      members: [["haltOnError", true]],
    });
    expect(await new Response(body).text()).toBe(
      '{"haltOnError":true,"batchRequests":[{"method":"GET","url":"/a"}]}',
    );
  });

  test("but for those that are nothing in JSON", async () => {
    const { body } = operationStream([request("GET /a")], {
      dialect: salesforceBatch,
      kind: "request",
      members: [
        ["a", undefined],
        ["b", null],
      ],
      lastMembers: () => [
        ["c", () => {}],
        ["d", 1],
      ],
    });
    expect(await new Response(body).text()).toBe(
      '{"b":null,"batchRequests":[{"method":"GET","url":"/a"}],"d":1}',
    );
  });
});

describe("Answers on the wire", () => {
  test("UCWA has a status line with a reason, and an empty line behind every head", async () => {
    expect(await written(ucwa, "response", [response(200, "OK", '{"a":1}'), response(204, "No Content")]))
      .toBe(`multipart/batching; boundary=b
--b
Content-Type: application/http; msgtype=response
Content-Transfer-Encoding: binary

HTTP/1.1 200 OK
Content-Type: application/json
Content-Length: 7

{"a":1}
--b
Content-Type: application/http; msgtype=response
Content-Transfer-Encoding: binary

HTTP/1.1 204 No Content
A: 1


--b--
`);
  });

  test.each([
    [google, "<item 1>", "Content-ID: <response-item 1>"],
    [google, "item1", "Content-ID: response-item1"],
    [odata, "0.0", "Content-ID: 0.0"],
    [multipartBatch, "<1@x>", "In-Reply-To: <1@x>"],
  ] as const)("$0.name answers $1 with $2", async (dialect, id, field) => {
    expect(await written(dialect, "response", [{ ...response(200, "OK"), id }])).toContain(`\n${field}\n`);
  });

  test.each([
    ["<response-x>", "<x>"],
    ["response-x", "x"],
    ["response- <x>", "<x>"],
    ["response-", undefined],
    ["<x>", "<x>"],
  ])("Google's %s is the answer to %s", async (field, id) => {
    const part = "Content-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\n\r\n\r\n";
    const wire = octets(`--b\r\nContent-ID: ${field}\r\n${part}--b--\r\n`);
    const reader = new OperationReader(wire, {
      dialect: google,
      kind: "response",
      contentType: "multipart/mixed; boundary=b",
    });
    expect((await reader.next()).value?.id).toBe(id);
  });
});

describe("Fields that are repeated, in JSON", () => {
  const headers = [
    ["Vary", "A"],
    ["Set-Cookie", "a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT"],
    ["vary", "B"],
    ["set-cookie", "b=2"],
  ] as const;
  const write = (fields: typeof headers | [(typeof headers)[1]], dialect: Dialect): Promise<string> =>
    written(dialect, "response", [{ message: { kind: "response", status: 204, headers: fields } }]);

  test("are one member, but Set-Cookie an array, whose values hold commas", async () => {
    const cookies = '["a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT","b=2"]';
    expect(await write(headers, graph)).toContain(`{"Vary":"A, B","Set-Cookie":${cookies}}`);
    expect(await write(headers, odataJson)).toContain(`{"vary":"A, B","set-cookie":${cookies}}`);
    expect(await write([headers[1]], graph)).toContain('{"Set-Cookie":"a=1; ');
  });
});

describe("What a dialect cannot express is an error", () => {
  test.each([
    [ucwa, "@g POST /a {}", "atomic groups"],
    [cronofy, "@g POST /a {}", "atomic groups"],
    [odata, ">1 GET /a", "dependencies"],
    [cronofy, ">1 GET /a", "dependencies"],
    [cronofy, "POST /a no JSON", "the body, which is no JSON"],
  ] as const)("of %o: %s", async (dialect, line, what) => {
    const write = async (): Promise<string> => {
      const { body } = operationStream([request(line)], { dialect, kind: "request" });
      // `text()` of a browser would hide the error.
      return (await chunksOf(body)).map(text).join("");
    };
    await expect(write()).rejects.toMatchObject({
      code: "inexpressible-operation",
      message: `${dialect.name} cannot express ${what}`,
    });
  });

  test("a field, where operations have none", async () => {
    const { message } = request("GET /a");
    const { body } = operationStream([{ message: { ...message, headers: [["If-Match", "*"]] } }], {
      dialect: cronofy,
      kind: "request",
    });
    await expect(chunksOf(body)).rejects.toThrow("cronofy cannot express the field If-Match");
  });
});

describe("Bodies in JSON envelopes", () => {
  const roundTrip = async (dialect: Dialect, type: string, body: Uint8Array): Promise<[string, string]> => {
    const message = {
      kind: "request" as const,
      method: "PUT",
      target: "/a",
      headers: [["Content-Type", type]] as const,
      body,
    };
    const wire = await new Response(operationStream([{ message }], { dialect, kind: "request" }).body).text();
    const { value } = await new OperationReader(new TextEncoder().encode(wire), {
      dialect,
      kind: "request",
    }).next();
    return [wire, text(value!.message!.body as Uint8Array)];
  };

  test("keep their digits", async () => {
    const body = '{ "id": 12345678901234567890.10, "x": [1e400] }';
    expect((await roundTrip(odataJson, "application/json", octets(body)))[1]).toBe(body);
    expect((await roundTrip(cronofy, "application/json", octets(body)))[1]).toBe(body);
  });

  test.each([
    ["text/plain", "Größe\n", '"body":"Größe\\n"'],
    ["application/vnd.x+json", "[1]", '"body":[1]'],
    ["image/png", "\u0001\u00fb", '"body":"AcO7"'],
    ["application/octet-stream", "???>>>", '"body":"Pz8_Pj4-"'],
  ])("of type %s are what OData has for it", async (type, body, member) => {
    const [wire, read] = await roundTrip(odataJson, type, new TextEncoder().encode(body));
    expect(wire).toContain(member);
    expect(read).toBe(body);
  });

  test("plain base64 is read as base64url is", async () => {
    const wire = octets(
      '{"requests":[{"id":"1","method":"PUT","url":"a","headers":{"content-type":"image/png"},"body":"+/8="}]}',
    );
    const { value } = await new OperationReader(wire, { dialect: graph, kind: "request" }).next();
    expect(value!.message!.body).toEqual(Uint8Array.of(0xfb, 0xff));
  });
});

describe.each([ucwa, graph].map((dialect) => [dialect.name, dialect] as const))(
  "A stream of a batch that is cancelled, of %s,",
  (_, dialect) => {
    const post = (body: ReadableStream<Uint8Array>): Operation<"request"> => ({
      message: { kind: "request", method: "POST", target: "/a", body },
    });
    /** Taps of three operations, of which the second is being read when the stream is cancelled. */
    async function cancelled(
      operations: (all: Operation<"request">[]) => Iterable<Operation<"request">>,
    ): Promise<unknown[][]> {
      const taps = [new Tap("{}").close(), new Tap("{"), new Tap()];
      const all = taps.map(({ stream }) => post(stream));
      const reader = operationStream(operations(all), { dialect, kind: "request" }).body.getReader();
      for (let reads = 0; reads < 9; reads++) reader.read().catch(() => {});
      await turns();
      await reader.cancel("reason");
      return taps.map(({ cancels }) => cancels);
    }

    test("cancels the body that is being read and those to come", async () => {
      expect(await cancelled((all) => all)).toEqual([[], ["reason"], ["reason"]]);
    });

    test("closes an iteration, whose operations are its own", async () => {
      let isClosed = false;
      const generator = function* (all: Operation<"request">[]): Generator<Operation<"request">> {
        try {
          yield* all;
        } finally {
          isClosed = true;
        }
      };
      expect(await cancelled(generator)).toEqual([[], ["reason"], []]);
      expect(isClosed).toBe(true);
    });

    test("does not wait for an operation that never comes", async () => {
      async function* operations(): AsyncGenerator<Operation<"request">> {
        yield request("GET /a");
        await new Promise(() => {});
      }
      const reader = operationStream(operations(), { dialect, kind: "request" }).body.getReader();
      for (let reads = 0; reads < 2; reads++) reader.read().catch(() => {});
      await turns();
      expect(await outcomeOf(reader.cancel())).toEqual({ value: undefined });
    });

    test("cancels the body of an operation that comes too late", async () => {
      const tap = new Tap();
      let come: (result: IteratorResult<Operation<"request">>) => void = () => {};
      const next = (): Promise<IteratorResult<Operation<"request">>> =>
        new Promise((resolve) => (come = resolve));
      const operations = { [Symbol.asyncIterator]: () => ({ next }) };
      const reader = operationStream(operations, { dialect, kind: "request" }).body.getReader();
      for (let reads = 0; reads < 2; reads++) reader.read().catch(() => {});
      await turns();
      await reader.cancel("reason");
      come({ done: false, value: post(tap.stream) });
      await turns();
      expect(tap.cancels.length).toBe(1);
    });
  },
);

describe("The bodies of a group that is not whole are cancelled", () => {
  const post = (group: string | undefined, body: ReadableStream<Uint8Array>): Operation<"request"> => ({
    group,
    message: { kind: "request", method: "POST", target: "/a", body },
  });

  test("when no more comes of it but an error", async () => {
    const taps = [new Tap(), new Tap()];
    async function* operations(): AsyncGenerator<Operation<"request">> {
      for (const { stream } of taps) yield post("g", stream);
      throw new Error("mine");
    }
    const { body } = operationStream(operations(), { dialect: odata, kind: "request" });
    await expect(textOf(body)).rejects.toThrow("mine");
    await turns();
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
  });

  test.each<[string, Partial<Operation<"request">>]>([
    ["of another group", { group: "h", dependsOn: ["1"] }],
    ["of no group", { group: undefined, dependsOn: ["1"] }],
    ["of the same group", { dependsOn: ["1"] }],
  ])("when the next, %s, cannot be expressed, and that one's with them", async (_, wrong) => {
    const taps = [new Tap(), new Tap()];
    const [first, second] = taps.map(({ stream }) => post("g", stream));
    const operations = new Set([first!, { ...second!, ...wrong }]);
    const { body } = operationStream(operations, { dialect: odata, kind: "request" });
    await expect(textOf(body)).rejects.toMatchObject({ code: "inexpressible-operation" });
    await turns();
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
  });

  test("when the next, whose head may not be written, ends it", async () => {
    const taps = [new Tap(), new Tap()];
    const [first, second] = taps.map(({ stream }, at) => post(at === 0 ? "g" : undefined, stream));
    second!.message.method = "no token";
    const { body } = operationStream(new Set([first!, second!]), { dialect: odata, kind: "request" });
    await expect(textOf(body)).rejects.toThrow(TypeError);
    await turns();
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
  });

  test("when the stream is, whether another operation of it comes then or none", async () => {
    const taps = [new Tap(), new Tap()];
    let give!: () => void;
    let asked = 0;
    const next = async (): Promise<IteratorResult<Operation<"request">>> => {
      const { stream } = taps[asked++]!;
      if (asked === 2) await new Promise<void>((resolve) => (give = resolve));
      return { done: false, value: post("g", stream) };
    };
    const operations = { [Symbol.asyncIterator]: () => ({ next }) };
    const reader = operationStream(operations, { dialect: odata, kind: "request" }).body.getReader();
    reader.read().catch(() => {});
    await turns();
    await reader.cancel();
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 0]);
    give();
    await turns();
    expect(taps.map(({ cancels }) => cancels.length)).toEqual([1, 1]);
    expect(asked).toBe(2);
  });
});

describe("Operations that were written are read as the same", () => {
  const dialects = [
    ucwa,
    odata,
    google,
    azureBlob,
    multipartBatch,
    cronofy,
    odataJson,
    graph,
    salesforceComposite,
  ];
  const path = fc.stringMatching(/^[a-z0-9/]{0,12}$/).map((tail) => `/${tail}`);
  const call = fc.record({
    method: fc.constantFrom("GET", "POST", "DELETE"),
    target: path,
    body: fc.jsonValue(),
  });

  test.each(dialects)("in any chunking: $name", async (dialect) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        async (calls, size) => {
          const operations = calls.map(({ method, target, body }) =>
            request(method === "POST" ? `POST ${target} ${JSON.stringify({ body })}` : `${method} ${target}`),
          );
          const { body, contentType } = operationStream(operations, { dialect, kind: "request" });
          const wire = new Uint8Array(await new Response(body).arrayBuffer());
          const chunks = Array.from({ length: Math.ceil(wire.length / size) }, (_, i) =>
            wire.slice(i * size, (i + 1) * size),
          );
          const read: OperationRead<"request">[] = [];
          const deviations: string[] = [];
          const options = {
            dialect,
            kind: "request",
            contentType,
            onDeviation: ({ code }: { code: string }) => deviations.push(code),
          } as const;
          for await (const operation of new OperationReader(chunks, options)) read.push(operation);
          expect(deviations).toEqual([]);
          const shown = read.map(({ message }) => [message!.method, message!.target, bodyOf(message!.body)]);
          const none = dialect === cronofy ? "{}" : "";
          expect(shown).toEqual(
            operations.map(({ message }) => [message.method, message.target, message.body ?? none]),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  const bodyOf = (body: unknown): string => (body === null ? "" : text(body as Uint8Array));
});

test("An answer that OData wraps in a message of its own, for a batch that ran asynchronously, is read from that", async () => {
  const part = "Content-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\nA: 1\r\n\r\n\r\n";
  const wrapped = `HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${part}--b--\r\n`;
  const message = await readHttpMessage(octets(wrapped), { kind: "response" });
  const reader = new OperationReader(message, { dialect: odata, kind: "response" });
  expect((await reader.next()).value?.message?.status).toBe(204);
  expect((await reader.next()).done).toBe(true);
});

test("What a dialect has as undefined has its default", async () => {
  const form = { format: "multipart", subtype: "mixed" } as const;
  const dialect: Dialect = { name: "a", maxOperations: 9, envelope: form };
  const same: Dialect = {
    ...dialect,
    envelope: { ...form, boundaryPrefix: undefined, transferEncoding: undefined, trailingLineEnd: undefined },
    minOperations: undefined,
    maxBytes: undefined,
    tolerance: undefined,
  };
  const wire = await written(same, "request", [request("POST /a hello")]);
  expect(wire).toBe(await written(dialect, "request", [request("POST /a hello")]));
  const body = wire.slice(wire.indexOf("--")).replaceAll("\n", "\r\n");
  const reader = new OperationReader(octets(body), {
    dialect: same,
    kind: "request",
    contentType: wire.split("\n")[0]!,
  });
  expect(await reader.next()).toMatchObject({ value: { message: { target: "/a" } } });
});

describe("What was read in one dialect is written in another", () => {
  test("with what JSON has in a URL and no request-line may hold", async () => {
    const json = octets('{"requests":[{"id":"1","method":"POST","url":"C?$filter=a eq \'b\'","body":[1]}]}');
    const read: Operation<"request">[] = [];
    for await (const { message, ...links } of new OperationReader(json, {
      dialect: odataJson,
      kind: "request",
    }))
      read.push({ ...links, message: message! });
    const wire = await written(odata, "request", read);
    expect(wire).toContain(
      "\nPOST C?$filter=a%20eq%20'b' HTTP/1.1\nContent-Type: application/json\nContent-Length: 3\n\n[1]",
    );
    expect(await written(odataJson, "request", read)).toContain('"url":"C?$filter=a eq \'b\'"');
  });

  test.each(["", " ", "a\r\nb", "a\u0000"])("but for %j, which is no target", async (target) => {
    const message = { kind: "request" as const, method: "GET", target };
    expect(() => operationStream([{ message }], { dialect: odata, kind: "request" })).toThrow(TypeError);
  });

  test.each([
    ["Content-Length: 5\r\n\r\nhello"],
    ["\r\nhello"],
    ["Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nDigest: 1\r\n\r\n"],
  ])("a message of its own, with its body and trailers, where it gets an id: %j", async (rest) => {
    const wire = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n${rest}`;
    const message = await readHttpMessage(octets(wire), { kind: "response" });
    const { body } = operationStream([{ id: "7", message }], { dialect: azureTables, kind: "response" });
    const withId = wire.replace("\r\n\r\n", "\r\nContent-ID: 7\r\n\r\n");
    expect(await new Response(body).text()).toContain(`binary\r\n\r\n${withId}\r\n--`);
  });

  test("multipart to JSON and back, with groups", async () => {
    const operations = ["#1 GET /a", '#2 @g POST /b {"x":1}', "#3 @g DELETE /c"].map(request);
    let wire = operationStream(operations, { dialect: odata, kind: "request" });
    for (const [from, to] of [
      [odata, odataJson],
      [odataJson, odata],
      [odata, odataJson],
    ] as const) {
      const reader = new OperationReader(await new Response(wire.body).arrayBuffer(), {
        dialect: from,
        kind: "request",
        contentType: wire.contentType,
      });
      const read: Operation<"request">[] = [];
      for await (const { message, ...links } of reader) read.push({ ...links, message: message! });
      wire = operationStream(read, { dialect: to, kind: "request" });
    }
    expect(JSON.parse(await new Response(wire.body).text())).toEqual({
      requests: [
        { id: "1", method: "GET", url: "/a" },
        {
          id: "2",
          atomicityGroup: "changeset 1",
          method: "POST",
          url: "/b",
          headers: { "content-type": "application/json" },
          body: { x: 1 },
        },
        { id: "3", atomicityGroup: "changeset 1", method: "DELETE", url: "/c" },
      ],
    });
  });
});
