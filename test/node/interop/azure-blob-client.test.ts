import { BlobBatchClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { azureBlob } from "../../../src/batch.ts";
import { describe, expect, test } from "vitest";
import { asked, serveBatches } from "./support/serve.ts";
import type { BatchServer, SeenOperation } from "./support/serve.ts";

const ACCOUNT = "devstoreaccount1";
const credential = new StorageSharedKeyCredential(ACCOUNT, btoa("not a secret"));

/** Blobs by path, each with its tier. */
type Blobs = Map<string, string>;

function blobService(blobs: Blobs): (operation: SeenOperation) => Response {
  return ({ method, path, headers }) => {
    const [name = ""] = path.split("?");
    if (!blobs.has(name)) {
      return new Response(
        "<Error><Code>BlobNotFound</Code><Message>There is no such blob.</Message></Error>",
        {
          status: 404,
          statusText: "The specified blob does not exist.",
          headers: { "x-ms-error-code": "BlobNotFound", "Content-Type": "application/xml" },
        },
      );
    }
    if (method === "DELETE") {
      blobs.delete(name);
      return new Response(null, { status: 202, headers: { "x-ms-delete-type-permanent": "true" } });
    }
    blobs.set(name, headers.get("x-ms-access-tier") ?? "");
    return new Response(null, { status: 200, headers: { "x-ms-request-id": name } });
  };
}

async function start(
  blobs: Blobs,
): Promise<{ server: BatchServer; client: BlobBatchClient; url: (name: string) => string }> {
  const server = await serveBatches({ dialects: [azureBlob] }, blobService(blobs));
  const client = new BlobBatchClient(`${server.origin}/${ACCOUNT}`, credential, {
    retryOptions: { maxTries: 1 },
  });
  return { server, client, url: (name) => `${server.origin}${name}` };
}

const A = `/${ACCOUNT}/c/a.txt`;
const B = `/${ACCOUNT}/c/b.txt`;
const MISSING = `/${ACCOUNT}/c/missing.txt`;

describe("@azure/storage-blob's BlobBatchClient is answered", () => {
  test("when all blobs are deleted", async () => {
    const blobs: Blobs = new Map([A, B].map((name) => [name, "Hot"]));
    const { server, client, url } = await start(blobs);
    const answer = await client.deleteBlobs([url(A), url(B)], credential);
    expect(asked(server)).toEqual([`DELETE ${A}`, `DELETE ${B}`]);
    expect(server.operations.map(({ id }) => id)).toEqual(["0", "1"]);
    for (const { headers } of server.operations)
      expect(headers.get("authorization")).toMatch(/^SharedKey devstoreaccount1:/);
    expect(blobs.size).toBe(0);
    expect(answer).toMatchObject({ subResponsesSucceededCount: 2, subResponsesFailedCount: 0 });
    expect(
      answer.subResponses.map(({ status, _request }) => [status, new URL(_request.url).pathname]),
    ).toEqual([
      [202, A],
      [202, B],
    ]);
    expect(answer.subResponses[0]!.headers.get("x-ms-delete-type-permanent")).toBe("true");
  });

  test("when some of the blobs are missing", async () => {
    const { server, client, url } = await start(new Map([A, B].map((name) => [name, "Hot"])));
    const answer = await client.deleteBlobs([url(A), url(MISSING), url(B)], credential);
    expect(asked(server)).toEqual([`DELETE ${A}`, `DELETE ${MISSING}`, `DELETE ${B}`]);
    expect(answer).toMatchObject({ subResponsesSucceededCount: 2, subResponsesFailedCount: 1 });
    expect(answer.subResponses.map(({ status }) => status)).toEqual([202, 404, 202]);
    const [, failed] = answer.subResponses;
    expect(failed).toMatchObject({
      errorCode: "BlobNotFound",
      statusMessage: "The specified blob does not exist.",
    });
    expect(failed!.bodyAsText).toContain("There is no such blob.");
  });

  test("when tiers are set, some of which cannot be", async () => {
    const blobs: Blobs = new Map([A, B].map((name) => [name, "Hot"]));
    const { server, client, url } = await start(blobs);
    const answer = await client.setBlobsAccessTier([url(A), url(MISSING), url(B)], credential, "Cool");
    expect(asked(server)).toEqual([A, MISSING, B].map((name) => `PUT ${name}?comp=tier`));
    expect([...blobs]).toEqual([
      [A, "Cool"],
      [B, "Cool"],
    ]);
    expect(answer.subResponses.map(({ status }) => status)).toEqual([200, 404, 200]);
    expect(answer.subResponses[2]!.headers.get("x-ms-request-id")).toBe(B);
  });

  test("when the batch is refused as a whole", async () => {
    const server = await serveBatches(
      { dialects: [{ ...azureBlob, maxOperations: 1 }] },
      blobService(new Map()),
    );
    const client = new BlobBatchClient(`${server.origin}/${ACCOUNT}`, credential, {
      retryOptions: { maxTries: 1 },
    });
    const sent = client.deleteBlobs([`${server.origin}${A}`, `${server.origin}${B}`], credential);
    await expect(sent).rejects.toMatchObject({ statusCode: 429 });
  });
});
