/** The types that users get, with each library of platform types that the README names, which differ in their names. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportsOf } from "./support/documentation.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "batchwire-types-"));

const consumer = `
import { BatchClient, createBatchHandler, OperationReader, operationStream, ucwa } from "./dist/batch.js";
import type { Dialect, MultipartEnvelope, OperationStream } from "./dist/batch.js";
import { WholePartParser } from "./dist/codec.js";
import { BodyPart, HeaderList, MultipartReader, RequestMessage, ResponseMessage, toResponse } from "./dist/index.js";
const options = { url: "https://example.com/batch", dialect: ucwa };
new BatchClient({ ...options, headers: { a: "b" }, onUnauthorized: async () => undefined });
// @ts-expect-error
new BatchClient({ ...options, headers: 42 });
// @ts-expect-error
new MultipartReader(42);
new WholePartParser({ boundary: "b" });
const { body, contentType }: OperationStream = operationStream([], { dialect: ucwa, kind: "request" });
const reader: OperationReader = new OperationReader(body, { dialect: ucwa, kind: "request", contentType });
reader.next();
// @ts-expect-error
new OperationReader(body, { dialect: ucwa, kind: "request", contentType, onGroupEnd() {} });
type Same<A, B> = [A, B] extends [B, A] ? true : false;
type OfBody = "body" | "bodyUsed" | "bytes" | "cancel" | "json" | "mediaType" | "origin" | "pull" | "text";
type OfPart = OfBody | "disposition" | "headers" | "isDecoded" | "isEncoded" | "path";
type OfMessage = OfBody | "headers" | "kind" | "remainder" | "trailers" | "version";
const hasNoOthers: [
  Same<keyof BodyPart, OfPart>,
  Same<keyof RequestMessage, OfMessage | "method" | "target">,
  Same<keyof ResponseMessage, OfMessage | "reason" | "status">,
] = [true, true, true];
void hasNoOthers;
// @ts-expect-error
void new HeaderList().startLine;
declare const size: number | undefined;
const dialect: Dialect = { ...ucwa, maxBytes: size, onFailureSwitch: { stopMember: undefined } };
const envelope: MultipartEnvelope = { format: "multipart", subtype: "mixed", contentId: { first: size } };
new BatchClient({ ...options, dialect: { ...dialect, envelope } });
declare const onError: typeof console.error | undefined;
const limits = { maxParts: size, maxTotalBytes: size };
new MultipartReader(new Response(), { limits });
new BatchClient({ ...options, limits });
createBatchHandler({ dialects: [ucwa], handler: () => new Response(), limits, hooks: { onError } });
const response: Response = toResponse({ kind: "response", status: 200 });
void response;
`;

const tsc = (...options: string[]): string => {
  try {
    return execFileSync(join(root, "node_modules/.bin/tsc"), options, { cwd: folder, encoding: "utf8" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
};

beforeAll(() => {
  const declarations = ["--emitDeclarationOnly", "--declarationMap", "false", "--sourceMap", "false"];
  expect(tsc("-p", root, "--outDir", join(folder, "dist"), ...declarations)).toBe("");
  writeFileSync(join(folder, "consumer.mts"), consumer);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["@types/node", ["--lib", "es2022", "--types", "node"]],
  ["the DOM", ["--lib", "es2022,dom,dom.iterable", "--types", ""]],
  ["web workers", ["--lib", "es2022,webworker", "--types", ""]],
])("are whole with %s alone", (_, platform) => {
  const strict = ["--strict", "--exactOptionalPropertyTypes", "--noEmit", "--module", "nodenext"];
  const options = [...strict, ...platform, "--typeRoots", join(root, "node_modules/@types")];
  expect(tsc(...options, "consumer.mts")).toBe("");
});

/**
 * Types that stand in what `name` declares or inherits, and that `exported` lacks. Constructors count where
 * users call them: not those of a class that is "Made by" another, and not those of a base.
 */
function unexportedIn(name: string, path: string, exported: ReadonlySet<string>, isBase = false): string[] {
  const text = readFileSync(path, "utf8")
    .replaceAll(isBase ? /^ +constructor\([^;]*;/gm : /\/\*\* Made by[^]*?\*\/\s+constructor\([^;]*;/g, "")
    .replaceAll(/\/\*[^]*?\*\/|^ +protected .*$/gm, "");
  const origins = new Map<string, string>();
  for (const [, names = "", from = ""] of text.matchAll(/^import (?:type )?\{([^}]*)\} from "(.*)\.ts";$/gm))
    for (const imported of names.split(","))
      origins.set(imported.trim(), join(dirname(path), `${from}.d.ts`));
  for (const [, declared = ""] of text.matchAll(/^(?:\w+ )*(?:interface|type|class) (\w+)/gm))
    origins.set(declared, path);
  const isOfName = new RegExp(`^(?:\\w+ )*(?:interface|type|class|const|function) ${name}\\b`);
  // What begins in the first column, all overloads of a function.
  const declaration = text.split(/^(?=[a-z])/m).filter((statement) => isOfName.test(statement));
  const lacking = (code: string): string[] =>
    [...new Set(code.match(/\b[A-Z]\w+/g))].filter((type) => origins.has(type) && !exported.has(type));
  return declaration.flatMap((statement) => {
    const [head = ""] = /^[^=({]*\b(?:class|interface) [^{]*/.exec(statement) ?? [];
    const bases = lacking(head).filter((base) => base !== name);
    return [
      ...lacking(statement.slice(head.length)),
      ...bases.flatMap((base) => unexportedIn(base, origins.get(base)!, exported, true)),
    ];
  });
}

test.each(["index", "codec", "batch"])("of the door %s name nothing that it does not export", (door) => {
  const exports = exportsOf(door);
  const names = new Set(exports.map(({ name }) => name));
  const lacking = exports.flatMap(({ name, path }) =>
    unexportedIn(name, join(folder, path.replace("src", "dist").replace(/ts$/, "d.ts")), names).map(
      (type) => `${type} of ${name}`,
    ),
  );
  // Inherited and omitted.
  expect(lacking).toEqual(door === "index" ? ["Budget of ReadHttpMessageOptions"] : []);
});
