import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { AzureNamedKeyCredential, generateAccountSas, TableClient } from "@azure/data-tables";
import { beforeAll, describe, expect, test } from "vitest";
import { azureBlob, azureTables, BatchClient } from "../../src/batch.ts";
import type { BatchClientOptions } from "../../src/batch.ts";
import { pathOf, serve } from "./support.ts";

const ACCOUNT = "devstoreaccount1";
/** The one that Azurite's documentation has for everybody. */
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

let blobOrigin = "";
let tableOrigin = "";

beforeAll(async () => {
  const ports = ["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"];
  const options = ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
  const found =
    /Blob service is successfully listening at (\S+)[^]*Table service is successfully listening at (\S+)/;
  const program = pathOf("node_modules/azurite/dist/src/azurite.js");
  [, blobOrigin = "", tableOrigin = ""] = await serve(
    process.execPath,
    [program, ...options, ...ports],
    found,
  );
});

describe("Azurite's blobs answer azureBlob (writes no blank line behind a head without a body; needs a Content-ID)", () => {
  const credential = new StorageSharedKeyCredential(ACCOUNT, KEY);
  const sas = String(
    generateAccountSASQueryParameters(
      {
        expiresOn: new Date(Date.now() + 3_600_000),
        permissions: AccountSASPermissions.parse("rwdlac"),
        protocol: SASProtocol.HttpsAndHttp,
        resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
        services: AccountSASServices.parse("b").toString(),
      },
      credential,
    ),
  );

  /** A container with blobs of these names, and a client for batches on them. */
  async function start(
    container: string,
    names: readonly string[],
    options: Partial<BatchClientOptions> = {},
  ) {
    const blobs = new BlobServiceClient(`${blobOrigin}/${ACCOUNT}`, credential).getContainerClient(container);
    await blobs.create();
    for (const name of names) await blobs.uploadBlockBlob(name, name, name.length);
    const client = new BatchClient({
      url: `${blobOrigin}/${ACCOUNT}?comp=batch&${sas}`,
      dialect: azureBlob,
      headers: { "x-ms-version": "2021-12-02" },
      ...options,
    });
    const left = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { name, properties } of blobs.listBlobsFlat())
        found.push(`${name} ${properties.accessTier}`);
      return found;
    };
    const url = (name: string, query = ""): string => `/${ACCOUNT}/${container}/${name}?${query}${sas}`;
    return { client, left, url };
  }

  test("deletes, some of them in vain", async () => {
    const { client, left, url } = await start("deletes", ["a", "b", "kept"]);
    const names = ["a", "missing", "b"];
    const responses = await Promise.all(names.map((name) => client.fetch(url(name), { method: "DELETE" })));
    expect(responses.map(({ status, statusText }) => [status, statusText])).toEqual([
      [202, "Accepted"],
      [404, "The specified blob does not exist."],
      [202, "Accepted"],
    ]);
    expect(responses[0]!.headers.get("x-ms-delete-type-permanent")).toBe("true");
    expect(responses[1]!.headers.get("x-ms-error-code")).toBe("BlobNotFound");
    await expect(responses[1]!.text()).resolves.toContain("<Code>BlobNotFound</Code>");
    expect(await left()).toEqual(["kept Hot"]);
  });

  test("tiers", async () => {
    const { client, left, url } = await start("tiers", ["a", "b"]);
    const set = (name: string, tier: string): Promise<Response> =>
      client.fetch(url(name, "comp=tier&"), { method: "PUT", headers: { "x-ms-access-tier": tier } });
    const responses = await Promise.all([set("a", "Cool"), set("missing", "Cool"), set("b", "Archive")]);
    expect(responses.map(({ status }) => status)).toEqual([200, 404, 200]);
    expect(await left()).toEqual(["a Cool", "b Archive"]);
  });

  test("300 operations, in two batches", async () => {
    const names = Array.from({ length: 300 }, (_, i) => `blob${i}`);
    let batches = 0;
    const { client, left, url } = await start("many", ["blob7", "blob299"], {
      fetch: (request) => {
        batches++;
        return fetch(request);
      },
    });
    const results: [number, number | undefined][] = [];
    const requests = names.map((name) => new Request(`${blobOrigin}${url(name)}`, { method: "DELETE" }));
    for await (const { index, response } of client.send(requests)) results.push([index, response?.status]);
    expect(batches).toBe(2);
    expect(results.length).toBe(300);
    expect(
      results
        .filter(([, status]) => status === 202)
        .map(([index]) => index)
        .sort(),
    ).toEqual([299, 7]);
    expect(results.filter(([, status]) => status !== 202 && status !== 404)).toEqual([]);
    expect(await left()).toEqual([]);
  });

  test("a batch that it refuses", async () => {
    const { client, left, url } = await start("refused", ["a"], {
      url: `${blobOrigin}/${ACCOUNT}?comp=batch`,
    });
    await expect(client.fetch(url("a"), { method: "DELETE" })).rejects.toMatchObject({
      code: "batch-failed",
      response: { status: 403 },
    });
    expect(await left()).toEqual(["a Hot"]);
  });

  test("a batch that it cannot read, for its ids stand elsewhere: one part for all", async () => {
    const envelope = { ...azureBlob.envelope, contentId: { place: "message" } } as const;
    const { client, left, url } = await start("unread", ["a", "b"], { dialect: { ...azureBlob, envelope } });
    const calls = ["a", "b"].map((name) => client.fetch(url(name), { method: "DELETE" }));
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({ reason: { code: "batch-failed", response: { status: 400 } } });
    }
    expect(await left()).toEqual(["a Hot", "b Hot"]);
  });
});

