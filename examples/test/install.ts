/** What the examples run on is no dependency of the project: it is installed on first use, from lock files of its own. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export default function install(): void {
  for (const name of ["servers", "worker", "test/runtimes"]) {
    const folder = fileURLToPath(new URL(`../${name}/`, import.meta.url));
    const installed = join(folder, "node_modules/.package-lock.json");
    const lock = join(folder, "package-lock.json");
    if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) continue;
    console.log(`Installing: npm ci --prefix examples/${name}`);
    const { status } = spawnSync("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], {
      stdio: "inherit",
    });
    if (status !== 0) throw new Error(`Packages of examples/${name} could not be installed`);
  }
}
