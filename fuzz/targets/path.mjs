import { drive, inAnySplit, nested } from "../support.mjs";

export { dictionary, seeds } from "../words/path.mjs";

/** From multipart, nested once, over transfer decoding to HTTP messages, all of it lenient. */
export default ({ MultipartParser, HttpMessageParser, ...library }) => {
  const reader = (boundary, options) =>
    nested(new MultipartParser({ ...options, boundary }), options, library, (isMultipart, inner) =>
      isMultipart && boundary === "b" ? reader("c", inner) : new HttpMessageParser(inner),
    );
  const create = (onDeviation) => reader("b", { tolerance: "lenient", onDeviation });
  return (input) => inAnySplit(input, (chunks) => drive(create, chunks));
};
