/** Shows what batches consist of. `npm run demo -- --help` tells how. */
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { writeAgain } from "./compare.ts";
import { converse } from "./conversation.ts";
import { formOf } from "./input.ts";
import { BatchReading } from "./read.ts";
import { Report } from "./report.ts";
import { createPaint, printable } from "./terminal.ts";

const HELP = `Usage: npm run demo [-- [--chunk N] [file ...]]

Reads batches (multipart bodies of HTTP requests or responses) leniently and in small
pieces, shows each operation as it arrives with its media type, the octets of its body
and what deviates from the RFCs, writes the batch again and compares the octets.

A file holds one HTTP message with a multipart body, from its start-line on, or such a
body alone, whose first delimiter line then tells the boundary; - is standard input. A
request and its response are two files; batches in JSON are not inspected. Without
files, the exchange of Microsoft's UCWA documentation is read from examples/, and the
documented batches of UCWA and Cronofy are sent to a sample service in this process.

  --chunk N   octets that arrive at a time, 16 if not given
  --help      this text

Colours are used on a terminal, unless NO_COLOR is set. The exit code is 1 if a file
cannot be read or is broken.`;

const EXAMPLES = ["ucwa-request.xml", "ucwa-response.xml", "ucwa-request.json", "ucwa-response.json"];

const { env, stdin, stdout } = process;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { chunk: { type: "string", default: "16" }, help: { type: "boolean" } },
    allowPositionals: true,
  });
  if (values.help === true) {
    console.log(HELP);
    return;
  }
  const chunkSize = Number(values.chunk);
  if (!Number.isInteger(chunkSize) || chunkSize < 1)
    throw new TypeError(`--chunk ${values.chunk} is no number of octets`);
  // npm runs scripts in the package's folder, wherever it was called from.
  const folder = env["npm_lifecycle_event"] === "demo" ? (env["INIT_CWD"] ?? "") : "";
  const isExample = positionals.length === 0;
  const files = isExample ? EXAMPLES.map(exampleOf) : positionals.map((file) => inputOf(file, folder));
  for (const [index, file] of files.entries()) {
    if (index > 0) console.log("");
    if (!(await inspect(file, chunkSize))) process.exitCode = 1;
  }
  if (isExample && !(await converse(console.log, createPaint(hasColours())))) process.exitCode = 1;
}

function hasColours(): boolean {
  return stdout.isTTY && (env["NO_COLOR"] ?? "") === "";
}

interface Input {
  name: string;
  read: () => Uint8Array | Promise<Uint8Array>;
}

function inputOf(name: string, folder: string): Input {
  if (name === "-") return { name: "standard input", read: readStandardInput };
  return { name, read: () => readFileSync(resolve(folder, name)) };
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function exampleOf(name: string): Input {
  const path = fileURLToPath(new URL(`../../examples/${name}.http`, import.meta.url));
  return { name: relative(".", path), read: () => readFileSync(path) };
}

/** Tells whether all went well. */
async function inspect({ name, read }: Input, chunkSize: number): Promise<boolean> {
  let octets: Uint8Array;
  try {
    octets = await read();
  } catch (error) {
    return complain(`${name} ${whyUnreadable(error as NodeJS.ErrnoException)}`);
  }
  if (octets.length === 0) return complain(`${name} is empty`);
  const form = formOf(octets);
  if (form === undefined)
    return complain(
      `${name} is neither an HTTP message nor a multipart body: only these are inspected, no batches in JSON`,
    );

  const report = new Report(console.log, createPaint(hasColours()));
  report.file(name, octets.length, chunkSize);
  const reading = new BatchReading(octets, chunkSize, report);
  const batch = await reading.read(form);
  if (report.hasParts) {
    report.end();
    report.rewriting(await writeAgain(batch));
  }
  return !reading.failed;
}

function whyUnreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "does not exist";
  if (code === "EISDIR") return "is a directory";
  return `cannot be read: ${code ?? message}`;
}

function complain(message: string): false {
  console.error(printable(message));
  return false;
}

// A reader that has seen enough, such as `head`, closes the pipe.
stdout.on("error", () => process.exit());

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  complain((error as Error).message);
}
