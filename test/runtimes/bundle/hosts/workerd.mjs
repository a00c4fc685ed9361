/** A worker whose test is the bundle beside it. */
import { runSuite } from "./suite.mjs";

export default {
  async test() {
    console.log(`RESULT ${JSON.stringify(await runSuite())}`);
  },
};
