import { once } from "node:events";
import { Readable } from "node:stream";
import multiparty from "multiparty";
import { gather, isForm } from "../feed.mjs";

export const name = "multiparty";
export const accepts = isForm;

export async function parts({ buffers, contentType }, seen) {
  const form = new multiparty.Form({ maxFields: Infinity });
  form.on("part", (part) => gather(part, () => part.headers["content-type"] ?? "", seen));
  const request = Object.assign(Readable.from(buffers, { objectMode: false }), {
    headers: { "content-type": contentType },
  });
  const closed = once(form, "close");
  form.parse(request);
  await closed;
}
