import { meros } from "meros/node";

export const name = "meros";

/** Reads what answers to GraphQL's `@defer` look like; any asynchronous source of buffers will do. */
export async function parts({ buffers, contentType }, seen) {
  const response = {
    headers: { "content-type": contentType },
    async *[Symbol.asyncIterator]() {
      yield* buffers;
    },
  };
  for await (const list of await meros(response, { multiple: true })) {
    for (const { headers, body } of list) {
      seen.part(headers["content-type"] ?? "");
      seen.data(body);
    }
  }
}
