import { fileURLToPath } from "node:url";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const root = fileURLToPath(new URL("../../", import.meta.url));
/** What is run: a copy, so that the tests find the vitest of this folder and not the project's. */
export const stage = fileURLToPath(new URL("stage/", import.meta.url));
/** What each runtime printed. */
export const logs = fileURLToPath(new URL("logs/", import.meta.url));
