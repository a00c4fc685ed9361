import { beforeAll, describe, expect, test } from "vitest";
import { BatchClient, odata, odataJson, ucwa } from "../../src/batch.ts";
import type { BatchClientOptions, BatchError, OperationLinks } from "../../src/batch.ts";
import { pathOf, serve } from "./support.ts";

let root = "";

beforeAll(async () => {
  const program = pathOf("node_modules/@sap/cds/bin/serve.js");
  const [, origin = ""] = await serve(
    process.execPath,
    [program, "all", "--in-memory", "--port", "0"],
    /listening on \{ url: '([^']+)'/,
    { cwd: pathOf("cap") },
  );
  root = `${origin.replace("localhost", "127.0.0.1")}/odata/v4/catalog/`;
});

interface Author {
  ID: number;
  name: string;
}

/** What the client is handed: status and JSON without OData's annotations, or the error. */
async function outcomes(calls: readonly Promise<Response>[]): Promise<unknown[]> {
  const settled = await Promise.allSettled(calls);
  return Promise.all(
    settled.map(async (result) => {
      if (result.status === "rejected") {
        const { code, executed } = result.reason as BatchError;
        return [code, executed];
      }
      const text = await result.value.text();
      const plain = JSON.parse(text === "" ? "null" : text, (key, value) =>
        key.startsWith("@") ? undefined : value,
      ) as unknown;
      return [result.value.status, plain];
    }),
  );
}

const notFound = [404, { error: { message: "Not Found", code: "404" } }];
const conflict = [500, { error: { message: "UNIQUE constraint failed: Catalog_Authors.ID", code: "" } }];

describe.each([
  { what: "in multipart, and stops at the first failure", dialect: odata, first: 100 },
  {
    what: "in JSON, and goes on by default; says 201 of what it has rolled back",
    dialect: odataJson,
    first: 200,
  },
])("CAP answers $what", ({ dialect, first }) => {
  const isJson = dialect === odataJson;
  const create = (options: Partial<BatchClientOptions> = {}): BatchClient =>
    new BatchClient({ url: `${root}$batch`, dialect, ...options });

  const post = (
    client: BatchClient,
    target: string,
    value: unknown,
    links: OperationLinks = {},
  ): Promise<Response> =>
    client.fetch(target, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(value),
      ...links,
    });

  const stored = async (): Promise<Author[]> => {
    const response = await fetch(`${root}Authors?$filter=ID ge ${first} and ID lt ${first + 100}`);
    return ((await response.json()) as { value: Author[] }).value;
  };

  test("an atomic group whose second operation refers to the first, and operations behind it", async () => {
    const client = create();
    const author = { ID: first, name: "Größe € 😀" };
    const book = { ID: first, title: "T" };
    const after = isJson ? { dependsOn: ["1"] } : {};
    expect(
      await outcomes([
        post(client, "Authors", author, { id: "1", group: "g" }),
        post(client, "$1/books", book, { id: "2", group: "g", ...after }),
        client.fetch(`Authors(${first})?$expand=books`),
        client.fetch(`Authors(${first})`, {
          method: "PATCH",
          headers: { "Content-Type": "application/json", "Prefer": "return=minimal" },
          body: '{"name":"changed"}',
        }),
        client.fetch("Authors(9)"),
        client.fetch(`Authors(${first})`, { method: "DELETE" }),
      ]),
    ).toEqual([
      [201, author],
      [201, { ...book, author_ID: first }],
      [200, { ...author, books: [{ ...book, author_ID: first }] }],
      [204, null],
      notFound,
      isJson ? [204, null] : ["operation-not-executed", "no"],
    ]);
    expect(await stored()).toEqual(isJson ? [] : [{ ID: first, name: "changed" }]);
  });

  test("a group that fails, of which nothing stays; what follows is run if it is asked for", async () => {
    const client = create({ onFailure: "continue" });
    const twice = { ID: first + 1, name: "twice" };
    const once = { ID: first + 2, name: "once" };
    expect(
      await outcomes([
        client.fetch("Authors(9)"),
        post(client, "Authors", twice, { group: "g" }),
        post(client, "Authors", twice, { group: "g" }),
        post(client, "Authors", once),
      ]),
    ).toEqual([notFound, isJson ? [201, twice] : conflict, conflict, [201, once]]);
    expect((await stored()).filter(({ ID }) => ID > first)).toEqual([once]);
  });
});

test("CAP refuses a batch of another dialect", async () => {
  const client = new BatchClient({ url: `${root}$batch`, dialect: ucwa });
  await expect(client.fetch(`${root}Authors`)).rejects.toMatchObject({
    code: "batch-failed",
    response: { status: 415 },
  });
});