describe("Azurite's tables answer azureTables (its targets are absolute)", () => {
  const credential = new AzureNamedKeyCredential(ACCOUNT, KEY);
  const sas = generateAccountSas(credential, {
    expiresOn: new Date(Date.now() + 3_600_000),
    permissions: { add: true, delete: true, query: true, update: true, write: true },
    services: { table: true },
    resourceTypes: "sco",
  });

  async function start(name: string) {
    const table = new TableClient(`${tableOrigin}/${ACCOUNT}`, name, credential, {
      allowInsecureConnection: true,
    });
    await table.createTable();
    await table.createEntity({ partitionKey: "p", rowKey: "old", name: "old" });
    const client = new BatchClient({
      url: `${tableOrigin}/${ACCOUNT}/$batch?${sas}`,
      dialect: azureTables,
      headers: { "x-ms-version": "2019-02-02", "DataServiceVersion": "3.0" },
    });
    const fields = {
      "Content-Type": "application/json",
      "Accept": "application/json;odata=minimalmetadata",
      "DataServiceVersion": "3.0",
      "Prefer": "return-no-content",
    };
    const insert = (rowKey: string): Promise<Response> => {
      const body = JSON.stringify({ PartitionKey: "p", RowKey: rowKey, name: `Größe ${rowKey} 😀` });
      return client.fetch(`/${ACCOUNT}/${name}`, { method: "POST", headers: fields, body, group: "all" });
    };
    const change = (rowKey: string, method: string, body: string | null = null): Promise<Response> =>
      client.fetch(`/${ACCOUNT}/${name}(PartitionKey='p',RowKey='${rowKey}')`, {
        method,
        headers: { ...fields, "If-Match": "*" },
        body,
        group: "all",
      });
    const entities = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { rowKey, name: text } of table.listEntities<{ name: string }>())
        found.push(`${rowKey} ${text}`);
      return found;
    };
    return { insert, change, entities };
  }

  test("a transaction", async () => {
    const { insert, change, entities } = await start("transaction");
    const responses = await Promise.all([
      insert("1"),
      change("old", "MERGE", '{"PartitionKey":"p","RowKey":"old","name":"new"}'),
      insert("2"),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect(responses[0]!.headers.get("etag")).toMatch(/^W\/"datetime/);
    expect(responses[2]!.headers.get("location")).toContain("RowKey='2'");
    expect(await entities()).toEqual(["1 Größe 1 😀", "2 Größe 2 😀", "old new"]);
    const gone = await Promise.all([change("1", "DELETE"), change("old", "DELETE")]);
    expect(gone.map(({ status }) => status)).toEqual([204, 204]);
    expect(await entities()).toEqual(["2 Größe 2 😀"]);
  });

  test("a conflict, which each of the operations is answered, and of which nothing stays", async () => {
    const { insert, entities } = await start("conflict");
    const responses = await Promise.all([insert("3"), insert("old"), insert("4")]);
    for (const response of responses) {
      expect(response.status).toBe(409);
      const { "odata.error": error } = (await response.json()) as {
        "odata.error": { code: string; message: { value: string } };
      };
      expect(error.code).toBe("EntityAlreadyExists");
      expect(error.message.value).toMatch(/^1:The specified entity already exists\./);
    }
    expect(await entities()).toEqual(["old old"]);
  });
});
