/**
 * What each door costs a bundle: `npm run size`. Octets after esbuild's tree shaking and minification,
 * and after gzip; below each door, the minified share of every module that it pulls in.
 */
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

const row = (name, minified, gzipped = "") =>
  console.log(name.padEnd(44) + String(minified).padStart(10) + String(gzipped).padStart(10));

row("door and its modules", "minified", "gzipped");
for (const [key, entry] of Object.entries(manifest.exports)) {
  if (typeof entry === "string") continue; // ./package.json
  const name = manifest.name + key.slice(1);
  const door = root + entry.default;
  if (!existsSync(door)) {
    row(name, "missing");
    process.exitCode = 1;
    continue;
  }
  const { outputFiles, metafile } = await build({
    entryPoints: [door],
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    metafile: true,
    write: false,
  });
  const [{ contents }] = outputFiles;
  row(name, contents.length, gzipSync(contents, { level: 9 }).length);
  const [{ inputs }] = Object.values(metafile.outputs);
  const modules = Object.entries(inputs).toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [path, { bytesInOutput }] of modules) row(`  ${relative("dist", path)}`, bytesInOutput);
}
