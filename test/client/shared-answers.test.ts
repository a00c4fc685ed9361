/** One answer that many calls get: each has a response of its own, whatever the others do with theirs. */
import { describe, expect, test } from "vitest";
import { BatchClient } from "../../src/batch.ts";
import { ofAll, refusals } from "../support/shared-answers.ts";
import { textOfTransferred } from "../support/web-streams.ts";

describe.each(refusals)("A refusal as $name", ({ dialect, init, answer }) => {
  test.each([10, 100_000])("of %d octets is read by each caller", async (length) => {
    const url = "https://example.com/$batch";
    const client = new BatchClient({ url, dialect, fetch: () => answer(length) });
    const [a, b, c, d] = await ofAll(client, 4, init);
    const text = "x".repeat(length);
    expect(await textOfTransferred(a!.body!)).toBe(text);
    const reader = b!.body!.getReader();
    await reader.read();
    await reader.cancel();
    expect([await c!.text(), (await d!.arrayBuffer()).byteLength]).toEqual([text, length]);
  });
});
