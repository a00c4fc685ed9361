/**
 * What is measured: bodies as real traffic has them, and bodies that somebody made to be slow. All are
 * made from fixed seeds; `test/node/bench-corpora.test.ts` pins their octets.
 *
 * To add a corpus, add a row to the table at the end and run that test: it prints what to pin.
 */
import { changeSets, cronofy, odataJson } from "./envelopes.mjs";
import { hostileBodies } from "./hostile.mjs";
import { concat, latin1, Random, repeat, textLines } from "./octets.mjs";

const [CR, LF, EQUALS] = [0x0d, 0x0a, 0x3d];
const KiB = 1024;
const MiB = 1024 * KiB;

/** As in UCWA's own documentation: a delimiter of 12 octets. */
const SHORT = "EA370946";
/** As in UCWA's captures, a UUID: a delimiter of 40 octets. */
const LONG = "8963d8ed-59c3-4bbf-bef5-ceb7c182698b";
/** As Chromium writes it. */
const FORM = "----WebKitFormBoundary7MA4YWxkTrZu0gW8";

const HOST = "lyncweb.contoso.com";
const APPLICATION = "/ucwa/oauth/v1/applications/104209230921";

/**
 * @typedef {object} Part
 * @property {[name: string, value: string][]} fields
 * @property {Uint8Array} body - Octets of the part; of an embedded message too, then all of it.
 * @property {Message} [message]
 *
 * @typedef {object} Message
 * @property {"request" | "response"} kind
 * @property {string[]} start - Method, target and version, or version, status and reason.
 * @property {[name: string, value: string][]} fields
 * @property {Uint8Array} body
 *
 * @typedef {object} Corpus
 * @property {string} name
 * @property {"requests" | "responses" | "form" | "body" | "transfer" | "json" | "changesets"} kind
 * @property {string} boundary
 * @property {string} contentType
 * @property {Uint8Array} octets - The multipart body; of kind `transfer`, the encoded octets.
 * @property {Part[]} parts
 * @property {Uint8Array} [decoded] - Of kind `transfer`.
 * @property {string} [dialect] - Of a batch that is not UCWA's.
 */

const head = (fields) => fields.map(([name, value]) => `${name}: ${value}\r\n`).join("");

/** @returns {Corpus} */
function multipart(name, kind, boundary, contentType, parts) {
  const pieces = [];
  for (const { fields, body } of parts) pieces.push(`--${boundary}\r\n${head(fields)}\r\n`, body, "\r\n");
  pieces.push(`--${boundary}--\r\n`);
  return { name, kind, boundary, contentType, octets: concat(pieces), parts };
}

/** The batch dialect of Skype for Business: each part is an HTTP message. */
function batch(name, kind, messages) {
  const msgtype = kind === "requests" ? "request" : "response";
  const fields = [["Content-Type", `application/http; msgtype=${msgtype}`]];
  const parts = messages.map((message) => {
    const body = concat([`${message.start.join(" ")}\r\n${head(message.fields)}\r\n`, message.body]);
    return { fields, body, message };
  });
  return multipart(name, kind, SHORT, `multipart/batching; boundary="${SHORT}"`, parts);
}

/** Requests, every fourth with a JSON body. */
function requests(name, count) {
  const random = new Random(count);
  const messages = Array.from({ length: count }, (_, at) => {
    const person = `user${random.between(10_000, 99_999)}@contoso.com`;
    const fields = [
      ["Host", HOST],
      ["Accept", "application/json"],
    ];
    if (at % 4 !== 3) {
      const what = random.pick(["presence", "location", "note", "photo"]);
      const start = ["GET", `${APPLICATION}/people/${person}/${what}?revision=${at}`, "HTTP/1.1"];
      fields.push(["X-Ms-RequestId", `${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(20)}`]);
      return { kind: "request", start, fields, body: new Uint8Array(0) };
    }
    const body = latin1(`{"availability":"${random.pick(["Online", "Away", "Busy"])}","id":${at}}`);
    fields.push(["Content-Type", "application/json"], ["Content-Length", String(body.length)]);
    return { kind: "request", start: ["POST", `${APPLICATION}/me/presence`, "HTTP/1.1"], fields, body };
  });
  return batch(name, "requests", messages);
}

/** Responses with 0.3 to 2 KB of JSON; every sixteenth is a 204 without a body. */
function responses(name, count) {
  const random = new Random(count + 1);
  const messages = Array.from({ length: count }, (_, at) => {
    const fields = [["Cache-Control", "no-cache"]];
    if (at % 16 === 15) {
      return { kind: "response", start: ["HTTP/1.1", "204", "No Content"], fields, body: new Uint8Array(0) };
    }
    fields.push(["Content-Type", "application/json; charset=utf-8"]);
    const self = `${APPLICATION}/people/user${random.between(10_000, 99_999)}@contoso.com`;
    const links = { self: { href: self }, note: { href: `${self}/note` }, photo: { href: `${self}/photo` } };
    const note = random.prose(random.between(60, 1_360));
    const body = latin1(JSON.stringify({ rel: "contact", id: at, note, _links: links }));
    return { kind: "response", start: ["HTTP/1.1", "200", "OK"], fields, body };
  });
  return batch(name, "responses", messages);
}

