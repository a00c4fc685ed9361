import { once } from "node:events";
import { Busboy } from "@fastify/busboy";
import { feed, gather, isForm } from "../feed.mjs";

export const name = "@fastify/busboy";
export const accepts = isForm;

export async function parts({ buffers, contentType }, seen) {
  const limits = { fieldSize: Infinity, parts: Infinity };
  const form = new Busboy({ headers: { "content-type": contentType }, limits });
  // A field has no type of its own here: "text/plain" stands for none.
  form.on("field", (_, value) => {
    seen.part("");
    seen.data(value);
  });
  form.on("file", (_, file, _name, _encoding, mimeType) => gather(file, () => mimeType, seen));
  const finished = once(form, "finish");
  await feed(form, buffers);
  await finished;
}
