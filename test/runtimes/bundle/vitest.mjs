/** What the tests use of `vitest`, for engines that vitest does not run in: its own runner and its own matchers. */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import * as chai from "chai";

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from "@vitest/runner";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const { expect } = chai;

expect.unreachable = (message = "expected never to get here") => chai.assert.fail(message);
