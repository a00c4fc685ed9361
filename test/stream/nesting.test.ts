import { describe, expect, test } from "vitest";
import { MultipartReader, readHttpMessage } from "../../src/index.ts";
import type { Deviation } from "../../src/index.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { chunked, nextPart, outcomeOf, partsOf, rejection, Tap, thrown } from "../support/web-streams.ts";

const done = { done: true, value: undefined };
const mixed = (boundary: string): string => `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n`;

/** Every part with its path, nested ones below theirs. */
async function tree(reader: MultipartReader): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of reader) {
    const isMultipart = part.mediaType.type === "multipart";
    parts.push([part.path, isMultipart ? await tree(new MultipartReader(part)) : await part.text()]);
  }
  return parts;
}

const nested =
  `--o\r\n${mixed("i")}--i\r\n\r\nA\r\n--i\r\n${mixed("ii")}--ii\r\n\r\nB\r\n--ii--\r\n--i--\r\n` +
  `--o\r\n\r\nC\r\n--o--\r\n`;

test("a multipart part is read by a reader of its own, in every chunking", async () => {
  for (const { name, chunks } of chunkings(octets(nested))) {
    expect(await tree(new MultipartReader(chunks, { boundary: "o" })), name).toEqual([
      [
        "1",
        [
          ["1.1", "A"],
          ["1.2", [["1.2.1", "B"]]],
        ],
      ],
      ["2", "C"],
    ]);
  }
});

describe("a nested reader", () => {
  test("that is left midway leaves the outer one where it is", async () => {
    for (const source of [octets(nested), chunked(...nested.match(/[^]{1,9}/g)!)]) {
      const outer = new MultipartReader(source, { boundary: "o" });
      for await (const part of new MultipartReader(await nextPart(outer))) {
        expect(part.path).toBe("1.1");
        break;
      }
      expect(await (await nextPart(outer)).text()).toBe("C");
    }
  });

  test("that is just dropped does too, and then rejects", async () => {
    const outer = new MultipartReader(chunked(...nested.match(/[^]{1,9}/g)!), { boundary: "o" });
    const inner = new MultipartReader(await nextPart(outer));
    const part = await nextPart(inner);
    expect(await (await nextPart(outer)).text()).toBe("C");
    const abandoned = { code: "part-abandoned", path: "1" };
    expect(await rejection(part.text())).toMatchObject(abandoned);
    expect(await rejection(inner.next())).toMatchObject(abandoned);
  });

  test("reads no further than the outer body is asked for", async () => {
    const tap = new Tap(`--o\r\n${mixed("i")}`, "--i\r\n\r\nA");
    const outer = new MultipartReader(tap.stream, { boundary: "o" });
    const inner = new MultipartReader(await nextPart(outer));
    expect(tap.pulls).toBe(1);
    expect((await nextPart(inner)).path).toBe("1.1");
    expect(tap.pulls).toBe(2);
  });

  test("ends at its close-delimiter, and leaves what follows to the outer one", async () => {
    const tap = new Tap(`--o\r\n${mixed("i")}--i\r\n\r\nA\r\n--i--`);
    const outer = new MultipartReader(tap.stream, { boundary: "o" });
    const inner = new MultipartReader(await nextPart(outer));
    expect(await partsOf(inner)).toEqual([{ fields: [], body: "A" }]);
    await inner.closed;
    tap.push("\r\ninner epilogue\r\n--o\r\n\r\nB\r\n--o--");
    expect(await (await nextPart(outer)).text()).toBe("B");
  });

  test("fails alone: the outer one goes on behind the part", async () => {
    const outer = new MultipartReader(
      octets(`--o\r\n${mixed("i")}--i\r\nx\r\n\r\n\r\n--o\r\n\r\nC\r\n--o--`),
      {
        boundary: "o",
      },
    );
    const inner = new MultipartReader(await nextPart(outer));
    const error = await rejection(inner.next());
    expect(error).toMatchObject({ code: "missing-colon", path: "1.1" });
    expect(await rejection(inner.closed)).toBe(error);
    expect(await (await nextPart(outer)).text()).toBe("C");
    expect(await outer.next()).toEqual(done);
    await outer.closed;
  });

  test("whose input is cut off fails, and so does the outer one", async () => {
    const input = `--o\r\n${mixed("i")}--i\r\n\r\nA`;
    const outer = new MultipartReader(octets(input), { boundary: "o" });
    const inner = new MultipartReader(await nextPart(outer));
    const end = { code: "unexpected-end", offset: input.length };
    expect(await rejection((await nextPart(inner)).text())).toMatchObject(end);
    expect(await rejection(inner.next())).toMatchObject(end);
    expect(await rejection(outer.next())).toMatchObject(end);
  });

  test("without a close-delimiter is an error in strict mode, and ended by the outer one in lenient mode", async () => {
    const input = octets(`--o\r\n${mixed("i")}--i\r\n\r\nA\r\n--o\r\n\r\nC\r\n--o--`);
    const strict = new MultipartReader(input, { boundary: "o" });
    const inner = new MultipartReader(await nextPart(strict));
    expect(await rejection((await nextPart(inner)).text())).toMatchObject({
      code: expect.stringMatching(/unclosed-multipart|unexpected-end/),
    });
    expect(await (await nextPart(strict)).text()).toBe("C");

    const codes: string[] = [];
    const lenient = new MultipartReader(input, {
      boundary: "o",
      tolerance: "lenient",
      onDeviation: ({ code }) => codes.push(code),
    });
    expect(await tree(lenient)).toEqual([
      ["1", [["1.1", "A"]]],
      ["2", "C"],
    ]);
    expect(codes).toEqual(["unclosed-multipart"]);
  });

  test("ends with its close-delimiter, whatever follows that, in every chunking", async () => {
    for (const behind of [" text", " ".repeat(300), "\r\nepilogue"]) {
      const input = `--o\r\n${mixed("i")}--i\r\n\r\nA\r\n--i--${behind}\r\n--o\r\n\r\nC\r\n--o--`;
      for (const { name, chunks } of chunkings(octets(input))) {
        expect(await tree(new MultipartReader(chunks, { boundary: "o" })), name).toEqual([
          ["1", [["1.1", "A"]]],
          ["2", "C"],
        ]);
      }
    }
  });

  test("whose boundary begins with the outer one's", async () => {
    const input = `--X\r\n${mixed("X_alt")}--X_alt\r\n\r\nA\r\n--X_alt--\r\n--X\r\n\r\nC\r\n--X--`;
    for (const { name, chunks } of chunkings(octets(input))) {
      expect(await tree(new MultipartReader(chunks, { boundary: "X" })), name).toEqual([
        ["1", [["1.1", "A"]]],
        ["2", "C"],
      ]);
    }
  });

  test("takes tolerance and the report from the outer one, unless it has its own", async () => {
    const outer: Deviation[] = [];
    const own: Deviation[] = [];
    const input = `--o\r\n${mixed("i")}--i\r\nx\r\n\r\n\r\n--i--\r\n--o--`;
    const open = async (): Promise<MultipartReader> =>
      new MultipartReader(octets(input), {
        boundary: "o",
        tolerance: "lenient",
        onDeviation: (deviation) => outer.push(deviation),
      });
    await partsOf(new MultipartReader(await nextPart(await open())));
    const deviation = {
      code: "missing-colon",
      offset: input.indexOf("x\r\n"),
      offsetBase: "input",
      path: "1.1",
    };
    expect(outer).toEqual([deviation]);
    const part = await nextPart(await open());
    await partsOf(new MultipartReader(part, { onDeviation: (found) => own.push(found) }));
    expect(own).toEqual([deviation]);
    expect(outer).toHaveLength(1);
    const strict = new MultipartReader(await nextPart(await open()), { tolerance: "strict" });
    expect(await rejection(strict.next())).toMatchObject({ code: "missing-colon" });
  });
});

