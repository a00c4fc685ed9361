/** Elements of a JSON envelope as they are read: what is tolerated, and what is the error of its operation alone. */
import { describe, expect, test } from "vitest";
import { odataJson, OperationReader } from "../../src/batch.ts";
import type { Dialect, OperationKind, OperationRead } from "../../src/batch.ts";
import type { Limits, Tolerance } from "../../src/index.ts";

interface Reading {
  dialect?: Dialect;
  tolerance?: Tolerance;
  limits?: Partial<Limits>;
}

/** The operations that have these JSON texts, and what was tolerated of them. */
async function readAs<Kind extends OperationKind>(
  kind: Kind,
  elements: readonly string[],
  { dialect = odataJson, tolerance, limits }: Reading = {},
): Promise<{ operations: OperationRead<Kind>[]; codes: string[] }> {
  const codes: string[] = [];
  const operations: OperationRead<Kind>[] = [];
  const envelope = new TextEncoder().encode(`{"${kind}s":[${elements.join(",")}]}`);
  const onDeviation = ({ code }: { code: string }): unknown => codes.push(code);
  const reader = new OperationReader(envelope, { dialect, kind, tolerance, limits, onDeviation });
  for await (const operation of reader) operations.push(operation);
  return { operations, codes };
}

const read = (
  elements: readonly string[],
  reading?: Reading,
): Promise<{ operations: OperationRead<"request">[]; codes: string[] }> =>
  readAs("request", elements, reading);

describe("The body of an operation has the limit of any body", () => {
  const limits = { maxPartBytes: 10 };
  const element = (type: string, body: string): string =>
    `{"id":"1","method":"PUT","url":"a","headers":{"content-type":"${type}"},"body":${body}}`;

  test.each([
    ["a JSON value", "application/json", '["123456"]', '["1234567"]'],
    ["text", "text/plain", '"ééééé"', '"éééééa"'],
    ["base64", "image/png", '"QUJDREVGR0hJSg"', '"QUJDREVGR0hJSks"'],
  ])("%s", async (_, type, longest, tooLong) => {
    const elements = [element(type, longest), element(type, tooLong), element(type, "null")];
    const { operations } = await read(elements, { limits });
    const limit = { name: "maxPartBytes", value: 10 };
    expect(operations).toMatchObject([
      { message: { method: "PUT" } },
      { id: "1", error: { code: "limit-exceeded", path: "2", limit } },
      { message: { body: null } },
    ]);
    expect((operations[0]!.message!.body as Uint8Array).length).toBe(10);
  });
});
