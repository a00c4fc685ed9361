import { code, inAnySplit, same, textOf } from "../support.mjs";
import { base64 } from "../words/transfer-encodings.mjs";

export const { dictionary, seeds } = base64;

/** As encoded octets in both tolerances, and as octets to encode. */
export default ({ Base64Decoder, Base64Encoder }) =>
  (input) => {
    const run = (create) => inAnySplit(input, (chunks) => code(create, chunks));
    run(() => new Base64Decoder());
    run((onDeviation) => new Base64Decoder({ tolerance: "lenient", onDeviation }));
    const { octets } = run(() => new Base64Encoder({ lineLength: 8 }));
    same("Decoded", textOf(code(() => new Base64Decoder(), [octets]).octets), textOf(input));
  };
