/** An origin for the Worker: answers with what it was asked, and counts. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { whenDone } from "./process.ts";

export interface Origin {
  readonly url: string;
  /** Paths, in the order in which their requests came. */
  readonly started: string[];
  /** Of these, those whose connection was closed before they were answered. */
  readonly closed: string[];
  /** Values of `traceparent` that came along. */
  readonly traces: Set<string | undefined>;
  /** Requests that were being answered at once, at most. */
  peak: number;
  /** Answers what is held. */
  release(): void;
}

/** Holds `/held`, breaks the connection of `/broken`, compresses `/gzip`, redirects `/moved`. */
export async function startOrigin(): Promise<Origin> {
  let running = 0;
  let release!: () => void;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = createServer((request, response) => {
    const path = request.url!;
    origin.started.push(path);
    origin.traces.add(request.headers["traceparent"] as string | undefined);
    origin.peak = Math.max(origin.peak, ++running);
    response.on("close", () => {
      if (!response.writableEnded) origin.closed.push(path);
    });
    // Not at once: those that are sent together are to be seen together.
    const answer = (status: number, headers: Record<string, string>, body: string | Uint8Array): void => {
      setTimeout(() => {
        running--;
        response.writeHead(status, headers).end(body);
      }, 2);
    };
    const text = { "Content-Type": "text/plain" };
    if (path === "/held") {
      void released.then(() => answer(200, text, path));
    } else if (path === "/broken") {
      running--;
      response.destroy();
    } else if (path === "/moved") {
      answer(302, { Location: "/elsewhere" }, "moved");
    } else if (path === "/gzip") {
      answer(200, { "Content-Encoding": "gzip" }, gzipSync("gzip"));
    } else {
      answer(200, text, path);
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  whenDone(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin: Origin = { url, started: [], closed: [], traces: new Set(), peak: 0, release };
  return origin;
}
