/** Runs a bundle in QuickJS, which has ECMAScript and nothing else. */
import { readFileSync } from "node:fs";
import { getQuickJS } from "quickjs-emscripten";

/** What vitest's runner and fast-check want, and no more than makes them content: nothing ever times out. */
const bareStubs = `
  class Nothing { addEventListener() {} removeEventListener() {} dispatchEvent() { return true; } }
  Object.assign(globalThis, {
    EventTarget: Nothing,
    Event: Nothing,
    AbortController: class { signal = new Nothing(); abort() {} },
    setTimeout: () => 0,
    clearTimeout: () => {},
    performance: { now: Date.now },
    console: { log: print, warn: print, error: print },
    self: globalThis,
  });
`;

const quickjs = await getQuickJS();
const runtime = quickjs.newRuntime();
runtime.setMaxStackSize(2 ** 22);
runtime.setModuleLoader(() => readFileSync(process.argv[2], "utf8"));
const context = runtime.newContext();
const print = context.newFunction("print", (text) => console.log(context.getString(text)));
context.setProp(context.global, "print", print);

const start = `
  import { runSuite } from "suite";
  runSuite(undefined, print).then(
    (counts) => print("RESULT " + JSON.stringify(counts)),
    (error) => print(error + "\\n" + error.stack),
  );
`;
context.unwrapResult(context.evalCode(bareStubs));
context.unwrapResult(context.evalCode(start, "start.js", { type: "module" }));
while (context.unwrapResult(runtime.executePendingJobs()) > 0);
