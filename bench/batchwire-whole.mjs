/** batchwire where parts are small enough to be held: `WholePartParser`, and the HTTP message in each part. */
import { reportStart } from "./seen.mjs";

const dist = process.env.BATCHWIRE_DIST ?? new URL("../dist", import.meta.url).href;
const { WholePartParser } = await import(`${dist}/codec.js`);

export const name = "batchwire, whole parts";

export const accepts = ({ kind }) => kind !== "body";

const limits = { maxParts: Infinity, maxTotalHeaderBytes: Infinity };

/** The content type of each part as a string, its body as a view. */
export function parts(input, seen) {
  readParts(input, undefined, ({ headers, body }) => {
    seen.part(headers.get("content-type") ?? "");
    seen.data(body);
  });
}

/** The message in each part: start-line, all names and values as strings, its body as a view. */
export function full(input, seen) {
  readParts(input, { kind: input.kind }, ({ head, body }) => {
    reportStart(head, seen);
    head.headers.forEach((value, field) => seen.field(field, value));
    if (body.length > 0) seen.data(body);
  });
}

/** Of the message's strings only those of the start-line. */
export function fullLazy(input, seen) {
  readParts(input, { kind: input.kind }, ({ head, body }) => {
    reportStart(head, seen);
    if (body.length > 0) seen.data(body);
  });
}

function readParts({ chunks, boundary }, messages, onPart) {
  const parser = new WholePartParser({ boundary, limits, messages });
  const readAll = () => {
    for (let part; (part = parser.read()) !== undefined;) onPart(part);
  };
  for (const chunk of chunks) {
    parser.push(chunk);
    readAll();
  }
  parser.end();
  readAll();
}
