// A batch endpoint on node:http. Run it with: PORT=8787 node examples/servers/node.js
import { createServer } from "node:http";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
import { app } from "./app.js";

const batch = createBatchHandler({ dialects: [ucwa, cronofy], handler: app, admission: "stream" });

const server = createServer(
  createRequestListener((request) => {
    const { pathname } = new URL(request.url);
    return pathname.endsWith("/batch") ? batch(request) : app(request);
  }),
);
server.listen(Number(process.env.PORT ?? 8787), "localhost", () => {
  console.log(`Listening on http://localhost:${server.address().port}`);
});
