/** What the tests use of `vitest`, for engines that vitest does not run in: its own runner and its own matchers. */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from "@vitest/expect";
import { withGlobal } from "@sinonjs/fake-timers";
import { fn, spyOn } from "@vitest/spy";
import * as chai from "chai";

export { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } from "@vitest/runner";

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const { expect } = chai;

expect.unreachable = (message = "expected never to get here") => chai.assert.fail(message);

let clock;

/** Its spies, and the fake timers that it has inside, too. */
export const vi = {
  fn,
  spyOn,
  useFakeTimers: () =>
    void (clock = withGlobal(globalThis).install({ toFake: ["setTimeout", "clearTimeout", "Date"] })),
  useRealTimers: () => clock.uninstall(),
  advanceTimersByTimeAsync: (milliseconds) => clock.tickAsync(milliseconds),
  runAllTimersAsync: () => clock.runAllAsync(),
  getTimerCount: () => clock.countTimers(),
};
