/** Every runtime: what it is called, which version is here, and how the staged tests are run on it. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { executableOf } from "./browsers.mjs";
import { bundleTests, sansIoTests } from "./bundle/build.mjs";
import { runBundle } from "./bundle/run-bundle.mjs";
import { here, stage } from "./folders.mjs";
import { runPackage } from "./package.mjs";
import { stagedTests } from "./stage.mjs";
import { runVitest } from "./vitest/run-vitest.mjs";
import { workerdTest } from "./workerd.mjs";

const installed = (path) => join(here, "node_modules", path);
const node = (major) => installed(`node${major}/bin/node`);
const bun = installed("@oven/bun-linux-x64/bin/bun");
const deno = installed("@deno/linux-x64-glibc/deno");
/** What drives a runtime that does not run vitest itself. */
const driver = node(24);

/** What is large and used by one runtime alone is installed with that runtime. */
const starlingMonkey = join(here, "starlingmonkey");

const packageVersion = (name) => JSON.parse(readFileSync(installed(`${name}/package.json`), "utf8")).version;

/** The first version number that a command prints. */
function printedVersion(command, ...args) {
  const { stdout, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  return /\d+(\.\d+)+|\d{4}-\d\d-\d\d/.exec(stdout)?.[0] ?? "unknown";
}

const nodeRuntime = (major) => ({
  id: `node${major}`,
  title: `Node ${major}`,
  identity: new RegExp(`^Node\\.js/${major}`),
  version: () => printedVersion(node(major), "--version"),
  run: (id) => runVitest(id, [node(major)], "node.config.mjs", { VITEST_POOL: "threads" }),
});

const browser = (name, title, identity, { version, display = [] }) => ({
  id: name,
  title,
  identity,
  version: () => version(executableOf(name)),
  run: (id) => runVitest(id, [...display, driver], "browser.config.mjs", { VITEST_BROWSER: name }),
});

async function runBundled(id, format, host, tests = stagedTests()) {
  const bundle = join(stage, `${id}.bundle.mjs`);
  await bundleTests(tests, format, bundle);
  return runBundle(id, host(bundle, tests), tests.length);
}

const hosted = (name) => (bundle) => [driver, join(here, `bundle/hosts/${name}.mjs`), bundle];

export const runtimes = [
  ...[20, 22, 24, 26].map(nodeRuntime),
  {
    id: "bun",
    title: "Bun",
    identity: /^Bun\//,
    version: () => printedVersion(bun, "--version"),
    run: (id) => runVitest(id, [bun, "--bun"], "node.config.mjs", { VITEST_POOL: "threads" }),
  },
  {
    id: "deno",
    title: "Deno",
    identity: /^Deno\//,
    version: () => printedVersion(deno, "--version"),
    run: (id) => runVitest(id, [deno, "run", "-A"], "node.config.mjs", { VITEST_POOL: "forks" }),
  },
  {
    id: "workerd",
    title: "workerd, without `nodejs_compat`",
    identity: /^Cloudflare-Workers$/,
    version: () => packageVersion("workerd"),
    run: (id) =>
      runBundled(id, "esm", (bundle) =>
        workerdTest(id, {
          "worker.mjs": readFileSync(join(here, "bundle/hosts/workerd.mjs")),
          "suite.mjs": readFileSync(bundle),
        }),
      ),
  },
  {
    id: "workerd-vitest",
    title: "workerd, under Cloudflare's vitest plugin",
    identity: /^Cloudflare-Workers$/,
    version: () => packageVersion("workerd"),
    run: (id) => runVitest(id, [driver], "workerd.config.mjs"),
  },
  {
    id: "package",
    title: "The npm package, bundled, in workerd without `nodejs_compat`",
    version: () => packageVersion("workerd"),
    run: runPackage,
  },
  {
    id: "edge-vm",
    title: "Edge runtime's VM, code generation forbidden",
    identity: /^edge-runtime$/,
    version: () => packageVersion("@edge-runtime/vm"),
    run: (id) => runBundled(id, "iife", hosted("edge-vm")),
  },
  browser("chromium", "Chromium", /Chrome\//, { version: (path) => printedVersion(path, "--version") }),
  browser("firefox", "Firefox ESR", /Firefox\//, { version: (path) => printedVersion(path, "--version") }),
  browser("webkit", "WebKitGTK", /^(?!.*Chrom).*AppleWebKit\//, {
    version: () => printedVersion("dpkg-query", "--show", "webkit2gtk-driver"),
    display: ["xvfb-run", "--auto-servernum"],
  }),
  {
    id: "quickjs",
    title: "QuickJS of quickjs-emscripten, codec door",
    identity: /^nameless$/,
    version: () => packageVersion("quickjs-emscripten"),
    run: async (id) => runBundled(id, "esm", hosted("quickjs"), await sansIoTests(stagedTests())),
  },
  {
    id: "starlingmonkey",
    title: "StarlingMonkey of componentize-js, in a WebAssembly component",
    folder: starlingMonkey,
    // A component that runs can hold nothing else.
    identity: /^nameless$/,
    version: () =>
      JSON.parse(readFileSync(join(starlingMonkey, "package.json"), "utf8")).dependencies[
        "@bytecodealliance/componentize-js"
      ],
    run: (id) =>
      runBundled(id, "esm", (bundle, tests) => [driver, join(starlingMonkey, "host.mjs"), bundle, ...tests]),
  },
];
