/** One contender at one level: what it reads, how it is called, and whether it is right. */
import { readdirSync } from "node:fs";
import { cut } from "./corpora.mjs";
import { headParsers, MessageSeen, WebMessages } from "./heads.mjs";
import { difference, levels } from "./levels.mjs";
import { references } from "./references.mjs";
import { Seen } from "./seen.mjs";

const peers = new URL("peers/", import.meta.url);

/** Names of the files that adapt a peer. */
export const peerFiles = readdirSync(peers).filter((file) => file.endsWith(".mjs"));

/** Names of our own adapters: as events, and whole parts. */
export const ownAdapters = ["batchwire", "batchwire-whole"];

/** The functions of an adapter, by the name that a plan gives it. */
export async function loadAdapter(adapter) {
  const reference = references.find(({ name }) => name === adapter);
  if (reference !== undefined) return reference;
  return import(ownAdapters.includes(adapter) ? `./${adapter}.mjs` : new URL(adapter, peers).href);
}

/** What adapters read. Everything here is made before the clock starts. */
export function makeInput(corpus, level, chunk) {
  const { boundary = "", contentType, kind, parts } = corpus;
  const octets = level === "encode" ? corpus.decoded : corpus.octets;
  const chunks = cut(octets, chunk);
  return {
    corpus,
    octets,
    chunk,
    kind: kind.replace(/s$/, ""),
    boundary,
    contentType,
    chunks,
    /** The same chunks as Node's `Buffer`. */
    buffers: chunks.map(({ buffer, byteOffset, length }) => Buffer.from(buffer, byteOffset, length)),
    /** The same chunks as a web stream that is pulled. */
    stream: () => streamOf(chunks),
    needle: Buffer.from(`\r\n--${boundary}`, "latin1"),
    scratch: new Uint8Array(Math.min(chunk, octets.length)),
    /** What to write. */
    model: level === "write" ? parts.map(toModel) : undefined,
  };
}

function streamOf(chunks) {
  let at = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (at < chunks.length) controller.enqueue(chunks[at++]);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}

function toModel({ fields, body, message }) {
  if (message === undefined) {
    const name = /name="([^"]*)"/.exec(fields[0][1])[1];
    return { fields, body, name, text: Buffer.from(body).toString("latin1") };
  }
  const { kind, start } = message;
  const head =
    kind === "request"
      ? { kind, method: start[0], target: start[1], version: start[2] }
      : { kind, version: start[0], status: Number(start[1]), reason: start[2] };
  // A spread would give each object a hidden class of its own, and whoever reads them 0.2 us more a part (Node 20).
  return { fields, body, message: { head, start, fields: message.fields, body: message.body } };
}

/** The function to time; a peer that only splits parts gets a parser of HTTP messages behind it. */
export function compose(adapter, level, headParser) {
  const { run } = levels.get(level);
  if (headParser === undefined) return adapter[run];
  const parse = headParsers.get(headParser)();
  return (input, seen) => {
    const built = level === "web" ? new WebMessages(seen) : seen;
    const messages = new MessageSeen(built, parse, level !== "full-lazy");
    const finish = () => {
      messages.done();
      if (built !== seen) built.done();
    };
    const running = adapter.parts(input, messages);
    return running instanceof Promise ? running.then(finish) : finish();
  };
}

/** Runs once and answers what is wrong, or `undefined`. */
export async function verify(run, input, level) {
  const expected = levels.get(level).expect(input.corpus);
  const seen = new Seen();
  seen.proof = true;
  const isWriter = level === "write" || level === "encode";
  if (isWriter) seen.pieces = [];
  try {
    await run(input, seen);
    await seen.proved;
    return difference(isWriter ? await readBack(seen, input, level) : seen, expected);
  } catch (error) {
    return String(error?.message ?? error).split("\n", 1)[0];
  }
}

/** What was written, as our own reader sees it, which has been verified by reading. */
async function readBack({ pieces, boundary }, { corpus, kind }, level) {
  const batchwire = await import("./batchwire.mjs");
  const seen = new Seen();
  seen.proof = true;
  const reader = level === "write" ? batchwire.parts : batchwire.decode;
  reader({ chunks: [Buffer.concat(pieces)], boundary, corpus, kind }, seen);
  return seen;
}
