/** Random changes of octets: those of AFL's "havoc" stage, and floods, which find quadratic steps. */

/** Whole numbers from 0 to below `below`, the same for the same seed (xorshift32). */
export function randomSource(seed) {
  let state = seed >>> 0 || 0x9e3779b9;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Most inputs are short, for speed; some are long enough for a flood to show. */
const maxLength = 192;
const maxLongLength = 1024;
const maxFlood = 64;

/** `octets` with `count` of them from `at` on replaced. */
function spliced(octets, at, count, replacement) {
  const result = new Uint8Array(octets.length - count + replacement.length);
  result.set(octets.subarray(0, at));
  result.set(replacement, at);
  result.set(octets.subarray(at + count), at + replacement.length);
  return result;
}

function repeated(octets, times) {
  const result = new Uint8Array(octets.length * times);
  for (let i = 0; i < times; i++) result.set(octets, i * octets.length);
  return result;
}

/** Each takes octets of its own, which it may change, and returns them or others. */
const mutators = [
  // These keep the length, so that lengths and offsets inside the input stay right.
  (octets, random) => {
    if (octets.length > 0) octets[random(octets.length)] ^= 1 << random(8);
    return octets;
  },
  (octets, random) => {
    if (octets.length > 0) octets[random(octets.length)] = random(256);
    return octets;
  },
  (octets, random) => {
    if (octets.length < 2) return octets;
    const [from, to] = [random(octets.length), random(octets.length)];
    return octets.copyWithin(to, from, from + 1 + random(16));
  },
  (octets, random, { dictionary }) => {
    const word = dictionary[random(dictionary.length)];
    if (word.length <= octets.length) octets.set(word, random(octets.length - word.length + 1));
    return octets;
  },
  // These do not.
  (octets, random, { dictionary }) =>
    spliced(octets, random(octets.length + 1), 0, dictionary[random(dictionary.length)]),
  (octets, random, { dictionary }) =>
    spliced(octets, random(octets.length + 1), 0, dictionary[random(dictionary.length)]),
  (octets, random) => spliced(octets, random(octets.length + 1), 0, [random(256)]),
  (octets, random) => {
    const at = random(octets.length + 1);
    return spliced(octets, at, Math.min(octets.length - at, 1 + random(random(2) === 0 ? 4 : 64)), []);
  },
  (octets, random) => {
    const at = random(octets.length + 1);
    const range = octets.slice(at, at + 1 + random(32));
    return spliced(octets, random(2) === 0 ? at : random(octets.length + 1), 0, range);
  },
  (octets, random) => {
    const at = random(octets.length + 1);
    return spliced(octets, at, 0, repeated(octets.slice(at, at + 1 + random(4)), 1 + random(maxFlood)));
  },
  (octets, random, { corpus }) => {
    const other = corpus[random(corpus.length)];
    const at = random(octets.length + 1);
    return spliced(octets, at, octets.length - at, other.subarray(random(other.length + 1)));
  },
  (octets, random, { corpus }) => {
    const other = corpus[random(corpus.length)];
    const from = random(other.length + 1);
    return spliced(octets, random(octets.length + 1), 0, other.subarray(from, from + 1 + random(64)));
  },
];

/** A changed copy of one input of the corpus. */
export function mutate(corpus, dictionary, random) {
  // Half of the time one of the newest: they lie behind what was found last.
  const recent = Math.min(corpus.length, 32);
  const at = random(2) === 0 ? corpus.length - 1 - random(recent) : random(corpus.length);
  let octets = corpus[at].slice();
  for (let n = 1 << random(4); n > 0; n--) {
    octets = mutators[random(mutators.length)](octets, random, { corpus, dictionary });
  }
  return octets.slice(0, random(16) === 0 ? maxLongLength : maxLength);
}
