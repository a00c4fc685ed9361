/** Batches that are no flat list of parts: JSON envelopes, and change sets in a multipart body. */
import { concat, latin1, Random } from "./octets.mjs";

const BATCH = "batch_8963d8ed-59c3-4bbf-bef5-ceb7c182698b";
const CHANGE_SET = "changeset_0f0e63d0-7e7c-4b61-9f0b-6a1f0b3ac5a4";

const message = (method, target, body) => ({
  kind: "request",
  start: [method, target, "HTTP/1.1"],
  fields: [],
  body: latin1(body),
});

const partsOf = (messages) => messages.map((each) => ({ fields: [], body: each.body, message: each }));

/** Cronofy's envelope: events with a description of some hundred octets. */
export function cronofy(name, count) {
  const random = new Random(count + 3);
  const messages = Array.from({ length: count }, (_, at) => {
    const target = `/v1/calendars/cal_${random.hex(24)}/events`;
    if (at % 5 === 4) return message("DELETE", target, JSON.stringify({ event_id: `id-${at}` }));
    const event = {
      event_id: `id-${at}`,
      summary: random.prose(random.between(20, 60)),
      description: random.prose(random.between(60, 400)),
      start: "2026-11-22T09:00:00Z",
      end: "2026-11-22T10:00:00Z",
    };
    return message("POST", target, JSON.stringify(event));
  });
  const elements = messages.map(({ start: [method, url], body }) => {
    return `{"method":"${method}","relative_url":"${url}","data":${Buffer.from(body)}}`;
  });
  const octets = latin1(`{"batch":[${elements.join(",")}]}`);
  return {
    name,
    kind: "json",
    dialect: "cronofy",
    contentType: "application/json",
    octets,
    parts: partsOf(messages),
  };
}

/** OData's envelope: ids, header fields, every third with a body. */
export function odataJson(name, count) {
  const random = new Random(count + 4);
  const messages = Array.from({ length: count }, (_, at) => {
    const target = `Customers('${random.hex(8)}')`;
    if (at % 3 !== 0) return message("GET", `${target}?$select=Name,City`, "");
    return message("PATCH", target, JSON.stringify({ Name: random.prose(random.between(10, 60)), Rank: at }));
  });
  const elements = messages.map(({ start: [method, url], body }, at) => {
    const content =
      body.length === 0 ? "" : `,"headers":{"content-type":"application/json"},"body":${Buffer.from(body)}`;
    return `{"id":"${at + 1}","method":"${method}","url":"${url}"${content}}`;
  });
  const octets = latin1(`{"requests":[${elements.join(",")}]}`);
  return {
    name,
    kind: "json",
    dialect: "odataJson",
    contentType: "application/json",
    octets,
    parts: partsOf(messages),
  };
}

/** OData's multipart form: change sets of five operations, and as many reads between them. */
export function changeSets(name, count) {
  const random = new Random(count + 5);
  const messages = [];
  const pieces = [];
  const write = (boundary, { start, body }) => {
    const fields =
      body.length === 0 ? "" : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    pieces.push(
      `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n` +
        `Content-ID: ${messages.length}\r\n\r\n${start.join(" ")}\r\n${fields}\r\n`,
      body,
      "\r\n",
    );
  };
  while (messages.length < count) {
    const isChangeSet = messages.length % 10 === 5;
    if (isChangeSet)
      pieces.push(`--${BATCH}\r\nContent-Type: multipart/mixed; boundary=${CHANGE_SET}\r\n\r\n`);
    for (let at = 0; at < 5; at++) {
      const body = isChangeSet ? JSON.stringify({ Name: random.prose(random.between(20, 80)) }) : "";
      const each = message(isChangeSet ? "POST" : "GET", `Customers('${random.hex(8)}')`, body);
      messages.push(each);
      write(isChangeSet ? CHANGE_SET : BATCH, each);
    }
    if (isChangeSet) pieces.push(`--${CHANGE_SET}--\r\n`);
  }
  pieces.push(`--${BATCH}--\r\n`);
  const contentType = `multipart/mixed; boundary=${BATCH}`;
  return {
    name,
    kind: "changesets",
    dialect: "odata",
    contentType,
    octets: concat(pieces),
    parts: partsOf(messages),
  };
}
