/** Paints text for a terminal; without colours, leaves it as it is. */
export type Paint = Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", (text: string) => string>;

export function createPaint(colours: boolean): Paint {
  const sgr =
    (on: number, off: number) =>
    (text: string): string =>
      colours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    red: sgr(31, 39),
    green: sgr(32, 39),
    yellow: sgr(33, 39),
    cyan: sgr(36, 39),
  };
}

/** Text from a file with its controls and direction marks escaped: a terminal would obey them. */
export function printable(text: string): string {
  let shown = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    shown += isObeyed(code) ? escaped(character, code) : character;
  }
  return shown;
}

function isObeyed(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069)
  );
}

function escaped(character: string, code: number): string {
  const names: Record<string, string> = { "\r": "\\r", "\n": "\\n", "\t": "\\t" };
  const digits = code.toString(16);
  return (
    names[character] ?? (code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`)
  );
}

/** `1 octet`, `2 octets`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
