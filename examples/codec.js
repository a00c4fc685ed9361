// Cuts a multipart body into its parts without streams or promises: octets are pushed, events are read.
// Run it with: node examples/codec.js
import { MultipartParser } from "batchwire/codec";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const chunks = [
  "--b\r\nContent-ID: <1>\r\n\r\nHel",
  "lo\r",
  "\n--b\r\nContent-ID: <2>\r\n\r\n\r\n--",
  "b--\r\n",
];

const parser = new MultipartParser({ contentType: "multipart/mixed; boundary=b" });
for (const chunk of chunks) {
  parser.push(encoder.encode(chunk));
  readEvents();
}
parser.end();
readEvents();

/** Reads until the parser wants the next chunk. */
function readEvents() {
  for (let event; (event = parser.read()) !== undefined;) {
    if (event.type === "part") console.log("part", event.headers.get("Content-ID"));
    else if (event.type === "data") console.log("data", JSON.stringify(decoder.decode(event.data)));
    else console.log(event.type);
  }
}
