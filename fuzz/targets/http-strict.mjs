import { drive, inAnySplit, roundTrip } from "../support.mjs";

export { dictionary, seeds } from "../words/http.mjs";

/** In a part and alone; what was read is written, and read as the same. */
export default ({ HttpMessageParser, HttpMessageSerializer }) =>
  (input) => {
    for (const within of ["part", "message"]) {
      const create = () => new HttpMessageParser({ within });
      const read = inAnySplit(input, (chunks) => drive(create, chunks));
      roundTrip(read, create, () => new HttpMessageSerializer());
    }
  };
