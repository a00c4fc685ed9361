import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

/** Path of a file of this folder. */
export const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * What a program writes to its standard output.
 *
 * @throws {Error} It failed, or there is no such program: then `debian` is what has it.
 */
export async function run(
  program: string,
  args: readonly string[],
  { input = "", debian }: { input?: string | Uint8Array; debian: string },
): Promise<string> {
  const child = spawn(program, args, { stdio: "pipe" });
  const output: Record<"stdout" | "stderr", string> = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => void (output[name] += text));
  }
  child.stdin.end(input);
  const status = await new Promise((resolve, reject) => {
    child.once("error", (error) =>
      reject(new Error(`${program} does not run: Debian's ${debian} has it`, { cause: error })),
    );
    child.once("close", resolve);
  });
  if (status !== 0)
    throw new Error(
      `${program} has failed (${status}), perhaps for want of Debian's ${debian}:\n${output.stderr}`,
    );
  return output.stdout;
}

/**
 * Starts a program that serves, until the tests of the file are over; what `found` matches in its
 * output, once it does.
 *
 * @throws {Error} It ends before it is ready.
 */
export async function serve(
  program: string,
  args: readonly string[],
  found: RegExp,
  options: { cwd?: string; env?: Record<string, string>; debian?: string } = {},
): Promise<RegExpExecArray> {
  const { cwd, env = {}, debian } = options;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  afterAll(async () => {
    child.kill("SIGTERM");
    await closed;
  });
  let output = "";
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const match = found.exec(output);
        if (match !== null) resolve(match);
      });
    }
    const hint = debian === undefined ? "" : `, perhaps for want of Debian's ${debian}`;
    child.once("error", (cause) => reject(new Error(`${program} does not run${hint}`, { cause })));
    child.once("close", () => reject(new Error(`${program} has ended${hint}:\n${output}`)));
  });
}
