import { code, inAnySplit, same, textOf } from "../support.mjs";
import { quotedPrintable } from "../words/transfer-encodings.mjs";

export const { dictionary, seeds } = quotedPrintable;

/** As encoded octets in both tolerances, and as text and octets to encode. */
export default ({ QuotedPrintableDecoder: Decoder, QuotedPrintableEncoder: Encoder }) =>
  (input) => {
    const run = (create) => inAnySplit(input, (chunks) => code(create, chunks));
    for (const tolerance of ["strict", "lenient"])
      run((onDeviation) => new Decoder({ tolerance, onDeviation }));
    run(() => new Encoder());
    const { octets } = run(() => new Encoder({ binary: true }));
    same("Decoded", textOf(code(() => new Decoder(), [octets]).octets), textOf(input));
  };
