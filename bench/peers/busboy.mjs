import { once } from "node:events";
import busboy from "busboy";
import { feed, gather, isForm } from "../feed.mjs";

export const name = "busboy";
export const accepts = isForm;

export async function parts({ buffers, contentType }, seen) {
  const limits = { fieldSize: Infinity };
  const form = busboy({ headers: { "content-type": contentType }, limits });
  // A field has no type of its own here: "text/plain" stands for none.
  form.on("field", (_, value) => {
    seen.part("");
    seen.data(value);
  });
  form.on("file", (_, file, { mimeType }) => gather(file, () => mimeType, seen));
  const closed = once(form, "close");
  await feed(form, buffers);
  await closed;
}
