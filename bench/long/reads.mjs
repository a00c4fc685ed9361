/** Ways to read a body that is longer than memory; each calls `onChunk` for each chunk that it takes. */
const dist = process.env.BATCHWIRE_DIST ?? new URL("../../dist", import.meta.url).href;
const { HttpMessageParser, MultipartParser, WholePartParser } = await import(`${dist}/codec.js`);
const { MultipartReader } = await import(`${dist}/index.js`);

const limits = {
  maxParts: Infinity,
  maxPartBytes: Infinity,
  maxTotalBytes: Infinity,
  maxTotalHeaderBytes: Infinity,
};

/** The events of `MultipartParser`. */
function events({ boundary, chunks }, onChunk) {
  const parser = new MultipartParser({ boundary, limits });
  let parts = 0;
  for (const chunk of chunks()) {
    onChunk(chunk);
    parser.push(chunk);
    for (let event; (event = parser.read()) !== undefined;) if (event.type === "part") parts++;
  }
  parser.end();
  return parts;
}

/** And of `HttpMessageParser` for each part. */
function messages({ boundary, chunks }, onChunk) {
  const parser = new MultipartParser({ boundary, limits });
  const message = new HttpMessageParser({ kind: "request", limits });
  const drain = () => {
    for (let event; (event = message.read()) !== undefined;) if (event.type === "head") heads++;
  };
  let heads = 0;
  for (const chunk of chunks()) {
    onChunk(chunk);
    parser.push(chunk);
    for (let event; (event = parser.read()) !== undefined;) {
      if (event.type === "part") message.reset();
      else if (event.type === "data") message.push(event.data);
      else if (event.type === "part-end") message.end();
      if (event.type !== "part" && event.type !== "end") drain();
    }
  }
  parser.end();
  return heads;
}

/** `WholePartParser`, the message in each part too. */
function whole({ boundary, chunks }, onChunk) {
  const parser = new WholePartParser({ boundary, limits, messages: { kind: "request" } });
  let heads = 0;
  for (const chunk of chunks()) {
    onChunk(chunk);
    parser.push(chunk);
    for (let part; (part = parser.read()) !== undefined;) if (part.head !== undefined) heads++;
  }
  parser.end();
  return heads;
}

/** `MultipartReader` over a web stream, each body pulled to its end. */
async function reader({ boundary, chunks }, onChunk) {
  const source = chunks();
  const stream = new ReadableStream(
    {
      pull(controller) {
        const { done, value } = source.next();
        if (done) {
          controller.close();
          return;
        }
        onChunk(value);
        controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
  let parts = 0;
  for await (const part of new MultipartReader(stream, { boundary, limits })) {
    parts++;
    for (;;) {
      const pulled = part.pull();
      if ((pulled instanceof Promise ? await pulled : pulled) === undefined) break;
    }
  }
  return parts;
}

/** By name. */
export const reads = { events, messages, whole, reader };
