/** Elements of a JSON envelope as they are read: what is tolerated, and what is the error of its operation alone. */
import { describe, expect, test } from "vitest";
import { graph, odataJson, OperationReader, operationStream } from "../../src/batch.ts";
import type { Dialect, OperationKind, OperationRead } from "../../src/batch.ts";
import type { Limits, Tolerance } from "../../src/index.ts";
import { text } from "./support.ts";

interface Reading {
  dialect?: Dialect | undefined;
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

describe("A body that is base64", () => {
  const bodyOf = async (body: string, tolerance: Tolerance): Promise<string> => {
    const headers = '{"content-type":"application/octet-stream"}';
    const element = `{"id":"1","method":"PUT","url":"a","headers":${headers},"body":${JSON.stringify(body)}}`;
    const [operation] = (await read([element], { tolerance })).operations;
    return operation!.error?.code ?? text(operation!.message!.body as Uint8Array);
  };

  test.each([
    ["QUJDRA", "ABCD"],
    ["QUJDRA==", "ABCD"],
    ["QUJDRA==\n", "ABCD"],
    ["QUJD\r\nRA==", "ABCD"],
    ["QUJD\r\nRA", "ABCD"],
    ["\tQU JD\nRA =\r=", "ABCD"],
    ["QUJD\r\nQUJD\r\nRA==", "ABCABCD"],
    ["\n", ""],
    ["QUJDR", "malformed-operation"],
    ["QUJD=", "malformed-operation"],
    ["QUJDRA===", "malformed-operation"],
    ["QUJD\u000cRA==", "malformed-operation"],
    // Each would be an "A" if it lost its higher bits.
    ["\u0141\u0141\u0141\u0141", "malformed-operation"],
    ["QUJD\u0141\u0141==", "malformed-operation"],
  ])("%j is %j, however many line breaks it has", async (body, expected) => {
    for (const tolerance of ["strict", "lenient"] as const)
      expect(await bodyOf(body, tolerance)).toBe(expected);
  });
});

describe("The value of a field", () => {
  const fieldsOf = async (headers: string, reading?: Reading): Promise<unknown> => {
    const { operations, codes } = await readAs(
      "response",
      [`{"id":"1","status":201,"headers":${headers}}`],
      reading,
    );
    const [operation] = operations;
    expect(operation!.id).toBe("1");
    const { message, error } = operation!;
    return error === undefined ? [[...message.headers].map((field) => field.join(": ")), codes] : error.code;
  };

  test.each([
    ["a string", '{"a":"1","b":""}', ["a: 1", "b: "]],
    [
      "a number, with all its digits",
      '{"x-id":12345678901234567890,"y":1.50}',
      ["x-id: 12345678901234567890", "y: 1.50"],
    ],
    ["a boolean", '{"a":true}', ["a: true"]],
    [
      "each string of an array, for Set-Cookie",
      '{"set-Cookie":["a=1","b=2"]}',
      ["set-Cookie: a=1", "set-Cookie: b=2"],
    ],
  ])("is %s", async (_, headers, fields) => {
    for (const tolerance of ["strict", "lenient"] as const)
      expect(await fieldsOf(headers, { tolerance })).toEqual([fields, []]);
  });

  test.each([
    ["null is none", '{"Retry-After":null,"a":"1"}', ["a: 1"], ["malformed-operation"]],
    ["null stands for the last one", '{"a":"1","A":null}', [], ["repeated-member", "malformed-operation"]],
    [
      "each string of an array is one",
      '{"Vary":["Accept, Cookie","Origin"],"c":[]}',
      ["Vary: Accept, Cookie", "Vary: Origin"],
      ["malformed-operation", "malformed-operation"],
    ],
  ])("tolerated: %s", async (_, headers, fields, codes) => {
    expect(await fieldsOf(headers)).toEqual([fields, codes]);
    expect(await fieldsOf(headers, { tolerance: "strict" })).toBe(codes[0]);
  });

  test("of Set-Cookie is read in strict mode as it is written", async () => {
    const headers = [
      ["Set-Cookie", "a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT"],
      ["Set-Cookie", "b=2"],
    ] as const;
    const message = { kind: "response", status: 200, headers, body: null } as const;
    for (const dialect of [odataJson, graph]) {
      const { body } = operationStream([{ id: "1", message }], { dialect, kind: "response" });
      const reader = new OperationReader(body, { dialect, kind: "response", tolerance: "strict" });
      const { value: operation } = await reader.next();
      expect(operation!.message?.headers.getAll("set-cookie")).toEqual(headers.map(([, value]) => value));
    }
  });

  test.each(['{"a":{}}', '{"set-cookie":["1",2]}', '{"a":["1",2]}', '{"a":[null]}', '{"a":["\\n"]}'])(
    "is no other: %s",
    async (headers) => {
      expect(await fieldsOf(headers)).toBe("malformed-operation");
    },
  );

  test("counts among the fields, whether in an array or not", async () => {
    const limits = { maxHeaderCount: 4 };
    expect(await fieldsOf('{"a":["1","2","3"],"b":"4"}', { limits })).toMatchObject([{ length: 4 }, {}]);
    expect(await fieldsOf('{"a":["1","2","3","4"],"b":"5"}', { limits })).toBe("limit-exceeded");
  });
});

/** What became of operations with these links: the targets of those that were read, or the codes of their errors. */
async function linked(links: readonly string[], tolerance: Tolerance, dialect?: Dialect): Promise<string[]> {
  const elements = links.map((members) => `{${members},"method":"GET","url":"a"}`);
  const { operations, codes } = await read(elements, { dialect, tolerance });
  return [...operations.map(({ id, error }) => `${id} ${error?.code ?? "read"}`), ...codes];
}

describe("Ids and names of groups in JSON", () => {
  test("are compared as they stand: angle brackets and white space are part of them", async () => {
    const ids = ['"id":"1"', '"id":"<1>"', '"id":" 1"', '"id":"1","dependsOn":["1"]'];
    const repeated = ["1 read", "<1> read", " 1 read", "1 repeated-operation-id"];
    expect(await linked(ids, "strict")).toEqual(repeated);
    const links = [
      '"id":"1","atomicityGroup":"<g>"',
      '"id":"2","dependsOn":["<g>"]',
      '"id":"3","dependsOn":["g"]',
    ];
    expect(await linked(links, "strict")).toEqual(["1 read", "2 read", "3 unknown-dependency"]);
  });

  test.each([
    ["a group behind an operation of its name", ['"id":"g"', '"id":"2","atomicityGroup":"g"'], "2"],
    ["an operation behind a group of its name", ['"id":"1","atomicityGroup":"g"', '"id":"g"'], "g"],
    ["an operation in a group of its name", ['"id":"0"', '"id":"g","atomicityGroup":"g"'], "g"],
  ])("are distinct from each other: %s", async (_, links, id) => {
    expect((await linked(links, "strict")).at(-1)).toBe(`${id} repeated-operation-id`);
    expect((await linked(links, "lenient")).slice(-2)).toEqual([`${id} read`, "repeated-operation-id"]);
  });

  test.each([
    ["numbers", ['"id":1', '"id":2,"dependsOn":[1]', '"id":"3","dependsOn":[ "1" , 2 ]'], 4],
    ["numbers that are one double", ['"id":9007199254740993', '"id":"2","dependsOn":[9007199254740993]'], 2],
  ])("are tolerated as %s, by their digits", async (_, links, count) => {
    const came = await linked(links, "lenient");
    expect(came.slice(links.length)).toEqual(Array(count).fill("malformed-operation"));
    expect(came.slice(0, links.length).map((line) => line.split(" ")[1])).toEqual(links.map(() => "read"));
    expect((await linked(links, "strict"))[0]).toMatch(/ malformed-operation$/);
  });

  test.each(["[1]", '"1"', "[null]", "[[]]", "{}", "true"])("are no other: %s", async (dependsOn) => {
    const [, came] = await linked(['"id":"1"', `"id":"2","dependsOn":${dependsOn}`], "strict");
    expect(came).toBe("2 malformed-operation");
  });

  test("differ by case, but for the ids of Graph", async () => {
    const ids = ['"id":"a"', '"id":"A"'];
    expect(await linked(ids, "strict")).toEqual(["a read", "A read"]);
    expect(await linked(ids, "strict", graph)).toEqual(["a read", "A repeated-operation-id"]);
  });
});

describe("An operation that is refused keeps its id, which its answer has, and its group, which fails with it", () => {
  test.each([
    ["a member is given more than once", '"id":"5","atomicityGroup":"g","method":"GET","method":"GET"', "g"],
    ["its group is no string", '"atomicityGroup":7,"id":"5","method":"GET"', undefined],
    ["its group is no string, nor its id", '"atomicityGroup":7,"id":5,"method":"GET"', undefined],
    ["its id is a number", '"id":5,"method":"GET","atomicityGroup":"g"', "g"],
    ["it has no method", '"id":"5","atomicityGroup":"g"', "g"],
    ["its id is given more than once", '"id":"4","id":"5","method":"GET","atomicityGroup":"g"', "g"],
  ])("where %s", async (_, members, group) => {
    const { operations } = await read([`{${members},"url":"a"}`], { tolerance: "strict" });
    expect(operations).toMatchObject([{ id: "5", group, error: { path: "1" } }]);
  });
});

test.each(["po\u017ft", "", "GE T", "G\u00cbT"])(
  "A method is a token in any case, and not %j",
  async (method) => {
    const elements = ["post", "Post", method].map(
      (name, id) => `{"id":"${id}","method":${JSON.stringify(name)},"url":"a"}`,
    );
    for (const tolerance of ["strict", "lenient"] as const) {
      const { operations } = await read(elements, { tolerance });
      const came = operations.map(({ message, error }) => message?.method ?? error!.code);
      expect(came).toEqual(["POST", "POST", "malformed-operation"]);
    }
  },
);
