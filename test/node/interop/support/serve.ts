import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { createBatchHandler, operationOf } from "../../../../src/batch.ts";
import type { BatchHandlerOptions, BatchInfo } from "../../../../src/batch.ts";
import { onTestFinished } from "vitest";

/** An operation as the handler was given it. */
export interface SeenOperation {
  id: string | undefined;
  group: string | undefined;
  method: string;
  /** Path and query. */
  path: string;
  headers: Headers;
  body: string;
}

/** An application: what it is asked, with the body already read. */
export type Service<Transaction> = (
  operation: SeenOperation,
  transaction: Transaction | undefined,
) => Response | Promise<Response>;

/** Server of batches on loopback, and what it has seen. */
export interface BatchServer {
  /** Without a slash at its end. */
  origin: string;
  operations: SeenOperation[];
  batches: BatchInfo[];
  /** Codes of what the reader let pass, each once. */
  deviations: Set<string>;
  /** What broke off a response. */
  errors: unknown[];
}

/** Listens on a free port of loopback until the test is over. */
export async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves `service` in batches through the library's handler, on a real socket. */
export async function serveBatches<Transaction = unknown>(
  options: Omit<BatchHandlerOptions<[], Transaction>, "handler" | "hooks">,
  service: Service<Transaction>,
): Promise<BatchServer> {
  const server: BatchServer = { origin: "", operations: [], batches: [], deviations: new Set(), errors: [] };
  const handle = createBatchHandler<[], Transaction>({
    ...options,
    handler: async (request) => {
      const info = operationOf(request);
      const url = new URL(request.url);
      const operation: SeenOperation = {
        id: info?.id,
        group: info?.group,
        method: request.method,
        path: url.pathname + url.search,
        headers: request.headers,
        body: "",
      };
      // In the order in which they begin, however long their bodies are read.
      server.operations.push(operation);
      operation.body = await request.text();
      return service(operation, info?.transaction as Transaction | undefined);
    },
    hooks: {
      onBatchEnd: (info) => void server.batches.push(info),
      onDeviation: ({ code }) => void server.deviations.add(code),
    },
  });
  server.origin = await listen(
    createRequestListener((request) => handle(request), {
      onError: (error) => void server.errors.push(error),
    }),
  );
  return server;
}

/** `GET /a`, `DELETE /b` …: what was asked, in the order of its coming. */
export function asked({ operations }: BatchServer): string[] {
  return operations.map(({ method, path }) => `${method} ${path}`);
}
