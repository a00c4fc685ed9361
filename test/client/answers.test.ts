/** Whose an answer is: whatever order, number and form the answers have, nobody gets another's. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  azureBlob,
  azureTables,
  BatchClient,
  cronofy,
  google,
  graph,
  multipartBatch,
  odata,
  odataJson,
  salesforceBatch,
  ucwa,
} from "../../src/batch.ts";
import type { BatchClientOptions, Dialect, OperationRead } from "../../src/batch.ts";
import { octets } from "../support/chunkings.ts";
import { turns } from "../support/web-streams.ts";
import { answerOf, batchResponse, cameOf, echo, FakeServer } from "../support/batch-server.ts";
import type { Got, Responses } from "../support/batch-server.ts";

const origin = "https://example.com";

function setUp(
  dialect: Dialect,
  answer: (batch: Got[]) => Responses | Response | Promise<Response>,
  options: Partial<BatchClientOptions> = {},
): { client: BatchClient; server: FakeServer; unexpected: OperationRead<"response">[] } {
  const server = new FakeServer(dialect, answer);
  const unexpected: OperationRead<"response">[] = [];
  const onUnexpected = (read: OperationRead<"response">): void => void unexpected.push(read);
  const url = `${origin}/$batch`;
  const client = new BatchClient({ url, dialect, fetch: server.fetch, onUnexpected, ...options });
  return { client, server, unexpected };
}

/** What comes of `count` calls: of `/0`, `/1` and so on. */
async function cameOfAll(client: BatchClient, count: number, init: RequestInit = {}): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, (_, n) => cameOf(client.fetch(`/${n}`, init))));
}

const expected = (count: number): string[] => Array.from({ length: count }, (_, n) => `GET /${n}`);

/** Every way to put `items` in order. */
function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [item, ...rest]),
  );
}

const byId = [google, graph, multipartBatch, odataJson] as const;
const byPosition = [ucwa, cronofy, salesforceBatch, odata] as const;

describe.each(byId.map((dialect) => [dialect.name, dialect] as const))("By id, as %s", (_, dialect) => {
  const targets =
    dialect === odataJson ? (got: string[]) => got.map((did) => did.replace("/", "")) : undefined;
  const all = (count: number): string[] => targets?.(expected(count)) ?? expected(count);

  test("four answers in each of their 24 orders are given to their callers", async () => {
    const orders = permutations([0, 1, 2, 3]);
    expect(orders.length).toBe(24);
    for (const order of orders) {
      const { client, unexpected } = setUp(dialect, (batch) => order.map((at) => echo(batch[at]!)));
      expect(await cameOfAll(client, 4)).toEqual(all(4));
      expect(unexpected).toEqual([]);
    }
  });

  test("each of the 16 choices of four answers leaves the others unanswered", async () => {
    for (let choice = 0; choice < 16; choice++) {
      const isThere = (at: number): boolean => (choice & (1 << at)) !== 0;
      const { client } = setUp(dialect, (batch) => batch.filter((got) => isThere(got.index)).map(echo));
      const came = all(4).map((did, at) => (isThere(at) ? did : "operation-unanswered (unknown)"));
      expect(await cameOfAll(client, 4)).toEqual(came);
    }
  });

  test("of two answers to one call the first counts, and the other is told", async () => {
    const { client, unexpected } = setUp(dialect, (batch) => [
      ...batch.map(echo),
      answerOf(batch[0]!.id, 500),
    ]);
    expect(await cameOfAll(client, 2)).toEqual(all(2));
    await turns();
    expect(unexpected.map(({ message }) => message?.status)).toEqual([500]);
  });

  test("an answer with an id that nobody has is nobody's", async () => {
    const { client, unexpected } = setUp(dialect, (batch) => [answerOf("nobody", 500), ...batch.map(echo)]);
    expect(await cameOfAll(client, 2)).toEqual(all(2));
    expect(unexpected.map(({ index }) => index)).toEqual([0]);
  });

  test("one answer without an id is that of the one call that has none", async () => {
    const { client } = setUp(dialect, (batch) => {
      const answers = batch.map(echo);
      return [{ ...answers[2]!, id: undefined }, answers[1]!, answers[0]!];
    });
    expect(await cameOfAll(client, 3)).toEqual(all(3));
  });

  test("two answers without an id are nobody's where answers come in any order", async () => {
    const { client, unexpected } = setUp(dialect, (batch) =>
      batch.map(echo).map((answer, at) => (at === 1 ? answer : { ...answer, id: undefined })),
    );
    expect(await cameOfAll(client, 3)).toEqual([
      "ambiguous-answer (unknown)",
      all(2)[1],
      "ambiguous-answer (unknown)",
    ]);
    expect(unexpected.length).toBe(2);
  });
});

