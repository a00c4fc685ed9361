/** What is measured with what: rows of corpora by level, and the contenders of each row. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { corpusNames, makeCorpus } from "./corpora.mjs";
import { loadAdapter, ownAdapters, peerFiles } from "./contender.mjs";
import { temporaryFolder } from "./install.mjs";
import { levels } from "./levels.mjs";
import { references } from "./references.mjs";

const batches = ["ucwa-req-10", "ucwa-req-100", "ucwa-req-10000", "ucwa-res-100", "ucwa-res-10000"];
const many = ["ucwa-req-10000", "ucwa-res-10000"];
const envelopes = ["cronofy-50", "odata-json-10000", "odata-100"];
const transfer = ["base64", "quoted-printable"];

/** Rows of a run that names none. */
const rowsOf = {
  "parts": corpusNames.filter((name) => !transfer.includes(name) && !envelopes.includes(name)),
  "full": batches,
  "full-lazy": many,
  "web": many,
  "streams": [...many, "form-small", "large-random-40", "large-text-40"],
  "write": [...many, "form-small"],
  "operations": ["ucwa-req-100", "ucwa-req-10000", ...envelopes],
  "server": ["ucwa-req-100"],
  "decode": transfer,
  "encode": transfer,
  "scan": corpusNames.filter((name) => !transfer.includes(name) && !envelopes.includes(name)),
  "floor": [...many, "form-small", "large-random-40"],
};

/** Rows and contenders of `--quick`. */
const headline = {
  parts: [...many, "form-small", "large-random-40", "cached-random-40", "cached-text-12"],
  full: many,
  streams: ["ucwa-req-10000"],
};
/** Fastest of the peers as far as is known: also timed with each of the message parsers. */
const leading = ["mjackson.mjs", "remix-run.mjs", "multipasta.mjs"];

/** A body is read in so many chunks at most; a corpus of one part is made smaller for it. */
const MOST_CHUNKS = 1 << 20;
const SCALED_CHUNKS = 1 << 16;

const splitterLevels = ["full", "full-lazy", "web"];

const { dependencies: versions } = JSON.parse(
  readFileSync(new URL("peers/package.json", import.meta.url), "utf8"),
);
const own = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** Rows to measure; `skipped` says why one is not. */
export function planRows({ level, corpus, chunk, quick }) {
  const rows = [];
  const table = quick ? headline : rowsOf;
  for (const [name, { kinds }] of levels) {
    if (level !== undefined && !level.includes(name)) continue;
    const candidates = corpus ?? table[name] ?? (level === undefined ? [] : rowsOf[name]);
    for (const corpusName of candidates) {
      for (const octets of chunk) {
        const made = makeScaled(corpusName, octets);
        if (!kinds.includes(made.kind)) continue;
        const chunks = Math.ceil(made.octets.length / octets);
        const skipped = chunks > MOST_CHUNKS ? `${chunks} chunks are too many` : undefined;
        rows.push({ level: name, corpus: made, size: made.size, chunk: octets, skipped });
      }
    }
  }
  return rows;
}

let lastMade;

function makeScaled(name, chunk) {
  const key = `${name} ${chunk}`;
  if (lastMade?.key === key) return lastMade.corpus;
  let corpus = makeCorpus(name);
  if (corpus.kind === "body" && corpus.octets.length / chunk > SCALED_CHUNKS + 1) {
    const size = chunk * SCALED_CHUNKS;
    corpus = { ...makeCorpus(name, size), size };
  }
  lastMade = { key, corpus };
  return corpus;
}

const NATIVE = "Go standard library";
const nativeLevels = ["parts", "full", "write", "decode", "encode"];

/** Contenders that can do a row, ours first and references last. */
export async function planContenders({ level, corpus }, { only, quick }, native = {}) {
  const { run } = levels.get(level);
  const contenders = [];
  for (const name of ownAdapters) {
    const adapter = await loadAdapter(name);
    if (!(run in adapter) || adapter.accepts?.(corpus) === false) continue;
    contenders.push({ adapter: name, name: adapter.name, version: own.version, kind: "own" });
  }
  for (const file of peerFiles) {
    if (quick && !leading.includes(file)) continue;
    const adapter = await loadAdapter(file);
    if (adapter.accepts?.(corpus) === false) continue;
    const peer = { adapter: file, version: versions[adapter.name] ?? adapter.version, kind: "peer" };
    if (adapter[run] !== undefined) contenders.push({ ...peer, name: adapter.name });
    else if (splitterLevels.includes(level) && adapter.parts !== undefined)
      contenders.push(...withHeadParsers(peer, adapter.name, level, quick));
  }
  if (native.program !== undefined && nativeLevels.includes(level))
    contenders.push({
      adapter: "go",
      name: NATIVE,
      version: native.version,
      kind: "peer",
      program: native.program,
    });
  for (const { name, accepts, ...reference } of references) {
    if (reference[run] === undefined || accepts?.(corpus) === false) continue;
    contenders.push({ adapter: name, name, version: "", kind: "reference" });
  }
  if (only === undefined) return contenders;
  return contenders.filter((contender) => only.some((wanted) => isNamed(contender, wanted)));
}

/** The first name of `--only` that no contender of a row has. */
export function unknownName(rows, only) {
  return only?.find(
    (wanted) => !rows.some(({ contenders }) => contenders.some((each) => isNamed(each, wanted))),
  );
}

const isNamed = ({ name, adapter }, wanted) => name.includes(wanted) || adapter.includes(wanted);

function withHeadParsers(peer, name, level, quick) {
  const all = level === "full" && leading.includes(peer.adapter) && !quick;
  const parsers = all ? ["split", "llhttp", "http-parser-js"] : ["split"];
  return parsers.map((headParser) => ({ ...peer, name: `${name} + ${headParser}`, headParser }));
}

/** The process that measures a contender. */
export function commandOf({ adapter, headParser, program }, { level, corpus, size, chunk }, times, runtime) {
  const { warmup = times.warmup } = levels.get(level);
  const plan = { adapter, headParser, level, corpus: corpus.name, size, chunk, ...times, warmup };
  if (program !== undefined) return nativeCommand(program, plan, corpus);
  const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));
  return { command: runtime.command, args: [...runtime.flags, worker, JSON.stringify(plan)] };
}

/** All that `--corpus`, `--level` and `--only` take. */
export async function listNames() {
  const adapters = await Promise.all(peerFiles.map(loadAdapter));
  return [
    "Corpora:",
    ...corpusNames.map((name) => `  ${name}`),
    "Levels:",
    ...[...levels].map(([name, { what }]) => `  ${name.padEnd(10)} ${what}`),
    "Contenders:",
    ...["batchwire", ...adapters.map(({ name }) => name), NATIVE].map((name) => `  ${name}`),
  ].join("\n");
}

/** A program of another language gets the octets as a file, and what it must find there. */
function nativeCommand(program, plan, corpus) {
  const { boundary, kind, octets, decoded } = corpus;
  const file = join(temporaryFolder(), `${plan.level}-${plan.corpus}-${plan.chunk}`);
  writeFileSync(file, plan.level === "encode" ? decoded : octets);
  const expected = levels.get(plan.level).expect(corpus);
  // net/http writes messages in an order and with a Content-Length of its own.
  if (plan.level === "write" && kind !== "form") {
    delete expected.octets;
    delete expected.digest;
  }
  const told = { ...plan, file, boundary, kind, mechanism: corpus.name, expected };
  return { command: program, args: [JSON.stringify(told)] };
}
