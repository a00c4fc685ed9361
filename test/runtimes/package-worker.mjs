/** A worker that uses every door of the bundled package. */
import * as bundle from "./bundle.mjs";
import doors from "./doors.mjs";

const must = (condition, message) => {
  if (!condition) throw new Error(message);
};

const checks = {
  "There is no Node built-in": async () => {
    for (const name of ["process", "Buffer", "require"]) must(!(name in globalThis), `There is ${name}`);
    const specifier = "node:buffer";
    const found = await import(specifier).then(
      () => true,
      () => false,
    );
    must(!found, "node:buffer can be imported");
  },
  ...Object.fromEntries(
    doors.map((door, index) => [
      `${door} exports something`,
      () => must(Object.keys(bundle[`door${index}`]).length > 0, "It does not"),
    ]),
  ),
  "What is written is read": async () => {
    const { httpMessageStream, MultipartReader, multipartStream, readHttpMessage } = bundle.door0;
    const operation = { kind: "request", method: "GET", target: "/me", headers: { Host: "example.com" } };
    const { body, contentType } = multipartStream([httpMessageStream(operation)], { subtype: "batching" });
    const targets = [];
    for await (const part of new MultipartReader(body, { contentType }))
      targets.push((await readHttpMessage(part)).target);
    must(targets.join() === "/me", `Read: ${targets}`);
  },
};

export default {
  async test() {
    const counts = { files: 1, passed: 0, failed: 0, skipped: 0, errors: [] };
    for (const [name, check] of Object.entries(checks)) {
      try {
        await check();
        counts.passed++;
      } catch (error) {
        counts.failed++;
        counts.errors.push(`${name}: ${error.message}\n${error.stack}`);
      }
    }
    console.log(`RESULT ${JSON.stringify(counts)}`);
  },
};
