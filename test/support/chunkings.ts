import fc from "fast-check";

/** The octets of isomorphic text: U+0000 to U+00FF are the octets 0x00 to 0xFF. */
export function octets(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xff) throw new RangeError(`"${character}" is not an octet; write its UTF-8 octets`);
    return code;
  });
}

/** One way to cut an input into chunks. */
export interface Chunking {
  /** For the failure message. */
  name: string;
  chunks: Uint8Array[];
}

/** Up to this many octets every single cut is tried; above it, a sample. */
const exhaustiveLength = 4096;

/**
 * The ways to cut `input` that an incremental machine must not be able to tell apart. Chunks are
 * views of `input`, except where a name says that they are copied: those begin at another
 * `byteOffset` of a larger buffer each.
 */
export function* chunkings(input: Uint8Array): Generator<Chunking> {
  const { length } = input;
  const everyPosition = Array.from({ length: Math.max(length - 1, 0) }, (_, index) => index + 1);
  const octetByOctet = cut(input, everyPosition);
  yield { name: "whole", chunks: [input] };
  yield { name: "whole, copied", chunks: [copied(input)] };
  yield { name: "octet by octet", chunks: octetByOctet };
  yield { name: "octet by octet, copied", chunks: octetByOctet.map(copied) };

  if (length <= exhaustiveLength) {
    for (const position of everyPosition)
      yield { name: `cut at ${position}`, chunks: cut(input, [position]) };
    return;
  }
  const random = seeded(length);
  for (let sample = 0; sample < 32; sample++) {
    const position = 1 + Math.floor(random() * (length - 1));
    yield { name: `cut at ${position}`, chunks: cut(input, [position]) };
  }
  for (const mean of [3, 50, 1000]) {
    const positions = everyPosition.filter(() => random() < 1 / mean);
    yield { name: `chunks of about ${mean} octets`, chunks: cut(input, positions) };
    yield { name: `chunks of about ${mean} octets, copied`, chunks: cut(input, positions).map(copied) };
  }
}

/** Views of `input` between the ascending `positions`; a position given twice makes an empty chunk. */
export function cut(input: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const starts = [0, ...positions];
  return starts.map((start, index) => input.subarray(start, starts[index + 1]));
}

function copied(chunk: Uint8Array, index = 0): Uint8Array {
  const margin = 1 + (index % 7);
  const buffer = new Uint8Array(chunk.length + 2 * margin).fill(0x2d);
  buffer.set(chunk, margin);
  return buffer.subarray(margin, margin + chunk.length);
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Positions for {@link cut}, ascending; some chunks are empty. */
export function arbitraryCuts(length: number): fc.Arbitrary<number[]> {
  return fc
    .array(fc.nat({ max: length }), { maxLength: 12 })
    .map((positions) => positions.sort((one, other) => one - other));
}

/**
 * Inputs near the multipart grammar: most are bodies with a few pieces inserted or left out, some
 * are pieces in any order.
 */
export function arbitraryMultipart(boundary: string): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const delimiter = `--${boundary}`;
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("\r\n", "\r\n", "\n", "\r", "\r\n\r\n", "\n\n") },
    {
      weight: 3,
      arbitrary: fc.constantFrom(delimiter, `${delimiter}\r\n`, `${delimiter}\n`, `${delimiter}--`),
    },
    { weight: 3, arbitrary: fc.constantFrom(`\r\n${delimiter}`, `\n${delimiter}`, `\r\n${delimiter}--`) },
    { weight: 2, arbitrary: fc.nat({ max: delimiter.length }).map((length) => delimiter.slice(0, length)) },
    { weight: 2, arbitrary: fc.constantFrom(" ", "\t", "--", "-", ":") },
    { weight: 2, arbitrary: fieldPiece },
  );
  const field = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("A: 1", "Content-Type: text/plain", "B: \x01", " folded") },
    { weight: 1, arbitrary: fieldPiece },
  );
  const body = fc.array(fc.constantFrom("x", "", "\r\n", "\n", "-", `${delimiter}x`), { maxLength: 3 });
  const wellFormed = fc
    .record({
      lineEnd: fc.constantFrom("\r\n", "\r\n", "\n"),
      preamble: fc.constantFrom("", "", "\r\n", "text\r\n", "text\n"),
      parts: fc.array(fc.record({ fields: fc.array(field, { maxLength: 3 }), body }), { maxLength: 3 }),
      epilogue: fc.constantFrom("", "\r\n", "\r\ntext", " \t\r\n"),
    })
    .map(({ lineEnd, preamble, parts, epilogue }) => [
      preamble,
      ...parts.flatMap(({ fields, body: pieces }) => [
        delimiter,
        lineEnd,
        ...fields.flatMap((line) => [line, lineEnd]),
        lineEnd,
        ...pieces,
        lineEnd,
      ]),
      `${delimiter}--`,
      epilogue,
    ]);
  return arbitraryFromPieces(wellFormed, piece);
}

