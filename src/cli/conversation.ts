/** Sends the documented batches of UCWA and Cronofy through the client to the sample service. */
import { BatchClient } from "../client/client.ts";
import type { Dialect } from "../batch/dialect.ts";
import { createBatchHandler } from "../server/server.ts";
import { cronofy } from "../dialects/cronofy.ts";
import { ucwa } from "../dialects/ucwa.ts";
import { sampleService } from "./sample-service.ts";
import { count } from "./terminal.ts";
import type { Paint } from "./terminal.ts";

interface Conversation {
  dialect: Dialect;
  url: string;
  requests: readonly [method: string, path: string, body?: unknown][];
}

const calendar = "/v1/calendars/cal_123_abc/events";

const conversations: readonly Conversation[] = [
  {
    dialect: ucwa,
    url: "https://fe1.contoso.com/ucwa/v1/applications/192/batch",
    requests: [
      ["GET", "/ucwa/v1/applications/11540713861/me/phones"],
      ["GET", "/ucwa/v1/applications/11540713861/policies"],
    ],
  },
  {
    dialect: cronofy,
    url: "https://api.cronofy.com/v1/batch",
    requests: [
      ["DELETE", calendar, { event_id: "456" }],
      [
        "POST",
        calendar,
        { event_id: "qTtZdczOccgaPncGJaCiLg", description: "Discuss plans for the next quarter." },
      ],
    ],
  },
];

/** Prints each conversation as its answers arrive; tells whether every operation was answered. */
export async function converse(print: (line: string) => void, paint: Paint): Promise<boolean> {
  const handle = createBatchHandler({ dialects: [ucwa, cronofy], handler: sampleService });
  let all = true;
  for (const conversation of conversations) all = (await hold(conversation, handle, print, paint)) && all;
  return all;
}

async function hold(
  { dialect, url, requests }: Conversation,
  handle: (request: Request) => Promise<Response>,
  print: (line: string) => void,
  paint: Paint,
): Promise<boolean> {
  let outer = "";
  const client = new BatchClient({
    url,
    dialect,
    // In place of the network: the batch is written, read, answered and read again as on the wire.
    fetch: async (request) => {
      const response = await handle(request);
      const mediaType = response.headers.get("content-type")?.split(";")[0];
      outer = `${response.status} ${mediaType}`;
      print(`  ${outer}, from here on as the answers arrive`);
      return response;
    },
  });
  print("");
  print(paint.bold(`POST ${url}`));
  print(`  ${dialect.name}, ${count(requests.length, "operation")}`);
  const inputs = requests.map(([method, path, body]) => {
    const init =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    return new Request(new URL(path, url), { method, ...init });
  });
  let answered = 0;
  for await (const { request, response, error } of client.send(inputs)) {
    const line = `${request.method} ${new URL(request.url).pathname}`;
    if (response === undefined) {
      print(`  ${paint.red((error as Error).message)}  ${line}`);
      continue;
    }
    answered++;
    const body = await response.text();
    print(`  ${paint.green(String(response.status))}  ${line}${body === "" ? "" : `\n       ${body}`}`);
  }
  return answered === requests.length;
}
