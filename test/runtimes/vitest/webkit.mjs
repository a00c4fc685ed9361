/** WebKitGTK's browser, by W3C WebDriver. It needs a display. */
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class WebKit {
  #executable;
  #driver;
  #base;
  #session;

  constructor(executable) {
    this.#executable = executable;
  }

  async open(url) {
    if (this.#session === undefined) await this.#start();
    await this.#send("POST", `/session/${this.#session}/url`, { url });
  }

  async close() {
    if (this.#session !== undefined) await this.#send("DELETE", `/session/${this.#session}`).catch(() => {});
    this.#driver?.kill();
  }

  async #start() {
    const port = await freePort();
    this.#base = `http://127.0.0.1:${port}`;
    this.#driver = spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], { stdio: "ignore" });
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#send("GET", "/status");
        break;
      } catch (error) {
        if (attempt === 100) throw error;
        await delay(100);
      }
    }
    const alwaysMatch = {
      "browserName": "MiniBrowser",
      "webkitgtk:browserOptions": { binary: this.#executable, args: ["--automation"] },
    };
    const { sessionId } = await this.#send("POST", "/session", { capabilities: { alwaysMatch } });
    this.#session = sessionId;
  }

  async #send(method, path, body) {
    const init = { method, headers: { "Content-Type": "application/json" } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(this.#base + path, init);
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  }
}
