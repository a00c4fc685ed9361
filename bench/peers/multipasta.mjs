import { make } from "multipasta";

export const name = "multipasta";

export function parts({ chunks, contentType }, seen) {
  let failure;
  const parser = make({
    headers: { "content-type": contentType },
    isFile: () => true, // hands bodies on in pieces; fields would be joined first
    onField: () => {},
    onFile: ({ headers }) => {
      seen.part(headers["content-type"] ?? "");
      return (octets) => {
        if (octets !== null) seen.data(octets);
      };
    },
    onError: (error) => (failure ??= error),
    onDone: () => {},
  });
  for (const chunk of chunks) parser.write(chunk);
  parser.end();
  if (failure !== undefined) throw new Error(JSON.stringify(failure));
}
