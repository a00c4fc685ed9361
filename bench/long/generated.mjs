/** Bodies longer than memory: one block of parts, or one chunk of content, over and over. */
import { cut, makeCorpus } from "../corpora.mjs";
import { latin1, Random } from "../octets.mjs";

export const CHUNK = 65_536;
const BOUNDARY = "EA370946";

const block = makeCorpus("ucwa-req-100");
const close = latin1(`--${block.boundary}--\r\n`);

/** Requests of 280 octets, `count` of them; above a hundred, rounded up to hundreds. */
export function manyParts(count) {
  const inBlock = Math.min(count, block.parts.length);
  const opening = block.octets.subarray(0, startOf(inBlock));
  const blocks = Math.ceil(count / inBlock);
  // Ends of chunks wander over the block.
  const repeats = Math.min(blocks, 64);
  const run = new Uint8Array(opening.length * repeats);
  for (let i = 0; i < repeats; i++) run.set(opening, i * opening.length);
  const runs = Math.floor(blocks / repeats);
  const rest = run.subarray(0, (blocks % repeats) * opening.length);
  const chunks = () => chunksOf(cut(run, CHUNK), runs, cut(rest, CHUNK), close);
  return { boundary: block.boundary, parts: blocks * inBlock, chunks };
}

/** Where the delimiter stands that ends the first `parts` parts of the block. */
function startOf(parts) {
  const delimiter = latin1(`--${block.boundary}`);
  const octets = Buffer.from(block.octets.buffer, block.octets.byteOffset, block.octets.length);
  let at = 0;
  for (let i = 0; i < parts; i++) at = octets.indexOf(delimiter, at + delimiter.length);
  return at;
}

/** One part of `octets` random octets. */
export function onePart(octets) {
  const content = new Random(9).octets(CHUNK);
  const runs = Math.floor(octets / CHUNK);
  const head = latin1(`--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\n\r\n`);
  const tail = latin1(`\r\n--${BOUNDARY}--\r\n`);
  function* chunks() {
    yield head;
    yield* chunksOf([content], runs, cut(content.subarray(0, octets % CHUNK), CHUNK), tail);
  }
  return { boundary: BOUNDARY, parts: 1, chunks };
}

function* chunksOf(run, runs, rest, tail) {
  for (let i = 0; i < runs; i++) yield* run;
  yield* rest;
  yield tail;
}
