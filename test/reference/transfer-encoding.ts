/**
 * What the transfer decoders must give, written on whole isomorphic strings with regular
 * expressions, for clarity and not for speed. Nothing is shared with `src/codec/`.
 */
import type { Finding } from "./findings.ts";

export interface Decoded {
  /** Isomorphic; what lenient mode gives. */
  text: string;
  /** In the order of the input; strict mode throws the first. */
  findings: Finding[];
}

/** RFC 2045 §6.7, line by line. */
export function referenceQuotedPrintable(input: string): Decoded {
  const findings: Finding[] = [];
  let text = "";
  for (const line of input.matchAll(/([^\n]*?)(\r?\n|$)/g)) {
    const [whole, content = "", lineEnd = ""] = line;
    if (whole === "") continue;
    const trimmed = content.replace(/[ \t]+$/, "");
    const isSoft = trimmed.endsWith("=") && (lineEnd !== "" || trimmed.length > 1);
    const kept = isSoft ? trimmed.slice(0, -1) : trimmed;
    text += kept.replaceAll(
      /=([0-9A-Fa-f]{2})|=|[^\t\r -~\x80-\xff]/g,
      (match, hex: string | undefined, at) => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        findings.push({
          code: match === "=" ? "qp-invalid-escape" : "qp-control-character",
          offset: line.index + Number(at),
        });
        return match;
      },
    );
    if (!isSoft) text += lineEnd;
  }
  return { text, findings };
}

/** RFC 2045 §6.8, quantum by quantum. */
export function referenceBase64(input: string): Decoded {
  const findings: Finding[] = [];
  let text = "";
  let symbols = "";
  const offsets: number[] = [];
  for (const { 0: character, index } of input.matchAll(/[^ \t\r\n]/g)) {
    if (/[A-Za-z0-9+/=]/.test(character)) {
      symbols += character;
      offsets.push(index);
    } else {
      findings.push({ code: "base64-foreign-character", offset: index });
    }
  }
  offsets.push(input.length);

  let isClosed = false;
  for (const { 0: quantum, index } of symbols.matchAll(/([^=]{4}|[^=]{2}==?|[^=]{3}=|[^=]=|=|[^=]{1,3}$)/g)) {
    const characters = quantum.replaceAll("=", "");
    const pads = quantum.length - characters.length;
    const offsetOfPad = offsets[index + characters.length] ?? Number.NaN;
    if (isClosed && characters !== "") findings.push({ code: "base64-padding", offset: offsets[index]! });
    if (pads > 0 ? characters.length < 2 : characters.length < 4) {
      findings.push({ code: "base64-padding", offset: offsetOfPad });
    }
    const bits = Array.from(characters, (character) => bitsOf(character)).join("");
    const octets = bits.match(/.{8}/g) ?? [];
    if (octets.length > 0 && bits.slice(8 * octets.length).includes("1")) {
      findings.push({ code: "base64-trailing-bits", offset: offsetOfPad });
    }
    text += octets.map((octet) => String.fromCharCode(Number.parseInt(octet, 2))).join("");
    // "XX=" at the very end lacks a second "=".
    if (pads === 1 && characters.length === 2 && index + quantum.length === symbols.length) {
      findings.push({ code: "base64-padding", offset: input.length });
    }
    if (characters.length >= 2) isClosed = pads > 0;
    else if (characters.length === 1) isClosed = false;
  }
  return { text, findings: findings.sort((one, other) => one.offset - other.offset) };
}

function bitsOf(character: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet.indexOf(character).toString(2).padStart(6, "0");
}

/** `Uint8Array.prototype.setFromBase64` (ECMAScript 2026) with `lastChunkHandling: "stop-before-partial"`. */
export function referenceSetFromBase64(target: Uint8Array, input: string): { read: number; written: number } {
  let written = 0;
  let read = 0;
  for (const { 0: quantum, index } of input.matchAll(/(?:[\t\n\f\r ]*[^\t\n\f\r ]){4}/g)) {
    const characters = quantum.replaceAll(/[\t\n\f\r ]/g, "");
    if (!/^[A-Za-z0-9+/]{4}$/.test(characters)) throw new SyntaxError("Not base64");
    if (written + 3 > target.length) return { read, written };
    const bits = Number.parseInt(Array.from(characters, bitsOf).join(""), 2);
    target.set([bits >> 16, (bits >> 8) & 0xff, bits & 0xff], written);
    written += 3;
    read = index + quantum.length;
  }
  if (/[^A-Za-z0-9+/\t\n\f\r ]/.test(input.slice(read))) throw new SyntaxError("Not base64");
  return { read, written };
}
