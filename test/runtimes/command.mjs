import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Runs a command to its end, its output to a file, and kills it with all its children when it takes too long.
 *
 * @returns {Promise<{ status: number | string, output: string }>} The exit code, or why there is none.
 */
export function run([command, ...args], { cwd, env = {}, log, seconds = 1800 }) {
  return new Promise((resolve) => {
    const output = [];
    mkdirSync(dirname(log), { recursive: true });
    const file = createWriteStream(log);
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let status;
    const end = (why) => {
      status ??= why;
      clearTimeout(timer);
      file.end(() => resolve({ status, output: Buffer.concat(output).toString() }));
    };
    const timer = setTimeout(() => {
      status = `over ${seconds} s`;
      process.kill(-child.pid, "SIGKILL");
    }, seconds * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output.push(chunk);
        file.write(chunk);
      });
    }
    child.on("error", ({ message }) => end(message));
    child.on("close", (code, signal) => end(code ?? signal));
  });
}
