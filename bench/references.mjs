import { jsonParse, platform } from "./batch.mjs";

/**
 * Rows to read the others by: what no codec can be faster than, and what the same work costs when nothing
 * is checked. They are not peers, and no ratio is taken from them.
 */
const copy = {
  name: "(copy: Uint8Array.set)",
  floor: ({ chunks, scratch }, seen) => {
    for (const chunk of chunks) {
      scratch.set(chunk);
      seen.octets += chunk.length;
    }
  },
};

const search = {
  name: "(search: Buffer.indexOf)",
  scan: ({ octets, chunk, needle }, seen) => {
    const whole = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    let from = 0;
    for (let start = 0; start < whole.length; start += chunk) {
      const window = whole.subarray(0, start + chunk);
      for (let at; (at = window.indexOf(needle, from)) >= 0; from = at + needle.length) seen.parts++;
      from = Math.max(from, window.length - needle.length + 1);
      seen.octets += window.length - start;
    }
  },
};

const head = (fields) => fields.reduce((text, [field, value]) => `${text}${field}: ${value}\r\n`, "");

const join = {
  name: "(write: strings joined)",
  write: ({ model, boundary }, seen) => {
    seen.boundary = boundary;
    for (const { fields, body, message } of model) {
      let text = `--${boundary}\r\n${head(fields)}\r\n`;
      if (message !== undefined) text += `${message.start.join(" ")}\r\n${head(message.fields)}\r\n`;
      seen.data(Buffer.from(text, "latin1"));
      seen.data(message === undefined ? body : message.body);
      seen.data(CRLF);
    }
    seen.data(Buffer.from(`--${boundary}--\r\n`, "latin1"));
  },
};

const buffer = {
  name: "(whole body: Buffer)",
  decode: ({ buffers }, seen) => seen.data(Buffer.from(Buffer.concat(buffers).latin1Slice(), "base64")),
  accepts: ({ name }) => name === "base64",
};

/** What the buffer costs that each body has of its own, as those of the peers have. */
const pooled = {
  name: "(batchwire: bodies in a pool)",
  streams: async (input, seen) => (await import("./batchwire.mjs")).streamsPooled(input, seen),
};

const CRLF = Buffer.from("\r\n");

export const references = [copy, search, join, buffer, pooled, platform, jsonParse];
