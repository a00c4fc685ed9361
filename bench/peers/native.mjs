import { isForm } from "../feed.mjs";

export const name = "native Response.formData()";
/** No package: a part of the runtime. */
export const version = process.version;
/** undici refuses boundaries of fewer than 27 characters. */
export const accepts = (corpus) => isForm(corpus) && corpus.boundary.length >= 27;

export async function parts({ stream, contentType }, seen) {
  const response = new Response(stream(), { headers: { "content-type": contentType } });
  for (const value of (await response.formData()).values()) {
    if (typeof value === "string") {
      seen.part("");
      seen.data(value);
    } else {
      seen.part(value.type);
      seen.data(new Uint8Array(await value.arrayBuffer()));
    }
  }
}

export const streams = parts;

/** A form of its own: the runtime writes the boundary and the fields. */
export async function write({ model }, seen) {
  const form = new FormData();
  for (const { name: field, text } of model) form.append(field, text);
  const response = new Response(form);
  seen.boundary = response.headers.get("content-type").split("boundary=")[1];
  seen.data(new Uint8Array(await response.arrayBuffer()));
}
