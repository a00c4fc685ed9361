import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Base64Decoder } from "../../src/codec/base64-decoder.ts";
import { BatchwireError } from "../../src/errors.ts";
import { referenceBase64, referenceSetFromBase64 } from "../reference/transfer-encoding.ts";
import { arbitraryCuts, chunkings, cut, octets, seeded } from "../support/chunkings.ts";
import { decodedLine, everyString, expectedLine, histogram, isomorphic } from "../support/transfer.ts";

const modes = ["strict", "lenient"] as const;
const line = (chunks: Uint8Array[], mode: (typeof modes)[number]): string =>
  decodedLine(Base64Decoder, chunks, mode);

/** `undefined`: the same as in strict mode. */
type Case = [what: string, input: string, strict: string, lenient?: string];

const cases: Case[] = [
  ["nothing", "", ""],
  ["nothing but line ends", "\r\n \t\r\n", ""],
  // RFC 4648 §4
  ["one quantum", "TWFu", "Man"],
  ["two characters and padding", "TQ==", "M"],
  ["three characters and padding", "TWE=", "Ma"],
  ["all bits set", "////", "\xff\xff\xff"],
  ["the last two characters of the alphabet", "+/+/", "\xfb\xff\xbf"],
  ["padding behind many quanta", `${"QUJD".repeat(20)}RA==`, `${"ABC".repeat(20)}D`],

  // RFC 2045 §6.8: line breaks
  ["lines", "QUJD\r\nREVG\r\n", "ABCDEF"],
  ["lines that end in LF", "QUJD\nREVG\n", "ABCDEF"],
  ["lines that end in CR", "QUJD\rREVG\r", "ABCDEF"],
  ["lines that part quanta", "QUJDR\r\nEVGR\r\n0hJ", "ABCDEFGHI"],
  ["an octet a line", "Q\r\nU\r\nJ\r\nD", "ABC"],
  ["white space in padding", "TQ=\r\n = \t", "M"],
  ["white space in the middle of 16 characters", "QUJDREVG R0hJSktM", "ABCDEFGHIJKL"],

  // Padding
  ["no padding behind two characters", "TQ", "!base64-padding@2", "M ~base64-padding@2"],
  ["no padding behind three characters", "TWE\r\n", "!base64-padding@5", "Ma ~base64-padding@5"],
  ["half the padding", "TQ=", "!base64-padding@3", "M ~base64-padding@3"],
  ["a single character", "T", "!base64-padding@1", " ~base64-padding@1"],
  ["a single character too many", "TWFuT", "!base64-padding@5", "Man ~base64-padding@5"],
  ["padding of nothing", "=", "!base64-padding@0", " ~base64-padding@0"],
  [
    "padding of a single character",
    "T===",
    "!base64-padding@1",
    " ~base64-padding@1 ~base64-padding@2 ~base64-padding@3",
  ],
  ["padding of a whole quantum", "TWFu=", "!base64-padding@4", "Man ~base64-padding@4"],
  ["padding three times", "TQ===", "!base64-padding@4", "M ~base64-padding@4"],
  ["padding twice behind three", "TWE==", "!base64-padding@4", "Ma ~base64-padding@4"],
  [
    "encodings in a row",
    "TQ==TWE=\r\nTWFu",
    "!base64-padding@4",
    "MMaMan ~base64-padding@4 ~base64-padding@10",
  ],
  ["padding in the middle of a quantum", "TQ=TWFu", "!base64-padding@3", "MMan ~base64-padding@3"],
  [
    "padding of a single character, and more",
    "T=WFu",
    "!base64-padding@1",
    "X[ ~base64-padding@1 ~base64-padding@5 ~base64-trailing-bits@5",
  ],

  // Unused bits (RFC 4648 §3.5)
  ["unused bits behind two characters", "TR==", "!base64-trailing-bits@2", "M ~base64-trailing-bits@2"],
  ["unused bits behind three characters", "TWF=", "!base64-trailing-bits@3", "Ma ~base64-trailing-bits@3"],
  ["unused bits without padding", "TR", "!base64-padding@2", "M ~base64-padding@2 ~base64-trailing-bits@2"],

  // Foreign characters
  ["a foreign character", "TW!Fu", "!base64-foreign-character@2", "Man ~base64-foreign-character@2"],
  [
    "the URL-safe alphabet",
    "-_-_",
    "!base64-foreign-character@0",
    ` ${[0, 1, 2, 3].map((at) => `~base64-foreign-character@${at}`).join(" ")}`,
  ],
  ["a form feed", "TWFu\f", "!base64-foreign-character@4", "Man ~base64-foreign-character@4"],
  [
    "an octet above ASCII",
    "TW\xc3\xa9Fu",
    "!base64-foreign-character@2",
    "Man ~base64-foreign-character@2 ~base64-foreign-character@3",
  ],
  ["a foreign character in padding", "TQ=!=", "!base64-foreign-character@3", "M ~base64-foreign-character@3"],
  [
    "a foreign character behind padding",
    "TQ==!",
    "!base64-foreign-character@4",
    "M ~base64-foreign-character@4",
  ],
  ["a NUL", "\0", "!base64-foreign-character@0", " ~base64-foreign-character@0"],
];

