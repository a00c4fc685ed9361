/** Batches over real connections: sent in pieces, watched while their answers arrive, given up in the middle. */
import { request as open } from "node:http";
import type { ClientRequest, IncomingHttpHeaders } from "node:http";
import { OperationReader, operationStream } from "batchwire/batch";
import type { Dialect } from "batchwire/batch";

/** The octets of a batch of GET requests, cut behind each target, and their media type. */
export async function batchOf(
  dialect: Dialect,
  targets: readonly string[],
): Promise<{ contentType: string; pieces: Buffer[] }> {
  const operations = targets.map((target) => ({
    message: { kind: "request" as const, method: "GET", target },
  }));
  const { body, contentType } = operationStream(operations, { dialect, kind: "request" });
  const octets = Buffer.from(await new Response(body).arrayBuffer());
  const pieces: Buffer[] = [];
  let from = 0;
  for (const target of targets) {
    const to = octets.indexOf(target, from) + target.length;
    pieces.push(octets.subarray(from, to));
    from = to;
  }
  return { contentType, pieces: [...pieces, octets.subarray(from)] };
}

export interface Exchange {
  readonly sending: ClientRequest;
  status: number | undefined;
  headers: IncomingHttpHeaders;
  /** What has been received of the body. */
  received: string;
  /** Settles when the response has ended; rejects if it breaks off. */
  readonly ended: Promise<void>;
}

/** Opens a request for a batch; what it brings is written to `sending`. */
export function post(url: string, headers: Readonly<Record<string, string>>): Exchange {
  const sending = open(url, { method: "POST", headers });
  const ended = new Promise<void>((resolve, reject) => {
    sending.on("error", reject).on("response", (response) => {
      exchange.status = response.statusCode;
      exchange.headers = response.headers;
      response.setEncoding("utf8");
      response.on("data", (text: string) => (exchange.received += text));
      response.on("end", resolve).on("error", reject);
    });
  });
  ended.catch(() => {});
  const exchange: Exchange = { sending, status: undefined, headers: {}, received: "", ended };
  return exchange;
}

/** The answers once all have come, one line each: `id status body`. */
export async function answersOf(exchange: Exchange, dialect: Dialect): Promise<string[]> {
  await exchange.ended;
  const contentType = exchange.headers["content-type"];
  const octets = new TextEncoder().encode(exchange.received);
  const lines: string[] = [];
  for await (const { id, message, error } of new OperationReader(octets, {
    dialect,
    kind: "response",
    contentType,
  })) {
    if (error !== undefined) throw error;
    const body = new TextDecoder().decode(message.body as Uint8Array);
    lines.push([id, message.status, body].filter((word) => word !== undefined).join(" "));
  }
  return lines;
}

/** Waits until `isSo`, however long that takes: a test's timeout says when it never was. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}
