/** The peers are no dependencies of the project: they are installed on first use, from their own lock file. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const peers = fileURLToPath(new URL("peers/", import.meta.url));

export function installPeers() {
  const installed = join(peers, "node_modules/.package-lock.json");
  const lock = join(peers, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing the peers: npm ci --prefix bench/peers");
  const { status } = spawnSync("npm", ["ci", "--prefix", peers, "--no-audit", "--no-fund"], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("The peers could not be installed");
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
