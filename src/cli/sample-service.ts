/** A small service in memory, with resources of both systems whose documentation the demo follows. */

/** Milliseconds that the slow one of the resources takes. */
const SLOW = 150;

const policies = { rel: "policies", telephonyMode: "Uc", logging: "Enabled", photos: "Enabled" };
const phones = {
  rel: "phones",
  _embedded: { phone: [{ number: "tel:+14255554321;ext=54321", type: "work" }] },
};
const events = new Map<string, unknown>([["456", { summary: "An event that is there" }]]);

/** Answers one operation, as any fetch-style app does; it knows nothing of batches. */
export async function sampleService(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith("/policies")) {
    await new Promise((resolve) => setTimeout(resolve, SLOW));
    return Response.json(policies);
  }
  if (pathname.endsWith("/me/phones")) return Response.json(phones);
  if (!pathname.endsWith("/events")) return new Response(null, { status: 404 });

  const event = (await request.json()) as { event_id: string; summary?: string };
  if (request.method === "DELETE") {
    events.delete(event.event_id);
  } else if (event.summary === undefined) {
    const missing = { key: "errors.required", description: "summary must be specified" };
    return Response.json({ errors: { summary: [missing] } }, { status: 422 });
  } else {
    events.set(event.event_id, event);
  }
  return new Response(null, { status: 202 });
}
