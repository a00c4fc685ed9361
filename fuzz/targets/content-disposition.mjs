import { linear, outcome, rewritten, textOf } from "../support.mjs";

export { dictionary, dispositions as seeds } from "../words/parameters.mjs";

/** What strict mode reads is written, unless a value holds what no field may, and read as the same. */
export default ({ formatContentDisposition: format, parseContentDisposition: parse }) => {
  const read = (text, options) => linear(text.length, 0, () => outcome(() => parse(text, options)));
  const readMime = (text) => read(text, { profile: "mime" });
  const everything = { tolerance: "lenient", decodeWords: true, percentDecode: true, basename: true };
  return (input) => {
    read(textOf(input), everything);
    for (const profile of ["mime", "form-data"])
      rewritten(read(textOf(input), { profile }), (value) => format(value, { profile: "mime" }), readMime);
  };
};
