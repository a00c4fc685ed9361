// A batch gateway: takes batches apart at the edge, sends their operations to an origin, and streams
// the answers back while later operations are still on their way. It keeps nothing between requests,
// so that any number of isolates can run it.
import { createBatchHandler, cronofy, graph, odataJson, ucwa } from "batchwire/batch";

interface Env {
  /** Where operations go, without a slash at its end: `https://api.example.com`. */
  ORIGIN: string;
}

const batch = createBatchHandler<[Env]>({
  dialects: [
    // Each operation is a subrequest: 50 are allowed on the free plan, 10,000 on the paid one.
    { ...ucwa, maxOperations: 1000 },
    cronofy,
    // Graph and OData both end in /$batch; the first that matches counts.
    { ...graph, matches: ({ pathname }) => /^\/(?:v1\.0|beta)\/\$batch$/.test(pathname) },
    odataJson,
  ],
  // One invocation may wait for six responses; more requests would only queue where nobody sees them.
  concurrency: 6,
  operationTimeout: 30_000,
  // Every operation gets the batch's `traceparent` and `tracestate`, unless it has its own.
  traceContext: true,
  handler: (request, { ORIGIN }) => {
    const { pathname, search } = new URL(request.url);
    // Joined, not resolved: `new URL("//example.net/", ORIGIN)` would leave the origin.
    return fetch(new Request(ORIGIN + pathname + search, request), { redirect: "manual" });
  },
  hooks: {
    onBatchEnd: ({ dialect, operations, failed, error }) =>
      console.log({ dialect, operations, failed, error: error === undefined ? undefined : String(error) }),
    onError: (error) => console.error(error),
  },
});

export default {
  fetch: (request: Request, env: Env): Promise<Response> => batch(request, env),
};
