import { azureBlob, BatchError, odata, odataJson, ucwa } from "../../src/batch.ts";
import type { BatchClient, BatchRequestInit, Dialect } from "../../src/batch.ts";
import { answerOf, batchResponse } from "./batch-server.ts";

/** An answer that is the same for all calls of a batch. */
interface Refusal {
  name: string;
  dialect: Dialect;
  init: BatchRequestInit;
  /** With a body of so many octets. */
  answer: (length: number) => Response | Promise<Response>;
}

const group = { method: "DELETE", group: "g" };

export const refusals: readonly Refusal[] = [
  {
    name: "a whole",
    dialect: ucwa,
    init: {},
    answer: (length) => new Response("x".repeat(length), { status: 500 }),
  },
  {
    name: "one part",
    dialect: azureBlob,
    init: { method: "DELETE" },
    answer: (length) => batchResponse([answerOf(undefined, 500, "x".repeat(length))], azureBlob),
  },
  {
    name: "the answer to a change set",
    dialect: odata,
    init: group,
    answer: (length) => batchResponse([answerOf("1", 500, "x".repeat(length))], odata),
  },
  {
    name: "the answer to one of a group",
    dialect: odataJson,
    init: group,
    answer: (length) => {
      const headers = { "Content-Type": "text/plain" };
      return Response.json({ responses: [{ id: "2", status: 500, headers, body: "x".repeat(length) }] });
    },
  },
];

/** The responses that calls get, be it in an error. */
export async function ofAll(client: BatchClient, count: number, init: BatchRequestInit): Promise<Response[]> {
  const calls = Array.from({ length: count }, (_, n) => client.fetch(`${n}`, init));
  const settled = await Promise.allSettled(calls);
  return settled.map((result) => {
    if (result.status === "fulfilled") return result.value;
    if (result.reason instanceof BatchError && result.reason.response !== undefined)
      return result.reason.response;
    throw result.reason;
  });
}
