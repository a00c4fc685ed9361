import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Those have commands of their own: `npm run test:interop`, `npm run test:runtimes`.
    exclude: ["**/node_modules/**", "test/interop/**", "test/runtimes/**"],
    // One worker a core; the exhaustive suites are CPU-bound.
    pool: "threads",
    testTimeout: 120_000,
  },
});
