import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Copies of them, and other people's.
    exclude: ["**/node_modules/**", "test/runtimes/**"],
    // One worker a core; the exhaustive suites are CPU-bound.
    pool: "threads",
    testTimeout: 120_000,
  },
});
