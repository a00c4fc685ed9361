// Writes a multipart/batching request of two operations.
// Run it with: node examples/write-request.js
import { httpMessageStream, multipartStream } from "batchwire";

const operations = [
  { kind: "request", method: "GET", target: "/me", headers: { Host: "example.com" } },
  {
    kind: "request",
    method: "POST",
    target: "/me/notes",
    headers: { "Host": "example.com", "Content-Type": "application/json" },
    body: JSON.stringify({ text: "Hello" }),
  },
];

const parts = operations.map((operation) => {
  const { body, contentType, contentLength } = httpMessageStream(operation);
  return { headers: { "Content-Type": contentType }, body, bodyLength: contentLength };
});
// Leave the boundary out in your program: then it is one that nobody can guess.
const { body, contentType, contentLength } = multipartStream(parts, {
  subtype: "batching",
  boundary: "b",
});

// In your program: await fetch(url, { method: "POST", headers: { "Content-Type": contentType }, body, duplex: "half" });
console.log(contentType, contentLength);
console.log(await new Response(body).text());
