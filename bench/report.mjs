/** Numbers for people. */

/** Bodies of many parts are told by the part, others by the octet. */
export const unitOf = ({ parts }) => (parts > 1 ? "us/part" : "GB/s");

export function inUnit({ parts, octets }, seconds) {
  return parts > 1 ? (seconds / parts) * 1e6 : octets / seconds / 1e9;
}

/** Three digits that matter. */
export function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
}

/** How many times as fast as the fastest peer, by best pass and by median; of a peer, as the fastest of them. */
export function withRatios(results) {
  const peers = results.filter(({ kind, best }) => kind === "peer" && best !== undefined);
  if (peers.length === 0) return results;
  const best = Math.min(...peers.map((peer) => peer.best));
  const median = Math.min(...peers.map((peer) => peer.median));
  return results.map((result) =>
    result.best === undefined || result.kind === "reference"
      ? result
      : { ...result, ratio: best / result.best, medianRatio: median / result.median },
  );
}

/** One row of the plan as a table, fastest first, what is wrong last. */
export function formatRow(row) {
  const { level, corpus, chunk, results } = row;
  const unit = unitOf(row);
  const title = `${level} | ${corpus}, chunks of ${chunk}`;
  const lines = [
    title + `${unit} best`.padStart(68 - title.length) + "   median   +/-   to best peer   by median",
  ];
  const order = results.toSorted((a, b) => rank(a) - rank(b));
  for (const result of order) {
    const name = `  ${result.name}${result.version ? ` ${result.version}` : ""}`;
    if (result.best === undefined) {
      lines.push(`${name.padEnd(60)} ${result.problem}`);
      continue;
    }
    const columns = [
      digits(inUnit(row, result.best)).padStart(8),
      digits(inUnit(row, result.median)).padStart(9),
      `${(result.spread * 100).toFixed(0)}%`.padStart(6),
      times(result.ratio).padStart(15),
      times(result.medianRatio).padStart(12),
    ];
    lines.push(name.padEnd(60) + columns.join(""));
  }
  return lines.join("\n");
}

const times = (ratio) => (ratio === undefined ? "" : `x ${digits(ratio)}`);

const rank = ({ best }) => best ?? Infinity;

/** One line that is written over, where the terminal can. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text.slice(0, process.stderr.columns - 1)}`);
}
