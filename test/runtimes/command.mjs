import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** The process group that is running. */
let group;

function kill(signal) {
  try {
    if (group !== undefined) process.kill(-group, signal);
  } catch {
    // It has ended by itself.
  }
}

// A group of its own does not end with this process. SIGTERM, so that browsers are closed by who started them.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    kill("SIGTERM");
    process.exit(1);
  });
}

/**
 * Runs a command to its end, its output to a file, and ends it with all its children when it takes too long.
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
    group = child.pid;
    let status;
    const timers = [
      setTimeout(() => {
        status = `no end within ${seconds} s`;
        kill("SIGTERM");
      }, seconds * 1000),
      setTimeout(() => kill("SIGKILL"), seconds * 1000 + 10_000),
    ];
    const end = (why) => {
      status ??= why;
      for (const timer of timers) clearTimeout(timer);
      group = undefined;
      file.end(() => resolve({ status, output: Buffer.concat(output).toString() }));
    };
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
