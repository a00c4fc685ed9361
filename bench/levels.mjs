/**
 * How deep a codec reads: each level asks for more than the one before it, and a contender is right only
 * if it has seen what the corpus was made of.
 */
import { crc32 } from "node:zlib";

const sum = (list, length) => list.reduce((total, item) => total + length(item), 0);
const characters = (fields) => sum(fields, ([name, value]) => name.length + value.length);
const field = (fields, wanted) => fields.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? "";

function bodies(list) {
  const digest = list.reduce((before, { body }) => {
    const after = crc32("\n", before);
    return body.length === 0 ? after : crc32(body, after);
  }, 0);
  return { parts: list.length, octets: sum(list, ({ body }) => body.length), digest };
}

const messagesOf = ({ parts }) => parts.map(({ message }) => message);

const expectParts = ({ parts }) => ({
  ...bodies(parts),
  characters: sum(parts, ({ fields }) => field(fields, "content-type").length),
});

const startLines = (messages) => sum(messages, ({ start }) => start.join("").length);

/** @see Seen.web */
function webCharacters({ kind, start, fields }) {
  if (kind === "response") return start[2].length + field(fields, "content-type").length;
  const url = `https://${field(fields, "host")}${start[1]}`;
  return start[0].length + url.length + field(fields, "accept").length;
}

function expectNeedles({ octets, boundary }) {
  const needle = Buffer.from(`\r\n--${boundary}`, "latin1");
  const whole = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  let parts = 0;
  for (let at = 0; (at = whole.indexOf(needle, at)) >= 0; at += needle.length) parts++;
  return { parts, octets: octets.length };
}

const multipart = ["requests", "responses", "form", "body"];
const batches = ["requests", "responses"];

/**
 * @typedef {object} Level
 * @property {string} run - The adapter's function; of a peer that only splits, see `compose()`.
 * @property {string[]} kinds - Kinds of corpora that it is measured on.
 * @property {string} what - For people.
 * @property {number} [warmup] - Milliseconds, where the usual ones do not suffice.
 * @property {(corpus: object) => object} expect - What `Seen` must have counted.
 */

/** @type {Map<string, Level>} */
export const levels = new Map([
  [
    "parts",
    {
      run: "parts",
      kinds: multipart,
      what: "content type of each part, bodies as views",
      expect: expectParts,
    },
  ],
  [
    "full",
    {
      run: "full",
      kinds: batches,
      what: "the HTTP message in each part: start-line and all fields as strings, body as a view",
      expect: (corpus) => {
        const messages = messagesOf(corpus);
        const fields = sum(messages, (message) => characters(message.fields));
        return { ...bodies(messages), characters: startLines(messages) + fields };
      },
    },
  ],
  [
    "full-lazy",
    {
      run: "fullLazy",
      kinds: batches,
      what: "the same, of which only the start-line is read",
      expect: (corpus) => {
        const messages = messagesOf(corpus);
        return { ...bodies(messages), characters: startLines(messages) };
      },
    },
  ],
  [
    "web",
    {
      run: "web",
      kinds: batches,
      what: "a Request or Response of each part, body not read",
      expect: (corpus) => {
        const messages = messagesOf(corpus);
        return { ...bodies(messages), characters: sum(messages, webCharacters) };
      },
    },
  ],
  [
    "streams",
    {
      run: "streams",
      kinds: multipart,
      what: "from a ReadableStream, each body gathered",
      expect: expectParts,
    },
  ],
  // What has been written must read back as these parts.
  [
    "write",
    { run: "write", kinds: [...batches, "form"], what: "a body from its parts", expect: expectParts },
  ],
  [
    "operations",
    {
      run: "operations",
      kinds: ["requests", "json", "changesets"],
      what: "method, target and body of each operation of a batch, in any envelope",
      expect: (corpus) => {
        const messages = messagesOf(corpus);
        return {
          ...bodies(messages),
          characters: sum(messages, ({ start }) => start[0].length + start[1].length),
        };
      },
    },
  ],
  [
    "server",
    {
      run: "server",
      kinds: ["requests"],
      what: "a batch answered by an app: its requests made, its responses read and written",
      // All floors of the house, and the platform's: after 700 ms a pass still takes three times as long.
      warmup: 3000,
      // Operations run side by side: their bodies are read in any order.
      expect: (corpus) => {
        const messages = messagesOf(corpus);
        return { ...bodies(messages), digest: sum(messages, ({ body }) => crc32(body)) };
      },
    },
  ],
  [
    "scan",
    { run: "scan", kinds: multipart, what: "nothing but where the delimiters are", expect: expectNeedles },
  ],
  [
    "floor",
    {
      run: "floor",
      kinds: multipart,
      what: "every octet copied once",
      expect: ({ octets }) => ({ octets: octets.length }),
    },
  ],
  ...["decode", "encode"].map((run) => [
    run,
    {
      run,
      kinds: ["transfer"],
      what: `${run}d`,
      expect: ({ decoded }) => ({ octets: decoded.length, digest: crc32(decoded) }),
    },
  ]),
]);

/** What differs between what was seen and what is there, for people; `undefined` if nothing does. */
export function difference(seen, expected) {
  for (const [what, wanted] of Object.entries(expected)) {
    if (seen[what] === wanted) continue;
    if (what === "digest") return "other octets";
    return `${seen[what].toLocaleString("en")} ${what} of ${wanted.toLocaleString("en")}`;
  }
  return undefined;
}
