/**
 * What a JSON text with a wanted array consists of, in the order of the input:
 * `*(member / element) end`, all elements in a row.
 */
export type JsonArrayEvent =
  /** Another member of the envelope: its name, decoded, and the JSON text of its value as written. */
  | { type: "member"; name: string; text: string }
  /**
   * The octets of one element without the white space around it: a view of the chunk that was
   * pushed, if it lies in one, else a copy that is the caller's. Only its brackets have been matched
   * and its strings' ends found: decode it as UTF-8, fatally, and give it to `JSON.parse`.
   */
  | { type: "element"; data: Uint8Array }
  | { type: "end" };
