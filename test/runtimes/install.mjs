/** The runtimes are no dependencies of the project: they are installed on first use, from their own lock file. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { here } from "./folders.mjs";

export function installRuntimes() {
  const installed = join(here, "node_modules/.package-lock.json");
  const lock = join(here, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing the runtimes: npm ci --prefix test/runtimes");
  const { status } = spawnSync("npm", ["ci", "--prefix", here, "--no-audit", "--no-fund"], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("The runtimes could not be installed");
}

/** Debian's packages, for root. */
export function installBrowsers(packages) {
  if (packages.length === 0) return;
  const apt = (...args) => {
    console.log(`apt-get ${args.join(" ")}`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    // A failure shows where the browser is started.
    spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env });
  };
  apt("update");
  apt("install", "--yes", "--no-install-recommends", ...packages);
}
