/** The servers of the examples, each on its own runtime, over loopback HTTP. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ucwa } from "batchwire/batch";
import { CLIENT_OUTPUT, examples, runClient, startExample } from "./process.ts";
import { answersOf, batchOf, post, until } from "./wire.ts";
import type { Exchange } from "./wire.ts";

const runtimes = join(examples, "test/runtimes/node_modules");
const deno = join(runtimes, "@deno/linux-x64-glibc/deno");
const bun = join(runtimes, "@oven/bun-linux-x64/bin/bun");

/** What starts each; where its packages have no runtime for this system, nothing. */
const isLinux = process.platform === "linux" && process.arch === "x64";
const servers: [name: string, command: string[] | undefined][] = [
  ["node.js", [process.execPath]],
  ["hono.js", [process.execPath]],
  ["deno.js", isLinux ? [deno, "run", "--allow-net", "--allow-env=PORT"] : undefined],
  ["bun.js", isLinux ? [bun] : undefined],
];

const echo = (path: string): string => `{"method":"GET","path":"${path}","data":null}`;

for (const [name, command] of servers) {
  const startServer = (): Promise<string> => startExample(name, command!);

  async function open(...targets: string[]): Promise<{ url: string; pieces: Buffer[]; exchange: Exchange }> {
    const url = await startServer();
    const { contentType, pieces } = await batchOf(ucwa, targets);
    return { url, pieces, exchange: post(`${url}/v1/batch`, { "Content-Type": contentType }) };
  }

  describe.runIf(command !== undefined)(name, () => {
    test("answers the batches of the client", async () => {
      expect(runClient(await startServer())).toBe(CLIENT_OUTPUT);
    });

    test("answers an operation while those behind it are on their way", async () => {
      const { exchange, pieces } = await open("/a", "/b");
      // The second operation up to its target: that the first has ended is known.
      exchange.sending.write(Buffer.concat(pieces.slice(0, 2)));
      await until(() => exchange.received.includes(echo("/a")));
      exchange.sending.end(pieces[2]);
      expect(await answersOf(exchange, ucwa)).toEqual([`200 ${echo("/a")}`, `200 ${echo("/b")}`]);
    });

    test("answers an operation while one behind it runs", async () => {
      const { url, exchange, pieces } = await open("/a", "/held", "/b");
      exchange.sending.end(Buffer.concat(pieces));
      await until(() => exchange.received.includes(echo("/a")));
      expect(exchange.received).not.toContain("/held");
      await fetch(`${url}/release`);
      const paths = ["/a", "/held", "/b"];
      expect(await answersOf(exchange, ucwa)).toEqual(paths.map((path) => `200 ${echo(path)}`));
    });

    test("aborts operations whose client goes away", async () => {
      const { url, exchange, pieces } = await open("/a", "/held", "/b");
      const becomes = (state: string): Promise<void> =>
        until(async () => (await (await fetch(`${url}/state`)).text()) === state);
      exchange.sending.end(Buffer.concat(pieces));
      await until(() => exchange.received.includes(echo("/a")));
      await becomes('{"started":1,"aborted":0}');
      exchange.sending.destroy();
      await becomes('{"started":1,"aborted":1}');
      await expect(exchange.ended).rejects.toThrow("aborted");
    });
  });
}
