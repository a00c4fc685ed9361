import { describe, expect, test } from "vitest";
import { corpus, hasCorpus, readVectors } from "./corpus.ts";
import { readDosVector } from "./vectors/dos.ts";
import { readHeadersVector } from "./vectors/headers.ts";
import { readHttpVector } from "./vectors/http.ts";
import { readJsonBatchVector } from "./vectors/json-batch.ts";
import { readMultipartVector } from "./vectors/multipart.ts";
import { aboveTheCodec, optionsOfTheSource, overruled } from "./vectors/overruled.ts";
import { readParamsVector } from "./vectors/params.ts";
import type { AsyncReader, Reader } from "./vectors/suite.ts";
import { vectorSuite } from "./vectors/suite.ts";
import { readTransferVector } from "./vectors/transfer-encoding.ts";

const readers: Record<string, Reader | AsyncReader> = {
  "multipart": readMultipartVector,
  "params": readParamsVector,
  "headers": readHeadersVector,
  "qp": readTransferVector,
  "base64": readTransferVector,
  "http-request": readHttpVector,
  "http-response": readHttpVector,
  "batch": readMultipartVector,
  "json-batch": readJsonBatchVector,
  "dos": readDosVector,
};

if (!hasCorpus) {
  test.skipIf(!hasCorpus)(`corpus folder absent: ${corpus}`, () => {});
} else {
  for (const [area, read] of Object.entries(readers)) vectorSuite(area, read);

  describe("The tables beside the runner", () => {
    const vectors = new Map(
      Object.keys(readers)
        .flatMap(readVectors)
        .map((vector) => [vector.id, vector]),
    );

    test("name no vector that does not exist", () => {
      const named = [overruled, aboveTheCodec, optionsOfTheSource].flatMap((table) => Object.keys(table));
      expect(named.filter((id) => !vectors.has(id))).toEqual([]);
    });

    test("overrule no reader that the vector does not speak of", () => {
      const idle = Object.entries(overruled).filter(([id, { strict, lenient }]) => {
        const mode = vectors.get(id)?.mode;
        return (mode === "strict" && lenient !== undefined) || (mode === "lenient" && strict !== undefined);
      });
      expect(idle).toEqual([]);
    });
  });
}
