// Reads the response to a batch request, each operation as it arrives.
// Run it with: node examples/read-response.js
import { MultipartReader, readHttpMessage } from "batchwire";

// In your program: const response = await fetch("https://example.com/batch", { method: "POST", ... });
const response = new Response(
  [
    "--b",
    "Content-Type: application/http; msgtype=response",
    "",
    "HTTP/1.1 200 OK",
    "Content-Type: application/json",
    "",
    '{"name":"Ada"}',
    "--b",
    "Content-Type: application/http; msgtype=response",
    "",
    "HTTP/1.1 404 Not Found",
    "",
    "",
    "--b--",
    "",
  ].join("\r\n"),
  { headers: { "Content-Type": "multipart/batching; boundary=b" } },
);

for await (const part of new MultipartReader(response)) {
  const message = await readHttpMessage(part, { kind: "response" });
  console.log(part.path, message.status, message.status === 200 ? await message.json() : message.reason);
}
