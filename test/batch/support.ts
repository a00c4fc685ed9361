/** Batches as tests write and read them: a table of lines each. */
import { expect } from "vitest";
import { OperationReader, operationStream } from "../../src/batch.ts";
import type { Dialect, Operation, OperationRead } from "../../src/batch.ts";

export const text = (octets: Uint8Array): string => new TextDecoder().decode(octets);

/** `"POST /a {"x":1}"` as an operation. A word `#id`, `@group` or `>dependency` in front links it. */
export function request(description: string): Operation<"request"> {
  const words = description.split(" ");
  const links: { id?: string; group?: string; dependsOn: string[] } = { dependsOn: [] };
  for (; /^[#@>]/.test(words[0]!); words.shift()) {
    const name = words[0]!.slice(1);
    if (words[0]!.startsWith("#")) links.id = name;
    else if (words[0]!.startsWith("@")) links.group = name;
    else links.dependsOn.push(name);
  }
  const [method = "", target = "", ...rest] = words;
  const body = rest.length === 0 ? null : rest.join(" ");
  const headers = body === null ? [] : ([["Content-Type", "application/json"]] as const);
  return { ...links, message: { kind: "request", method, target, headers, body } };
}

/** The same, written in a dialect, as the request that brings it. */
export async function batch(
  dialect: Dialect,
  lines: readonly string[],
  init: {
    url?: string;
    headers?: Record<string, string>;
    members?: [string, unknown][];
    signal?: AbortSignal;
  } = {},
): Promise<Request> {
  const { url = "https://example.com/service/$batch", headers = {}, members, signal } = init;
  const { body, contentType } = operationStream(lines.map(request), { dialect, kind: "request", members });
  const octets = await new Response(body).arrayBuffer();
  return new Request(url, {
    method: "POST",
    headers: { "Content-Type": contentType, ...headers },
    body: octets,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The answers of a batch, one line each: `#id @group status body`. */
export async function answers(response: Response, dialect: Dialect): Promise<string[]> {
  const reader = new OperationReader(response, { dialect, kind: "response" });
  const lines: string[] = [];
  for await (const operation of reader) lines.push(lineOf(operation));
  return lines;
}

function lineOf({ id, group, message, error }: OperationRead<"response">): string {
  expect(error).toBeUndefined();
  const body = message!.body instanceof Uint8Array ? text(message!.body) : "";
  const links = [id === undefined ? [] : `#${id}`, group === undefined ? [] : `@${group}`];
  return [...links.flat(), message!.status, ...(body === "" ? [] : [body])].join(" ");
}

/** A promise that is settled by hand. */
export function deferred<Value = void>(): {
  promise: Promise<Value>;
  resolve: (value: Value) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Lets everything happen that needs no more input: a task for each of some rounds of promises. */
export async function settle(rounds = 10): Promise<void> {
  for (let i = 0; i < rounds; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}
