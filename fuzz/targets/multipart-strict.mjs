import { drive, inAnySplit } from "../support.mjs";

export { dictionary, seeds } from "../words/multipart.mjs";

/** RFC 2046 bodies with a boundary of one character, and with one that looks like a close-delimiter. */
export default ({ MultipartParser }) =>
  (input) => {
    for (const boundary of ["b", "--"]) {
      const options = { boundary, preamble: true, epilogue: true };
      inAnySplit(input, (chunks) =>
        drive(() => new MultipartParser(options), chunks, 4 + boundary.length + 256 + 1),
      );
    }
  };
