import { once } from "node:events";
import Dicer from "dicer";
import { feed, gather } from "../feed.mjs";

export const name = "dicer";

export async function parts({ buffers, boundary }, seen) {
  const dicer = new Dicer({ boundary });
  dicer.on("part", (part) => {
    let contentType = "";
    part.on("header", (fields) => (contentType = fields["content-type"]?.[0] ?? ""));
    gather(part, () => contentType, seen);
  });
  const finished = once(dicer, "finish");
  await feed(dicer, buffers);
  await finished;
}
