/** Bars as an SVG that reads well on light and dark pages: `node bench/chart.mjs RESULTS.json > chart.svg`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { digits, inUnit, unitOf } from "./report.mjs";

const WIDTH = 760;
const LABEL = 270;
const BAR = 14;
const STEP = 20;
/** Peers shown of each row: the fastest. */
const PEERS = 4;

const escape = (content) => content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const titles = {
  "parts": "split into parts",
  "full": "split into parts, and the HTTP message of each read",
  "full-lazy": "split into parts, and the start-line of each read",
  "web": "as Request or Response",
  "streams": "from a web stream",
  "write": "written",
};

function text(x, y, content, attributes = "") {
  return `<text x="${x}" y="${y}"${attributes}>${escape(content)}</text>`;
}

/** One row: its title, and a bar each, as long as the octets or parts a second. */
function rowOf(row, top) {
  const { level, corpus, chunk, octets, results } = row;
  const done = results.filter(({ best, kind }) => best !== undefined && kind !== "reference");
  const peers = done.filter(({ kind }) => kind === "peer").sort((a, b) => a.best - b.best);
  const bars = [...done.filter(({ kind }) => kind === "own"), ...peers.slice(0, PEERS)];
  const fastest = Math.min(...bars.map(({ best }) => best));
  const chunks = chunk === 65_536 ? "" : `, chunks of ${chunk}`;
  const title = `${corpus}: ${titles[level] ?? level} (${(octets / 1e6).toFixed(octets < 1e7 ? 1 : 0)} MB${chunks})`;
  const lines = [text(0, top + 14, title, ' class="title"')];
  bars.forEach((bar, at) => {
    const y = top + 24 + at * STEP;
    const width = Math.max(2, ((WIDTH - LABEL - 110) * fastest) / bar.best);
    lines.push(text(LABEL - 8, y + 11, bar.name, ' text-anchor="end"'));
    lines.push(
      `<rect class="${bar.kind}" x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
    );
    const unit = unitOf(row).replace("us", "µs");
    lines.push(text(LABEL + width + 8, y + 11, `${digits(inUnit(row, bar.best))} ${unit}`));
  });
  return { lines, height: 24 + bars.length * STEP + 14 };
}

/** @param report - What `bench/run.mjs` writes as JSON. */
export function chartOf({ rows, date, machine, versions, options }) {
  const lines = [];
  let top = 0;
  const chosen = headline.map(([level, corpus]) =>
    rows.find((row) => row.level === level && row.corpus === corpus),
  );
  for (const row of chosen.some(Boolean) ? chosen.filter(Boolean) : rows) {
    const { lines: drawn, height } = rowOf(row, top);
    lines.push(...drawn);
    top += height;
  }
  const { runtime: name = "node" } = options;
  const runtime = `${name[0].toUpperCase()}${name.slice(1).replace("24", "")} ${versions[name]}`;
  const foot = `Best pass, longer is faster. ${runtime}, ${machine.cpu}, ${date.slice(0, 10)}`;
  lines.push(text(0, top + 12, foot, ' class="foot"'));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 20}" width="${WIDTH}" role="img">
<title>Speed of batchwire beside other codecs</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-weight: 600; font-size: 13px; fill: #24292f }
  .foot { font-size: 11px }
  .own { fill: #1f883d } .peer { fill: #9aa4ae }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .title { fill: #e6edf3 } .own { fill: #3fb950 } .peer { fill: #59636e }
  }
</style>
${lines.join("\n")}
</svg>
`;
}

/** Rows for a README, in their order: whole batches first. */
const headline = [
  ["full", "ucwa-req-10000"],
  ["full", "ucwa-res-10000"],
  ["parts", "ucwa-req-10000"],
  ["parts", "form-small"],
  ["parts", "cached-random-40"],
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(chartOf(JSON.parse(readFileSync(process.argv[2], "utf8"))));
}