/** Text fields of 10 to 100 octets. */
function smallForm(name, count) {
  const random = new Random(count + 2);
  const parts = Array.from({ length: count }, (_, at) => ({
    fields: [["Content-Disposition", `form-data; name="field-${at}"`]],
    body: latin1(random.prose(random.between(10, 100))),
  }));
  return multipart(name, "form", FORM, `multipart/form-data; boundary=${FORM}`, parts);
}

/** One uploaded file, so that codecs that read nothing but forms can read it. */
function file(name, boundary, body) {
  const fields = [
    ["Content-Disposition", 'form-data; name="file"; filename="file.bin"'],
    ["Content-Type", "application/octet-stream"],
  ];
  const quoted = /[^\w'+,./:?-]/.test(boundary) ? `"${boundary}"` : boundary;
  return multipart(name, "body", boundary, `multipart/form-data; boundary=${quoted}`, [{ fields, body }]);
}

function base64(name, size) {
  const decoded = new Random(7).octets(size);
  const lines = Buffer.from(decoded.buffer, 0, size)
    .toString("base64")
    .match(/.{1,76}/g);
  return { name, kind: "transfer", octets: latin1(`${lines.join("\r\n")}\r\n`), decoded, parts: [] };
}

/** Text of which one octet in 25 is written as an escape, in lines of 70 to 73 columns, most ended softly. */
function quotedPrintable(name, size) {
  const random = new Random(8);
  const encoded = new Uint8Array(size * 1.2);
  const decoded = new Uint8Array(size);
  let [written, at] = [0, 0];
  while (at < size - 80) {
    for (const end = written + 70; written < end;) {
      const isEscape = random.next() % 25 === 0;
      const octet = isEscape ? random.between(0x80, 0xff) : random.between(0x3e, 0x7e);
      decoded[at++] = octet;
      if (isEscape) encoded.set(latin1(`=${octet.toString(16).toUpperCase()}`), written);
      else encoded[written] = octet;
      written += isEscape ? 3 : 1;
    }
    const isHard = random.next() % 8 === 0;
    if (isHard) {
      decoded.set([CR, LF], at);
      at += 2;
    }
    encoded.set(isHard ? [CR, LF] : [EQUALS, CR, LF], written);
    written += isHard ? 2 : 3;
  }
  const octets = encoded.slice(0, written);
  return { name, kind: "transfer", octets, decoded: decoded.slice(0, at), parts: [] };
}

/** Makers by name. Those of one part can be made smaller, for chunk sizes that would make millions of chunks. */
const makers = new Map([
  ["ucwa-req-10", (name) => requests(name, 10)],
  ["ucwa-req-100", (name) => requests(name, 100)],
  ["ucwa-req-10000", (name) => requests(name, 10_000)],
  ["ucwa-res-100", (name) => responses(name, 100)],
  ["ucwa-res-10000", (name) => responses(name, 10_000)],
  ["cronofy-50", (name) => cronofy(name, 50)],
  ["odata-json-10000", (name) => odataJson(name, 10_000)],
  ["odata-100", (name) => changeSets(name, 100)],
  ["form-small", (name) => smallForm(name, 10_000)],
  ["large-random-40", (name, size = 64 * MiB) => file(name, LONG, new Random(4).octets(size))],
  ["large-random-12", (name, size = 64 * MiB) => file(name, SHORT, new Random(4).octets(size))],
  ["large-text-40", (name, size = 64 * MiB) => file(name, LONG, textLines(new Random(5), size))],
  ["large-text-12", (name, size = 64 * MiB) => file(name, SHORT, textLines(new Random(5), size))],
  // As a chunk is that has just arrived: in the cache, where 64 MiB mostly measure the memory.
  ["cached-random-40", (name, size = MiB) => file(name, LONG, new Random(4).octets(size))],
  ["cached-random-12", (name, size = MiB) => file(name, SHORT, new Random(4).octets(size))],
  ["cached-text-12", (name, size = MiB) => file(name, SHORT, textLines(new Random(5), size))],
  [
    "near-boundary-flood",
    (name, size = 16 * MiB) => file(name, LONG, repeat(`\r\n--${LONG.slice(0, -1)}x`, size)),
  ],
  ["dash-flood", (name, size = 16 * MiB) => file(name, LONG, repeat("-", size))],
  ["crlf-dash-flood", (name, size = 16 * MiB) => file(name, LONG, repeat("\r\n--", size))],
  ...hostileBodies.map(({ name, boundary, body }) => [
    name,
    (_, size = 4 * MiB) => file(name, boundary, body(size)),
  ]),
  ["base64", (name) => base64(name, 8 * MiB)],
  ["quoted-printable", (name) => quotedPrintable(name, 8 * MiB)],
]);

/** Names of all corpora. */
export const corpusNames = [...makers.keys()];

/**
 * @param {string} name
 * @param {number} [size] - Octets of the one part, where there is one.
 * @returns {Corpus}
 */
export function makeCorpus(name, size) {
  return makers.get(name)(name, size);
}

/** Views of at most `length` octets of `octets`, in order. */
export function cut(octets, length) {
  const chunks = [];
  for (let at = 0; at < octets.length; at += length) chunks.push(octets.subarray(at, at + length));
  return chunks;
}
