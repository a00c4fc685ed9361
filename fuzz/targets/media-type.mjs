import { linear, outcome, rewritten, textOf } from "../support.mjs";

export { dictionary, seeds } from "../words/parameters.mjs";

/** What strict mode reads is written, unless a value holds what no field may, and read as the same. */
export default ({ formatMediaType, parseMediaType }) => {
  const read = (text, options) => linear(text.length, 0, () => outcome(() => parseMediaType(text, options)));
  return (input) => {
    read(textOf(input), { tolerance: "lenient", decodeWords: true });
    for (const profile of ["mime", "form-data"])
      rewritten(read(textOf(input), { profile }), formatMediaType, read);
  };
};
