/** Recorded batches of real clients and servers, read as operations, and written again without their quirks. */
import { describe, expect, test } from "vitest";
import {
  azureBlob,
  azureTables,
  cronofy,
  google,
  graph,
  odata,
  odataJson,
  OperationReader,
  operationStream,
  ucwa,
} from "../../src/batch.ts";
import type { Dialect, Operation, OperationKind, OperationRead } from "../../src/batch.ts";
import { readWire } from "./capture.ts";
import { asText, captureNames, corpus, hasCorpus } from "./corpus.ts";

/** Dialects by the beginning of a recording's name; the first that fits. */
const dialects: [prefix: string, dialect: Dialect][] = [
  ["azblob", azureBlob],
  ["aztable", azureTables],
  ["cap9-json-accept-multipart", odataJson],
  ["cap9-json", odataJson],
  ["cap9-mp", odata],
  ["cronofy-batch", cronofy],
  ["msgraph", graph],
  ["ucwa", ucwa],
  ["go-batching", ucwa],
  ["gapibatcher", google],
  ["googleapi", google],
  ["batchelor", google],
  ["ui5v4", odata],
  ["sapsdk", odata],
  ["odataclient", odata],
  ["odatabatch", odata],
  ["datajs", odata],
  ["ojs", odata],
  ["angularbatcher", odata],
];

/** Answers that are no batch, and what their outer message is. */
const noBatch: Record<string, string> = {
  "azblob-batch-error-auth response": "403",
  "angularbatcher-space-in-url response": "200",
};

/** Batches that a strict reader refuses however they are written, and why. */
const refused: Record<string, string> = {
  // Its two operations have the same Content-ID.
  "cap9-mp-204 request": "Operation has the id of another",
  "cap9-mp-204 response": "Operation has the id of another",
};

const kinds = ["request", "response"] as const;

if (!hasCorpus) {
  test.skipIf(!hasCorpus)(`corpus folder absent: ${corpus}`, () => {});
} else {
  const recordings = captureNames().flatMap((name) => {
    const dialect = dialects.find(([prefix]) => name.startsWith(prefix))?.[1];
    return dialect === undefined ? [] : kinds.map((kind) => [name, kind, dialect] as const);
  });

  describe("A recorded batch", () => {
    test("stands for every client and server that there are recordings of", () => {
      const prefixes = dialects.map(([prefix]) => prefix);
      expect(prefixes.filter((prefix) => !captureNames().some((name) => name.startsWith(prefix)))).toEqual(
        [],
      );
      expect(recordings.length).toBeGreaterThan(50);
    });

    test.each(recordings)(
      "%s: its %ss are read, written, and read again without deviations",
      async (name, kind, dialect) => {
        const { body, head } = readWire(`${name}/${kind}.http`);
        const contentType = head?.headers.get("content-type") ?? "";
        if (noBatch[`${name} ${kind}`] !== undefined) {
          return expect(contentType).not.toMatch(/^multipart/);
        }
        const actual = contentType.startsWith("multipart")
          ? formOf(dialect, "multipart")
          : formOf(dialect, "json");
        const read = await operations([body], kind, actual, contentType);
        expect(read.length).toBeGreaterThan(0);

        const writeAndRead = async (): Promise<OperationRead[]> => {
          const wire = operationStream(read.map(toOperation), { dialect: actual, kind });
          const octets = new Uint8Array(await new Response(wire.body).arrayBuffer());
          return operations([octets], kind, actual, wire.contentType, "strict");
        };
        const why = refused[`${name} ${kind}`];
        if (why !== undefined) return expect(writeAndRead()).rejects.toThrow(why);
        const again = await writeAndRead();
        // A request that came without an id gets one.
        const ids = again.map((operation, i) => ({ ...operation, id: read[i]!.id && operation.id }));
        return expect(ids.map(shown)).toEqual(read.map(shown));
      },
    );
  });
}

/** The dialect, or the alternative of it that has the format. */
function formOf(dialect: Dialect, format: "multipart" | "json"): Dialect {
  if (dialect.envelope.format === format) return dialect;
  return dialect.alternatives!().find(({ envelope }) => envelope.format === format)!;
}

async function operations(
  chunks: Uint8Array[],
  kind: OperationKind,
  dialect: Dialect,
  contentType: string,
  tolerance: "strict" | "lenient" = "lenient",
): Promise<OperationRead[]> {
  const read: OperationRead[] = [];
  for await (const operation of new OperationReader(chunks, { dialect, kind, contentType, tolerance })) {
    if (operation.error !== undefined) throw operation.error;
    read.push(operation);
  }
  return read;
}

function toOperation({ message, id, group, dependsOn }: OperationRead): Operation {
  const headers = message!.headers;
  // What it says of the body may be wrong, and is written anew.
  headers.delete("content-length");
  return { id, group, dependsOn, message: message! } as Operation;
}

/** A space in a target is written as %20. */
function shown({ id, group, dependsOn, message }: OperationRead): unknown {
  const start =
    message!.kind === "request"
      ? [message!.method, message!.target.replaceAll(" ", "%20")]
      : [message!.status];
  const body = message!.body === null ? "" : asText(message!.body as Uint8Array);
  const fields = [...message!.headers].filter(([name]) => name.toLowerCase() !== "content-length");
  return { id, group, dependsOn, start, fields, body };
}
