/** Area `json-batch`: the operations of an OData JSON batch, whole and octet by octet. */
import { odataJson, OperationReader } from "../../../src/batch.ts";
import type { OperationRead } from "../../../src/batch.ts";
import { bodyText } from "../../../src/batch/json-body.ts";
import type { Tolerance } from "../../../src/deviation.ts";
import { BatchwireError } from "../../../src/errors.ts";
import type { HeaderList } from "../../../src/grammar/header-list.ts";
import { fromBase64, isomorphic } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import type { Reading } from "./suite.ts";

export async function readJsonBatchVector(vector: Vector, tolerance: Tolerance): Promise<Reading> {
  const readings = [
    await read(vector, tolerance, [vector.input]),
    await read(vector, tolerance, octetByOctet(vector.input)),
  ];
  if (JSON.stringify(readings[0]) !== JSON.stringify(readings[1])) throw new Error("Chunking matters");
  return readings[0]!;
}

function octetByOctet(input: Uint8Array): Uint8Array[] {
  return Array.from(input, (octet) => Uint8Array.of(octet));
}

async function read({ expect }: Vector, tolerance: Tolerance, chunks: Uint8Array[]): Promise<Reading> {
  const kind = expect.kind === "responses" ? "response" : "request";
  const operations: OperationRead[] = [];
  try {
    for await (const operation of new OperationReader(chunks, { dialect: odataJson, kind, tolerance })) {
      if (operation.error !== undefined) throw operation.error;
      operations.push(operation);
    }
  } catch (error) {
    if (error instanceof BatchwireError) return { refused: error.code };
    throw error;
  }
  const items = expect.items ?? [];
  return {
    found: operations.map((operation, i) => itemOf(operation, items[i] ?? {})),
    expected: items.map(expected),
  };
}

/** An operation as the vectors have it: the members that the vector names, and all of its links. */
function itemOf({ id, group, dependsOn, message }: OperationRead, wanted: Record<string, unknown>): unknown {
  const start = message!.kind === "request" ? [message!.method, message!.target] : [message!.status];
  const headers =
    "headers" in wanted
      ? Object.keys(wanted["headers"] as object).map((name) => message!.headers.get(name))
      : [];
  return {
    id,
    group,
    dependsOn,
    start,
    headers,
    body: bodyOf(message!.body as Uint8Array | null, message!.headers, wanted),
  };
}

function expected(item: Record<string, unknown>): unknown {
  const { id, atomicityGroup: group, dependsOn = [], method, url, status, headers = {} } = item;
  const start = method === undefined ? [status] : [(method as string).toUpperCase(), url];
  return { id, group, dependsOn, start, headers: Object.values(headers as object), body: expectedBody(item) };
}

/** The decoded body where the vector has it, else what stands for it in an envelope. */
function bodyOf(octets: Uint8Array | null, headers: HeaderList, wanted: Record<string, unknown>): unknown {
  if (octets === null) return undefined;
  if ("bodyDecodedBase64" in wanted) return isomorphic(octets);
  return JSON.parse(bodyText(odataJson.envelope, octets, headers)!);
}

function expectedBody({ body, bodyDecodedBase64 }: Record<string, unknown>): unknown {
  if (typeof bodyDecodedBase64 === "string") return isomorphic(fromBase64(bodyDecodedBase64));
  return body;
}
