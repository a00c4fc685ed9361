import { once } from "node:events";
import { Decoder, Encoder } from "libqp";
import { feed } from "../feed.mjs";

export const name = "libqp";
export const accepts = ({ name: corpus }) => corpus === "quoted-printable";

export const decode = (input, seen) => code(new Decoder(), input, seen);
export const encode = (input, seen) => code(new Encoder(), input, seen);

async function code(coder, { buffers }, seen) {
  coder.on("data", (octets) => seen.data(octets));
  const ended = once(coder, "end");
  await feed(coder, buffers);
  await ended;
}
