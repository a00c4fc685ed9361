import { iterateMultipart } from "@web3-storage/multipart-parser";
import { isForm } from "../feed.mjs";

export const name = "@web3-storage/multipart-parser";
export const accepts = isForm;

/** Has web streams only, so that both levels are the same. */
export async function parts({ stream, boundary }, seen) {
  for await (const { contentType, data } of iterateMultipart(stream(), boundary)) {
    seen.part(contentType ?? "");
    seen.data(data);
  }
}

export const streams = parts;
