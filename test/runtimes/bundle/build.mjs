/** The staged tests in one script, together with the runner that runs them. */
import { join } from "node:path";
import { build } from "esbuild";
import { here } from "../folders.mjs";

const folder = join(here, "bundle");

/**
 * @param {string[]} tests - Absolute paths.
 * @param {"esm" | "iife"} format - A module that exports `runSuite()`, or a script that sets `globalThis.SUITE`.
 */
export async function bundleTests(tests, format, outfile) {
  const loaders = tests.map((path) => `${JSON.stringify(path)}: () => import(${JSON.stringify(path)}),`);
  const list = { contents: `export default {\n${loaders.join("\n")}\n};`, resolveDir: folder };
  await build({
    entryPoints: [join(folder, "run-suite.mjs")],
    outfile,
    bundle: true,
    format,
    globalName: "SUITE",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    alias: { vitest: join(folder, "vitest.mjs") },
    // Asked for by the fake timers where there is a `process`, which these engines have not.
    external: ["util", "timers", "timers/promises"],
    logLevel: "warning",
    plugins: [
      {
        name: "tests",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^batchwire:tests$/ }, () => ({ path: "tests", namespace: "batchwire" }));
          onLoad({ filter: /.*/, namespace: "batchwire" }, () => list);
        },
      },
    ],
  });
}

/** Those of `tests` that reach no stream: the tests of the sans-I/O floors, by what they import. */
export async function sansIoTests(tests) {
  const { metafile } = await build({
    entryPoints: tests,
    bundle: true,
    write: false,
    metafile: true,
    outdir: "out",
    packages: "external",
    absWorkingDir: here,
  });
  const outputs = Object.values(metafile.outputs).filter(
    ({ inputs }) =>
      !Object.keys(inputs).some((path) => /\/src\/(stream|batch|dialects|server|client)\//.test(path)),
  );
  return outputs.map(({ entryPoint }) => join(here, entryPoint));
}
