import StreamSearch from "streamsearch";

export const name = "streamsearch";

/** The search of busboy and dicer. */
export function scan({ buffers, needle }, seen) {
  const search = new StreamSearch(needle, (isMatch, data, start, end) => {
    if (isMatch) {
      seen.parts++;
      seen.octets += needle.length;
    }
    if (data !== undefined) seen.octets += end - start;
  });
  for (const buffer of buffers) search.push(buffer);
  search.destroy();
}