describe("base64 decoding", () => {
  test.each(cases)("%s", (_, input, strict, lenient = strict) => {
    for (const { name, chunks } of chunkings(octets(input))) {
      expect(line(chunks, "strict"), name).toBe(strict);
      expect(line(chunks, "lenient"), name).toBe(lenient);
    }
  });

  test("every string of up to six characters agrees with the reference in every single cut", () => {
    const outcomes = { strict: [] as string[], lenient: [] as string[] };
    for (const text of everyString("A/+=\n!", 6)) {
      const input = octets(text);
      const decoded = referenceBase64(text);
      for (const mode of modes) {
        const expected = expectedLine(decoded, mode);
        for (let position = 0; position < Math.max(1, input.length); position++) {
          const got = line(cut(input, [position]), mode);
          if (got !== expected) expect(got, JSON.stringify([text, position])).toBe(expected);
        }
        const got = line(
          cut(
            input,
            Array.from(input, (_, index) => index),
          ),
          mode,
        );
        if (got !== expected) expect(got, `${JSON.stringify(text)} octet by octet`).toBe(expected);
      }
      outcomes.strict.push(decoded.findings[0]?.code ?? "ok");
      outcomes.lenient.push(`${decoded.findings.length} deviations`);
    }
    expect(histogram(outcomes.strict)).toEqual({
      "base64-foreign-character": 25650,
      "base64-padding": 24279,
      "base64-trailing-bits": 4098,
      "ok": 1960,
    });
    expect(histogram(outcomes.lenient)).toEqual({
      "0 deviations": 1960,
      "1 deviations": 8262,
      "2 deviations": 11798,
      "3 deviations": 14170,
      "4 deviations": 13833,
      "5 deviations": 5369,
      "6 deviations": 595,
    });
  });
});

/** Lines of base64 with a few pieces put in: valid, nearly valid and invalid. */
const arbitraryText = fc
  .record({
    quanta: fc.nat({ max: 900 }),
    lineLength: fc.constantFrom(4, 60, 64, 75, 76, 77, 10_000),
    lineEnd: fc.constantFrom("\r\n", "\r\n", "\n", " \t\r\n"),
    seed: fc.nat(),
    insertions: fc.array(fc.tuple(fc.nat(), fc.constantFrom("=", "==", "A", "\n", "\f", "!", "\xe9", "-")), {
      maxLength: 3,
    }),
    end: fc.constantFrom("", "=", "==", "A", "AA", "AAA", "AA==", "AAA=", "AB=", "\r\n"),
  })
  .map(({ quanta, lineLength, lineEnd, seed, insertions, end }) => {
    const random = seeded(seed);
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text = "";
    for (let n = 0; n < 4 * quanta; n++) {
      if (n > 0 && n % lineLength === 0) text += lineEnd;
      text += alphabet.charAt(Math.floor(random() * 64));
    }
    for (const [at, piece] of insertions) {
      const position = at % (text.length + 1);
      text = text.slice(0, position) + piece + text.slice(position);
    }
    return text + end;
  });

type SetFromBase64 = (this: Uint8Array, text: string) => { read: number; written: number };
const { prototype } = Uint8Array as { prototype: { setFromBase64?: SetFromBase64 } };
const ofTheEngine = Object.getOwnPropertyDescriptor(prototype, "setFromBase64");

function useSetFromBase64(method: SetFromBase64 | undefined): void {
  if (method === undefined) delete prototype.setFromBase64;
  else
    Object.defineProperty(prototype, "setFromBase64", { value: method, writable: true, configurable: true });
}

afterEach(() => {
  delete prototype.setFromBase64;
  if (ofTheEngine !== undefined) Object.defineProperty(prototype, "setFromBase64", ofTheEngine);
});

const methods: [name: string, method: SetFromBase64 | undefined][] = [
  ["the tables", undefined],
  [
    "a setFromBase64 of this test's own",
    function setFromBase64(text) {
      return referenceSetFromBase64(this, text);
    },
  ],
];
if (ofTheEngine !== undefined)
  methods.push(["the engine's setFromBase64", ofTheEngine.value as SetFromBase64]);

