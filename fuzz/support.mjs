/** What the targets share: the invariants of a machine, each of which throws an Error when it is broken. */
import { counters } from "./counters.mjs";

/**
 * Steps that a drive may cost: so many an octet, a chunk (which goes through three machines on the
 * whole path), and on the whole (the first base64 decoder makes a table of 4096 entries). Floods of 1024 octets are far above it if a step is quadratic; the
 * narrow bounds are those of `test/node/complexity.test.ts`.
 */
const stepsPerOctet = 30;
const stepsPerChunk = 300;
const stepsPerDrive = 6000;

/** Low enough for short inputs to exceed them. */
export const lowLimits = {
  maxPaddingBytes: 4,
  maxHeaderBytes: 90,
  maxHeaderCount: 4,
  maxParts: 4,
  maxPartBytes: 60,
  maxChunkExtensionBytes: 4,
  maxPreambleBytes: 20,
  maxEpilogueBytes: 20,
  maxTotalBytes: 250,
  maxTotalHeaderBytes: 180,
  maxBufferedBytes: 50,
};

/** Codes of calls that the harness does not make, or that a serializer must not find in what was read. */
const bugs = ["push-while-readable", "push-after-end", "chunk-detached", "event-out-of-order"];

const NOTHING = new Uint8Array(0);

/** One character an octet. */
export function textOf(octets) {
  if (octets.length <= 4096) return String.fromCharCode.apply(null, octets);
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}

export function concat(chunks) {
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** @throws {Error} `actual` differs from `expected`, in a value that JSON can hold. */
export function same(what, actual, expected) {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`${what}: ${one} is not ${other}`);
}

const placed = ({ code: name, offset, path }) => `${name} at ${offset} ${path}`;

/** The code and place of the library's own error. Whatever else it throws is a bug, and thrown on. */
function typed(error) {
  const isBug = error?.name !== "BatchwireError" || bugs.includes(error.code);
  if (isBug) throw error;
  return placed(error);
}

/** What `read` gives, or the code and offset of the library's own error. */
export function outcome(read) {
  try {
    return { value: read() };
  } catch (error) {
    return { error: typed(error) };
  }
}

/** What `give` gives; `undefined` if it refuses, with a TypeError, what a value holds. */
export function unlessRefused(give) {
  try {
    return give();
  } catch (error) {
    if (
      error instanceof TypeError &&
      / holds |is not a token|is not a number|is malformed|is given twice/.test(error.message)
    )
      return undefined;
    throw error;
  }
}

const plainField = (field) => ({ ...field, parameters: [...(field?.parameters ?? [])] });

/** The field value that was read, if it was, is the same when it is written and read again. */
export function rewritten({ value }, format, read) {
  const written = value && unlessRefused(() => format(value));
  if (written === undefined) return;
  const again = read(written);
  same(
    "Read again",
    { ...plainField(again.value), error: again.error, written },
    { ...plainField(value), written },
  );
}

/** @throws {Error} `run` takes more steps than `size` octets in `chunks` chunks may. */
export function linear(size, chunks, run) {
  const before = counters.steps;
  const result = run();
  const steps = counters.steps - before;
  const allowed = stepsPerDrive + stepsPerOctet * size + stepsPerChunk * chunks;
  if (steps > allowed) throw new Error(`Too many steps: ${steps} for ${size} octets in ${chunks} chunks`);
  return result;
}

/** The whole, single octets, and two cuts that depend on the input alone. Each chunk is a copy. */
function splits(input) {
  let hash = 0x811c9dc5;
  for (const octet of input) hash = Math.imul(hash ^ octet, 0x01000193) >>> 0;
  const [from, to] = [hash % (input.length + 1), (hash >>> 16) % (input.length + 1)].sort((a, b) => a - b);
  return [
    [input.slice()],
    Array.from(input, (octet) => Uint8Array.of(octet)),
    [input.slice(0, from), input.slice(from, to), input.slice(to)],
  ];
}

