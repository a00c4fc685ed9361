/**
 * Recorded results, and what the documentation shows of them. `npm run bench -- --quick --record` keeps a
 * run in `bench/results` and writes the tables of `README.md` and `bench/README.md` anew.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { chartOf } from "./chart.mjs";
import { digits, inUnit } from "./report.mjs";
import { runtimeNames } from "./runtimes.mjs";

const at = (path) => new URL(path, import.meta.url);
const titles = { node: "Node", node24: "Node", bun: "Bun", deno: "Deno" };

/** The Node that the suite runs on, and the runtimes that `--runtime` knows. */
const recordable = ["node", ...runtimeNames];

const fileOf = (runtime) => at(`results/${runtime}.json`);

/** What was recorded of each runtime. */
export const recorded = () =>
  recordable
    .filter((name) => existsSync(fileOf(name)))
    .map((name) => JSON.parse(readFileSync(fileOf(name), "utf8")));

/** Keeps what is shown of a run, and shows it. */
export function record(report) {
  const name = report.options.runtime ?? "node";
  writeFileSync(fileOf(name), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(at(`results/${name}.svg`), chartOf(report));
  const reports = recorded();
  replace("../README.md", "bench", benchTable(reports[0]));
  replace("README.md", "runtimes", runtimesTable(reports));
}

function replace(file, mark, content) {
  const text = readFileSync(at(file), "utf8");
  const marked = new RegExp(`(?<=<!-- ${mark} -->\n)[^]*(?=<!-- /${mark} -->)`);
  writeFileSync(
    at(file),
    text.replace(marked, () => content),
  );
}

const rowTitles = {
  "full ucwa-req-10000": "10,000 requests, parts and HTTP read, µs each",
  "full ucwa-res-10000": "10,000 responses, likewise",
  "parts ucwa-req-10000": "10,000 requests, parts only",
  "parts ucwa-res-10000": "10,000 responses, parts only",
  "parts form-small": "10,000 form fields",
  "streams ucwa-req-10000": "10,000 requests from a web stream, bodies gathered",
  "parts cached-random-40": "1 MiB random, 40-octet delimiter, GB/s",
  "parts cached-text-12": "1 MiB text, 12-octet delimiter, GB/s",
  "parts large-random-40": "64 MiB random, 40-octet delimiter, GB/s",
};

const shown = ({ rows }) =>
  Object.entries(rowTitles).flatMap(([key, title]) => {
    const row = rows.find(({ level, corpus }) => `${level} ${corpus}` === key);
    return row === undefined ? [] : [{ ...row, key, title }];
  });

const figure = (row, { best } = {}) => (best === undefined ? "-" : digits(inUnit(row, best)));

function table(columns, rows) {
  const alignment = columns.map((_, index) => (index === 0 ? "---" : "--:"));
  return [columns, alignment, ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function machineOf({ versions, options, machine, date }) {
  const { runtime = "node" } = options;
  return `${titles[runtime]} ${versions[runtime]}, ${machine.cpu}, ${machine.cores} cores, ${date.slice(0, 10)}`;
}

/** The contenders of the README, by a start of their names. */
const columns = [
  ["batchwire", "batchwire, events"],
  ["batchwire, whole parts", "whole parts"],
  ["Go standard library", "Go"],
  ["@mjackson/multipart-parser", "@mjackson"],
  ["@remix-run/multipart-parser", "@remix-run"],
  ["multipasta", "multipasta"],
];

/** What stands in `README.md` between the marks. */
export function benchTable(report) {
  const rows = shown(report).map((row) => {
    const results = columns.map(([name]) =>
      row.results.find((result) => result.name.replace(/ \+ .*/, "") === name),
    );
    const least = Math.min(...results.map((result) => result?.best ?? Infinity));
    const cells = results.map((result) =>
      result?.best === least ? `**${figure(row, result)}**` : figure(row, result),
    );
    return [row.title, ...cells];
  });
  const heading = columns.map(([name, title]) => {
    const version = report.rows
      .flatMap(({ results }) => results)
      .find((result) => result.name.startsWith(name))?.version;
    return name.startsWith("batchwire") ? title : `${title} ${version}`;
  });
  return `\nBest pass, 64 KiB chunks: ${machineOf(report)}. Compare the numbers of one row only.\n\n${table(["", ...heading], rows)}\n`;
}

/** What stands in `bench/README.md` between the marks: our best time, and how many times as fast that is. */
export function runtimesTable(reports) {
  const keys = shown(reports[0]).map(({ key, title }) => [key, title]);
  const heading = reports.map(
    ({ options: { runtime = "node" }, versions }) => `${titles[runtime]} ${versions[runtime]}`,
  );
  const rows = keys.map(([key, title]) => [
    title,
    ...reports.map((report) => ratioOf(shown(report).find((row) => row.key === key))),
  ]);
  const dates = [...new Set(reports.map(({ date }) => date.slice(0, 10)))].join(", ");
  return `\n${dates}, ${reports[0].machine.cpu}, ${reports[0].machine.cores} cores.\n\n${table(["", ...heading], rows)}\n`;
}

function ratioOf(row) {
  if (row === undefined) return "-";
  const done = row.results.filter(({ best }) => best !== undefined);
  const fastest = (kind) =>
    done
      .filter((result) => result.kind === kind && !result.name.startsWith("Go "))
      .reduce((one, other) => (one !== undefined && one.best <= other.best ? one : other), undefined);
  const [own, peer] = [fastest("own"), fastest("peer")];
  if (own === undefined) return "-";
  return peer === undefined ? figure(row, own) : `${figure(row, own)} (× ${digits(peer.best / own.best)})`;
}
