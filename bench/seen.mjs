import { crc32 } from "node:zlib";

/**
 * What a contender hands its findings to, in timed passes and in the pass that verifies it: counts only,
 * unless `proof` is set. One class for both, so that the calls into it stay monomorphic.
 */
export class Seen {
  parts = 0;
  /** Octets of bodies. */
  octets = 0;
  /** Characters of all strings that were asked for. */
  characters = 0;
  /** CRC-32 of the bodies, a line end before each. */
  digest = 0;
  proof = false;
  /** What was handed to `data()`, where it is gathered. */
  pieces = undefined;
  /** Settles when all that was handed over has been proved. */
  proved = Promise.resolve();

  /** A part begins. `contentType` is "" where it has none. */
  part(contentType) {
    this.parts++;
    this.characters += contentType.length;
    if (this.proof) this.digest = crc32("\n", this.digest);
  }

  /** Octets of its body, in any pieces; a string where a codec has nothing else. */
  data(octets) {
    this.octets += octets.length;
    // CRC-32 of nothing would start afresh.
    if (this.proof && octets.length > 0) this.digest = crc32(octets, this.digest);
    if (this.pieces !== undefined) this.pieces.push(Buffer.from(octets));
  }

  /** A part with all of its body, in whatever order they come: the digest is the sum of theirs. */
  unordered(octets) {
    this.parts++;
    this.octets += octets.length;
    if (this.proof) this.digest += crc32(octets);
  }

  /** A message begins: method, target and version, or version, status and reason. */
  start(first, second, third) {
    this.parts++;
    this.characters += first.length + second.length + third.length;
    if (this.proof) this.digest = crc32("\n", this.digest);
  }

  /** A field of the message. */
  field(name, value) {
    this.characters += name.length + value.length;
  }

  /** A `Request` or `Response`. Its body is read to prove it, not when timed: then no promise comes back. */
  web(message) {
    this.parts++;
    this.characters +=
      message instanceof Request
        ? message.method.length + message.url.length + message.headers.get("accept").length
        : message.statusText.length + (message.headers.get("content-type") ?? "").length;
    if (this.proof) this.proved = this.proved.then(() => this.#proveBody(message));
    return this.proof ? this.proved : undefined;
  }

  async #proveBody(message) {
    const octets = new Uint8Array(await message.arrayBuffer());
    this.digest = crc32("\n", this.digest);
    this.data(octets);
  }
}

/** The start-line of a message, as our parsers give it. */
export function reportStart(head, seen) {
  if (head.kind === "request") seen.start(head.method, head.target, head.version);
  else seen.start(head.version, String(head.status), head.reason);
}