/** The outcome of `run(chunks)`. @throws {Error} It depends on how `input` is cut into chunks. */
export function inAnySplit(input, run) {
  const [whole, ...others] = splits(input).map((chunks) =>
    linear(input.length, chunks.length, () => run(chunks)),
  );
  others.forEach((other, at) =>
    same(at === 0 ? "Octet by octet" : "In three chunks", other.seen, whole.seen),
  );
  return whole;
}

/** An event without its octets. */
function described({ type, head, headers = head?.headers, name, text }) {
  if (headers === undefined) return text === undefined ? [type] : [type, name, text];
  const wire = unlessRefused(() => headers.toIsomorphic());
  return [type, { ...head, headers: undefined }, [...headers], wire];
}

/**
 * Pushes `chunks` into the pull machine that `create` makes and reads all its events. A chunk is
 * overwritten once it has been read: nobody may look at it again. What follows an `end` is looked
 * at by the next `push()`, which therefore comes at once.
 *
 * @param maxHeld - Octets of a body that the machine may keep back at the end of a chunk.
 * @returns `seen`: what must not depend on the chunks; `events`, with octets of their own; `failed`.
 */
export function drive(create, chunks, maxHeld = Infinity) {
  const [events, log, deviations] = [[], [], []];
  const seen = { log, deviations, error: undefined, remainder: "" };
  let pushed = 0;
  /** Where the open body stands: offset of the input less octets of the body; NaN outside of bodies. */
  let start = NaN;
  const machine = create((deviation) => deviations.push(placed(deviation)));
  const readAll = () => {
    for (let event; (event = machine.read()) !== undefined;) {
      if (event.data === undefined) {
        log.push(described(event));
        events.push(event);
        start = event.type === "part" ? machine.offset : NaN;
        continue;
      }
      if (event.data.length === 0) throw new Error("Empty data event");
      start += event.data.length;
      const data = textOf(event.data);
      // An element is whole; other octets come in as many events as there are chunks.
      if (log.at(-1)?.[0] === event.type && event.type !== "element") log.at(-1)[1] += data;
      else log.push([event.type, data]);
      events.push({ ...event, data: event.data.slice() });
    }
  };
  try {
    for (const chunk of chunks) {
      machine.push(chunk);
      pushed += chunk.length;
      readAll();
      seen.remainder += textOf(machine.remainder ?? NOTHING);
      if (pushed - start > maxHeld) throw new Error(`Too much held: ${pushed - start} octets of a body`);
      if (log.at(-1)?.[0] === "end") {
        machine.push(NOTHING);
        readAll();
      }
      chunk.fill(0x3d);
    }
    machine.end();
    readAll();
  } catch (error) {
    seen.error = typed(error);
    // What followed a message in the same chunk was there to be taken, if a later chunk was refused.
    seen.remainder = "";
    same("A later call", outcome(() => machine.read()).error, seen.error);
  }
  return { seen, events, failed: seen.error !== undefined };
}

/** A machine of whole parts as one of events, each of which says all of a part. */
export function wholeParts(machine) {
  return {
    push: (chunk) => machine.push(chunk),
    end: () => machine.end(),
    read() {
      const part = machine.read();
      if (part === undefined) return undefined;
      const { path, offset, headers, head, body, trailers } = part;
      return { type: "part", name: [path, offset, [...headers], head, trailers], text: textOf(body) };
    },
  };
}

/** The value of octets, if they are JSON in UTF-8. */
function jsonOf(octets) {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets)) };
  } catch {
    return undefined;
  }
}

/** The elements that were read of an array are JSON if, and only if, the array is. */
export function sameArray(input, { events, failed }) {
  const elements = events.filter(({ type }) => type === "element").map(({ data }) => jsonOf(data));
  const whole = jsonOf(input)?.value;
  const isWhole = !failed && !elements.includes(undefined);
  same("Elements", isWhole && elements.map(({ value }) => value), Array.isArray(whole) && whole);
}

