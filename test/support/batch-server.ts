import { OperationReader, operationStream } from "../../src/batch.ts";
import type { Dialect, Operation, RequestRead } from "../../src/batch.ts";

/** A request of a batch that a fake server has got. */
export interface Got {
  index: number;
  id: string | undefined;
  group: string | undefined;
  dependsOn: readonly string[];
  method: string;
  target: string;
  headers: [string, string][];
  body: string;
}

export type Responses = Operation<"response">[];

/** All operations of a batch. */
export async function operationsOf(request: Request, dialect: Dialect): Promise<Got[]> {
  const found: Got[] = [];
  const contentType = request.headers.get("content-type") ?? undefined;
  const octets = new Uint8Array(await request.arrayBuffer());
  for await (const read of new OperationReader(octets, { dialect, kind: "request", contentType })) {
    if (read.error !== undefined) throw read.error;
    const { index, id, group, dependsOn, message } = read;
    const { method, target, headers, body } = message as RequestRead;
    const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
    found.push({ index, id, group, dependsOn, method, target, headers: [...headers], body: text });
  }
  return found;
}

/** The answer to an operation: 200 with its method and target as JSON. */
export function echo({ id, method, target, body }: Got): Operation<"response"> {
  const text = JSON.stringify({ did: `${method} ${target}`, ...(body === "" ? {} : { with: body }) });
  return answerOf(id, 200, text);
}

export function answerOf(
  id: string | undefined,
  status: number,
  body = "",
  fields: Record<string, string> = {},
): Operation<"response"> {
  const headers = body === "" ? fields : { "Content-Type": "application/json", ...fields };
  return { id, message: { kind: "response", status, reason: "Status", headers, body } };
}

/** The response that carries answers. */
export async function batchResponse(answers: Responses, dialect: Dialect, status = 200): Promise<Response> {
  const { body, contentType } = operationStream(answers, { dialect, kind: "response", boundary: "answer" });
  const octets = await new Response(body).arrayBuffer();
  return new Response(octets, { status, headers: { "Content-Type": contentType } });
}

/** A server that speaks a dialect; it keeps the batches that it has got. */
export class FakeServer {
  readonly batches: Got[][] = [];
  readonly requests: Request[] = [];
  /** Octets of their bodies. */
  readonly lengths: number[] = [];
  readonly dialect: Dialect;
  readonly #answer: (batch: Got[], count: number) => Responses | Response | Promise<Responses | Response>;

  constructor(
    dialect: Dialect,
    answer: (batch: Got[], count: number) => Responses | Response | Promise<Responses | Response> = (batch) =>
      batch.map(echo),
  ) {
    this.dialect = dialect;
    this.#answer = answer;
  }

  /** What each batch held, as `GET /a`. */
  get held(): string[][] {
    return this.batches.map((batch) => batch.map(({ method, target }) => `${method} ${target}`));
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    this.requests.push(request);
    this.lengths.push((await request.clone().arrayBuffer()).byteLength);
    const batch = await operationsOf(request, this.dialect);
    this.batches.push(batch);
    const answer = await this.#answer(batch, this.batches.length);
    return answer instanceof Response ? answer : await batchResponse(answer, this.dialect);
  };
}

/** What came of a call: `did`, the status, or the error's code and whether the operation was executed. */
export async function cameOf(promise: Promise<Response>): Promise<string> {
  try {
    const response = await promise;
    const text = await response.text();
    if (!response.ok || text === "") return String(response.status);
    return (JSON.parse(text) as { did: string }).did;
  } catch (error) {
    const { code, executed } = error as { code?: string; executed?: string };
    return executed === undefined ? String(error) : `${code} (${executed})`;
  }
}
