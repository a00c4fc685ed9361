/** What an operation may not be or have, however it is disguised. */
import { describe, expect, test } from "vitest";
import { azureBlob, cronofy, google, odata, odataJson, operationOf, ucwa } from "../../src/batch.ts";
import type { BatchHandlerOptions, Dialect } from "../../src/batch.ts";
import { answers, batch } from "../batch/support.ts";
import { handlerOf, json } from "./support.ts";

describe("A batch in a batch is refused, however it is spelt", () => {
  const spellings: [Dialect, string, string][] = [
    [odata, "https://h/service/$batch", "$batch"],
    [odata, "https://h/service/$batch", "/service/$batch?x"],
    [odata, "https://h/service/$batch", "/service/$batch/"],
    [odata, "https://h/service/$batch", "/service/%24batch"],
    [odata, "https://h/service/$batch", "/service/$BATCH"],
    [odata, "https://h/service/$batch", "/service//$batch"],
    [odata, "https://h/service/$batch", "/service/x/../$batch"],
    [odata, "https://h/service/$batch", "/service/$batch;v=1"],
    [odata, "https://h/service/$batch", "/service%2F$batch"],
    [odata, "https://h/service/$batch", "/service/x%5C$batch"],
    [odata, "https://h/service/$batch", "https://h/service/$batch#x"],
    [odata, "https://h/service/$batch", "/other/$batch"],
    [ucwa, "https://h/u/many", "/u/many?x"],
    [ucwa, "https://h/u/many", "/u/m%61ny"],
    [ucwa, "https://h/u/many", "/u/Many/"],
    [azureBlob, "https://h/?comp=batch", "/?comp=batch&x=1"],
    [azureBlob, "https://h/?comp=batch", "/container?restype=container&comp=batch"],
  ];
  test.each(spellings)("$0.name: $1: $2", async (dialect, url, target) => {
    const written: Dialect = { ...dialect, target: "path" };
    const request = await batch(written, [`PUT ${target}`], { url });
    const [line] = await answers(await handlerOf({ dialects: [dialect] })(request), dialect);
    expect(line).toMatch(/400 .*(nested-batch|NestedBatch)/);
  });

  test.each([
    [odata, "https://h/service/$batch", "/service/batch"],
    [azureBlob, "https://h/?comp=batch", "/?comp=properties"],
    [ucwa, "https://h/u/many", "/u/many/more"],
    [ucwa, "https://h/u/many", "/u/%zz"],
  ] as const)("and nothing else is: $0.name: $1: $2", async (dialect, url, target) => {
    const request = await batch(dialect, [`PUT ${target}`], { url });
    const [line] = await answers(await handlerOf({ dialects: [dialect] })(request), dialect);
    expect(line).toMatch(/200 reached/);
  });

  test.each([
    [google, "POST /v1/batch {}"],
    [google, "POST /V1/%62atch/ {}"],
    [google, "post /v1/batch {}"],
    [google, "POST /service/$batch {}"],
    [odata, "POST /v1/batch {}"],
    [cronofy, "POST /service/$batch {}"],
    [cronofy, "POST /v1/batch/../../x/$batch {}"],
  ] as const)("or of which dialect of the handler: $0.name: $1", async (dialect, line) => {
    const url = new Map<Dialect, string>([
      [google, "https://h/batch/x/v1"],
      [odata, "https://h/service/$batch"],
      [cronofy, "https://h/v1/batch"],
    ]).get(dialect)!;
    const handle = handlerOf({ dialects: [google, cronofy, odata, odataJson] });
    const [answer] = await answers(
      await handle(await batch({ ...dialect, target: "path" }, [line], { url })),
      dialect,
    );
    expect(answer).toMatch(/400 .*nested-batch/);
  });

  test.each([
    ["by its method", "GET /batch/42"],
    ["by its method, though it has a body", "PUT /v1/batch {}"],
    ["by its media type", "POST /batch/42 {}"],
    ["by its media type", "POST /?comp=batch {}"],
    ["by its URL", "POST /v1/batches {}"],
    ["by the handler's dialects", "POST /services/data/v60.0/composite {}"],
  ])("but not what %s could be none of another dialect: %s", async (_, line) => {
    const handle = handlerOf({ dialects: [odata, google, cronofy, azureBlob] });
    const request = await batch({ ...odata, target: "path" }, [line]);
    expect(await answers(await handle(request), odata)).toEqual(["#1 200 reached"]);
  });

  test("or how it is routed: an operation that an application hands to a batch handler", async () => {
    const inner = handlerOf({ dialects: [odataJson] });
    const outer = handlerOf({
      dialects: [odataJson],
      handler: (request) => {
        expect(operationOf(request)).toBeDefined();
        return inner(request);
      },
    });
    const requests = [{ id: "1", method: "POST", url: "alias", body: { requests: [] } }];
    expect(await answers(await outer(json(requests)), odataJson)).toEqual([
      expect.stringMatching(/^#1 400 .*nested-batch/),
    ]);
  });
});

test.each(["/me/%70hoto", "/me%2Fphoto", "/me/photo;size=1", "/me/PHOTO/", "/me//photo", "/me/photo%5cx"])(
  "A resource that may not be in a batch may not be there as %s",
  async (target) => {
    const [line] = await answers(await handlerOf({})(await batch(ucwa, [`GET ${target}`])), ucwa);
    expect(line).toMatch(/^409 /);
  },
);

describe("Of Host fields", () => {
  const sendTo = async (
    target: string,
    hosts: string[],
    options: Partial<BatchHandlerOptions> = {},
  ): Promise<string[]> => {
    const fields = hosts.map((host) => `Host: ${host}\r\n`).join("");
    const body = `--b\r\nContent-Type: application/http\r\n\r\nGET ${target} HTTP/1.1\r\n${fields}\r\n\r\n--b--\r\n`;
    const headers = { "Content-Type": "multipart/batching; boundary=b" };
    return answers(
      await handlerOf(options)(new Request("https://example.com/batch", { method: "POST", headers, body })),
      ucwa,
    );
  };
  const send = (...hosts: string[]): Promise<string[]> => sendTo("/x", hosts);

  test("one names the batch's own origin", async () => {
    expect(await send("EXAMPLE.com:443")).toEqual(["200 reached"]);
    expect(await send("example.com", "example.com")).toEqual(["200 reached"]);
    for (const host of ["evil.example", "example.com:80", "example.com@evil.example", "example.com\\evil"])
      expect(await send(host)).toEqual([expect.stringMatching(/^400 /)]);
  });

  test("two that differ are refused, for others may take the second", async () => {
    expect(await send("example.com", "evil.example")).toEqual([
      expect.stringMatching(/^400 .*invalid-target/),
    ]);
  });

  test("none counts beside an absolute target, which has its host (RFC 9112 §3.2.2)", async () => {
    const options: Partial<BatchHandlerOptions> = {
      allowOrigin: () => "own",
      handler: ({ url }) => new Response(url, { headers: { "Content-Type": "text/plain" } }),
    };
    expect(await sendTo("/x", ["other.example"], options)).toEqual(["200 https://other.example/x"]);
    for (const target of ["https://example.com/x", "HTTPS://EXAMPLE.com:443/x"])
      expect(await sendTo(target, ["other.example"], options)).toEqual(["200 https://example.com/x"]);
  });
});

describe("Credentials", () => {
  test("of a configured name are refused like the others, where an operation may have none", async () => {
    const handle = handlerOf({ dialects: [{ ...odataJson, credentials: "refuse" }], inherit: ["X-Key"] });
    for (const name of ["x-key", "authorization", "cookie"]) {
      const [line] = await answers(
        await handle(json([{ id: "1", method: "GET", url: "x", headers: { [name]: "v" } }])),
        odataJson,
      );
      expect(line).toMatch(/^#1 400 .*own-credentials/);
    }
  });

  test("are something else than the trace, which every operation has that is asked to", async () => {
    for (const credentials of ["own", "refuse", "override"] as const) {
      const handle = handlerOf({
        dialects: [{ ...odataJson, credentials }],
        traceContext: true,
        handler: ({ headers }) => Response.json([headers.get("traceparent"), headers.get("authorization")]),
      });
      const request = json(
        [
          { id: "1", method: "GET", url: "x" },
          { id: "2", method: "GET", url: "x", headers: { traceparent: "own" } },
        ],
        { Traceparent: "outer", Authorization: "secret" },
      );
      const inherited = credentials === "own" ? "null" : '"secret"';
      expect((await answers(await handle(request), odataJson)).sort()).toEqual([
        `#1 200 ["outer",${inherited}]`,
        `#2 200 ["own",${inherited}]`,
      ]);
    }
  });
});

test.each(["authorization", "expect", "range"])("In strict mode OData refuses the field %s", async (name) => {
  const send = async (tolerance: "strict" | "lenient"): Promise<string[]> => {
    const request = json([{ id: "1", method: "GET", url: "x", headers: { [name]: "v" } }]);
    return answers(await handlerOf({ dialects: [odataJson], tolerance })(request), odataJson);
  };
  expect(await send("strict")).toEqual([expect.stringMatching(/^#1 400 .*refused-field/)]);
  expect(await send("lenient")).toEqual(["#1 200 reached"]);
});

test("A method that Fetch does not know is never taken for another", async () => {
  const handle = handlerOf({ dialects: [odataJson], handler: ({ method }) => Response.json(method) });
  const requests = ["TRACE", "FROB"].map((method) => ({ id: method, method, url: "x" }));
  const lines = await answers(await handle(json(requests, { Prefer: "continue-on-error" })), odataJson);
  const [frob, trace] = lines.sort();
  expect(trace).toMatch(/^#TRACE 400 /);
  expect(frob).toMatch(/^#FROB (200 "FROB"|400 .*)$/);
});

describe("Of content codings of the batch", () => {
  const send = async (coding: string): Promise<Response> =>
    handlerOf({ dialects: [odataJson] })(
      json([{ id: "1", method: "GET", url: "x" }], { "Content-Encoding": coding }),
    );

  test.each(["gzip", "identity, br"])("%s is refused, for nobody undoes it", async (coding) => {
    const response = await send(coding);
    expect(response.status).toBe(415);
    expect(response.headers.get("accept-encoding")).toBe("identity");
    expect(JSON.stringify(await response.json())).toMatch("unsupported-content-coding");
  });

  test.each(["identity", "Identity", ""])("%j is none", async (coding) => {
    expect(await answers(await send(coding), odataJson)).toEqual(["#1 200 reached"]);
  });
});
