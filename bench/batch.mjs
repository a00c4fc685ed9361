/** The batch door at its two levels, and the platform's own objects to read the server by. */
const dist = process.env.BATCHWIRE_DIST ?? new URL("../dist", import.meta.url).href;
const { createBatchHandler, OperationReader, ...dialects } = await import(`${dist}/batch.js`);

const ORIGIN = "https://lyncweb.contoso.com";
const BATCH_URL = `${ORIGIN}/ucwa/batch`;

/** The operations of a batch, whatever carries them: method and target as strings, body as octets. */
export async function operations({ chunks, contentType, corpus }, seen) {
  const dialect = dialects[corpus.dialect ?? "ucwa"];
  const limits = { maxParts: Infinity, maxTotalHeaderBytes: Infinity };
  for await (const { message } of new OperationReader(chunks, {
    dialect,
    kind: "request",
    contentType,
    limits,
  })) {
    seen.start(message.method, message.target, "");
    if (message.body !== null) seen.data(message.body);
  }
}

const answer = JSON.stringify({ rel: "presence", availability: "Online", note: "x".repeat(300) });

/** Reads the body of its request, as an app does, and answers JSON. */
async function app(request, seen) {
  const octets = new Uint8Array(await request.arrayBuffer());
  seen.unordered(octets);
  return new Response(answer, { headers: { "Content-Type": "application/json" } });
}

const handle = createBatchHandler({ dialects: [{ ...dialects.ucwa, refusedSegments: [] }], handler: app });

/** A batch in, a batch out. */
export async function server({ octets, contentType }, seen) {
  const request = new Request(BATCH_URL, {
    method: "POST",
    headers: { "Content-Type": contentType },
    body: octets,
  });
  const response = await handle(request, seen);
  await response.arrayBuffer();
}

/** What the same app costs without a batch: its requests, its responses, and the reading of their bodies. */
export const platform = {
  name: "(Request and Response alone)",
  server: async ({ octets, contentType, corpus }, seen) => {
    const request = new Request(BATCH_URL, {
      method: "POST",
      headers: { "Content-Type": contentType },
      body: octets,
    });
    await request.arrayBuffer();
    for (const { message } of corpus.parts) {
      const [method, target] = message.start;
      const headers = message.fields.filter(([name]) => name !== "Host" && name !== "Content-Length");
      const body = message.body.length === 0 ? null : message.body;
      const { signal } = new AbortController();
      const response = await app(new Request(ORIGIN + target, { method, headers, body, signal }), seen);
      await response.arrayBuffer();
    }
    await new Response(octets, { headers: { "Content-Type": contentType } }).arrayBuffer();
  },
};

/** What those do who buffer an envelope whole. */
export const jsonParse = {
  name: "(JSON.parse of the whole)",
  accepts: ({ kind }) => kind === "json",
  operations: ({ buffers, corpus }, seen) => {
    const { batch, requests = batch } = JSON.parse(Buffer.concat(buffers).toString("utf8"));
    const [target, body] = corpus.dialect === "cronofy" ? ["relative_url", "data"] : ["url", "body"];
    for (const operation of requests) {
      seen.start(operation.method, operation[target], "");
      if (operation[body] !== undefined) seen.data(Buffer.from(JSON.stringify(operation[body])));
    }
  },
};
