import { parseMultipart, parseMultipartStream } from "@remix-run/multipart-parser";

export const name = "@remix-run/multipart-parser";

const limits = { maxFileSize: Infinity, maxParts: Infinity, maxTotalSize: Infinity };

export function parts({ chunks, boundary }, seen) {
  for (const part of parseMultipart(chunks, { ...limits, boundary })) {
    seen.part(part.headers["content-type"] ?? "");
    for (const octets of part.content) seen.data(octets);
  }
}

export async function streams({ stream, boundary }, seen) {
  for await (const part of parseMultipartStream(stream(), { ...limits, boundary })) {
    seen.part(part.headers["content-type"] ?? "");
    seen.data(part.bytes);
  }
}
