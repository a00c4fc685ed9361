/** What a fuzzer once found, or could: every file of `fuzz/crashes/TARGET` goes through that target again. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { resetCounters } from "../../fuzz/counters.mjs";
import { instrumentedSource } from "./support/instrumented.ts";

interface Target {
  seeds: string[];
  dictionary: string[];
  /** Throws if the octets break an invariant. */
  default(library: object): (octets: Uint8Array) => void;
}

const fuzz = fileURLToPath(new URL("../../fuzz/", import.meta.url));
const targets = readdirSync(join(fuzz, "targets")).map((file) => file.replace(/\.mjs$/, ""));

const source = instrumentedSource();
afterAll(() => source.remove());
const library = (await source.load("codec.ts")) as object;

const crashesOf = (target: string): string[] => {
  const folder = join(fuzz, "crashes", target);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

describe.each(targets)("fuzz target %s", async (name) => {
  const target = (await import(pathToFileURL(join(fuzz, "targets", `${name}.mjs`)).href)) as Target;
  const run = target.default(library);
  beforeEach(resetCounters);

  test("its file has at most 15 lines", () => {
    const lines = readFileSync(join(fuzz, "targets", `${name}.mjs`), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines.length).toBeLessThanOrEqual(15);
  });

  test.each(target.seeds)("its seed %j", (seed) => {
    run(Uint8Array.from(seed, (character) => character.charCodeAt(0)));
  });

  test.each(crashesOf(name))("%s", (file) => {
    run(new Uint8Array(readFileSync(join(fuzz, "crashes", name, file))));
  });

  test("has a file to replay", () => {
    expect(crashesOf(name)).not.toEqual([]);
  });
});

test("every folder of crashes belongs to a target", () => {
  expect(targets).toEqual(expect.arrayContaining(readdirSync(join(fuzz, "crashes"))));
});
