// A batch endpoint in a service worker: what a page POSTs to /v1/batch is answered in the browser.
// Bundle it, and register the bundle: navigator.serviceWorker.register("/service-worker.js").
import { createBatchHandler, cronofy, ucwa } from "batchwire/batch";
import { app } from "./app.js";

const batch = createBatchHandler({ dialects: [ucwa, cronofy], handler: app, admission: "stream" });

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin === self.location.origin && pathname.endsWith("/batch")) event.respondWith(batch(event.request));
});
