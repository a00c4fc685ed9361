import { linear, same, textOf, unlessRefused } from "../support.mjs";

export { dictionary, seeds } from "../words/encoded-word.mjs";

/** As text to decode, and as text to encode. */
export default ({ decodeWords, encodeWords }) =>
  (input) => {
    const text = textOf(input);
    for (const tolerance of ["strict", "lenient"])
      linear(text.length, 0, () => decodeWords(text, { tolerance }));
    for (const options of [{}, { encoding: "B" }, { charset: "iso-8859-1" }]) {
      const words = linear(text.length, 0, () => unlessRefused(() => encodeWords(text, options)));
      if (words !== undefined) same("Decoded", decodeWords(words), text);
    }
  };
