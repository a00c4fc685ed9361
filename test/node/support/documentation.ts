/** What README and docstrings say: their examples, and what those promise to print. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../../", import.meta.url));

export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

export interface Example {
  /** File and line of its first line, as `README.md:33`. */
  place: string;
  /** The code, behind as many empty lines as stand before it in its file: what fails has the file's line. */
  code: string;
}

/** The `ts` blocks of a file, of which `prefix` stands before each line. */
function blocksIn(path: string, prefix: RegExp): Example[] {
  const examples: Example[] = [];
  let block: string[] | undefined;
  for (const [index, line] of read(path).split("\n").entries()) {
    const content = line.replace(prefix, "");
    if (content === "```ts") block = Array.from({ length: index + 1 }, () => "");
    else if (content !== "```") block?.push(content);
    else if (block !== undefined) {
      examples.push({
        place: `${path}:${block.findIndex((code) => code !== "") + 1}`,
        code: block.join("\n"),
      });
      block = undefined;
    }
  }
  return examples;
}

export const readmeExamples: Example[] = blocksIn("README.md", /^/);

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".ts"))
  .sort();

export const docstringExamples: Example[] = sources.flatMap((path) => blocksIn(path, /^ *\* ?/));

/** How many examples the docstrings announce. */
export const announcedExamples: number = sources.flatMap(
  (path) => read(path).match(/^ *\* @example$/gm) ?? [],
).length;

/**
 * What an example says that it prints, in order: the comments behind its code, and those on lines of
 * their own directly under a line with `console.log(`. Other comments explain.
 */
export function promisedOutput(code: string): string {
  const promised: string[] = [];
  let isPromise = false;
  for (const line of code.split("\n")) {
    const start = line.search(/(?<=^|\s)\/\/( |$)/);
    const before = (start === -1 ? line : line.slice(0, start)).trim();
    if (before !== "" || start === -1) isPromise = before.includes("console.log(");
    if (start !== -1 && (isPromise || before !== "")) promised.push(line.slice(start + 2));
  }
  return promised.join("\n");
}

/** Printed text as it is compared: neither white space nor the kind of quotes matters. */
export function loosely(text: string): string {
  return text.replaceAll(/['`]/g, '"').replaceAll(/\s+/g, " ").trim();
}

export interface DoorExport {
  name: string;
  isType: boolean;
  /** The file of `src` that declares it. */
  path: string;
}

/** What a door, such as `index`, exports: it holds nothing but `export { … } from "…"` statements. */
export function exportsOf(door: string): DoorExport[] {
  const statements = read(`src/${door}.ts`).matchAll(/^export (type )?\{([^}]*)\} from "\.\/([^"]+)";$/gm);
  return [...statements].flatMap(([, type, names = "", path = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "")
      .map((name) => ({ name, isType: type !== undefined, path: `src/${path}` })),
  );
}

/** The text between `/**` and the declaration of an exported name or a member; `""` if it has no docstring. */
export function docstringOf(path: string, declaration: RegExp): string {
  const docstring = /\/\*\*((?:(?!\*\/)[^])*)\*\/\n/;
  const found = new RegExp(`${docstring.source}(?:${declaration.source})`, "m").exec(read(path));
  return found?.[1]?.replaceAll(/^ *\* ?/gm, "").trim() ?? "";
}
