/** Workers for `workerd test`, without Node built-ins: late compatibility dates bring them unless they are refused. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, stage } from "./folders.mjs";

/** The command that tests a worker of these modules, the first of which is its entry. */
export function workerdTest(name, modules) {
  const folder = join(stage, name);
  mkdirSync(folder, { recursive: true });
  const embedded = Object.entries(modules).map(([module, text]) => {
    writeFileSync(join(folder, module), text);
    return `(name = "${module}", esModule = embed "${module}")`;
  });
  const config = join(folder, "config.capnp");
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${embedded.join(", ")}],
    compatibilityDate = "2026-10-01",
    compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  ))],
);
`,
  );
  return [join(here, "node_modules/@cloudflare/workerd-linux-64/bin/workerd"), "test", config];
}
