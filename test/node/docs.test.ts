/** The documentation, run: examples do what they say, and the README's tables are those of the source. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { formatWithOptions } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as batch from "../../src/batch.ts";
import type { Dialect } from "../../src/batch.ts";
import * as codec from "../../src/codec.ts";
import { batchCodes, refusedCodes, syntaxCodes, usageCodes } from "../../src/errors.ts";
import * as main from "../../src/index.ts";
import { defaultLimits } from "../../src/limits.ts";
import type { Limits } from "../../src/limits.ts";
import {
  announcedExamples,
  docstringExamples,
  docstringOf,
  exportsOf,
  loosely,
  promisedOutput,
  read,
  readmeExamples,
  root,
} from "./support/documentation.ts";

const doors = [
  ["index", main],
  ["codec", codec],
] as const;

describe("Examples", () => {
  const folder = mkdtempSync(join(tmpdir(), "batchwire-docs-"));
  const examples = [...readmeExamples, ...docstringExamples];
  const fileOf = (place: string): string => place.replaceAll(/\W+/g, "-");

  beforeAll(async () => {
    for (const { place, code } of examples) writeFileSync(join(folder, `${fileOf(place)}.mts`), code);
    // Which file `batchwire` names is said in `test/tsconfig.json`, for the compiler and for esbuild.
    const compilerOptions = { types: [], rootDir: "/", noUnusedLocals: false };
    const config = { extends: join(root, "test/tsconfig.json"), compilerOptions, include: ["."] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    await build({
      entryPoints: [join(folder, "*.mts")],
      outdir: join(folder, "run"),
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      target: "es2022",
    });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test("are found, one for each @example tag", () => {
    expect(readmeExamples.length).toBeGreaterThan(5);
    expect(docstringExamples.length).toBeGreaterThan(30);
    expect(docstringExamples.length).toBe(announcedExamples);
  });

  test("compile, with nothing but ECMAScript and web standards", () => {
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: folder, encoding: "utf8" });
    expect(stdout).toBe("");
  });

  test.each(examples.map(({ place, code }) => [place, code]))(
    "of %s print what they say",
    async (place, code) => {
      const printed: string[] = [];
      const print = (...values: unknown[]): void => {
        printed.push(formatWithOptions({ colors: false }, ...values));
      };
      const spies = [vi.spyOn(console, "log"), vi.spyOn(console, "warn"), vi.spyOn(console, "error")];
      for (const spy of spies) spy.mockImplementation(print);
      vi.stubGlobal("fetch", () => Promise.reject(new Error("Examples do not use the network")));
      try {
        await import(/* @vite-ignore */ pathToFileURL(join(folder, `run/${fileOf(place)}.mjs`)).href);
      } finally {
        for (const spy of spies) spy.mockRestore();
        vi.unstubAllGlobals();
      }
      expect(loosely(printed.join("\n"))).toBe(loosely(promisedOutput(code)));
    },
  );

  test.each([
    ["console.log(1); // 1", "1"],
    ["// First a letter.\nconsole.log('a');\n// 'a'\n\n// Done.", "'a'"],
    ["console.log(a);\n  // a\n  //\n  // b\nconsole.log(c); // c", "a b c"],
    ["const url = 'https://example.com'; // never printed", "never printed"],
    ["const x = 1;\n// why\nuse(x);", ""],
  ])("the check itself reads %j as a promise of %j", (code, promise) => {
    expect(loosely(promisedOutput(code))).toBe(loosely(promise));
  });
});

describe("Docstrings", () => {
  test.each(doors)("of every class and function of the door %s hold an example of it", (door, namespace) => {
    const lacking = exportsOf(door).filter(({ name, path }) => {
      if (typeof Reflect.get(namespace, name) !== "function") return false;
      const declaration = new RegExp(`export (?:abstract |async )?(?:class|function) ${name}\\b`);
      const [, example = ""] = docstringOf(path, declaration).split("@example\n```ts\n");
      return !example.includes(name);
    });
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  test.each(doors)("are looked for behind all that the door %s exports", (door, namespace) => {
    const values = exportsOf(door).filter(({ isType }) => !isType);
    expect(values.map(({ name }) => name).sort()).toEqual(Object.keys(namespace).sort());
  });
});

describe("test/exports.test.ts", () => {
  const text = read("test/exports.test.ts");

  test.each([
    ["index", "main"],
    ["codec", "codec"],
  ])("lists the types of the door %s", (door, name) => {
    const listed = [...text.matchAll(new RegExp(`^  ${name}\\.(\\w+),$`, "gm"))].map(([, type]) => type);
    const types = exportsOf(door).filter(({ isType }) => isType);
    expect(listed).toEqual(types.map((type) => type.name).sort());
  });
});

describe("README", () => {
  const readme = read("README.md");

  function expectSection(mark: string, text: string): void {
    const section = readme.split(`<!-- ${mark} -->\n`)[1]?.split(`<!-- /${mark} -->`)[0];
    expect(section, `What should stand between the marks:\n\n${text}`).toBe(text);
  }

  const table = (columns: string[], rows: string[][]): string =>
    [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");

  test("has all error codes", () => {
    const groups = [
      ["Tolerated in lenient mode", syntaxCodes],
      ["Refused in both modes", refusedCodes],
      ["Wrong calls", usageCodes],
      ["Batches that were sent", batchCodes],
    ] as const;
    const tables = groups.map(([title, codes]) => {
      const rows = Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning]);
      return `### ${title}\n\n${table(["code", "meaning"], rows)}`;
    });
    expectSection("codes", `\n${tables.join("\n")}\n`);
  });

  test("has all limits, with the defaults and the words of their docstrings", () => {
    const rows = Object.entries(defaultLimits).map(([name, value]) => {
      const docstring = docstringOf("src/limits.ts", new RegExp(`  ${name}: number;`));
      const [, bounds = "", stated = ""] = /^([^]*)\. Default (.*)\.$/.exec(docstring) ?? [];
      expect(stated, `The default in the docstring of ${name}`).toBe(
        humanReadable(name as keyof Limits, value),
      );
      return [`\`${name}\``, stated, bounds];
    });
    expectSection("limits", `\n${table(["limit", "default", "bounds"], rows)}\n`);
  });

  /** Octets in the largest unit, counts with commas. */
  function humanReadable(name: keyof Limits, value: number): string {
    const units = name.endsWith("Bytes") ? ["GiB", "MiB", "KiB"] : [];
    for (const [index, unit] of units.entries()) {
      const size = 1024 ** (units.length - index);
      if (value % size === 0) return `${value / size} ${unit}`;
    }
    return value.toLocaleString("en-US");
  }

  test("has all dialects, with their limits and admissions", () => {
    const rows = [...readme.matchAll(/^\| (`.*`) \|.*\| ([\d,]+) \| (stream|whole)(?:, always)? \|$/gm)];
    const told = rows.flatMap(([, names = "", limit, admission]) =>
      names.split(", ").map((name) => [name.slice(1, -1), limit, admission]),
    );
    const dialects = Object.values(batch).filter((value) => typeof value === "object" && "envelope" in value);
    const expected = dialects.map(({ name, maxOperations, admission = "stream" }: Dialect) => [
      name,
      maxOperations.toLocaleString("en-US"),
      admission,
    ]);
    expect(told.sort()).toEqual(expected.sort());
  });

  test("names only what the codec door exports", () => {
    const [sentence = ""] = /^It also exports [^.]*\./m.exec(readme) ?? [];
    const names = [...sentence.matchAll(/`(\w+)(?:\(\))?`/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(Object.keys(codec)).toEqual(expect.arrayContaining(names));
  });
});
