import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    testTimeout: 60_000,
    // Servers of other people take their time to start.
    hookTimeout: 60_000,
  },
});
