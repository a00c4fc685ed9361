/** What every way of running vitest has in common. */
export const options = {
  include: ["test/**/*.test.ts"],
  // The exhaustive suites take their time on slow engines.
  testTimeout: 600_000,
};
