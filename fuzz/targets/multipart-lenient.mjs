import { drive, inAnySplit, lowLimits } from "../support.mjs";

export { dictionary, seeds } from "../words/multipart.mjs";

/** As mime with low limits, and as form data. */
export default ({ MultipartParser }) =>
  (input) => {
    const run = (options, maxHeld) => {
      const create = (onDeviation) => new MultipartParser({ ...options, tolerance: "lenient", onDeviation });
      inAnySplit(input, (chunks) => drive(create, chunks, maxHeld));
    };
    run({ boundary: "b", limits: lowLimits, preamble: true }, 5 + lowLimits.maxPaddingBytes + 1);
    run({ boundary: "--", profile: "form-data" }, 6 + 256 + 1);
  };
