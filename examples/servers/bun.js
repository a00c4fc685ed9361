// A batch endpoint on Bun. Run it with: PORT=8787 bun examples/servers/bun.js
import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
import { app } from "./app.js";

const batch = createBatchHandler({ dialects: [ucwa, cronofy], handler: app, admission: "stream" });

const server = Bun.serve({
  port: Number(process.env.PORT ?? 8787),
  hostname: "localhost",
  // The default ends connections that are silent for 10 seconds: an operation may take longer.
  idleTimeout: 60,
  fetch(request) {
    const { pathname } = new URL(request.url);
    return pathname.endsWith("/batch") ? batch(request) : app(request);
  },
});
console.log(`Listening on http://localhost:${server.port}`);
