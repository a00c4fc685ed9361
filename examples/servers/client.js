// Sends two batches to a server and checks the answers, part by part.
// Run it with: node examples/servers/client.js http://localhost:8787
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as open } from "node:http";
import { cronofy, OperationReader, ucwa } from "batchwire/batch";

/** POSTs a batch under a Host field of its own, which `fetch` would not send, and reads the answers. */
async function post(url, dialect, path, headers, body) {
  const answer = await new Promise((resolve, reject) => {
    open(new URL(path, url), { method: "POST", headers })
      .on("response", resolve)
      .on("error", reject)
      .end(body);
  });
  const contentType = answer.headers["content-type"];
  const answers = [];
  for await (const { message } of new OperationReader(answer, { dialect, kind: "response", contentType })) {
    const text = new TextDecoder().decode(message.body ?? new Uint8Array());
    answers.push([message.status, text === "" ? null : JSON.parse(text)]);
  }
  return { status: answer.statusCode, answers };
}

/** The batch that UCWA's documentation has, as it stands there. */
export async function sendUcwa(url) {
  const documented = readFileSync(new URL("../ucwa-request.json.http", import.meta.url), "latin1");
  const [, host] = /^Host: (.*)\r$/m.exec(documented);
  const [, type] = /^Content-Type: (multipart.*)\r$/m.exec(documented);
  const body = documented.slice(documented.indexOf("\r\n\r\n") + 4);
  const headers = { "Host": host, "Content-Type": type };
  const path = "/ucwa/v1/applications/11540713861";
  const { status, answers } = await post(url, ucwa, "/ucwa/v1/applications/192/batch", headers, body);
  assert.equal(status, 200);
  assert.deepEqual(answers, [
    [200, { method: "GET", path: `${path}/policies`, data: null }],
    [200, { method: "GET", path: `${path}/me/phones`, data: null }],
  ]);
}

export async function sendCronofy(url) {
  const path = "/v1/calendars/cal_1/events";
  const data = { event_id: "evt_1", summary: "Board meeting ☕" };
  const batch = [
    { method: "POST", relative_url: path, data },
    { method: "POST", relative_url: "/missing", data },
    { method: "DELETE", relative_url: path, data: { event_id: "evt_2" } },
  ];
  const headers = { "Content-Type": "application/json" };
  const { status, answers } = await post(url, cronofy, "/v1/batch", headers, JSON.stringify({ batch }));
  assert.equal(status, 207);
  assert.deepEqual(answers, [
    [200, { method: "POST", path, data }],
    [404, { error: "Not found" }],
    [200, { method: "DELETE", path, data: { event_id: "evt_2" } }],
  ]);
}

if (process.argv[1] === import.meta.filename) {
  await sendUcwa(process.argv[2]);
  await sendCronofy(process.argv[2]);
  console.log("UCWA: 2 answers, Cronofy: 3 answers, all as they should be");
}