describe("offsets and paths", () => {
  test("count from the start of the outermost input, in every chunking", async () => {
    const input = `preamble\r\n--o\r\n\r\n\r\n--o\r\n${mixed("i")}--i\r\n\r\nA\r\n--i\r\nbroken\r\n\r\n\r\n--i--\r\n--o--`;
    for (const { name, chunks } of chunkings(octets(input))) {
      const outer = new MultipartReader(chunks, { boundary: "o" });
      await nextPart(outer);
      const inner = new MultipartReader(await nextPart(outer));
      await nextPart(inner);
      expect(await rejection(inner.next()), name).toMatchObject({
        code: "missing-colon",
        offset: input.indexOf("broken"),
        offsetBase: "input",
        path: "2.2",
      });
    }
  });

  test("count from the start of the decoded body where a transfer encoding has been undone", async () => {
    const inner = "--i\r\n\r\nA\r\n--i\r\nbroken\r\n";
    const header = mixed("i").replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    const outer = new MultipartReader(octets(`--o\r\n${header}${btoa(inner)}\r\n--o--`), { boundary: "o" });
    const reader = new MultipartReader(await nextPart(outer));
    await nextPart(reader);
    expect(await rejection(reader.next())).toMatchObject({
      code: "missing-colon",
      offset: inner.indexOf("broken"),
      offsetBase: "decoded-body",
      path: "1.2",
    });
  });

  test("of what is wrong with a part's own fields are its own", async () => {
    const input = "--o\r\n\r\n\r\n--o\r\nContent-Type: text/plain; =x\r\n\r\n\r\n--o--";
    const reader = new MultipartReader(octets(input), { boundary: "o" });
    await nextPart(reader);
    const part = await nextPart(reader);
    expect(thrown(() => part.mediaType)).toMatchObject({ code: "malformed-parameter", path: "2" });
  });

  test("what is wrong with a part's fields is reported once, however often they are asked for", async () => {
    const deviations: Deviation[] = [];
    const input =
      "--o\r\nContent-Type: text/plain; =x\r\nContent-Disposition: form-data; =x\r\n\r\n\r\n--o--";
    const reader = new MultipartReader(octets(input), {
      boundary: "o",
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
    });
    const part = await nextPart(reader);
    for (let time = 0; time < 3; time++) {
      expect(part.mediaType.essence).toBe("text/plain");
      expect(part.disposition?.type).toBe("form-data");
    }
    expect(deviations).toHaveLength(2);
  });
});

