import { drive, inAnySplit, lowLimits, wholeParts } from "../support.mjs";

export { dictionary, seeds } from "../words/whole-parts.mjs";

/** Whole parts and the messages in them: strict, lenient, and with low limits. */
export default ({ WholePartParser }) =>
  (input) => {
    for (const options of [{}, { tolerance: "lenient" }, { tolerance: "lenient", limits: lowLimits }]) {
      const create = (onDeviation) =>
        wholeParts(new WholePartParser({ boundary: "b", messages: true, ...options, onDeviation }));
      inAnySplit(input, (chunks) => drive(create, chunks));
    }
  };
