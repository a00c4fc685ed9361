/** The service worker of the examples, in Chromium or Chrome where there is one. */
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { examples, start, temporaryFolder, whenDone } from "./process.ts";

const browser = ["chromium", "google-chrome", "chrome"].find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

async function bundle(path: string): Promise<string> {
  const entryPoints = [join(examples, path)];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  return outputFiles[0]!.text;
}

/** Serves a page with its service worker; answers what the page reports. */
async function serve(): Promise<{ url: string; report: Promise<unknown> }> {
  const files: Record<string, [type: string, text: string]> = {
    "/": ["text/html", "<!doctype html><script src=/page.js></script>"],
    "/page.js": ["text/javascript", await bundle("test/page.ts")],
    "/service-worker.js": ["text/javascript", await bundle("servers/service-worker.js")],
  };
  let onReport!: (report: unknown) => void;
  const report = new Promise<unknown>((resolve) => {
    onReport = resolve;
  });
  const server = createServer((request, response) => {
    const [type, text] = files[request.url!] ?? ["text/plain", ""];
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      response.writeHead(request.url === "/v1/batch" ? 500 : 200, { "Content-Type": type }).end(text);
      if (request.url === "/report") onReport(JSON.parse(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  whenDone(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, report };
}

const echo = (path: string): string => `200 {"method":"GET","path":"${path}","data":null}`;

test.runIf(browser !== undefined)(
  "service-worker.js answers the batches of its page, and aborts those that it gives up",
  async () => {
    const { url, report } = await serve();
    const flags = [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
    ];
    const profile = `--user-data-dir=${temporaryFolder()}`;
    await start(
      browser!,
      [...flags, "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", profile, url],
      {
        announcement: /DevTools listening on (\S+)/,
      },
    );
    expect(await report).toEqual({
      abandoned: '200 {"started":1,"aborted":1}',
      multipart: [echo("/a"), '404 {"error":"Not found"}'],
      json: ['200 {"method":"POST","path":"/v1/events","data":{"id":1}}'],
      parallel: [echo("/a"), echo("/held"), echo("/release")],
    });
  },
);
