import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // One worker a core; the exhaustive suites are CPU-bound.
    pool: "threads",
    testTimeout: 120_000,
  },
});
