import { expect, test, vi } from "vitest";
import { BatchClient, graph } from "../../src/batch.ts";

test("The pages of an answer do not gather listeners on one signal", async () => {
  const add = vi.spyOn(EventTarget.prototype, "addEventListener");
  const remove = vi.spyOn(EventTarget.prototype, "removeEventListener");
  const count = 20;
  let page = 0;
  const fetch = (): Response => {
    const responses = [{ id: String(++page), status: 204 }];
    return Response.json({ responses, "@nextLink": page < count ? "/next" : undefined });
  };
  const client = new BatchClient({ url: "https://example.com/$batch", dialect: graph, fetch });
  await Promise.all(Array.from({ length: count }, (_, n) => client.fetch(`/${n}`)));
  const left = new Map<unknown, number>();
  for (const signal of add.mock.contexts) left.set(signal, (left.get(signal) ?? 0) + 1);
  for (const signal of remove.mock.contexts) left.set(signal, (left.get(signal) ?? 0) - 1);
  expect(page).toBe(count);
  expect(Math.max(...left.values())).toBeLessThan(4);
});
