import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Base64DecoderStream,
  Base64EncoderStream,
  BatchwireError,
  QuotedPrintableDecoderStream,
  QuotedPrintableEncoderStream,
} from "../../src/index.ts";
import type { Deviation } from "../../src/index.ts";
import { arbitraryCuts, chunkings, cut, octets } from "../support/chunkings.ts";
import { isomorphic } from "../support/transfer.ts";
import { chunksOf, rejection, streamOf, Tap, textOf, turns } from "../support/web-streams.ts";

type Through = ReadableWritablePair<Uint8Array<ArrayBuffer>, Uint8Array>;

const through = (chunks: Uint8Array[], transform: Through): Promise<string> =>
  textOf(streamOf(chunks).pipeThrough(transform));

type MakeEncoder = (options?: { binary: boolean }) => Through;

const codings: [
  name: string,
  encoder: MakeEncoder,
  decoder: () => Through,
  plain: string,
  encoded: string,
][] = [
  [
    "base64",
    () => new Base64EncoderStream(),
    () => new Base64DecoderStream(),
    "Hello!\0\xff",
    "SGVsbG8hAP8=",
  ],
  [
    "quoted-printable",
    (options) => new QuotedPrintableEncoderStream(options),
    () => new QuotedPrintableDecoderStream(),
    "caf\xc3\xa9 = \r\nx",
    "caf=C3=A9 =3D=20\r\nx",
  ],
];

describe.each(codings)("%s", (_, encoder, decoder, plain, encoded) => {
  test("is written and read in every chunking", async () => {
    for (const { name, chunks } of chunkings(octets(plain)))
      expect(await through(chunks, encoder()), name).toBe(encoded);
    for (const { name, chunks } of chunkings(octets(encoded)))
      expect(await through(chunks, decoder()), name).toBe(plain);
  });

  test("of nothing is nothing, in no chunk at all", async () => {
    expect(await chunksOf(streamOf<Uint8Array>([]).pipeThrough(encoder()))).toEqual([]);
    expect(await chunksOf(streamOf([new Uint8Array(0)]).pipeThrough(decoder()))).toEqual([]);
  });

  test("is read back as it was written", async () => {
    const cutOctets = fc
      .uint8Array({ maxLength: 300 })
      .chain((input) =>
        arbitraryCuts(input.length).map((positions) => ({ input, chunks: cut(input, positions) })),
      );
    await fc.assert(
      fc.asyncProperty(cutOctets, async ({ input, chunks }) => {
        const there = streamOf(chunks).pipeThrough(encoder({ binary: true }));
        expect(await textOf(there.pipeThrough(decoder()))).toBe(isomorphic(input));
      }),
    );
  });

  test("passes an error of the source on", async () => {
    const boom = new Error("boom");
    expect(await rejection(textOf(new Tap("ab").fail(boom).stream.pipeThrough(encoder())))).toBe(boom);
    expect(await rejection(textOf(new Tap("ab").fail(boom).stream.pipeThrough(decoder())))).toBe(boom);
  });

  test("passes a cancel on to the source", async () => {
    for (const make of [encoder, decoder]) {
      const tap = new Tap();
      const stop = new Error("stop");
      await tap.stream.pipeThrough(make()).cancel(stop);
      await turns();
      expect(tap.cancels).toEqual([stop]);
    }
  });

  test("refuses what are no octets", async () => {
    for (const make of [encoder, decoder]) {
      expect(await rejection(textOf(streamOf(["ab"]).pipeThrough(make() as never)))).toBeInstanceOf(
        TypeError,
      );
    }
  });
});

describe("a decoder", () => {
  test("errors its stream, and cancels the source, with what is wrong, behind what was right", async () => {
    const tap = new Tap("SGVs", "bG8=", "!");
    const reader = tap.stream.pipeThrough(new Base64DecoderStream()).getReader();
    expect((await reader.read()).value).toEqual(octets("Hel"));
    expect((await reader.read()).value).toEqual(octets("lo"));
    const error = await rejection(reader.read());
    expect(error).toBeInstanceOf(BatchwireError);
    expect(error).toMatchObject({ code: "base64-foreign-character", offset: 8 });
    await turns();
    expect(tap.cancels).toEqual([error]);
  });

  test("errors its stream with what is wrong at the end", async () => {
    expect(await rejection(through([octets("SGVsbG8")], new Base64DecoderStream()))).toMatchObject({
      code: "base64-padding",
    });
  });

  test("reports in lenient mode", async () => {
    const deviations: Deviation[] = [];
    const options = {
      tolerance: "lenient",
      onDeviation: (deviation: Deviation) => deviations.push(deviation),
    } as const;
    expect(await through([octets("SGV!sbG8")], new Base64DecoderStream(options))).toBe("Hello");
    expect(await through([octets("a=zz")], new QuotedPrintableDecoderStream(options))).toBe("a=zz");
    expect(deviations.map(({ code }) => code)).toEqual([
      "base64-foreign-character",
      "base64-padding",
      "qp-invalid-escape",
    ]);
  });
});

test("wrong options are thrown at once", () => {
  expect(() => new Base64DecoderStream({ tolerance: "lax" as never })).toThrow(TypeError);
  expect(() => new QuotedPrintableDecoderStream({ tolerance: "lax" as never })).toThrow(TypeError);
});
