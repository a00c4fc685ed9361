import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../command.mjs";
import { here, logs } from "../folders.mjs";

/** Runs a command that prints what `runSuite()` answered behind `RESULT`. */
export async function runBundle(id, command, files) {
  const log = join(logs, `${id}.log`);
  const { status, output } = await run(command, { cwd: here, log });
  const [, result] = /^RESULT (\{.*\})$/m.exec(output) ?? [];
  if (result === undefined) throw new Error(`Ended with ${status} and no result: see ${log}`);
  const { errors, ...counts } = JSON.parse(result);
  writeFileSync(log, `${output}\n${errors.join("\n")}\n`);
  if (counts.files !== files) throw new Error(`${counts.files} of ${files} files ran: see ${log}`);
  return { ...counts, log };
}
