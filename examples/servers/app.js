// The application of these examples, in place of yours: any function that makes a Response of a Request.
// It echoes. `/held` answers when `/release` is asked for, and `/state` tells what became of it.
const state = { started: 0, aborted: 0 };
let release = () => {};
const released = new Promise((resolve) => (release = resolve));

export async function app(request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/state") return Response.json(state);
  if (pathname === "/missing") return Response.json({ error: "Not found" }, { status: 404 });
  if (pathname === "/release") release();
  if (pathname === "/held") {
    state.started++;
    request.signal.addEventListener("abort", () => state.aborted++);
    await released;
  }
  const text = await request.text();
  return Response.json({
    method: request.method,
    path: pathname,
    data: text === "" ? null : JSON.parse(text),
  });
}
