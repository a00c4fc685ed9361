import { AzureNamedKeyCredential, TableClient } from "@azure/data-tables";
import type { TransactionAction } from "@azure/data-tables";
import { describe, expect, test } from "vitest";
import { azureTables } from "../../../src/batch.ts";
import { asked, serveBatches } from "./support/serve.ts";
import type { BatchServer, SeenOperation } from "./support/serve.ts";

const ACCOUNT = "devstoreaccount1";

/** Entities by path, as they were written. */
type Entities = Map<string, string>;

interface Transaction {
  draft: Entities;
  /** Of the next operation: the message of a failed one begins with it. */
  index: number;
}

function tableService({ method, path, body }: SeenOperation, transaction: Transaction | undefined): Response {
  const { draft, index } = transaction!;
  transaction!.index++;
  const keyOf = (text: string): string => {
    const { PartitionKey, RowKey } = JSON.parse(text) as Record<string, string>;
    return `/${ACCOUNT}/pets(PartitionKey='${PartitionKey}',RowKey='${RowKey}')`;
  };
  const [resource = ""] = path.split("?");
  const key = method === "POST" ? keyOf(body) : decodeURIComponent(resource);
  const failed = (status: number, code: string, text: string): Response =>
    Response.json(
      { "odata.error": { code, message: { lang: "en-US", value: `${index}:${text}` } } },
      { status, headers: { "Content-Type": "application/json;odata=minimalmetadata" } },
    );
  if (method === "POST" && draft.has(key)) {
    return failed(409, "EntityAlreadyExists", "The specified entity already exists.");
  }
  if (method === "DELETE") {
    if (!draft.delete(key)) return failed(404, "ResourceNotFound", "The specified resource does not exist.");
    return new Response(null, { status: 204 });
  }
  draft.set(key, body);
  const headers: Record<string, string> = { ETag: `W/"${index}"` };
  if (method === "POST") headers["DataServiceId"] = key;
  return new Response(null, { status: method === "POST" ? 201 : 204, headers });
}

async function start(entities: Entities): Promise<{ server: BatchServer; client: TableClient }> {
  const server = await serveBatches<Transaction>(
    {
      dialects: [azureTables],
      atomic: {
        begin: () => ({ draft: new Map(entities), index: 0 }),
        commit: ({ draft }) => {
          entities.clear();
          for (const [key, value] of draft) entities.set(key, value);
        },
        rollback: () => {},
      },
    },
    tableService,
  );
  const credential = new AzureNamedKeyCredential(ACCOUNT, btoa("not a secret"));
  const client = new TableClient(`${server.origin}/${ACCOUNT}`, "pets", credential, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 0 },
  });
  return { server, client };
}

const pet = (rowKey: string): { partitionKey: string; rowKey: string; name: string } => {
  return { partitionKey: "p", rowKey, name: `Größe ${rowKey} 😀` };
};
const keyOf = (rowKey: string): string => `/${ACCOUNT}/pets(PartitionKey='p',RowKey='${rowKey}')`;

describe("@azure/data-tables' submitTransaction is answered", () => {
  test("when all operations succeed", async () => {
    const entities: Entities = new Map([
      [keyOf("old"), "{}"],
      [keyOf("gone"), "{}"],
    ]);
    const { server, client } = await start(entities);
    const actions: TransactionAction[] = [
      ["create", pet("new")],
      ["update", pet("old"), "Replace"],
      ["upsert", pet("both"), "Merge"],
      ["delete", { partitionKey: "p", rowKey: "gone" }],
    ];
    const answer = await client.submitTransaction(actions);
    expect(server.operations.map(({ method }) => method)).toEqual(["POST", "PUT", "PATCH", "DELETE"]);
    // It sends no Content-ID, and an empty line in front of each body, which JSON does not mind.
    expect(server.operations.map(({ id }) => id)).toEqual(Array(4).fill(undefined));
    expect(server.operations[0]!.body).toMatch(/^\r\n\{/);
    expect(server.operations.map(({ group }) => group)).toEqual(
      Array.from({ length: 4 }, () => "changeset 1"),
    );
    expect(JSON.parse(server.operations[0]!.body)).toEqual({
      PartitionKey: "p",
      RowKey: "new",
      name: "Größe new 😀",
    });
    expect([...entities.keys()]).toEqual([keyOf("old"), keyOf("new"), keyOf("both")]);
    expect(answer.status).toBe(202);
    expect(answer.subResponses.map(({ status, rowKey, etag }) => [status, rowKey, etag])).toEqual([
      [201, "new", 'W/"0"'],
      [204, undefined, 'W/"1"'],
      [204, undefined, 'W/"2"'],
      [204, undefined, undefined],
    ]);
    expect(answer.getResponseForEntity("new")).toMatchObject({ status: 201 });
  });

  test("when an entity to be deleted is missing", async () => {
    const { client } = await start(new Map());
    const sent = client.submitTransaction([["delete", { partitionKey: "p", rowKey: "gone" }]]);
    await expect(sent).rejects.toMatchObject({ statusCode: 404, code: "ResourceNotFound" });
  });

  test("when one conflicts, and none takes effect", async () => {
    const entities: Entities = new Map([[keyOf("old"), "{}"]]);
    const { server, client } = await start(entities);
    const sent = client.submitTransaction([
      ["create", pet("new")],
      ["create", pet("old")],
      ["create", pet("later")],
    ]);
    await expect(sent).rejects.toMatchObject({
      statusCode: 409,
      code: "EntityAlreadyExists",
      message: expect.stringMatching(/^1:The specified entity already exists\./),
    });
    expect(asked(server)).toEqual([`POST /${ACCOUNT}/pets`, `POST /${ACCOUNT}/pets`]);
    expect([...entities]).toEqual([[keyOf("old"), "{}"]]);
  });
});
