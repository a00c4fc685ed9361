/** batchwire at each level, through its public doors: one function a level, as the peers have them. */
import { reportStart } from "./seen.mjs";

const dist = process.env.BATCHWIRE_DIST ?? new URL("../dist", import.meta.url).href;
const codec = await import(`${dist}/codec.js`);
const {
  HeaderList,
  HttpMessageParser,
  HttpMessageSerializer,
  MultipartParser,
  MultipartSerializer,
  OctetPool,
} = codec;
const { MultipartReader, readHttpMessage, toRequest, toResponse } = await import(`${dist}/index.js`);
const { DelimiterSearch } = await import(`${dist}/octets/search.js`);

export { operations, server } from "./batch.mjs";

export const name = "batchwire";

const limits = { maxParts: Infinity, maxTotalHeaderBytes: Infinity };

/** The content type of each part as a string, its body as views. */
export function parts({ chunks, boundary }, seen) {
  const parser = new MultipartParser({ boundary, limits });
  for (const chunk of chunks) {
    parser.push(chunk);
    readParts(parser, seen);
  }
  parser.end();
  readParts(parser, seen);
}

function readParts(parser, seen) {
  for (let event; (event = parser.read()) !== undefined;) {
    if (event.type === "data") seen.data(event.data);
    else if (event.type === "part") seen.part(event.headers.get("content-type") ?? "");
  }
}

/** And the message in each part: start-line, all names and values as strings, its body as views. */
export function full(input, seen) {
  readMessages(input, seen, reportHead);
}

/** Of the message's strings only those of the start-line. */
export function fullLazy(input, seen) {
  readMessages(input, seen, reportStart);
}

function reportHead(head, seen) {
  reportStart(head, seen);
  head.headers.forEach((value, field) => seen.field(field, value));
}

function readMessages({ chunks, boundary, kind }, seen, report) {
  const parser = new MultipartParser({ boundary, limits });
  const message = new HttpMessageParser({ kind, limits });
  for (const chunk of chunks) {
    parser.push(chunk);
    readPart(parser, message, seen, report);
  }
  parser.end();
  readPart(parser, message, seen, report);
}

function readPart(parser, message, seen, report) {
  for (let event; (event = parser.read()) !== undefined;) {
    if (event.type === "data") {
      message.push(event.data);
      readMessage(message, seen, report);
    } else if (event.type === "part") {
      message.reset();
    } else if (event.type === "part-end") {
      message.end();
      readMessage(message, seen, report);
    }
  }
}

function readMessage(message, seen, report) {
  for (let event; (event = message.read()) !== undefined;) {
    if (event.type === "head") report(event.head, seen);
    else if (event.type === "data") seen.data(event.data);
  }
}

/** Parts of a web stream, each body gathered by `bytes()` in a buffer of its own. */
export function streams(input, seen) {
  return gatherBodies(input, seen, undefined);
}

/** The same with short bodies in shared buffers. */
export function streamsPooled(input, seen) {
  return gatherBodies(input, seen, new OctetPool());
}

async function gatherBodies({ stream, boundary }, seen, pool) {
  for await (const part of new MultipartReader(stream(), { boundary, limits: streamLimits, pool })) {
    const octets = await part.bytes();
    seen.part(part.headers.get("content-type") ?? "");
    seen.data(octets);
  }
}

const streamLimits = { ...limits, maxBufferedBytes: Infinity };

/** A `Request` or `Response` of each part of a web stream. */
export async function web({ stream, boundary }, seen) {
  for await (const part of new MultipartReader(stream(), { boundary, limits })) {
    const message = await readHttpMessage(part);
    const proof = seen.web(message.kind === "request" ? toRequest(message) : toResponse(message));
    if (proof !== undefined) await proof;
  }
}

/** A body from header lists and octets; of a batch, from start-lines too. */
export function write({ model }, seen) {
  const pool = new OctetPool();
  const serializer = new MultipartSerializer({ pool });
  seen.boundary = serializer.boundary;
  for (const { fields, body, message } of model) {
    seen.data(serializer.write({ type: "part", headers: new HeaderList(fields) }));
    if (message === undefined) {
      seen.data(serializer.write({ type: "data", data: body }));
    } else {
      const inner = new HttpMessageSerializer({ pool });
      const head = headOf(message.head, new HeaderList(message.fields));
      seen.data(serializer.write({ type: "data", data: inner.write({ type: "head", head }) }));
      const octets = inner.write({ type: "data", data: message.body });
      seen.data(serializer.write({ type: "data", data: octets }));
      inner.write({ type: "end" });
    }
    serializer.write({ type: "part-end" });
  }
  seen.data(serializer.write({ type: "end" }));
}

/** Written out, for a spread takes as long as to write the head. */
function headOf({ kind, method, target, version, status, reason }, headers) {
  return kind === "request"
    ? { kind, method, target, version, headers }
    : { kind, version, status, reason, headers };
}

export function decode({ chunks, corpus }, seen) {
  const decoder = codec.createTransferDecoder(corpus.name);
  for (const chunk of chunks) seen.data(decoder.decode(chunk, { stream: true }));
  seen.data(decoder.decode());
}

export function encode({ chunks, corpus }, seen) {
  const encoder = codec.createTransferEncoder(corpus.name);
  for (const chunk of chunks) seen.data(encoder.encode(chunk, { stream: true }));
  seen.data(encoder.encode());
}

/** A search has no state, so it looks at a chunk together with what may end in it. */
export function scan({ octets, chunk, needle }, seen) {
  const search = new DelimiterSearch(needle);
  let from = 0;
  for (let start = 0; start < octets.length; start += chunk) {
    const end = Math.min(start + chunk, octets.length);
    // No more than has come, for a native search has no end but that of its array.
    const come = octets.subarray(0, end);
    for (let at; (at = search.find(come, from, end)) >= 0; from = at + needle.length) seen.parts++;
    from = Math.max(from, end - needle.length + 1);
    seen.octets += end - start;
  }
}
