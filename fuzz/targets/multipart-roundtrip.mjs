import { drive, roundTrip } from "../support.mjs";

export { dictionary, seeds } from "../words/multipart.mjs";

/** What was read is written, and read as the same. */
export default ({ MultipartParser, MultipartSerializer }) =>
  (input) => {
    for (const tolerance of ["strict", "lenient"]) {
      const create = () => new MultipartParser({ boundary: "b", tolerance });
      const read = drive(create, [input.slice()]);
      roundTrip(read, create, () => new MultipartSerializer({ boundary: "b" }), tolerance === "strict");
    }
  };
