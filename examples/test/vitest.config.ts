import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  test: { globalSetup: ["install.ts"], pool: "threads", testTimeout: 30_000, hookTimeout: 60_000 },
});
