/** Runs in a page: posts batches to the service worker, and reports what they were answered. */
import { cronofy, OperationReader, operationStream, ucwa } from "batchwire/batch";
import type { Dialect, Operation } from "batchwire/batch";

const operation = (method: string, target: string, body?: unknown): Operation<"request"> => ({
  message: {
    kind: "request",
    method,
    target,
    headers: body === undefined ? [] : [["Content-Type", "application/json"]],
    body: body === undefined ? null : JSON.stringify(body),
  },
});

async function post(
  dialect: Dialect,
  operations: Operation<"request">[],
  signal?: AbortSignal,
): Promise<Response> {
  const { body, contentType } = operationStream(operations, { dialect, kind: "request" });
  return await fetch("/v1/batch", {
    method: "POST",
    headers: { "Content-Type": contentType },
    body: await new Response(body).arrayBuffer(),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function answersOf(response: Response, dialect: Dialect): Promise<string[]> {
  const reader = new OperationReader(response, { dialect, kind: "response" });
  const answers: string[] = [];
  for await (const { message } of reader) {
    answers.push(`${message!.status} ${new TextDecoder().decode(message!.body as Uint8Array)}`);
  }
  return answers;
}

/** What the application tells of itself, once it is `wanted`. */
async function state(wanted: string): Promise<string> {
  for (;;) {
    const [answer = ""] = await answersOf(await post(ucwa, [operation("GET", "/state")]), ucwa);
    if (answer.includes(wanted)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A batch that is given up after its first answer. */
async function abandon(): Promise<string> {
  const controller = new AbortController();
  const operations = [operation("GET", "/a"), operation("GET", "/held")];
  const response = await post(ucwa, operations, controller.signal);
  await response.body!.getReader().read();
  await state('"started":1');
  controller.abort();
  return await state('"aborted":1');
}

async function run(): Promise<unknown> {
  const { serviceWorker } = (
    globalThis as unknown as { navigator: { serviceWorker: ServiceWorkerContainer } }
  ).navigator;
  await serviceWorker.register("/service-worker.js");
  await new Promise((resolve) => {
    serviceWorker.addEventListener("controllerchange", resolve);
    if (serviceWorker.controller !== null) resolve(undefined);
  });
  const abandoned = await abandon();
  const multipart = await post(ucwa, [operation("GET", "/a"), operation("GET", "/missing")]);
  const json = await post(cronofy, [operation("POST", "/v1/events", { id: 1 })]);
  // The second operation waits for the third: they run side by side.
  const parallel = await post(
    ucwa,
    ["/a", "/held", "/release"].map((target) => operation("GET", target)),
  );
  return {
    abandoned,
    multipart: await answersOf(multipart, ucwa),
    json: await answersOf(json, cronofy),
    parallel: await answersOf(parallel, ucwa),
  };
}

const report = (result: unknown): void => {
  void fetch("/report", { method: "POST", body: JSON.stringify(result) });
};
run().then(report, (error: unknown) => report({ error: String(error) }));
