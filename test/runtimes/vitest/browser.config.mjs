import { defineConfig } from "vitest/config";
import { options } from "./options.mjs";
import { localBrowser } from "./local-browser.mjs";

export default defineConfig({
  // Known beforehand, so that no page is loaded again in the middle of a run.
  optimizeDeps: { include: ["fast-check"] },
  test: {
    ...options,
    api: { host: "127.0.0.1" },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: localBrowser(),
      instances: [{ browser: process.env.VITEST_BROWSER }],
    },
  },
});