/** Feeds `chunks` to a transfer coder. What it wrote before an error depends on the chunks, so it is left out. */
export function code(create, chunks) {
  const deviations = [];
  const coder = create((deviation) => deviations.push(placed(deviation)));
  const step = (chunk, stream) => (coder.decode ?? coder.encode).call(coder, chunk, { stream });
  const { value, error } = outcome(() => [...chunks.map((chunk) => step(chunk, true)), step(NOTHING, false)]);
  const octets = concat(value ?? []);
  return { seen: { octets: textOf(octets), deviations, error }, octets, failed: error !== undefined };
}

/** The octets that a serializer makes of `events`. */
export function write(serializer, events) {
  return concat(events.map((event) => serializer.write(event)));
}

/** What must be the same when a message is written and read again: not the wire spelling of its fields. */
const plainLog = ({ log, error }) => ({ error, log: log.map((entry) => entry.slice(0, 3)) });

/**
 * What a machine read is written, read and written again: the same events, and the same octets. What
 * only a lenient reader lets pass the serializer may refuse.
 */
export function roundTrip({ events, seen, failed }, create, createSerializer, strict = true) {
  if (failed) return;
  const writeAll = () => write(createSerializer(), events);
  const written = strict ? writeAll() : outcome(() => unlessRefused(writeAll)).value;
  if (written === undefined) return;
  const again = linear(written.length, 1, () => drive(create, [written.slice()]));
  same(
    "Read again",
    { ...plainLog(again.seen), written: textOf(written) },
    { ...plainLog(seen), written: textOf(written) },
  );
  same("Written again", textOf(write(createSerializer(), again.events)), textOf(written));
}

/**
 * A machine that reads the bodies of `outer`'s parts, over a transfer decoder where a part asks for one:
 * `open(isMultipart, options)` answers the machine of a part. Its events follow the outer `part`.
 */
export function nested(outer, options, library, open) {
  let machine;
  let decoder;
  let isOpen = false;
  let isBehindEnd = false;
  return {
    push: (chunk) => outer.push(chunk),
    end: () => outer.end(),
    read() {
      for (;;) {
        const inner = machine?.read();
        if (inner !== undefined) {
          isBehindEnd = isOpen && inner.type === "end";
          return inner;
        }
        if (isBehindEnd) {
          isBehindEnd = false;
          machine.push(NOTHING);
          continue;
        }
        const event = outer.read();
        if (event?.type === "data") {
          machine.push(decoder === undefined ? event.data : decoder.decode(event.data, { stream: true }));
        } else if (event?.type === "part-end") {
          if (decoder !== undefined) machine.push(decoder.decode());
          machine.end();
          isOpen = isBehindEnd = false;
        } else {
          if (event?.type === "part") {
            decoder = decoderOf(event.headers, library);
            const isMultipart = event.headers.get("content-type")?.startsWith("multipart/") ?? false;
            const origin = originOfPart(outer, options.origin, decoder !== undefined);
            machine = open(isMultipart, { ...options, origin });
            isOpen = true;
          }
          return event;
        }
      }
    },
  };
}

/** Where the part that `outer` has just begun lies, `origin` being where `outer` itself does. */
function originOfPart(outer, origin, isDecoded) {
  const offset = isDecoded ? 0 : (origin?.offset ?? 0) + outer.offset;
  const offsetBase = isDecoded ? "decoded-body" : (origin?.offsetBase ?? "input");
  return { offset, offsetBase, path: outer.path, depth: (origin?.depth ?? 0) + 1 };
}

/**
 * The decoder that a part's Content-Transfer-Encoding asks for. It is a chunk ahead of the machine
 * behind it, so that its deviations would come in an order of their own: they are left out.
 */
function decoderOf(headers, { Base64Decoder, QuotedPrintableDecoder }) {
  switch (headers.get("content-transfer-encoding")?.toLowerCase()) {
    case "base64":
      return new Base64Decoder({ tolerance: "lenient" });
    case "quoted-printable":
      return new QuotedPrintableDecoder({ tolerance: "lenient" });
    default:
      return undefined;
  }
}
