import { parse } from "parse-multipart-data";
import { isForm } from "../feed.mjs";

export const name = "parse-multipart-data";
export const accepts = isForm;

/** Takes a whole body only, which is joined here. */
export function parts({ buffers, boundary }, seen) {
  for (const { type, data } of parse(Buffer.concat(buffers), boundary)) {
    seen.part(type ?? "");
    seen.data(data);
  }
}
