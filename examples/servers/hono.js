// A batch endpoint in a Hono application, whose own routes answer the operations.
// Run it with: PORT=8787 node examples/servers/hono.js
import { serve } from "@hono/node-server";
import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
import { Hono } from "hono";
import { app as echo } from "./app.js";

const app = new Hono();
const batch = createBatchHandler({
  dialects: [ucwa, cronofy],
  handler: (request) => app.fetch(request),
  admission: "stream",
});

app.post("/v1/batch", ({ req }) => batch(req.raw));
app.post("/ucwa/v1/applications/:id/batch", ({ req }) => batch(req.raw));
app.all("*", ({ req }) => echo(req.raw));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 8787), hostname: "localhost" }, ({ port }) => {
  console.log(`Listening on http://localhost:${port}`);
});
