/** The runtimes are no dependencies of the project: they are installed on first use, from their own lock files. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { here, root } from "./folders.mjs";

/** @param folder - One that holds a package.json and its lock file. */
export function installRuntimes(folder = here) {
  const installed = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log(`Installing: npm ci --prefix ${relative(root, folder)}`);
  const { status } = spawnSync("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], {
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
