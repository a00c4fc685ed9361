/**
 * The embedded HTTP message of a part, for peers that only split the parts: each of them is timed
 * together with a parser of messages. A parser hands its findings to a `Seen`.
 */
import { createRequire } from "node:module";

const CRLF = "\r\n";
/** A status-line begins with it, and no method of the corpora does. */
const LETTER_H = 0x48;

/**
 * By hand: the head as one string, split at its line ends; `toStrings: false` makes the start-line only.
 * It checks nothing, which is as fast as a head can be read in so few lines.
 */
function splitHead(octets, seen, toStrings = true) {
  const end = octets.indexOf("\r\n\r\n");
  const text = octets.latin1Slice(0, toStrings ? end : octets.indexOf(CRLF));
  let lineEnd = text.indexOf(CRLF);
  const line = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const first = line.indexOf(" ");
  const second = line.indexOf(" ", first + 1);
  seen.start(line.slice(0, first), line.slice(first + 1, second), line.slice(second + 1));
  while (lineEnd >= 0) {
    const start = lineEnd + CRLF.length;
    lineEnd = text.indexOf(CRLF, start);
    const colon = text.indexOf(":", start);
    const value = text.slice(colon + 1, lineEnd < 0 ? undefined : lineEnd).trim();
    seen.field(text.slice(start, colon), value);
  }
  if (end + 4 < octets.length) seen.data(octets.subarray(end + 4));
}

/** Both parsers speak Node's internal interface: callbacks by number, reused from message to message. */
function nodeParser({ HTTPParser, methods }) {
  const parser = new HTTPParser();
  let seen;
  parser[HTTPParser.kOnHeadersComplete] = (major, minor, fields, method, url, status, reason) => {
    const version = `HTTP/${major}.${minor}`;
    if (method === undefined) seen.start(version, String(status), reason);
    else seen.start(methods[method], url, version);
    for (let i = 0; i < fields.length; i += 2) seen.field(fields[i], fields[i + 1]);
  };
  parser[HTTPParser.kOnBody] = (octets, at = 0, length = octets.length) =>
    seen.data(octets.subarray(at, at + length));
  parser[HTTPParser.kOnMessageComplete] = () => {};
  // Asked for this, http-parser-js speaks the interface of today.
  parser[HTTPParser.kOnExecute] = undefined;
  return (octets, to) => {
    seen = to;
    parser.initialize(octets[0] === LETTER_H ? HTTPParser.RESPONSE : HTTPParser.REQUEST, {});
    const result = parser.execute(octets, 0, octets.length);
    if (result instanceof Error) throw result;
    parser.finish();
  };
}

const require = createRequire(new URL("peers/package.json", import.meta.url));

/** Makers of parsers by the name that stands behind a peer's, as in `busboy + llhttp`. */
export const headParsers = new Map([
  ["split", () => splitHead],
  // Node's own, through a binding that is not meant for users.
  ["llhttp", () => nodeParser(process.binding("http_parser"))],
  ["http-parser-js", () => nodeParser(require("http-parser-js"))],
]);

/** Joins the pieces of a part, and hands the message in it on; stands in for a `Seen` at level `parts`. */
export class MessageSeen {
  #seen;
  #parse;
  #toStrings;
  #pieces = undefined;

  constructor(seen, parse, toStrings) {
    this.#seen = seen;
    this.#parse = parse;
    this.#toStrings = toStrings;
  }

  part() {
    this.done();
    this.#pieces = [];
  }

  data(octets) {
    this.#pieces.push(octets);
  }

  /** The last part has ended. */
  done() {
    const pieces = this.#pieces;
    if (pieces === undefined) return;
    const { buffer, byteOffset, length } = pieces[0];
    const octets = pieces.length === 1 ? Buffer.from(buffer, byteOffset, length) : Buffer.concat(pieces);
    this.#parse(octets, this.#seen, this.#toStrings);
    this.#pieces = undefined;
  }
}

/** Makes a `Request` or `Response` of what a parser hands on; stands in for a `Seen` at level `full`. */
export class WebMessages {
  #seen;
  #start = undefined;
  #fields = [];
  #body = undefined;

  constructor(seen) {
    this.#seen = seen;
  }

  start(first, second, third) {
    this.done();
    this.#start = [first, second, third];
    this.#fields = [];
    this.#body = undefined;
  }

  field(name, value) {
    this.#fields.push([name, value]);
  }

  data(octets) {
    this.#body = octets;
  }

  done() {
    if (this.#start === undefined) return;
    const [first, second, third] = this.#start;
    const init = { headers: this.#fields, body: this.#body };
    if (first.startsWith("HTTP/")) {
      this.#seen.web(new Response(this.#body, { ...init, status: Number(second), statusText: third }));
    } else {
      const host = this.#fields.find(([name]) => name.toLowerCase() === "host")[1];
      this.#seen.web(new Request(`https://${host}${second}`, { ...init, method: first }));
    }
    this.#start = undefined;
  }
}
