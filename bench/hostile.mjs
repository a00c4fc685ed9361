/**
 * Bodies that make a search or a state machine do its worst. The sender of a body chooses the boundary
 * too, so each attack names both.
 */
import { concat, repeat } from "./octets.mjs";

/** 70 octets, the most that RFC 2046 §5.1.1 lets a boundary have, and 8 as UCWA has them. */
const BOUNDARIES = { 70: "batch-".padEnd(70, "0123456789"), 8: "EA370946" };

/** Bodies made from a boundary, each tried with both. */
const attacks = {
  /** A delimiter but for its last octet. */
  "near-delimiters": (boundary, size) => repeat(`\r\n--${boundary.slice(0, -1)}x`, size),
  /** A delimiter, but the line goes on: content (`--boundaryX`), which several codecs refuse. */
  "delimiters-and-more": (boundary, size) => repeat(`\r\n--${boundary}x`, size),
  /** Line starts with nothing but the first half of the boundary. */
  "half-delimiters": (boundary, size) => repeat(`\r\n--${boundary.slice(0, boundary.length / 2)}`, size),
  "dashes": (_, size) => repeat("-", size),
  "crlf-dashes": (_, size) => repeat("\r\n--", size),
  /** Baits that make an adaptive search change to looking for CR, and then nothing but CR. */
  "cr-after-baits": (boundary, size) => {
    const baits = repeat(`\r\n--${boundary.slice(0, -1)}x`, 64 * (boundary.length + 4));
    return concat([baits, repeat("\r", Math.max(0, size - baits.length))]);
  },
  /** The boundary's tail over and over: a search that compares from the tail goes deep each time. */
  "tails": (boundary, size) => repeat(`x${boundary.slice(1)}`, size),
};

/** Periodic boundaries over bodies of the same period. */
const periodic = [
  ["all-dashes-70", "-".repeat(70), "-"],
  ["all-a-70", "a".repeat(70), "a"],
  ["ab-70", "ab".repeat(35), "ab"],
  ["a-then-b-70", `${"a".repeat(69)}b`, "a"],
  ["b-then-a-70", `b${"a".repeat(69)}`, "a"],
  ["period-7-70", "aaaaaab".repeat(10), "aaaaaab"],
  ["all-a-8", "aaaaaaaa", "a"],
  ["a-then-b-8", "aaaaaaab", "a"],
  ["one-octet", "a", "a"],
];

/** @type {{ name: string, boundary: string, body: (size: number) => Uint8Array }[]} */
export const hostileBodies = [
  ...Object.entries(BOUNDARIES).flatMap(([length, boundary]) =>
    Object.entries(attacks).map(([name, body]) => ({
      name: `hostile-${name}-${length}`,
      boundary,
      body: (size) => body(boundary, size),
    })),
  ),
  ...periodic.map(([name, boundary, pattern]) => ({
    name: `hostile-${name}`,
    boundary,
    // Not at the start of a line: dashes would be a delimiter there.
    body: (size) => concat(["x", repeat(pattern, size - 1)]),
  })),
];
