import { defineConfig } from "vitest/config";
import { options } from "./options.mjs";

// Bun has no child process that vitest could talk to, Deno no thread.
export default defineConfig({ test: { ...options, pool: process.env.VITEST_POOL } });
