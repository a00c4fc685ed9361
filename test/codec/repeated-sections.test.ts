/** Bodies repeat the header section of every part; no two parts have anything to do with each other for that. */
import { describe, expect, test } from "vitest";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import type { HeaderList } from "../../src/grammar/header-list.ts";
import type { Limits } from "../../src/limits.ts";
import { chunkings, octets } from "../support/chunkings.ts";
import { multipartLog } from "../support/event-log.ts";
import { drive } from "../support/outcome.ts";
import { isomorphic } from "../support/transfer.ts";

const bodyOf = (sections: readonly string[]): Uint8Array =>
  octets(`${sections.map((section) => `--b\r\n${section}\r\nx\r\n`).join("")}--b--`);

function listsOf(chunks: readonly Uint8Array[], tolerance: "strict" | "lenient" = "strict"): HeaderList[] {
  const lists: HeaderList[] = [];
  const error = drive(new MultipartParser({ boundary: "b", tolerance }), chunks, (event) => {
    if (event.type === "part") lists.push(event.headers);
  });
  expect(error).toBeUndefined();
  return lists;
}

describe("header sections that are the same, or nearly", () => {
  const sections = [
    "A: 1\r\nB:  2\r\n",
    "A: 1\r\nB:  2\r\n",
    "A: 1\r\nB:  2\r\nC: 3\r\n",
    "A: 1\r\nB:  2\r\n",
    "A: 1\r\n",
    "",
    "",
    "A: 1\r\nB:  3\r\n",
    "A: 1\r\nb:  3\r\n",
    "A: 1\r\nb:  3\r\n",
    "A: \xe9\r\n 4\r\n",
    "A: \xe9\r\n 4\r\n",
  ];

  test("are read each for itself, in any chunking", () => {
    for (const { name, chunks } of chunkings(bodyOf(sections))) {
      const lists = listsOf(chunks);
      expect(
        lists.map((list) => isomorphic(list.toOctets())),
        name,
      ).toEqual(sections);
    }
  });

  test("are read each for itself where two, three or ten kinds take turns", () => {
    for (const kinds of [2, 3, 10]) {
      const section = (at: number): string => `A: ${at % kinds}\r\nB: ${"b".repeat(at % kinds)}c\r\n`;
      const turns = Array.from({ length: 40 }, (_, at) => section(at)).concat(Array(6).fill(section(1)));
      const whole = listsOf([bodyOf(turns)]);
      expect(whole.map((list) => isomorphic(list.toOctets()))).toEqual(turns);
      expect(whole.map((list) => list.get("b")!.length)).toEqual(turns.map((text) => text.indexOf("c") - 8));
    }
  });

  test("make lists of their own: an edit of one shows in no other", () => {
    const same = Array(4).fill("A: 1\r\nB: 2\r\n");
    const [first, second, third, fourth] = listsOf([bodyOf(same)]);
    second!.set("A", "changed");
    third!.delete("B");
    fourth!.append("C", "3");
    expect([first, second, third, fourth].map((list) => JSON.stringify(list))).toEqual([
      '[["A","1"],["B","2"]]',
      '[["A","changed"],["B","2"]]',
      '[["A","1"]]',
      '[["A","1"],["B","2"],["C","3"]]',
    ]);
    expect(isomorphic(first!.toOctets())).toBe("A: 1\r\nB: 2\r\n");
  });

  test("stay what they are when the chunk is overwritten", () => {
    const input = bodyOf(Array(3).fill("A: 1\r\n"));
    const half = input.length >> 1;
    const parser = new MultipartParser({ boundary: "b" });
    const lists: HeaderList[] = [];
    for (const chunk of [input.slice(0, half), input.slice(half)]) {
      parser.push(chunk);
      for (let event = parser.read(); event !== undefined; event = parser.read())
        if (event.type === "part") lists.push(event.headers);
      chunk.fill(0x42);
    }
    expect(lists.map((list) => list.get("a"))).toEqual(["1", "1", "1"]);
  });

  test("are each told of in lenient mode", () => {
    const flawed = ["A : 1\r\n", "A : 1\r\n", "B\r\n", "B\r\n", " C: 1\r\n", " C: 1\r\n"];
    const log = multipartLog([bodyOf(flawed)], { boundary: "b", tolerance: "lenient" });
    const codes = log.split("\n").filter((line) => line.startsWith("~"));
    expect(codes.map((line) => line.replace(/ @\d+/, ""))).toEqual([
      "~space-before-colon part 1",
      "~space-before-colon part 2",
      "~missing-colon part 3",
      "~missing-colon part 4",
      "~leading-white-space part 5",
      "~leading-white-space part 6",
    ]);
  });

  test("are each told of where a form folds its lines", () => {
    const log = multipartLog([bodyOf(Array(2).fill("A:\r\n 1\r\n"))], {
      boundary: "b",
      profile: "form-data",
      tolerance: "lenient",
    });
    expect(log.match(/~folded-field-line/g)).toHaveLength(2);
  });

  test.each<[name: keyof Limits, value: number, failsAt: number]>([
    ["maxTotalHeaderBytes", 24, 4],
    ["maxParts", 3, 4],
    ["maxHeaderBytes", 7, 1],
    ["maxHeaderCount", 0, 1],
  ])("count for %s each time", (name, value, failsAt) => {
    for (const { chunks } of chunkings(bodyOf(Array(5).fill("A: 1\r\n")))) {
      let parts = 0;
      const error = drive(
        new MultipartParser({ boundary: "b", limits: { [name]: value } }),
        chunks,
        ({ type }) => {
          if (type === "part") parts++;
        },
      );
      expect([error?.limit?.name, error?.path, parts]).toEqual([name, String(failsAt), failsAt - 1]);
    }
  });
});