describe("By id, in a system that answers in order", () => {
  const remove = { method: "DELETE" };
  const deleted = (count: number): string[] => expected(count).map((did) => did.replace("GET", "DELETE"));
  const without = (answers: Responses, ...places: number[]): Responses =>
    answers.map((answer, at) => (places.includes(at) ? { ...answer, id: undefined } : answer));

  test("answers without ids are those at their places, if there are as many answers as calls", async () => {
    const { client } = setUp(azureBlob, (batch) => without(batch.map(echo), 0, 1, 2));
    expect(await cameOfAll(client, 3, remove)).toEqual(deleted(3));
    const some = setUp(azureBlob, (batch) => without(batch.map(echo), 0, 2));
    expect(await cameOfAll(some.client, 3, remove)).toEqual(deleted(3));
  });

  test("but not if ids are elsewhere, or answers are missing", async () => {
    const { client } = setUp(azureBlob, (batch) => {
      const [a, b, c, d] = batch.map(echo);
      return without([b!, a!, c!, d!], 2, 3);
    });
    const ambiguous = "ambiguous-answer (unknown)";
    expect(await cameOfAll(client, 4, remove)).toEqual([...deleted(2), ambiguous, ambiguous]);
    const fewer = setUp(azureBlob, (batch) => without(batch.slice(1).map(echo), 0, 1));
    expect(await cameOfAll(fewer.client, 3, remove)).toEqual([ambiguous, ambiguous, ambiguous]);
  });

  test("a single failure without an id is the answer to the whole batch", async () => {
    const { client } = setUp(azureBlob, () => [answerOf(undefined, 400, "{}")]);
    const errors = await Promise.all(
      [0, 1].map((n) => client.fetch(`/${n}`, remove).catch((e: unknown) => e)),
    );
    for (const error of errors) {
      expect(error).toMatchObject({ code: "batch-failed", executed: "unknown" });
      expect((error as { response: Response }).response.status).toBe(400);
      expect(await (error as { response: Response }).response.text()).toBe("{}");
    }
  });

  test("of a batch of one it is that one's", async () => {
    const { client } = setUp(azureBlob, () => [answerOf(undefined, 404)]);
    expect(await cameOfAll(client, 1, remove)).toEqual(["404"]);
  });
});

describe.each(byPosition.map((dialect) => [dialect.name, dialect] as const))(
  "By position, as %s",
  (_, dialect) => {
    const isRelative = dialect === odata || dialect === salesforceBatch;
    const all = (count: number): string[] =>
      isRelative ? expected(count).map((did) => did.replace("/", "")) : expected(count);

    test("answers are those of the calls at their places, and missing ones are missing at the end", async () => {
      for (let count = 0; count <= 4; count++) {
        const { client } = setUp(dialect, (batch) => batch.slice(0, count).map(echo));
        const rest = Array.from({ length: 4 - count }, () => "operation-unanswered (unknown)");
        expect(await cameOfAll(client, 4)).toEqual([...all(count), ...rest]);
      }
    });

    test("more answers than calls are told", async () => {
      const { client, unexpected } = setUp(dialect, (batch) => [...batch, batch[0]!].map(echo));
      expect(await cameOfAll(client, 2)).toEqual(all(2));
      await turns();
      expect(unexpected.map(({ index }) => index)).toEqual([2]);
    });
  },
);

