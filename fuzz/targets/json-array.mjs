import { drive, inAnySplit, lowLimits, sameArray } from "../support.mjs";

export { dictionary, seeds } from "../words/json.mjs";

/** As an array, which JSON.parse reads as the same, and as an envelope: strict, lenient, and with low limits. */
export default ({ JsonArrayParser }) => {
  const create = (options) => (onDeviation) => new JsonArrayParser({ ...options, onDeviation });
  const run = (input, options) => inAnySplit(input, (chunks) => drive(create(options), chunks));
  const lowOnes = { limits: { ...lowLimits, maxBufferedBytes: 20 } };
  const key = ["value", "requests"];
  return (input) => {
    sameArray(input, run(input, {}));
    for (const options of [{}, { tolerance: "lenient" }, lowOnes]) run(input, { key, ...options });
  };
};