/** Inputs near the HTTP message grammar, made as {@link arbitraryMultipart} makes its own. */
export function arbitraryHttpMessage(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const startLine = fc.constantFrom(
    "GET / HTTP/1.1",
    "POST items HTTP/1.1",
    "CONNECT a:1 HTTP/1.0",
    "GET /a b",
    "PUT http://a/ HTTP/2",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 204 ",
    "HTTP/1.0 404",
    "HTTP/2 100 Continue",
  );
  const framing = fc.constantFrom(
    "Content-Length: 0",
    "Content-Length: 3",
    "content-length:03",
    "Content-Length: +3",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, Chunked",
    "transfer-encoding: gzip",
  );
  const field = fc.oneof(
    { weight: 3, arbitrary: framing },
    { weight: 2, arbitrary: fc.constant("A: 1") },
    { weight: 1, arbitrary: fieldPiece },
  );
  const chunk = fc.constantFrom(
    "3\r\nabc\r\n",
    "03;a=b\r\nabc\r\n",
    "1 \r\nx\r\n",
    "1\nx\r\n",
    "A\r\n0123456789\r\n",
  );
  const end = fc.constantFrom("0\r\n\r\n", "0\r\nT: 1\r\n\r\n", "00;a\r\n\r\n", "0\r\n", "0\r\n\r\n\r\n");
  const body = fc.oneof(
    fc.array(fc.constantFrom("abc", "\r\n", "\n"), { maxLength: 3 }),
    fc.tuple(fc.array(chunk, { maxLength: 3 }), end).map(([chunks, last]) => [...chunks, last]),
  );
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom("\r\n", "\r\n", "\n", "\r", "\r\n\r\n") },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        " ",
        "\t",
        ":",
        ";",
        "/",
        "*",
        "0",
        "3",
        "HTTP/",
        "HTTP/1.1",
        " HTTP/1.1",
        "200",
      ),
    },
    { weight: 1, arbitrary: startLine },
    { weight: 1, arbitrary: framing },
    { weight: 1, arbitrary: chunk },
    { weight: 1, arbitrary: fieldPiece },
  );
  const wellFormed = fc
    .record({
      lineEnd: fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"),
      startLine,
      fields: fc.array(field, { maxLength: 3 }),
      body,
    })
    .map(({ lineEnd, startLine: first, fields, body: pieces }) => [
      ...[first, ...fields].flatMap((line) => [line, lineEnd]),
      lineEnd,
      ...pieces,
    ]);
  return arbitraryFromPieces(wellFormed, piece);
}

const fieldPiece = fc.constantFrom(
  "A",
  "A :",
  "A:",
  ": x",
  " x",
  "\tx",
  " ",
  "A(b: 1",
  "no colon",
  "\0",
  "\x01",
  "\x7f",
  "\xff",
  "A: \xc3\xa9",
);

function arbitraryFromPieces(
  wellFormed: fc.Arbitrary<string[]>,
  piece: fc.Arbitrary<string>,
): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const edit = fc.record({
    at: fc.nat({ max: 30 }),
    leaveOut: fc.nat({ max: 1 }),
    insert: fc.array(piece, { maxLength: 2 }),
  });
  const edited = fc.tuple(wellFormed, fc.array(edit, { maxLength: 3 })).map(([pieces, edits]) => {
    const result = [...pieces];
    for (const { at, leaveOut, insert } of edits)
      result.splice(at % (result.length + 1), leaveOut, ...insert);
    return result;
  });
  const anyOrder = fc.array(piece, { maxLength: 20 });
  return fc
    .oneof({ weight: 3, arbitrary: edited }, { weight: 1, arbitrary: anyOrder })
    .map((pieces) => octets(pieces.join("")));
}
