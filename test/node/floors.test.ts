/** The house rules that a compiler cannot know: CONTRIBUTING.md has the picture. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import type { AnyNode } from "acorn";
import { full } from "acorn-walk";
import { transformSync } from "esbuild";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts"))
  .sort();

const shared = ["errors", "limits", "deviation"];
const sansIo = sources.filter((path) =>
  /^src\/((octets|grammar|codec)\/|(errors|limits|deviation|codec)\.ts$)/.test(path),
);

/** Where a TypeScript source could suspend or defer: `async`, `await`, `yield`, `Promise`, `import()`. */
function suspensions(source: string): string[] {
  const { code } = transformSync(source, { loader: "ts", target: "esnext" });
  const found: string[] = [];
  full(parse(code, { ecmaVersion: "latest", sourceType: "module" }), (visited) => {
    const node = visited as AnyNode;
    if ("async" in node && node.async) found.push("async");
    if ("generator" in node && node.generator) found.push("function*");
    if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await))
      found.push("await");
    if (node.type === "YieldExpression") found.push("yield");
    if (node.type === "ImportExpression") found.push("import()");
    if (node.type === "Identifier" && node.name === "Promise") found.push("Promise");
  });
  return found;
}

describe("Floors 0-2 are sans-I/O", () => {
  test("no file of theirs waits or yields", () => {
    const found = sansIo.map((path) => [path, suspensions(read(path))] as const);
    expect(found.filter(([, words]) => words.length > 0)).toEqual([]);
    expect(found.length).toBeGreaterThan(5);
  });

  test.each([
    ["async function f(): Promise<void> {}", ["async"]],
    ["class A { async m() {} }", ["async"]],
    ["export const f = async (): Promise<number> => await g();", ["async", "await"]],
    ["await g();", ["await"]],
    ["for await (const x of y) z(x);", ["await"]],
    ["class A { *[Symbol.iterator](): Generator<number> { yield 1; } }", ["function*", "yield"]],
    ["export const p: unknown = Promise.resolve(1);", ["Promise"]],
    ["const m = import('./m.ts');", ["import()"]],
    ["// async\nexport const text: string = 'await a Promise';", []],
  ])("the check itself sees %j as %j", (source, expected) => {
    expect(suspensions(source).sort()).toEqual(expected);
  });
});