describe("A change set", () => {
  const post = (group?: string) => ({ method: "POST", body: "{}", group });
  const grouped = (group: string, ...answers: Responses): Responses =>
    answers.map((answer) => ({ ...answer, group }));

  /** Calls in the groups "a", none, "b", "b". */
  async function cameOfGroups(
    answer: (batch: Got[]) => Responses,
    dialect: Dialect = odata,
  ): Promise<string[]> {
    const { client } = setUp(dialect, answer);
    const groups = ["a", "a", undefined, "b", "b"];
    return await Promise.all(groups.map((group, n) => cameOf(client.fetch(`${n}`, post(group)))));
  }
  const did = ["POST 0", "POST 1", "POST 2", "POST 3", "POST 4"];

  test("that succeeds is answered by one", async () => {
    expect(await cameOfGroups((batch) => batch.map((got) => ({ ...echo(got), group: got.group })))).toEqual(
      did,
    );
  });

  test("may be answered in any order by Content-IDs, and by position without", async () => {
    const answer = (batch: Got[]): Responses => {
      const [a, b, c, d, e] = batch.map(echo);
      return [
        ...grouped("x", b!, a!),
        c!,
        ...grouped("y", { ...d!, id: undefined }, { ...e!, id: "made-up" }),
      ];
    };
    expect(await cameOfGroups(answer)).toEqual(did);
  });

  test("that fails is answered by one response in its place, which each of its callers gets", async () => {
    const answer = (batch: Got[]): Responses => [
      answerOf("2", 409, "{}"),
      echo(batch[2]!),
      answerOf("4", 400),
    ];
    expect(await cameOfGroups(answer)).toEqual(["409", "409", "POST 2", "400", "400"]);
  });

  test("that fails may be answered by a change set of one response", async () => {
    const answer = (batch: Got[]): Responses => [
      ...grouped("x", answerOf("2", 409)),
      echo(batch[2]!),
      ...grouped("y", answerOf("4", 400)),
    ];
    expect(await cameOfGroups(answer)).toEqual(["409", "409", "POST 2", "400", "400"]);
  });

  test("that is answered once, and not by a failure, shifts nobody", async () => {
    const answer = (batch: Got[]): Responses => [
      ...grouped("x", echo(batch[0]!)),
      echo(batch[2]!),
      ...grouped("y", echo(batch[3]!), echo(batch[4]!), answerOf("5", 200)),
    ];
    const [first, , ...rest] = did;
    expect(await cameOfGroups(answer)).toEqual([first, "operation-unanswered (unknown)", ...rest]);
  });

  test("whose success is answered without one makes the places of all that follows doubtful", async () => {
    const answer = (batch: Got[]): Responses => batch.map((got) => ({ ...echo(got), group: undefined }));
    expect(await cameOfGroups(answer)).toEqual(did.map(() => "ambiguous-answer (unknown)"));
  });

  describe("that is empty leaves its callers without an answer, and shifts nobody", () => {
    const none = "--y--\r\n";
    const one = (index: number): string =>
      `Content-Type: application/http\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"did":"${index}"}\r\n`;
    const set = (body: string): string => `Content-Type: multipart/mixed; boundary=y\r\n\r\n${body}`;
    const unanswered = "operation-unanswered (unknown)";

    test.each<[string, string[], string[]]>([
      ["the first", [set(none), one(2), set(`--y\r\n${one(3)}--y\r\n${one(4)}--y--\r\n`)], ["2", "3", "4"]],
      ["each, without so much as a delimiter", [set(""), one(2), set("")], ["2", unanswered, unanswered]],
      ["each", [set(none), one(2), set(none)], ["2", unanswered, unanswered]],
    ])("%s", async (_, parts, rest) => {
      const headers = { "Content-Type": "multipart/mixed; boundary=x" };
      const body = `--x\r\n${parts.join("--x\r\n")}--x--\r\n`;
      const { client, unexpected } = setUp(odata, () => new Response(body, { headers }));
      const groups = ["a", "a", undefined, "b", "b"];
      const came = await Promise.all(groups.map((group, n) => cameOf(client.fetch(`${n}`, post(group)))));
      expect(came).toEqual([unanswered, unanswered, ...rest]);
      expect(unexpected).toEqual([]);
    });

    test("not as if it had failed, which would say that nothing behind it was executed", async () => {
      const headers = { "Content-Type": "multipart/mixed; boundary=x" };
      const { client } = setUp(odata, () => new Response(`--x\r\n${set(none)}--x--\r\n`, { headers }));
      const calls = [client.fetch("0", post("a")), client.fetch("1")];
      expect(await Promise.all(calls.map(cameOf))).toEqual([unanswered, unanswered]);
    });
  });

  test("of Azure Tables fails as a whole", async () => {
    const { client } = setUp(azureTables, () => grouped("x", answerOf("2", 409, "{}")));
    const all = ["/a", "/b", "/c"].map((path) => cameOf(client.fetch(path, post("g"))));
    expect(await Promise.all(all)).toEqual(["409", "409", "409"]);
  });

  test("in JSON is a group, whose failure is that of those of it that are not answered", async () => {
    const answer = (batch: Got[]): Responses => [
      echo(batch[2]!),
      answerOf(batch[1]!.id, 409),
      answerOf("b", 400),
    ];
    expect(await cameOfGroups(answer, odataJson)).toEqual(["409", "409", "POST 2", "400", "400"]);
  });
});

