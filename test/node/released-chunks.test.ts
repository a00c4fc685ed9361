import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { HttpMessageParser } from "../../src/codec/http-message-parser.ts";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { MultipartSerializer } from "../../src/codec/multipart-serializer.ts";
import type { PullMachine } from "../../src/codec/pull-machine.ts";
import { WholePartParser } from "../../src/codec/whole-part-parser.ts";
import { HeaderList } from "../../src/grammar/header-list.ts";
import { octets } from "../support/chunkings.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Whether what `use` is given may be collected once a turn has passed. */
async function isReleased(text: string, use: (chunk: Uint8Array) => void): Promise<boolean> {
  const reference = ((): WeakRef<object> => {
    const chunk = octets(text);
    use(chunk);
    return new WeakRef(chunk.buffer);
  })();
  await new Promise((resolve) => void setTimeout(resolve));
  collect();
  return reference.deref() === undefined;
}

function read(machine: PullMachine<unknown>, chunk: Uint8Array): void {
  machine.push(chunk);
  while (machine.read() !== undefined);
}

const body = `${"x".repeat(300)}\r\n--bX\r\n--`.repeat(300);
const message = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const part = `--b\r\nContent-Type: application/http\r\n\r\n${message}\r\n`;

describe("A chunk is kept no longer than", () => {
  test.each([
    ["MultipartParser", () => new MultipartParser({ boundary: "b" })],
    ["WholePartParser", () => new WholePartParser({ boundary: "b", messages: true })],
  ])("until the next one is pushed, by a %s", async (_, create) => {
    const parser = create();
    const first = `${part.repeat(9)}--b\r\n\r\n${body}`;
    expect(await isReleased(first, (chunk) => (read(parser, chunk), read(parser, octets("x"))))).toBe(true);
    expect(await isReleased(body, (chunk) => (read(parser, chunk), read(parser, octets("x"))))).toBe(true);
    read(parser, octets("\r\n--b--"));
  });

  test("until the next message, by an HttpMessageParser", async () => {
    const parser = new HttpMessageParser();
    for (let n = 0; n < 3; n++) {
      const use = (chunk: Uint8Array): void => (read(parser, chunk), parser.reset());
      expect(await isReleased(message + body, use)).toBe(true);
    }
    read(parser, octets(message));
  });

  test("it is looked at, by a MultipartSerializer", async () => {
    const serializer = new MultipartSerializer({ boundary: "b" });
    serializer.write({ type: "part", headers: new HeaderList() });
    for (let n = 0; n < 3; n++) {
      const use = (data: Uint8Array): void => void serializer.write({ type: "data", data });
      expect(await isReleased(body, use)).toBe(true);
    }
    serializer.write({ type: "part-end" });
  });
});
