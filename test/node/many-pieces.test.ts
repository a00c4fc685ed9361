import { expect, test } from "vitest";
import { odata, OperationReader } from "../../src/batch.ts";

const MiB = 1024 * 1024;

/** MiB by which the process has grown at most while `run` ran. */
async function growth(run: () => Promise<void>): Promise<number> {
  const before = process.resourceUsage().maxRSS;
  await run();
  return (process.resourceUsage().maxRSS - before) / 1024;
}

test("A body whose chunks have one octet each is gathered without an object for each", async () => {
  const chunk = "1\r\na\r\n";
  const count = Math.floor((15 * MiB) / chunk.length);
  const part = "--b\r\nContent-Type: application/http\r\n\r\n";
  const head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const batch = new TextEncoder().encode(`${part}${head}${chunk.repeat(count)}0\r\n\r\n\r\n--b--`);
  const contentType = "multipart/mixed; boundary=b";
  const reader = new OperationReader(batch, { dialect: odata, kind: "request", contentType });
  const grown = await growth(async () => {
    const { value } = await reader.next();
    expect(value!.message!.body).toHaveLength(count);
  });
  // An object for each took 289.
  expect(grown).toBeLessThan(150);
});
