import type { Tolerance } from "../../src/deviation.ts";
import { octets } from "./chunkings.ts";

/**
 * Vectors as documents. A document is Markdown:
 *
 *     ## A sentence that says what happens
 *
 *     ~~~ multipart boundary=b
 *     --b␍␊
 *     …
 *     ~~~
 *
 *     ~~~ strict
 *     the log of events
 *     ~~~
 *
 * In an input block `␍` is CR, `␊` is LF and `\xNN` any octet; the line breaks of the document are
 * nothing, so that an input may be written on as many lines as please. Behind the machine's name
 * stand its options; a word alone is an option that is `true`. A log holds for the modes that are
 * named above it; see `event-log.ts` for its lines.
 */
export interface Vector {
  title: string;
  machine: "multipart" | "http";
  options: Readonly<Record<string, string>>;
  input: Uint8Array<ArrayBuffer>;
  tolerance: Tolerance;
  log: string;
}

const FENCE = "~~~";

/** @throws {Error} The document is malformed, or a vector lacks a mode: every vector says what both do. */
export function readDocument(document: string): Vector[] {
  const vectors: Vector[] = [];
  const [, ...sections] = `\n${document}`.split("\n## ");
  for (const section of sections) {
    const [title = "", ...lines] = section.split("\n");
    const blocks = fencedBlocks(lines);
    const [input, ...logs] = blocks;
    const [machine, ...words] = (input?.info ?? "").split(" ");
    if (input === undefined || (machine !== "multipart" && machine !== "http"))
      throw new Error(`"${title}" has no input`);
    const options = Object.fromEntries(words.map(optionOf));
    for (const { info, lines: log } of logs) {
      for (const tolerance of info.split(" ")) {
        if (tolerance !== "strict" && tolerance !== "lenient")
          throw new Error(`"${title}" has a log for "${tolerance}"`);
        const octetsOfInput = inputOf(input.lines.join(""));
        vectors.push({ title, machine, options, input: octetsOfInput, tolerance, log: log.join("\n") });
      }
    }
    const modes = vectors.filter((vector) => vector.title === title).map(({ tolerance }) => tolerance);
    if (modes.sort().join() !== "lenient,strict")
      throw new Error(`"${title}" has logs for "${modes.join()}"`);
  }
  return vectors;
}

function optionOf(word: string): [string, string] {
  const equals = word.indexOf("=");
  return equals < 0 ? [word, "true"] : [word.slice(0, equals), word.slice(equals + 1).replaceAll("␠", " ")];
}

function fencedBlocks(lines: readonly string[]): { info: string; lines: string[] }[] {
  const blocks: { info: string; lines: string[] }[] = [];
  let open: string[] | undefined;
  for (const line of lines) {
    if (line === FENCE && open !== undefined) {
      open = undefined;
    } else if (open !== undefined) {
      open.push(line);
    } else if (line.startsWith(`${FENCE} `)) {
      open = [];
      blocks.push({ info: line.slice(FENCE.length + 1), lines: open });
    }
  }
  if (open !== undefined) throw new Error("A block has no end");
  return blocks;
}

/** The octets of an input block. */
export function inputOf(text: string): Uint8Array<ArrayBuffer> {
  const [first = "", ...escapes] = text.replaceAll("␍", "\r").replaceAll("␊", "\n").split("\\x");
  return octets(
    first +
      escapes.map((piece) => String.fromCharCode(parseInt(piece.slice(0, 2), 16)) + piece.slice(2)).join(""),
  );
}

/** Octets, as an isomorphic string, as a document writes them: the inverse of {@link inputOf}. */
export function visible(isomorphic: string): string {
  return Array.from(isomorphic, visibleOctet).join("");
}

/** Text as a document writes it: letters of all scripts as they are. */
export function visibleText(text: string): string {
  return Array.from(text, (character) => (character > "\xa0" ? character : visibleOctet(character))).join("");
}

function visibleOctet(character: string): string {
  if (character === "\r") return "␍";
  if (character === "\n") return "␊";
  const isPlain = character >= " " && character <= "~" && character !== "\\" && character !== "`";
  return isPlain ? character : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
