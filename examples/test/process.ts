/** Programs that the tests start, and end with themselves. */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

export const examples: string = fileURLToPath(new URL("../", import.meta.url));

const cleanups: (() => Promise<void> | void)[] = [];

/** Has `cleanup` called when the test has ended, the last first. */
export function whenDone(cleanup: () => Promise<void> | void): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "batchwire-examples-"));
  // A browser's last processes may outlive its first by a moment, and write.
  whenDone(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  return folder;
}

/**
 * Starts a program, to be ended with the test. Answers what `announcement` captures in its output;
 * rejects with the output if it ends without.
 */
export async function start(
  command: string,
  args: readonly string[],
  { announcement, cwd = examples }: { announcement: RegExp; cwd?: string },
): Promise<string> {
  // Bun takes a NODE_ENV of "test", which vitest sets, for a wish to have no server.
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: "0", NODE_ENV: "production", PWD: cwd };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  whenDone(() => end(child));
  return await new Promise((resolve, reject) => {
    let output = "";
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      const [, announced] = announcement.exec(output) ?? [];
      if (announced !== undefined) resolve(announced);
    };
    for (const stream of child.stdio) stream?.on("data", onData);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}: ${output}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.on("exit", resolve));
  child.kill();
  await ended;
}

/** Starts one of the servers; answers its URL. */
export async function startExample(name: string, [command, ...args]: string[]): Promise<string> {
  const server = join(examples, "servers", name);
  return await start(command!, [...args, server], { announcement: /Listening on (\S+)\n/ });
}

/** What the client of the examples prints of the server at `url`. */
export function runClient(url: string): string {
  const client = join(examples, "servers/client.js");
  const { stdout, stderr } = spawnSync(process.execPath, [client, url], { encoding: "utf8" });
  return stdout + stderr;
}

export const CLIENT_OUTPUT = "UCWA: 2 answers, Cronofy: 3 answers, all as they should be\n";
