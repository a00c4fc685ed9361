import { once } from "node:events";
import { MultipartParser } from "formidable";
import { feed } from "../feed.mjs";

export const name = "formidable";

/** The parser behind its forms, which makes an object of each token. */
export async function parts({ buffers, boundary }, seen) {
  const parser = new MultipartParser();
  parser.initWithBoundary(boundary);
  let [field, value, contentType] = ["", "", ""];
  parser.on("data", ({ name: token, buffer, start, end }) => {
    if (token === "headerField") field += buffer.latin1Slice(start, end);
    else if (token === "headerValue") value += buffer.utf8Slice(start, end);
    else if (token === "headerEnd") {
      if (field.toLowerCase() === "content-type") contentType = value;
      field = value = "";
    } else if (token === "headersEnd") {
      seen.part(contentType);
      contentType = "";
    } else if (token === "partData") seen.data(buffer.subarray(start, end));
  });
  const ended = once(parser, "end");
  await feed(parser, buffers);
  await ended;
}
