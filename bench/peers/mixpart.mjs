import { parseMultipartStream } from "mixpart";
import { concat } from "../octets.mjs";

export const name = "mixpart";

/** Its defaults hold no chunk of 64 KiB. */
const limits = { maxHeaderSize: 1 << 20, maxBoundaryBuffer: 1 << 20 };

/** Has web streams only. */
export async function parts({ stream, contentType }, seen) {
  const response = new Response(stream(), { headers: { "content-type": contentType } });
  for await (const { headers, payload } of parseMultipartStream(response, limits)) {
    seen.part(headers.get("content-type") ?? "");
    const reader = payload.getReader();
    for (let read; !(read = await reader.read()).done;) seen.data(read.value);
  }
}

/** It leaves gathering a body to the caller. */
export async function streams({ stream, contentType }, seen) {
  const response = new Response(stream(), { headers: { "content-type": contentType } });
  for await (const { headers, payload } of parseMultipartStream(response, limits)) {
    seen.part(headers.get("content-type") ?? "");
    const reader = payload.getReader();
    const pieces = [];
    for (let read; !(read = await reader.read()).done;) pieces.push(read.value);
    seen.data(concat(pieces));
  }
}
