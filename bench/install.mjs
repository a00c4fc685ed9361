/** Peers and runtimes are no dependencies of the project: they are installed on first use, from lock files of their own. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** @param folder - One that holds a package.json and its lock file. */
export function install(folder) {
  const installed = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`Installing: npm ci --prefix ${relative(root, folder)}`);
  const { status } = spawnSync("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`${relative(root, folder)} could not be installed`);
}

export function installPeers() {
  install(join(root, "bench/peers"));
}

let folder;

/** A folder that is there for as long as this process. */
export function temporaryFolder() {
  if (folder === undefined) {
    folder = mkdtempSync(join(tmpdir(), "batchwire-bench-"));
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  }
  return folder;
}

/** The Go programs, built; or why there are none. */
export function buildNative() {
  const go = spawnSync("go", ["version"], { encoding: "utf8" });
  if (go.status !== 0) return { skipped: "go not found" };
  const source = fileURLToPath(new URL("native/", import.meta.url));
  const program = join(temporaryFolder(), "peer");
  const built = spawnSync("go", ["build", "-o", program, "."], { cwd: source, encoding: "utf8" });
  if (built.status !== 0)
    return { skipped: `go build failed: ${built.stderr.trim().split("\n", 2).join(" ")}` };
  return { program, version: /go(\d[\d.]*)/.exec(go.stdout)[1] };
}
