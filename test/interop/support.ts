import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

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
