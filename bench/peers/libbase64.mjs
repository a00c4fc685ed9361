import { once } from "node:events";
import { Decoder, Encoder } from "libbase64";
import { feed } from "../feed.mjs";

export const name = "libbase64";
export const accepts = ({ name: corpus }) => corpus === "base64";

export const decode = (input, seen) => code(new Decoder(), input, seen);
export const encode = (input, seen) => code(new Encoder(), input, seen);

async function code(coder, { buffers }, seen) {
  coder.on("data", (octets) => seen.data(octets));
  const ended = once(coder, "end");
  await feed(coder, buffers);
  await ended;
}
