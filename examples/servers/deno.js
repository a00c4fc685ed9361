// A batch endpoint on Deno. Run it with: PORT=8787 deno run --allow-net --allow-env=PORT examples/servers/deno.js
import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
import { app } from "./app.js";

const batch = createBatchHandler({ dialects: [ucwa, cronofy], handler: app, admission: "stream" });

const onListen = ({ port }) => console.log(`Listening on http://localhost:${port}`);
Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8787), hostname: "localhost", onListen }, (request) => {
  const { pathname } = new URL(request.url);
  return pathname.endsWith("/batch") ? batch(request) : app(request);
});
