/** Fields of an operation that are no longer true when it has been read. */
import { describe, expect, test } from "vitest";
import { odata, odataJson, OperationReader, operationStream } from "../../src/batch.ts";
import type { Dialect, OperationRead } from "../../src/batch.ts";
import type { Deviation, Tolerance } from "../../src/index.ts";
import { octets } from "../support/chunkings.ts";
import { textOf } from "../support/web-streams.ts";

async function read<Kind extends "request" | "response">(
  dialect: Dialect,
  kind: Kind,
  input: string | string[],
  tolerance: Tolerance = "lenient",
): Promise<{ operations: OperationRead<Kind>[]; codes: string[] }> {
  const codes: string[] = [];
  const onDeviation = ({ code }: Deviation): unknown => codes.push(code);
  const contentType = dialect === odata ? "multipart/mixed; boundary=b" : "application/json";
  const operations: OperationRead<Kind>[] = [];
  const source = (typeof input === "string" ? [input] : input).map((text) => octets(text));
  for await (const operation of new OperationReader(source, {
    dialect,
    kind,
    contentType,
    tolerance,
    onDeviation,
  })) {
    operations.push(operation);
  }
  return { operations, codes };
}

const parts = (...messages: string[]): string =>
  messages.map((message) => `--b\r\nContent-Type: application/http\r\n\r\n${message}\r\n`).join("") + "--b--";

describe("A Content-Length", () => {
  test.each<[what: string, dialect: Dialect, input: string]>([
    [
      "in JSON, whose bodies have another form",
      odataJson,
      '{"requests":[{"id":"1","method":"POST","url":"a","headers":{"content-length":"7"},"body":{"x": 1}}]}',
    ],
    ["of a part that is shorter", odata, parts('POST a HTTP/1.1\r\nContent-Length: 80\r\n\r\n{"x": 1}')],
  ])(
    "%s is not that of another body: it is left out, and the operation can be written",
    async (_, dialect, input) => {
      const { operations } = await read(dialect, "request", input);
      expect(operations[0]!.message!.headers.get("content-length")).toBeUndefined();
      for (const written of [odata, odataJson]) {
        const { body } = operationStream(
          operations.map(({ index, message }) => ({ id: `${index}`, message: message! })),
          {
            dialect: written,
            kind: "request",
          },
        );
        expect(await textOf(body)).toContain('{"x": 1}');
      }
    },
  );

  describe("in JSON, where there is no body,", () => {
    const lengthOf = async (
      kind: "request" | "response",
      members: string,
      method?: string,
    ): Promise<unknown> => {
      const input = `{"${kind}s":[{"id":"1",${members},"headers":{"content-length":["10"]}}]}`;
      const reader = new OperationReader(octets(input), {
        dialect: odataJson,
        kind,
        requestMethod: () => method,
      });
      const { id, message, error } = (await reader.next()).value!;
      expect(error).toBeUndefined();
      const operation = { id, requestMethod: method, message: message! };
      const { body } = operationStream([operation], { dialect: odata, kind });
      expect(await textOf(body)).toContain("HTTP/1.1");
      return message!.headers.get("content-length");
    };

    test.each([
      ["request", '"method":"POST","url":"/x"', undefined],
      ["request", '"method":"POST","url":"/x","body":null', undefined],
      ["response", '"status":200', undefined],
      ["response", '"status":200', "GET"],
    ] as const)("of a %s with %s is left out", async (kind, members, method) => {
      expect(await lengthOf(kind, members, method)).toBeUndefined();
    });

    test.each([
      ['"status":200', "HEAD"],
      ['"status":204', "GET"],
      ['"status":304', "GET"],
    ])("of an answer with %s to %s stays, for it is that of another", async (members, method) => {
      expect(await lengthOf("response", members, method)).toBe("10");
    });
  });

  test("that is given twice is left out, right or wrong", async () => {
    const headers = '{"content-length":["1","1"]}';
    const input = `{"requests":[{"id":"1","method":"POST","url":"a","headers":${headers},"body":7}]}`;
    const { operations } = await read(odataJson, "request", input);
    expect([...operations[0]!.message!.headers]).toEqual([["Content-Type", "application/json"]]);
  });

  test("that is right, or that of an answer without a body, which may be one to HEAD, stays", async () => {
    const { operations } = await read(
      odata,
      "response",
      parts("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 304 \r\nContent-Length: 80\r\n\r\n"),
    );
    expect(operations.map(({ message }) => message!.headers.get("content-length"))).toEqual(["2", "80"]);
  });
});

test.each(["strict", "lenient"] as const)(
  "a transfer coding that nobody undoes is the error of its operation, %s",
  async (tolerance) => {
    const coded = "POST a HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n\x1f\x8b\r\n0\r\n\r\n";
    const whole = parts(coded, "GET b HTTP/1.1\r\n\r\n");
    for (const input of [whole, [...whole]]) {
      const { operations } = await read(odata, "request", input, tolerance);
      expect(operations).toMatchObject([
        { error: { code: "invalid-transfer-encoding", path: "1" } },
        { message: { target: "b" } },
      ]);
    }
  },
);

test("fields of JSON whose names differ in case alone are one that is repeated", async () => {
  const input =
    '{"requests":[{"id":"1","method":"GET","url":"a","headers":{"accept":"image/png","Accept":"text/plain"}}]}';
  const { operations, codes } = await read(odataJson, "request", input);
  expect([...operations[0]!.message!.headers]).toEqual([["Accept", "text/plain"]]);
  expect(codes).toEqual(["repeated-member"]);
  const strict = await read(odataJson, "request", input, "strict");
  expect(strict.operations).toMatchObject([{ id: "1", error: { code: "repeated-member" } }]);
});

test("a Transfer-Encoding is nothing in JSON, whose bodies are not framed", async () => {
  const headers = '{"transfer-encoding":"gzip, chunked","content-length":"1"}';
  const input = `{"requests":[{"id":"1","method":"POST","url":"a","headers":${headers},"body":7}]}`;
  const { operations } = await read(odataJson, "request", input);
  expect([...operations[0]!.message!.headers]).toEqual([
    ["content-length", "1"],
    ["Content-Type", "application/json"],
  ]);
});