describe("Answers as they have been recorded", () => {
  const crlf = (lines: string[]): string => lines.join("\r\n");
  const answering = (body: string, contentType: string): (() => Response) => {
    const headers = { "Content-Type": contentType };
    return () => new Response(body, { headers });
  };

  test("CAP: a change set that fails, as one part with the Content-ID of the operation that did", async () => {
    const body = crlf([
      "--batch_1",
      "content-type: application/http",
      "content-transfer-encoding: binary",
      "content-id: 2",
      "",
      "HTTP/1.1 500 Internal Server Error",
      "content-type: application/json; charset=utf-8",
      "content-length: 12",
      "",
      '{"error":{}}',
      "--batch_1",
      "content-type: application/http",
      "content-transfer-encoding: binary",
      "",
      "HTTP/1.1 200 OK",
      "odata-version: 4.0",
      "content-type: application/json; charset=utf-8",
      "content-length: 15",
      "",
      '{"did":"third"}',
      "--batch_1--",
      "",
    ]);
    const { client } = setUp(odata, answering(body, "multipart/mixed;boundary=batch_1"));
    const post = { method: "POST", body: "{}", group: "g" };
    const all = [client.fetch("Authors", post), client.fetch("Authors", post), client.fetch("Authors")];
    expect(await Promise.all(all.map(cameOf))).toEqual(["500", "500", "third"]);
  });

  test("CAP: a group that fails, in JSON, in the answer to each of its operations", async () => {
    const responses = [
      { id: "1", status: 201, atomicityGroup: "g", body: { did: "31" } },
      { id: "2", status: 500, atomicityGroup: "g", body: { error: {} } },
    ];
    const { client } = setUp(odataJson, () => Response.json({ responses }));
    const all = ["a", "b"].map((path) => cameOf(client.fetch(path, { method: "DELETE", group: "g" })));
    expect(await Promise.all(all)).toEqual(["31", "500"]);
  });

  test("UCWA: a quoted boundary, no lengths, a 204 without a body", async () => {
    const boundary = "98baa24b-c9f8-4ef3-9e70-d1d2b7b6a7d7";
    const part = ["Content-Type: application/http; msgtype=response", ""];
    const body = crlf([
      `--${boundary}`,
      ...part,
      "HTTP/1.1 200 OK",
      "Cache-Control: no-cache",
      "Content-Type: application/json; charset=utf-8",
      "",
      '{"did":"presence"}',
      `--${boundary}`,
      ...part,
      "HTTP/1.1 204 No Content",
      "Cache-Control: no-cache",
      "",
      "",
      `--${boundary}--`,
      "",
    ]);
    const { client } = setUp(ucwa, answering(body, `multipart/batching; boundary="${boundary}"`));
    expect(await cameOfAll(client, 2)).toEqual(["presence", "204"]);
  });

  test("Azure Blob: no line end behind the close-delimiter, heads that end at the delimiter", async () => {
    const part = (id: number, status: string): string[] => [
      "--batchresponse_1",
      "Content-Type: application/http",
      `Content-ID: ${id}`,
      "",
      `HTTP/1.1 ${status}`,
      "x-ms-version: 2026-10-06",
      "",
    ];
    const body = crlf([
      ...part(0, "202 Accepted"),
      ...part(1, "404 The specified blob does not exist."),
      "--batchresponse_1--",
    ]);
    const { client } = setUp(azureBlob, answering(body, "multipart/mixed; boundary=batchresponse_1"));
    const all = ["/c", "/missing"].map((path) => client.fetch(path, { method: "DELETE" }));
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([202, 404]);
  });

  test("Google: ids with a prefix, with brackets and without", async () => {
    const part = (id: string, did: string): string[] => [
      "--batch_x",
      "Content-Type: application/http",
      `Content-ID: ${id}`,
      "",
      "HTTP/1.1 200 OK",
      "Content-Type: application/json",
      "",
      `{"did":"${did}"}`,
    ];
    const body = crlf([
      ...part("response-item2", "second"),
      ...part("response- <item3>", "third"),
      ...part("<response-item1>", "first"),
      "--batch_x--",
      "",
    ]);
    const { client } = setUp(google, answering(body, "multipart/mixed; boundary=batch_x"));
    expect(await cameOfAll(client, 3)).toEqual(["first", "second", "third"]);
  });
});

