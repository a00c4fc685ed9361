/**
 * Puts a call of the global `__e(id)` at every place where control flow can go one way or the other,
 * so that who defines `__e` can see which ways an input takes (`counters.mjs`) or how many steps it
 * costs (`test/node/complexity.test.ts`). One call a loop iteration, function, branch, `case`, and
 * operand that may be skipped: between two calls the code runs straight on, in bounded time, but for
 * what built-in functions do.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "acorn";
import { full } from "acorn-walk";
import { MagicString } from "magic-string";

/** The instrumented form of an ES module, whose first counter is `id`, and the id that comes next. */
export function instrument(source, id = 1) {
  const text = new MagicString(source);
  // `full` visits inner nodes first: an outer start goes before an inner one, an outer end behind it.
  const block = (node) => {
    if (node.type === "BlockStatement") {
      text.prependRight(node.start + 1, `__e(${id++});`);
    } else {
      text.prependRight(node.start, `{__e(${id++});`);
      text.appendLeft(node.end, "}");
    }
  };
  const operand = (node) => {
    text.prependRight(node.start, `(__e(${id++}),`);
    text.appendLeft(node.end, ")");
  };
  full(parse(source, { ecmaVersion: "latest", sourceType: "module" }), (node) => {
    switch (node.type) {
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        if (node.body.type === "BlockStatement") block(node.body);
        else operand(node.body);
        break;
      case "IfStatement":
        block(node.consequent);
        if (node.alternate) block(node.alternate);
        else text.appendLeft(node.end, ` else{__e(${id++});}`);
        break;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "CatchClause":
        block(node.body);
        break;
      case "SwitchCase":
        if (node.consequent.length > 0) text.prependRight(node.consequent[0].start, `__e(${id++});`);
        break;
      case "ConditionalExpression":
        operand(node.consequent);
        operand(node.alternate);
        break;
      case "LogicalExpression":
        operand(node.right);
        break;
      case "AssignmentExpression":
        if (["&&=", "||=", "??="].includes(node.operator)) operand(node.right);
        break;
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "ExportNamedDeclaration":
        if (node.source?.value.endsWith(".ts")) {
          text.update(
            node.source.start,
            node.source.end,
            JSON.stringify(node.source.value.slice(0, -2) + "js"),
          );
        }
    }
  });
  return { code: text.toString(), nextId: id };
}

/**
 * Writes the instrumented form of every module in the folder `from`, but for the inspector, to the
 * folder `to`, which is emptied first. TypeScript needs a `compile` that removes the types.
 */
export function instrumentFolder(from, to, compile = (source) => source) {
  rmSync(to, { recursive: true, force: true });
  let id = 1;
  for (const path of readdirSync(from, { recursive: true, encoding: "utf8" }).sort()) {
    if (!/\.[jt]s$/.test(path) || path.endsWith(".d.ts") || path.startsWith("cli")) continue;
    const { code, nextId } = instrument(compile(readFileSync(join(from, path), "utf8")), id);
    id = nextId;
    const file = join(to, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
  }
}
