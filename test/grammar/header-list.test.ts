import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MultipartParser } from "../../src/codec/multipart-parser.ts";
import { HeaderList } from "../../src/grammar/header-list.ts";
import type { HeaderListInit } from "../../src/grammar/header-list.ts";
import { cut, octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";

/** The list of a header section as it was read; the chunks are overwritten before anybody looks. */
function readList(
  section: string,
  cuts: readonly number[] = [],
  tolerance: "strict" | "lenient" = "strict",
): HeaderList {
  const parser = new MultipartParser({ boundary: "b", tolerance });
  let headers: HeaderList | undefined;
  for (const view of cut(octets(`--b\r\n${section}\r\n`), cuts)) {
    const chunk = view.slice();
    parser.push(chunk);
    for (let event = parser.read(); event !== undefined; event = parser.read())
      if (event.type === "part") headers = event.headers;
    chunk.fill(0x21);
  }
  if (headers === undefined) throw new Error("There is no part");
  return headers;
}

const pairs = (list: HeaderList): string => [...list].map(([name, value]) => `${name}:${value}`).join(" ");

describe("what header lists remember of others", () => {
  test("is not confused by names and values of equal lengths", () => {
    const of = (name: string, value: string): string => [...new HeaderList([[name, value]])].join();
    const all = ["abcd", "abce", "ABCD"].flatMap((name) =>
      ["1", "2", "\t1"].map((value) => [name, value] as const),
    );
    for (const _ of [1, 2])
      expect(all.map(([name, value]) => of(name, value))).toEqual(
        all.map(([name, value]) => `${name},${value.trim()}`),
      );
    expect(() => of("abc\n", "1")).toThrow(TypeError);
    expect(() => of("abcd", "\n")).toThrow(TypeError);
  });

  test("is not changed by an edit", () => {
    const [one, other] = [new HeaderList([["A", "1"]]), new HeaderList([["A", "1"]])];
    one.set("a", "2");
    one.append("A", "1");
    expect([pairs(one), pairs(other), pairs(new HeaderList([["A", "1"]]))]).toEqual([
      "a:2 A:1",
      "A:1",
      "A:1",
    ]);
  });

  test("does not answer for another name, or another list", () => {
    const read = readList("A: 1\r\nB: 2\r\nC: \xc3\xa9\r\n");
    const made = new HeaderList({ b: "3" });
    for (const _ of [1, 2]) {
      expect(["a", "b", "A", "c", "d", "C"].map((name) => read.get(name))).toEqual([
        "1",
        "2",
        "1",
        "é",
        undefined,
        "é",
      ]);
      expect(["a", "b", "B"].map((name) => made.get(name))).toEqual([undefined, "3", "3"]);
    }
    read.set("B", "4");
    expect(["a", "b"].map((name) => read.get(name))).toEqual(["1", "4"]);
  });

  test("is what was given, not what was made of it: a number is text, nothing is refused", () => {
    const list = new HeaderList();
    list.append("A", 1 as unknown as string);
    expect(list.get("A")).toBe("1");
    for (const value of [undefined, null])
      expect(() => list.append("A", value as unknown as string)).toThrow(TypeError);
  });
});

describe("a header list", () => {
  test.each<[what: string, init: HeaderListInit | undefined, expected: string]>([
    ["nothing", undefined, ""],
    [
      "pairs",
      [
        ["A", "1"],
        ["b", "2"],
        ["a", "3"],
      ],
      "A:1 b:2 a:3",
    ],
    ["a record", { "A": "1", "b-C": "2" }, "A:1 b-C:2"],
    ["a map", new Map([["A", "1"]]), "A:1"],
    [
      "another list",
      new HeaderList([
        ["A", "1"],
        ["A", "2"],
      ]),
      "A:1 A:2",
    ],
    ["headers of a parser", readList("A:1\r\nB:2\r\n"), "A:1 B:2"],
  ])("is made from %s", (_, init, expected) => {
    const list = new HeaderList(init);
    expect(pairs(list)).toBe(expected);
    expect(list.size).toBe(expected === "" ? 0 : expected.split(" ").length);
  });

  const lists: [what: string, make: () => HeaderList][] = [
    [
      "made",
      () =>
        new HeaderList([
          ["Set-Cookie", "a=1"],
          ["X", "2"],
          ["SET-COOKIE", "b=2"],
        ]),
    ],
    ["read", () => readList("Set-Cookie: a=1\r\nX: 2\r\nSET-COOKIE: b=2\r\n")],
  ];
  describe.each(lists)("that was %s", (_, make) => {
    test("keeps order, repeats and spelling, and is asked in any case", () => {
      const list = make();
      expect(pairs(list)).toBe("Set-Cookie:a=1 X:2 SET-COOKIE:b=2");
      expect([list.get("set-COOKIE"), list.get("x"), list.get("y")]).toEqual(["a=1", "2", undefined]);
      expect([list.getAll("set-cookie"), list.getAll("Y")]).toEqual([["a=1", "b=2"], []]);
      expect([list.has("X"), list.has("set-cookie"), list.has("set-cooki"), list.has("")]).toEqual([
        true,
        true,
        false,
        false,
      ]);
    });

    test("appends behind all others", () => {
      const list = make();
      list.append("x", "3");
      expect(pairs(list)).toBe("Set-Cookie:a=1 X:2 SET-COOKIE:b=2 x:3");
    });

    test("sets in place of the first, without the repeats", () => {
      const list = make();
      list.set("set-cookie", "c=3");
      expect(pairs(list)).toBe("set-cookie:c=3 X:2");
      list.set("New", "4");
      expect(pairs(list)).toBe("set-cookie:c=3 X:2 New:4");
    });

    test("deletes all of a name, and tells whether there were any", () => {
      const list = make();
      expect([list.delete("SET-cookie"), list.delete("SET-cookie"), list.delete("none")]).toEqual([
        true,
        false,
        false,
      ]);
      expect(pairs(list)).toBe("X:2");
    });

    test("is copied: edits of either do not show in the other", () => {
      const list = make();
      const copy = new HeaderList(list);
      list.set("X", "list");
      copy.append("X", "copy");
      const copyOfEdited = new HeaderList(list);
      list.delete("x");
      expect([list.get("x"), copy.getAll("x"), copyOfEdited.getAll("x")]).toEqual([
        undefined,
        ["2", "copy"],
        ["list"],
      ]);
    });

    test("is iterated as it was when the iteration began", () => {
      const list = make();
      const seen: string[] = [];
      for (const [name, value] of list) {
        seen.push(`${name}:${value}`);
        list.delete(name);
        list.append("New", "x");
      }
      expect(seen).toEqual(["Set-Cookie:a=1", "X:2", "SET-COOKIE:b=2"]);
      expect(pairs(list)).toBe("New:x New:x New:x");
    });

    test("is JSON as its pairs", () => {
      expect(JSON.stringify(make())).toBe('[["Set-Cookie","a=1"],["X","2"],["SET-COOKIE","b=2"]]');
    });
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty", "get"])(
    "takes %s for a name like any other",
    (name) => {
      const empty = new HeaderList();
      expect([empty.has(name), empty.get(name), empty.getAll(name), empty.delete(name)]).toEqual([
        false,
        undefined,
        [],
        false,
      ]);
      for (const list of [new HeaderList([[name, "1"]]), readList(`${name}: 1\r\n`)]) {
        list.append(name.toUpperCase(), "2");
        expect(list.getAll(name)).toEqual(["1", "2"]);
        expect(new HeaderList(list).get(name)).toBe("1");
      }
    },
  );

  test("compares the case of ASCII letters alone", () => {
    // Kelvin sign and long s: toLowerCase() and toUpperCase() would make ASCII letters of them.
    for (const list of [
      new HeaderList([
        ["K", "1"],
        ["s", "2"],
        ["i", "3"],
      ]),
      readList("K: 1\r\ns: 2\r\ni: 3\r\n"),
    ]) {
      expect([list.get("k"), list.get("S"), list.get("I")]).toEqual(["1", "2", "3"]);
      expect([list.get("\u212a"), list.get("\u017f"), list.get("\u0130"), list.get("\u0131")]).toEqual(
        Array(4).fill(undefined),
      );
      expect(list.delete("\u212a")).toBe(false);
    }
    // Characters whose codes differ from letters in the bit that tells the case.
    const list = readList("^: 1\r\n~: 2\r\n");
    expect([list.getAll("^"), list.getAll("~")]).toEqual([["1"], ["2"]]);
  });

  test.each<[name: string, value: string]>([
    ["", "x"],
    ["a b", "x"],
    ["a:", "x"],
    ["é", "x"],
    ["a\r\nb", "x"],
    ["a\0", "x"],
    ["a", "x\ry"],
    ["a", "x\ny"],
    ["a", "x\r\n y"],
    ["a", "x\0y"],
    ["a", "x\r\n"],
  ])("refuses to hold %j: %j", (name, value) => {
    const list = new HeaderList([["a", "1"]]);
    for (const write of [
      () => list.append(name, value),
      () => list.set(name, value),
      () => new HeaderList([[name, value]]),
      () => HeaderList.fromIsomorphic([[name, value]]),
    ])
      expect(write).toThrow(TypeError);
    expect(pairs(list)).toBe("a:1");
  });

  test("trims what it is given, as a reader would", () => {
    const list = new HeaderList([["a", " \t1 2\t "]]);
    expect([list.get("a"), isomorphic(list.toOctets())]).toEqual(["1 2", "a: 1 2\r\n"]);
  });
});

describe("values", () => {
  const section = "A: caf\xc3\xa9\r\nB: caf\xe9\r\nC: plain\r\n";

  test("are text: UTF-8 where they are, else one character an octet", () => {
    const list = readList(section);
    expect(list.getAll("a").concat(list.getAll("b"))).toEqual(["café", "caf\xe9"]);
    list.append("D", "€");
    expect(pairs(list)).toBe("A:café B:caf\xe9 C:plain D:€");
  });

  test("are isomorphic for Headers", () => {
    const list = readList(section);
    list.append("D", "€");
    expect(list.isomorphicEntries()).toEqual([
      ["A", "caf\xc3\xa9"],
      ["B", "caf\xe9"],
      ["C", "plain"],
      ["D", "\xe2\x82\xac"],
    ]);
    expect(HeaderList.fromIsomorphic(list.isomorphicEntries()).toOctets()).toEqual(
      list.toOctets().map((octet) => octet),
    );
    expect(pairs(HeaderList.fromIsomorphic(list.isomorphicEntries()))).toBe(pairs(list));
    expect(() => HeaderList.fromIsomorphic([["a", "\u0100"]])).toThrow(TypeError);
  });

  describe("of Headers are isomorphic already, and written as these octets", () => {
    const pair = ["x-name", "\xc3\xbc \xfc"] as const;
    const fields = [pair];

    test.runIf("Headers" in globalThis)("the runtime's", () => {
      const list = new HeaderList(new Headers([[...pair]]));
      expect(isomorphic(list.toOctets())).toBe("x-name: \xc3\xbc \xfc\r\n");
      expect(new HeaderList(new Headers({ a: "\xc3\xbc" })).get("a")).toBe("ü");
    });

    test.each([
      ["by their tag", { [Symbol.iterator]: () => fields.values(), [Symbol.toStringTag]: "Headers" }],
      ["by getSetCookie()", { [Symbol.iterator]: () => fields.values(), getSetCookie: () => [] }],
    ])("a polyfill's, which are told %s", (_, headers) => {
      expect(isomorphic(new HeaderList(headers).toOctets())).toBe("x-name: \xc3\xbc \xfc\r\n");
    });

    test("but a field of a record tells nothing", () => {
      expect(isomorphic(new HeaderList({ getSetCookie: "ü" }).toOctets())).toBe("getSetCookie: \xc3\xbc\r\n");
    });
  });

  test("that are set are written as UTF-8", () => {
    expect(isomorphic(new HeaderList([["a", "é\u{1f680}"]]).toOctets())).toBe(
      "a: \xc3\xa9\xf0\x9f\x9a\x80\r\n",
    );
  });
});

describe("a list that was read", () => {
  const section = "A:1\r\nb:\t2 \r\nC: 3\r\n\t4 \r\n  5\r\nD: caf\xe9 \xc3\xa9\r\nA:\r\n";

  test("is written as it was read, octet for octet", () => {
    expect(isomorphic(readList(section).toOctets())).toBe(section);
  });

  test("is written field by field once one is edited", () => {
    const list = readList(section);
    list.set("b", "new");
    expect(isomorphic(list.toOctets())).toBe(section.replace("b:\t2 ", "b: new"));
    list.append("E", "é");
    list.delete("a");
    expect(isomorphic(list.toOctets())).toBe(
      "b: new\r\nC: 3\r\n\t4 \r\n  5\r\nD: caf\xe9 \xc3\xa9\r\nE: \xc3\xa9\r\n",
    );
    expect(isomorphic(new HeaderList(list).toOctets())).toBe(isomorphic(list.toOctets()));
  });

  test("tells how it was read once it is edited, but no places any more", () => {
    const list = readList(section);
    expect([list.valueAsRead("B"), list.valueOffset("B")]).toEqual(["2", 8]);
    list.set("b", "new");
    list.append("E", "new");
    for (const edited of [list, new HeaderList(list)]) {
      expect(["b", "E"].map((name) => edited.valueAsRead(name))).toEqual(["2", undefined]);
      expect(["b", "E"].map((name) => edited.valueOffset(name))).toEqual([undefined, undefined]);
    }
    expect(new HeaderList([["A", "1"]]).valueAsRead("A")).toBe(undefined);
  });

  test("is unfolded without a change to what is not folded, and of its own", () => {
    const folded = "A:1\r\nB: 2\r\n\t3 \r\nC:\r\n 4\r\nD: 5\r\n \r\ne:6\r\n";
    const list = readList(folded);
    const edited = readList(folded);
    edited.set("E", "7");
    expect(list.unfolded().toIsomorphic()).toBe("A:1\r\nB: 2\t3\r\nC: 4\r\nD: 5\r\ne:6\r\n");
    expect(edited.unfolded().toIsomorphic()).toBe("A:1\r\nB: 2\t3\r\nC: 4\r\nD: 5\r\nE: 7\r\n");
    expect(list.toIsomorphic()).toBe(folded);
    expect([...list.unfolded()]).toEqual([...list]);
  });

  test("is itself unfolded where nothing is folded", () => {
    const plain = [readList("A:1\r\n"), readList(""), new HeaderList([["A", "1"]])];
    expect(plain.map((list) => list.unfolded() === list)).toEqual([true, true, true]);
    const deviating = readList("A : 1\r\n", [], "lenient");
    expect([deviating.unfolded() === deviating, deviating.valueOffset("a")]).toEqual([true, 4]);
  });

  test("holds its text, whatever becomes of the chunks, however they were cut", () => {
    const whole = pairs(readList(section));
    for (let at = 1; at < section.length + 7; at++) {
      const list = readList(section, [at]);
      expect(pairs(list), `cut at ${at}`).toBe(whole);
      expect(isomorphic(list.toOctets()), `cut at ${at}`).toBe(section);
    }
  });

  test("with deviations is written as strict readers want it", () => {
    const list = readList(" A : 1\r\nno colon\r\nB\t:2\r\n 3\r\n", [], "lenient");
    expect(isomorphic(list.toOctets())).toBe("A: 1\r\nB: 2 3\r\n");
  });

  test("with control characters in a value may be read, and written once that is gone", () => {
    const list = readList("A: \x01\x7f\r\nB: 1\r\n", [], "lenient");
    expect(list.get("a")).toBe("\x01\x7f");
    expect(() => list.toOctets()).toThrow(TypeError);
    list.delete("a");
    expect(isomorphic(list.toOctets())).toBe("B: 1\r\n");
  });

  test("with a name that is no token may be read and edited, and written once that is gone", () => {
    const list = readList("A(B): 1\r\nC: 2\r\n", [], "lenient");
    expect(list.get("a(b)")).toBe("1");
    expect(() => list.toOctets()).toThrow(TypeError);
    list.delete("A(b)");
    expect(isomorphic(list.toOctets())).toBe("C: 2\r\n");
  });

  test("with a name in UTF-8 is asked for it as it tells it", () => {
    const list = readList("\xc3\xa9: 1\r\nA: 2\r\n", [], "lenient");
    expect(pairs(list)).toBe("é:1 A:2");
    expect([list.has("é"), list.get("é"), list.getAll("é")]).toEqual([true, "1", ["1"]]);
    list.set("A", "3");
    expect(pairs(list)).toBe("é:1 A:3");
    expect([list.get("é"), list.delete("é"), list.size]).toEqual(["1", true, 1]);
  });
});

test("a list is what an array of pairs would be", () => {
  const name = fc.constantFrom("a", "A", "b", "c-D", "__proto__");
  const value = fc.constantFrom("1", "2", "", "é");
  const edit = fc.oneof(
    fc.record({ verb: fc.constant("append" as const), name, value }),
    fc.record({ verb: fc.constant("set" as const), name, value }),
    fc.record({ verb: fc.constant("delete" as const), name, value }),
  );
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), fc.array(edit), fc.boolean(), (init, edits, isRead) => {
      let model: (readonly [string, string])[] = init;
      const made = new HeaderList(init);
      const list = isRead ? readList(isomorphic(made.toOctets())) : made;
      for (const { verb, name: field, value: text } of edits) {
        const at = model.findIndex(([other]) => same(other, field));
        if (verb === "delete") {
          expect(list.delete(field)).toBe(at >= 0);
          model = model.filter(([other]) => !same(other, field));
        } else if (verb === "append" || at < 0) {
          list[verb](field, text);
          model = [...model, [field, text]];
        } else {
          list.set(field, text);
          model = model
            .filter(([other], index) => index <= at || !same(other, field))
            .map((pair, index) => (index === at ? [field, text] : pair));
        }
      }
      expect([...list]).toEqual(model);
      for (const field of ["a", "B", "c-d", "__PROTO__"])
        expect(list.getAll(field)).toEqual(
          model.filter(([other]) => same(other, field)).map(([, text]) => text),
        );
    }),
  );
});