describe("What stops at a failure", () => {
  const answer = (batch: Got[]): Responses => [echo(batch[0]!), answerOf("2", 404)];

  test("has not executed what it does not answer", async () => {
    const { client } = setUp(odata, answer);
    const came = await Promise.all(["a", "b", "c", "d"].map((path) => cameOf(client.fetch(path))));
    expect(came).toEqual(["GET a", "404", "operation-not-executed (no)", "operation-not-executed (no)"]);
  });

  test("unless it was asked to go on, or the last answer is no failure", async () => {
    const goingOn = setUp(odata, answer, { onFailure: "continue" });
    const came = await Promise.all(["a", "b", "c"].map((path) => cameOf(goingOn.client.fetch(path))));
    expect(came).toEqual(["GET a", "404", "operation-unanswered (unknown)"]);
    expect(goingOn.server.requests[0]!.headers.get("prefer")).toBe(
      "odata.continue-on-error, continue-on-error",
    );
    const short = setUp(odata, (batch) => [echo(batch[0]!)]);
    const rest = await Promise.all(["a", "b"].map((path) => cameOf(short.client.fetch(path))));
    expect(rest).toEqual(["GET a", "operation-unanswered (unknown)"]);
  });
});

describe("An answer in the dialect's other envelope", () => {
  test("a JSON batch may be answered by parts, in order and without ids", async () => {
    const { client } = setUp(odataJson, (batch) =>
      batchResponse(
        batch.map((got) => ({ ...echo(got), id: undefined, group: got.group })),
        odata,
      ),
    );
    const all = [client.fetch("a"), client.fetch("b", { method: "DELETE", group: "g" }), client.fetch("c")];
    expect(await Promise.all(all.map(cameOf))).toEqual(["GET a", "DELETE b", "GET c"]);
  });

  test("a batch of parts may be answered in JSON, by the Content-IDs in any order", async () => {
    const { client } = setUp(odata, (batch) => batchResponse(batch.map(echo).reverse(), odataJson));
    const all = ["a", "b", "c"].map((path) => cameOf(client.fetch(path)));
    expect(await Promise.all(all)).toEqual(["GET a", "GET b", "GET c"]);
  });

  test("or by ids that the server has made up, in order", async () => {
    const { client } = setUp(odata, (batch) =>
      batchResponse(
        batch.map((got, n) => ({ ...echo(got), id: `r${n + 1}` })),
        odataJson,
      ),
    );
    const all = ["a", "b", "c"].map((path) => cameOf(client.fetch(path)));
    expect(await Promise.all(all)).toEqual(["GET a", "GET b", "GET c"]);
  });
});