describe("Files and doors", () => {
  test("every file of src is under 330 lines", () => {
    const lengths = sources.map((path) => [path, read(path).split("\n").length - 1] as const);
    expect(lengths.filter(([, lines]) => lines >= 330)).toEqual([]);
  });

  const manifest = JSON.parse(read("package.json")) as {
    exports: Record<string, string | { types: string; default: string }>;
  };

  test("every exports key is one top-level file of src, and every such file is a door", () => {
    const doors = sources.flatMap((path) => /^src\/([^/]+)\.ts$/.exec(path)?.[1] ?? []);
    const expected = doors
      .filter((name) => !shared.includes(name))
      .map((name) => [
        name === "index" ? "." : `./${name}`,
        { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      ]);
    expect(manifest.exports).toEqual({
      ...Object.fromEntries(expected),
      "./package.json": "./package.json",
    });
  });

  test("the package has no runtime dependency", () => {
    expect(Object.keys(manifest).filter((key) => /dependencies$/i.test(key))).toEqual(["devDependencies"]);
  });
});

describe("The lint knows the floors", () => {
  const rooms = ["octets", "grammar", "codec", "stream", "batch"];
  const doors = ["index", "codec", "batch"];

  /** Rule names, or none where the line is right, by file; the files hold one line each. */
  const expected: Record<string, string[]> = {};
  const lines: Record<string, string> = {};
  const add = (file: string, line: string, ...rules: string[]): void => {
    expected[file] = rules;
    lines[file] = line;
  };
  const from = (specifier: string): string => `export { x } from "${specifier}";`;
  const imports = "no-restricted-imports";
  const globals = "no-restricted-globals";

  for (const [floor, room] of rooms.entries()) {
    const onlyAbove = (rule: string, limit: number): string[] => (floor < limit ? [rule] : []);
    for (const [target, name] of rooms.entries()) {
      const specifier = target === floor ? "./y.ts" : `../${name}/y.ts`;
      add(`src/${room}/to-${name}.ts`, from(specifier), ...onlyAbove(imports, target));
    }
    for (const name of shared) add(`src/${room}/to-${name}.ts`, from(`../${name}.ts`));
    for (const name of doors) add(`src/${room}/to-door-${name}.ts`, from(`../${name}.ts`), imports);
    add(`src/${room}/to-cli.ts`, from("../cli/inspect.ts"), imports);
    add(`src/${room}/node-builtin.ts`, from("node:fs"), imports);
    add(`src/${room}/bare-builtin.ts`, from("fs"), imports);
    add(`src/${room}/package.ts`, from("acorn"), imports);
    add(`src/${room}/buffer.ts`, "export const x = Buffer.alloc(1);", globals);
    add(`src/${room}/buffer-of-global-this.ts`, "export const x = globalThis.Buffer;", globals);
    add(`src/${room}/process.ts`, "export const x = process.env;", globals);
    add(`src/${room}/promise.ts`, "export const x = Promise.resolve(1);", ...onlyAbove(globals, 3));
    add(`src/${room}/stream.ts`, "export const x = new ReadableStream();", ...onlyAbove(globals, 3));
    add(`src/${room}/timer.ts`, "export const x = globalThis.setTimeout;", ...onlyAbove(globals, 3));
  }
  for (const [room, other] of [
    ["server", "client"],
    ["client", "server"],
  ] as const) {
    add(`src/${room}/to-batch.ts`, from("../batch/y.ts"));
    add(`src/${room}/to-stream.ts`, from("../stream/y.ts"));
    add(`src/${room}/to-${other}.ts`, from(`../${other}/y.ts`), imports);
    add(`src/${room}/to-dialects.ts`, from("../dialects/y.ts"), imports);
    add(`src/${room}/timer.ts`, "export const x = globalThis.setTimeout;");
    add(`src/${room}/buffer.ts`, "export const x = Buffer.alloc(1);", globals);
    add(`src/batch/to-${room}.ts`, from(`../${room}/y.ts`), imports);
  }
  add("src/batch/to-dialects.ts", from("../dialects/y.ts"), imports);
  add("src/dialects/to-batch.ts", from("../batch/dialect.ts"));
  add("src/dialects/to-server.ts", from("../server/server.ts"), imports);
  add("src/grammar/type-only.ts", `export type { X } from "../codec/y.ts";`, imports);
  add("src/grammar/dynamic.ts", `export const x = () => import("../codec/y.ts");`, imports);
  add("src/grammar/import-type.ts", `export type X = import("../codec/y.ts").X;`, "consistent-type-imports");
  add("src/errors.ts", from("./octets/y.ts"), imports);
  add("src/limits.ts", from("./errors.ts"));
  add("src/index.ts", from("./stream/y.ts"));
  add("src/batch.ts", from("./index.ts"), imports);
  add("src/codec.ts", from("./stream/y.ts"), imports);
  add("src/cli/node-builtin.ts", from("node:fs"));
  add("src/cli/to-door.ts", from("../index.ts"), imports);
  add("test/grammar/node-builtin.test.ts", from("node:fs"), imports);
  add("test/grammar/buffer.test.ts", "export const x = Buffer.alloc(1);", globals);
  add("test/node/node-builtin.test.ts", from("node:fs"));

  test(`of ${Object.keys(lines).length} one-line files it refuses the wrong ones, each by its rule`, () => {
    const folder = mkdtempSync(join(tmpdir(), "batchwire-lint-"));
    try {
      cpSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
      for (const [file, line] of Object.entries(lines)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), `${line}\n`);
      }
      const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
      const run = spawnSync(process.execPath, [oxlint, "--format=json"], { cwd: folder, encoding: "utf8" });
      const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { filename: string; code: string }[] };
      const found = Object.fromEntries(Object.keys(lines).map((file) => [file, [] as string[]]));
      for (const { filename, code } of diagnostics) {
        found[filename.replaceAll("\\", "/")]?.push(code.slice(code.indexOf("(") + 1, -1));
      }
      expect(found).toEqual(expected);
      expect(run.status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
