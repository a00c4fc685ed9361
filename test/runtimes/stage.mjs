/** A copy of the sources and of the portable tests. */
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, stage } from "./folders.mjs";

/** Folders of `test/` that need Node, or run tests themselves. */
const notPortable = ["node", "runtimes", "interop"];

export function stageTests() {
  rmSync(stage, { recursive: true, force: true });
  // Without a tsconfig.json, whose base is not copied.
  const options = { recursive: true, filter: (path) => !path.endsWith("tsconfig.json") };
  cpSync(join(root, "src"), join(stage, "src"), options);
  for (const entry of readdirSync(join(root, "test"))) {
    if (notPortable.includes(entry)) continue;
    cpSync(join(root, "test", entry), join(stage, "test", entry), options);
  }
}

/**
 * One more test: that the suite runs where it is said to.
 *
 * @param {RegExp} identity - What `navigator.userAgent` matches, or what stands in for it.
 */
export function stageIdentity(identity) {
  writeFileSync(
    join(stage, "test/identity.test.ts"),
    `import { expect, test } from "vitest";

test("This is the runtime that it should be", () => {
  const { EdgeRuntime, navigator, process } = globalThis as any;
  const name = EdgeRuntime ?? navigator?.userAgent ?? process?.versions?.node?.replace(/^/, "Node.js/") ?? "nameless";
  expect(name).toMatch(${identity});
});
`,
  );
}

/** Absolute paths of the staged test files. */
export function stagedTests() {
  return readdirSync(join(stage, "test"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => join(stage, "test", path))
    .sort();
}
