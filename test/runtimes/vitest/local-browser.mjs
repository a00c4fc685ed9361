/** Vitest's browser mode in the browsers of this machine, where they are and as they are. */
import { defineBrowserProvider } from "@vitest/browser";
import puppeteer from "puppeteer-core";
import { executableOf } from "../browsers.mjs";
import { WebKit } from "./webkit.mjs";

/** Neither a sandbox, which root has not, nor anything that talks to the network. */
const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

class Puppeteer {
  #browser;
  #options;

  constructor(options) {
    this.#options = { headless: true, ...options };
  }

  async open(url) {
    this.#browser ??= await puppeteer.launch(this.#options);
    const page = await this.#browser.newPage();
    await page.goto(url, { waitUntil: "domcontentloaded" });
  }

  async close() {
    await this.#browser?.close();
  }
}

const browsers = {
  chromium: () =>
    new Puppeteer({ browser: "chrome", executablePath: executableOf("chromium"), args: chromiumArgs }),
  firefox: () => new Puppeteer({ browser: "firefox", executablePath: executableOf("firefox") }),
  webkit: () => new WebKit(executableOf("webkit")),
};

/** What vitest asks of a provider. */
class Provider {
  name = "local";
  supportsParallelism = false;
  initScripts = [];
  #browser;

  constructor(name) {
    this.#browser = browsers[name]();
  }

  getCommandsContext() {
    return {};
  }

  openPage(_session, url) {
    return this.#browser.open(url);
  }

  close() {
    return this.#browser.close();
  }
}

export const localBrowser = () =>
  defineBrowserProvider({
    name: "local",
    supportedBrowser: Object.keys(browsers),
    options: {},
    providerFactory(project) {
      // The size of a window that nobody looks at.
      project.browser.registerCommand("__vitest_viewport", () => Promise.resolve());
      return new Provider(project.config.browser.name);
    },
  });