describe.each(methods)("base64 decoding by %s", (_, method) => {
  beforeEach(() => useSetFromBase64(method));

  test.each(modes)("agrees with the reference in any chunking (%s)", (mode) => {
    fc.assert(
      fc.property(
        arbitraryText.chain((text) => fc.tuple(fc.constant(text), arbitraryCuts(text.length))),
        ([text, cuts]) => {
          const input = octets(text);
          const expected = expectedLine(referenceBase64(text), mode);
          expect(line([input], mode)).toBe(expected);
          expect(line(cut(input, cuts), mode)).toBe(expected);
        },
      ),
      { numRuns: 400 },
    );
  });

  test("finds the one wrong octet of a long text, whatever it is and wherever it stands", () => {
    const text = "QUJDREVG".repeat(200);
    for (const position of [0, 1, 15, 16, 800, 1597, 1599]) {
      for (let octet = 0; octet < 256; octet += octet === 0x7f ? 0x15 : 1) {
        const broken = text.slice(0, position) + String.fromCharCode(octet) + text.slice(position + 1);
        for (const mode of modes) {
          expect(line([octets(broken)], mode)).toBe(expectedLine(referenceBase64(broken), mode));
        }
      }
    }
  });
});

describe("base64 decoding with an engine's setFromBase64", () => {
  const calls: number[] = [];
  beforeEach(() => {
    calls.length = 0;
    useSetFromBase64(function count(this: Uint8Array, text) {
      calls.push(text.length);
      return referenceSetFromBase64(this, text);
    });
  });

  test("hands it what is long, whole", () => {
    const text = `${"QUJD".repeat(19)}\r\n`.repeat(20);
    expect(line([octets(text)], "strict")).toBe("ABC".repeat(380));
    expect(calls).toEqual([text.length]);
  });

  test("does not bother it with what is short", () => {
    expect(line(cut(octets("QUJD".repeat(500)), [700, 1400]), "strict")).toBe("ABC".repeat(500));
    expect(calls).toEqual([]);
  });

  test("calls it once a chunk, however often padding interrupts", () => {
    const text = "QQ==".repeat(1000);
    expect(line([octets(text)], "lenient").startsWith("A".repeat(1000))).toBe(true);
    expect(calls).toEqual([2]);
  });

  test("finishes an open quantum first", () => {
    const text = "QUJD".repeat(1000);
    expect(line(cut(octets(text), [5]), "strict")).toBe("ABC".repeat(1000));
    expect(calls).toEqual([text.length - 8]);
  });
});

describe("the base64 decoder as an object", () => {
  test("begins afresh after the last chunk", () => {
    const decoder = new Base64Decoder({ tolerance: "lenient" });
    expect(isomorphic(decoder.decode(octets("TWFuT"), { stream: true }), decoder.decode(octets("Q")))).toBe(
      "ManM",
    );
    expect(isomorphic(decoder.decode(octets("TWFu")))).toBe("Man");
    expect(decoder.decode(octets("TQ==")).length).toBe(1);
    expect(isomorphic(decoder.decode(octets("TWFu")))).toBe("Man");
  });

  test("throws the same error from every later call", () => {
    const decoder = new Base64Decoder();
    const thrown: unknown[] = [];
    for (const input of ["TWFu", "!", "TWFu", ""]) {
      try {
        decoder.decode(octets(input), { stream: true });
      } catch (error) {
        thrown.push(error);
      }
    }
    expect(thrown.length).toBe(3);
    expect(thrown[0]).toBeInstanceOf(BatchwireError);
    expect(new Set(thrown).size).toBe(1);
  });

  test("counts offsets from its origin, over all chunks", () => {
    const deviations: unknown[] = [];
    const decoder = new Base64Decoder({
      tolerance: "lenient",
      onDeviation: (deviation) => deviations.push(deviation),
      origin: { offset: 1000, offsetBase: "input", path: "3", depth: 1 },
    });
    decoder.decode(octets("TWFu\r\nT"), { stream: true });
    decoder.decode(octets("!Q"));
    expect(deviations).toEqual([
      { code: "base64-foreign-character", offset: 1007, offsetBase: "input", path: "3" },
      { code: "base64-padding", offset: 1009, offsetBase: "input", path: "3" },
    ]);
  });

  test("keeps neither the chunk nor its memory", () => {
    const chunk = octets("TWFuTW");
    const decoder = new Base64Decoder();
    const first = decoder.decode(chunk, { stream: true });
    chunk.fill(0x21);
    expect(isomorphic(first, decoder.decode(octets("Fu")))).toBe("ManMan");
  });

  test("refuses what is not octets, and goes on", () => {
    const decoder = new Base64Decoder();
    expect(() => decoder.decode("TWFu" as unknown as Uint8Array)).toThrow(TypeError);
    expect(isomorphic(decoder.decode(octets("TWFu")))).toBe("Man");
  });
});
