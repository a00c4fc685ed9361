import { parseMultipartStream } from "mixpart";

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
    let length = 0;
    for (let read; !(read = await reader.read()).done; length += read.value.length) pieces.push(read.value);
    seen.data(concat(pieces, length));
  }
}

function concat(pieces, length) {
  const octets = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    octets.set(piece, at);
    at += piece.length;
  }
  return octets;
}