describe("An answer to HEAD", () => {
  test.each([google, ucwa, azureBlob].map((dialect) => [dialect.name, dialect] as const))(
    "has no body, whatever its Content-Length says, as %s",
    async (_, dialect) => {
      const { client } = setUp({ ...dialect, methods: ["HEAD", "GET"] }, ([head, get]) => {
        const id = (got: Got | undefined): string => `Content-ID: ${got!.id}\r\n`;
        const body = [
          `--b\r\nContent-Type: application/http\r\n${id(head)}\r\n`,
          "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n\r\n",
          `--b\r\nContent-Type: application/http\r\n${id(get)}\r\n`,
          'HTTP/1.1 200 OK\r\n\r\n{"did":"GET /b"}\r\n--b--\r\n',
        ].join("");
        return new Response(body, { headers: { "Content-Type": "multipart/mixed; boundary=b" } });
      });
      const head = client.fetch("/a", { method: "HEAD" });
      const get = cameOf(client.fetch("/b"));
      const response = await head;
      expect([response.headers.get("content-length"), response.body, await get]).toEqual([
        "5000",
        null,
        "GET /b",
      ]);
    },
  );
});

describe("An answer in pages", () => {
  const pages = (links: string[]) => {
    const asked: string[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      asked.push(`${request.method} ${request.url} ${request.headers.get("authorization")}`);
      const page = asked.length - 1;
      const responses = [{ id: String(page + 1), status: 200, body: { did: `page ${page}` } }];
      return Response.json({ responses, "@nextLink": links[page] });
    };
    const client = new BatchClient({
      url: `${origin}/v1.0/$batch`,
      dialect: graph,
      fetch,
      headers: { Authorization: "token" },
    });
    return { client, asked };
  };

  test("is followed with GET, until everybody has an answer", async () => {
    const { client, asked } = pages(["/next/1", `${origin}/next/2`, "/next/3"]);
    expect(await cameOfAll(client, 3)).toEqual(["page 0", "page 1", "page 2"]);
    expect(asked).toEqual([
      `POST ${origin}/v1.0/$batch token`,
      `GET ${origin}/next/1 token`,
      `GET ${origin}/next/2 token`,
    ]);
  });

  test("also behind pages without answers, as long as their links are new", async () => {
    const asked: string[] = [];
    const clientOf = (linkOf: (page: number) => string, answered: number): BatchClient => {
      const fetch = ({ url }: Request): Response => {
        const page = asked.push(url.slice(origin.length));
        const responses = page === answered ? [{ id: "1", status: 200, body: { did: "it" } }] : [];
        return Response.json({ responses, "@nextLink": linkOf(page) });
      };
      return new BatchClient({ url: `${origin}/$batch`, dialect: graph, fetch });
    };
    expect(
      await cameOfAll(
        clientOf((page) => `/${page}`, 3),
        1,
      ),
    ).toEqual(["it"]);
    expect(asked.splice(0)).toEqual(["/$batch", "/1", "/2"]);
    const unanswered = ["operation-unanswered (unknown)"];
    expect(
      await cameOfAll(
        clientOf((page) => `/${page % 2}`, 0),
        1,
      ),
    ).toEqual(unanswered);
    expect(asked.splice(0)).toEqual(["/$batch", "/1", "/0"]);
    // As many as there may be answers.
    expect(
      await cameOfAll(
        clientOf((page) => `/${page}`, 0),
        1,
      ),
    ).toEqual(unanswered);
    expect(asked.length).toBe(graph.maxOperations);
  });

  test("but not to another origin", async () => {
    const elsewhere = pages(["https://elsewhere.example/next"]);
    expect(await cameOfAll(elsewhere.client, 2)).toEqual(["page 0", "operation-unanswered (unknown)"]);
    expect(elsewhere.asked.length).toBe(1);
  });

  /** Each page answers the next call and then so many times nobody, in some more octets, and links to itself. */
  function endless(strangers: number, padding: number, options: Partial<BatchClientOptions> = {}) {
    const requests: Request[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      requests.push(request);
      const ids = [String(requests.length), ...Array.from({ length: strangers }, () => "nobody")];
      const answers = ids.map((id) => ({ id, status: 200, body: { did: id } }));
      return Response.json({ "responses": answers, "@nextLink": "/next", "padding": "x".repeat(padding) });
    };
    const client = new BatchClient({ url: `${origin}/v1.0/$batch`, dialect: graph, fetch, ...options });
    return { client, requests };
  }

  test("nor behind one that has answers to nobody only", async () => {
    const asked: string[] = [];
    const fetch = ({ url }: Request): Response => {
      asked.push(url);
      return Response.json({ "responses": [{ id: "nobody", status: 200 }], "@nextLink": "/next" });
    };
    const client = new BatchClient({ url: `${origin}/v1.0/$batch`, dialect: graph, fetch });
    expect(await cameOfAll(client, 1)).toEqual(["operation-unanswered (unknown)"]);
    expect(asked.length).toBe(1);
  });

  test.each([
    ["answers", "maxParts", 10, 3, 0],
    ["octets", "maxTotalBytes", 10_000, 0, 4000],
  ] as const)("has one limit of %s for all pages", async (_, name, value, strangers, padding) => {
    const { client, requests } = endless(strangers, padding, { limits: { [name]: value } });
    const calls = await Promise.allSettled(["/1", "/2", "/3", "/4"].map((path) => client.fetch(path)));
    const limit = { name, value };
    expect(calls.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
    expect(calls[3]).toMatchObject({ reason: { code: "operation-unanswered", cause: { limit } } });
    expect(requests.length).toBe(3);
  });

  test("that is asked for in vain is aborted with the last call", async () => {
    const signals: AbortSignal[] = [];
    const first = { "responses": [{ id: "1", status: 204 }], "@nextLink": "/next" };
    const fetch = ({ signal }: Request): Response | Promise<Response> => {
      signals.push(signal);
      return signals.length === 1 ? Response.json(first) : new Promise(() => {});
    };
    const client = new BatchClient({ url: `${origin}/v1.0/$batch`, dialect: graph, fetch });
    const controller = new AbortController();
    const [a, b] = [client.fetch("/a"), client.fetch("/b", { signal: controller.signal })];
    expect(await cameOf(a)).toBe("204");
    await turns();
    controller.abort("reason");
    expect([await cameOf(b), signals[1]?.aborted]).toEqual(["reason", true]);
  });
});

describe("Whatever is answered", () => {
  const arbitrary = fc.record({
    count: fc.integer({ min: 1, max: 12 }),
    order: fc.array(fc.nat(), { maxLength: 24 }),
    dialect: fc.constantFrom(...byId),
    maxOperations: fc.integer({ min: 1, max: 12 }),
  });

  test("each caller gets its own answer or an error, if ids are right", async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ count, order, dialect, maxOperations }) => {
        const answer = (batch: Got[]): Responses => order.map((n) => echo(batch[n % batch.length]!));
        const { client } = setUp(dialect, answer, { maxOperations });
        const came = await cameOfAll(client, count);
        for (const [n, what] of came.entries()) {
          expect(["operation-unanswered (unknown)", `GET /${n}`, `GET ${n}`]).toContain(what);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test("An answer may have a boundary that is not ASCII", async () => {
  const head = "Content-Type: application/http\r\n\r\nHTTP/1.1 202 Yes\r\n\r\n";
  const body = octets(`--\xc3\xa9\r\n${head}\r\n--\xc3\xa9--`);
  const headers = { "Content-Type": "multipart/batching; boundary=\xc3\xa9" };
  const { client } = setUp(ucwa, () => new Response(body, { headers }));
  expect((await client.fetch("/a")).status).toBe(202);
});
