import { drive, inAnySplit, lowLimits, roundTrip } from "../support.mjs";

export { dictionary, seeds } from "../words/http.mjs";

/** A message of either kind, a response to HEAD, and one alone with low limits. */
export default ({ HttpMessageParser, HttpMessageSerializer }) =>
  (input) => {
    for (const options of [{}, { requestMethod: "HEAD" }, { within: "message", limits: lowLimits }]) {
      const create = (onDeviation) =>
        new HttpMessageParser({ ...options, tolerance: "lenient", onDeviation });
      const read = inAnySplit(input, (chunks) => drive(create, chunks));
      if (!options.limits) roundTrip(read, create, () => new HttpMessageSerializer(options), false);
    }
  };
