import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { instrumentFolder } from "../../../fuzz/instrument.mjs";

const source = fileURLToPath(new URL("../../../src/", import.meta.url));

/** The modules of `src`, each with calls of `globalThis.__e` in it; see `fuzz/instrument.mjs`. */
export interface Instrumented {
  /** The module at `path` below `src`. */
  load(path: string): Promise<any>;
  /** Removes the files. */
  remove(): void;
}

export function instrumentedSource(): Instrumented {
  const folder = mkdtempSync(join(tmpdir(), "batchwire-instrumented-"));
  instrumentFolder(source, folder, (text) => transformSync(text, { loader: "ts", target: "es2022" }).code);
  return {
    load: (path) => import(/* @vite-ignore */ pathToFileURL(join(folder, path.replace(/\.ts$/, ".js"))).href),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