describe("budgets are shared with nested readers", () => {
  const exceeded = (name: string, value: number): object => ({
    code: "limit-exceeded",
    limit: { name, value },
  });

  test("maxParts counts all parts", async () => {
    const reader = (maxParts: number): MultipartReader =>
      new MultipartReader(octets(nested), { boundary: "o", limits: { maxParts } });
    expect(await tree(reader(5))).toHaveLength(2);
    expect(await rejection(tree(reader(4)))).toMatchObject({ ...exceeded("maxParts", 4), path: "2" });
  });

  test("maxDepth counts multipart bodies in each other", async () => {
    const reader = (maxDepth: number): MultipartReader =>
      new MultipartReader(octets(nested), { boundary: "o", limits: { maxDepth } });
    expect(await tree(reader(3))).toHaveLength(2);
    expect(await rejection(tree(reader(2)))).toMatchObject({ ...exceeded("maxDepth", 2), path: "1.2" });
    expect(thrown(() => reader(0))).toMatchObject(exceeded("maxDepth", 0));
  });

  test("maxTotalHeaderBytes counts all header sections", async () => {
    const sections = 2 * 2 + mixed("i").length + mixed("ii").length + 2;
    const reader = (maxTotalHeaderBytes: number): MultipartReader =>
      new MultipartReader(octets(nested), { boundary: "o", limits: { maxTotalHeaderBytes } });
    expect(await tree(reader(sections))).toHaveLength(2);
    expect(await rejection(tree(reader(sections - 1)))).toMatchObject(
      exceeded("maxTotalHeaderBytes", sections - 1),
    );
  });

  test("a nested reader with limits of its own has a budget of its own", async () => {
    const outer = new MultipartReader(octets(nested), { boundary: "o", limits: { maxParts: 1 } });
    const inner = new MultipartReader(await nextPart(outer), { limits: { maxParts: 2 } });
    expect(await partsOf(inner)).toHaveLength(2);
  });
});

describe("a multipart body in an HTTP message in a part", () => {
  const batch = (inner: string): string =>
    "--o\r\nContent-Type: application/http\r\n\r\n" +
    `HTTP/1.1 200 OK\r\n${mixed("i")}${inner}` +
    "\r\n--o\r\n\r\nsecond\r\n--o--";
  const inner = "--i\r\n\r\nA\r\n--i--";

  test("is read in every chunking, and the outer reader goes on", async () => {
    for (const { name, chunks } of chunkings(octets(batch(inner)))) {
      const outer = new MultipartReader(chunks, { boundary: "o" });
      const message = await readHttpMessage(await nextPart(outer));
      expect(await partsOf(new MultipartReader(message)), name).toEqual([{ fields: [], body: "A" }]);
      expect(await (await nextPart(outer)).text(), name).toBe("second");
    }
  });

  test("leaves the outer reader alone once it has ended, whenever the rest comes", async () => {
    const [before, after] = batch(`${inner}@`).split("@");
    const tap = new Tap(before!);
    const outer = new MultipartReader(tap.stream, { boundary: "o" });
    const message = await readHttpMessage(await nextPart(outer));
    expect(await partsOf(new MultipartReader(message))).toHaveLength(1);
    const second = outer.next();
    tap.push(after!).close();
    expect(await outcomeOf(second)).toMatchObject({ value: { done: false } });
  });

  test("has the offsets, paths and limits of the outermost input", async () => {
    const input = batch("--i\r\nbroken\r\n\r\n\r\n--i--");
    const outer = new MultipartReader(octets(input), { boundary: "o" });
    const message = await readHttpMessage(await nextPart(outer));
    expect(await rejection(new MultipartReader(message).next())).toMatchObject({
      code: "missing-colon",
      offset: input.indexOf("broken"),
      path: "1.1",
    });
    const shallow = new MultipartReader(octets(batch(inner)), { boundary: "o", limits: { maxDepth: 1 } });
    const embedded = await readHttpMessage(await nextPart(shallow));
    expect(thrown(() => new MultipartReader(embedded))).toMatchObject({ code: "limit-exceeded" });
  });
});
