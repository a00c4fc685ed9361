/** The package as npm has it, bundled for browsers and used where there is no Node built-in. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { runBundle } from "./bundle/run-bundle.mjs";
import { here, root, stage } from "./folders.mjs";
import { workerdTest } from "./workerd.mjs";

/** The tarball of `npm pack`, unpacked to where an import of its name finds it. */
function installPackage(folder) {
  const target = join(folder, "node_modules/batchwire");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const must = (command, ...args) => {
    const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args[0]}: ${stderr}`);
  };
  must("npm", "pack", "--pack-destination", folder);
  const { name, version, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  must("tar", "-xzf", join(folder, `${name}-${version}.tgz`), "-C", target, "--strip-components=1");
  const doors = Object.keys(exports).filter((key) => !key.endsWith(".json"));
  return doors.map((key) => key.replace(".", name));
}

/** Checks each door, and that both directions work; what each prints is told as the tests of a file are. */
export async function runPackage(id) {
  const folder = join(stage, id);
  const doors = installPackage(folder);
  const outfile = join(folder, "bundle.mjs");
  // For a browser esbuild refuses Node built-ins.
  await build({
    stdin: {
      contents: doors.map((door, index) => `export * as door${index} from "${door}";`).join("\n"),
      resolveDir: folder,
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "warning",
  });
  const modules = {
    "worker.mjs": readFileSync(join(here, "package-worker.mjs")),
    "bundle.mjs": readFileSync(outfile),
    "doors.mjs": `export default ${JSON.stringify(doors)};`,
  };
  return runBundle(id, workerdTest(`${id}-worker`, modules), 1);
}
