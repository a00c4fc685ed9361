import { parseMultipartStream } from "mixpart";

export const name = "mixpart";

/** Its defaults hold no chunk of 64 KiB. */
const limits = { maxHeaderSize: 1 << 20, maxBoundaryBuffer: 1 << 20 };

/** Has web streams only, so that both levels are the same. */
export async function parts({ stream, contentType }, seen) {
  const response = new Response(stream(), { headers: { "content-type": contentType } });
  for await (const { headers, payload } of parseMultipartStream(response, limits)) {
    seen.part(headers.get("content-type") ?? "");
    const reader = payload.getReader();
    for (let read; !(read = await reader.read()).done;) seen.data(read.value);
  }
}

export const streams = parts;
