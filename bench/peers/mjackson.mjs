import { parseMultipart, parseMultipartStream } from "@mjackson/multipart-parser";

export const name = "@mjackson/multipart-parser";

const limits = { maxFileSize: Infinity };

export function parts({ chunks, boundary }, seen) {
  for (const part of parseMultipart(chunks, { ...limits, boundary })) {
    seen.part(part.headers.get("content-type") ?? "");
    for (const octets of part.content) seen.data(octets);
  }
}

export async function streams({ stream, boundary }, seen) {
  for await (const part of parseMultipartStream(stream(), { ...limits, boundary })) {
    seen.part(part.headers.get("content-type") ?? "");
    seen.data(part.bytes);
  }
}
