import { parseArgs } from "node:util";
import { corpusNames } from "./corpora.mjs";
import { levels } from "./levels.mjs";
import { runtimeNames } from "./runtimes.mjs";

const CHUNKS = [65_536, 16_384, 1_024, 64, 1];

const usage = `Usage: npm run bench -- [options]

  --quick           the headline rows, in about a minute
  --only NAME,…     contenders whose name contains NAME
  --corpus NAME,…   corpora (${corpusNames.slice(0, 3).join(", ")}, …: --list)
  --level NAME,…    ${[...levels.keys()].join(", ")}
  --chunk OCTETS,…  how the input is cut, or "all" (${CHUNKS.join(", ")}); default ${CHUNKS[0]}
  --rounds NUMBER   turns of each contender; default 9, with --quick 7
  --runtime NAME    run all of it under ${runtimeNames.join(", ")}; default: this Node
  --json FILE       where the results go; default bench/results/last[-RUNTIME].local.json
  --svg FILE        where a chart of them goes; default beside the results
  --record          keep the results in bench/results, and write the tables of the READMEs anew
  --dist FOLDER     measure this build of batchwire
  --memory          instead: memory of long inputs        [--gib NUMBER] [--parts NUMBER]
  --growth          instead: how time grows with the input [--full]
  --list            instead: names of corpora, levels and contenders`;

export function fail(problem) {
  console.error(`${problem}\n\n${usage}`);
  process.exit(2);
}

const list = (text) => text?.split(",").filter((name) => name !== "");

function assertKnown(what, names, known) {
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) fail(`Unknown ${what} "${unknown}"`);
}

function positive(name, text) {
  if (!(Number(text) > 0)) fail(`--${name} must be a positive number`);
  return Number(text);
}

export function readOptions(args) {
  let values;
  try {
    const texts = [
      "only",
      "corpus",
      "level",
      "chunk",
      "rounds",
      "json",
      "svg",
      "dist",
      "gib",
      "parts",
      "runtime",
    ];
    const flags = ["quick", "record", "memory", "growth", "full", "list", "help"];
    const options = Object.fromEntries([
      ...texts.map((name) => [name, { type: "string" }]),
      ...flags.map((name) => [name, { type: "boolean", default: false }]),
    ]);
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    fail(error.message);
  }
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const corpus = list(values.corpus);
  const level = list(values.level);
  assertKnown("corpus", corpus, corpusNames);
  assertKnown("level", level, [...levels.keys()]);
  const chunk =
    values.chunk === "all"
      ? CHUNKS
      : (list(values.chunk) ?? [CHUNKS[0]]).map((octets) => Math.floor(positive("chunk", octets)));
  const { runtime } = values;
  assertKnown("runtime", runtime === undefined ? [] : [runtime], runtimeNames);
  const json = values.json ?? `bench/results/last${runtime === undefined ? "" : `-${runtime}`}.local.json`;
  return {
    ...values,
    corpus,
    level,
    chunk,
    only: list(values.only),
    rounds: positive("rounds", values.rounds ?? (values.quick ? 7 : 9)),
    gib: positive("gib", values.gib ?? 10),
    parts: positive("parts", values.parts ?? 2_000_000),
    json,
    svg: values.svg ?? json.replace(/(\.json)?$/, ".svg"),
  };
}
