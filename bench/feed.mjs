import { once } from "node:events";

/** Writes `buffers` to a Node stream as fast as it takes them, and ends it. */
export async function feed(writable, buffers) {
  for (const buffer of buffers) {
    if (!writable.write(buffer)) await once(writable, "drain");
  }
  writable.end();
}

/** Whether a corpus is a form: several peers read nothing else. */
export const isForm = ({ kind }) => kind === "form" || kind === "body";

/** A part's pieces as they come of a Node stream, handed on when it ends. */
export function gather(readable, contentType, seen) {
  const pieces = [];
  readable.on("data", (piece) => pieces.push(piece));
  readable.on("end", () => {
    seen.part(contentType());
    for (const piece of pieces) seen.data(piece);
  });
}
