/** Types of `corpora.mjs` for the test that pins it. */
export interface Corpus {
  name: string;
  kind: "requests" | "responses" | "form" | "body" | "transfer" | "json" | "changesets";
  dialect?: "cronofy" | "odata" | "odataJson";
  boundary: string;
  contentType: string;
  octets: Uint8Array;
  parts: { body: Uint8Array }[];
  decoded?: Uint8Array;
}
export const corpusNames: string[];
export function makeCorpus(name: string, size?: number): Corpus;
export function cut(octets: Uint8Array, length: number): Uint8Array[];
