import type { ErrorCode } from "../../../src/errors.ts";

/** What happens instead: the error, or `"read"` where the input is read, or read otherwise. */
type Instead = ErrorCode | "TypeError" | "read";

/** A vector that a decision overrules, for a strict reader, a lenient one or both. */
export interface Overruling {
  /** Row in the corpus's `decisions.md`, or the words of its text where that has no row. */
  rule: number | string;
  strict?: Instead;
  lenient?: Instead;
  why: string;
}

const NOTHING_GUESSED = "strict is the RFC's grammar, nothing guessed";
const BOTH_REFUSE = "both modes refuse what two readers could frame differently";
const LIMITS = "an exceeded limit fails";
const UTF_8_OR_ISOMORPHIC = "field values are UTF-8 where valid, else isomorphic";
/** Not overruled by a decision but by the vectors' own README. */
const RAW_BODIES = "a vector's body is raw";
const SOURCES_OWN_VIEW = "the form view depends on an option of the source that the vector does not name";

export const overruled: Readonly<Record<string, Overruling>> = {
  "params-go-041": { rule: 25, lenient: "read", why: 'A parameter without "=" is skipped.' },
  "params-go-042": { rule: 25, lenient: "read", why: "Text after a closing quote is skipped." },
  "params-go-046": { rule: 25, lenient: "read", why: "A missing semicolon is let pass." },
  "params-go-047": { rule: 25, lenient: "read", why: "A missing semicolon is let pass." },
  "params-go-053": {
    rule: NOTHING_GUESSED,
    strict: "malformed-media-type",
    why: "RFC 2045 §5.1 makes the subtype mandatory; Go reads dispositions with the same function.",
  },
  "params-go-056": { rule: 27, lenient: "read", why: "An empty charset is decoded." },
  "params-go-068": { rule: 27, lenient: "read", why: "A section number with leading zeros is decoded." },
  "params-go-069": { rule: 27, lenient: "read", why: "Sections with a gap are decoded." },
  "params-go-070": { rule: 27, lenient: "read", why: "Sections numbered from 1 are decoded." },
  "params-go-074": {
    rule: 28,
    strict: "read",
    lenient: "read",
    why: "Latin-1 is among the known charsets; Go knows UTF-8 and ASCII alone.",
  },
  "params-go-109": {
    rule: 57,
    strict: "TypeError",
    lenient: "TypeError",
    why: "A serializer refuses LF and NUL in a value.",
  },
  "params-python-multipart-008": {
    rule: 23,
    lenient: "read",
    why: "A path is cut only where asked, and a Content-Type has no such option.",
  },

  "http-request-rfc-003": {
    rule: 43,
    lenient: "invalid-content-length",
    why: "A list-valued Content-Length is an error in both modes.",
  },
  "http-response-go-007": {
    rule: 42,
    lenient: "content-length-with-transfer-encoding",
    why: "In a message alone, both framings together are an error.",
  },
  "http-response-go-020": {
    rule: BOTH_REFUSE,
    lenient: "invalid-transfer-encoding",
    why: "The last transfer coding is not chunked.",
  },
  "http-response-go-021": {
    rule: BOTH_REFUSE,
    lenient: "invalid-transfer-encoding",
    why: "The last transfer coding is not chunked.",
  },

  "multipart-go-040": { rule: 5, strict: "read", why: "A delimiter with text behind it is data." },
  "multipart-remix-015": { rule: 4, strict: "read", why: "A line that goes on after the delimiter is data." },
  "multipart-defnull-044": {
    rule: 4,
    strict: "read",
    why: "A line that goes on after the delimiter is data.",
  },
  "multipart-multer-004": {
    rule: 4,
    strict: "read",
    why: "A line that goes on after the delimiter is data.",
  },
  "multipart-odata-net-013": { rule: 2, lenient: "bare-cr", why: "CR alone ends no line." },
  "multipart-defnull-048": {
    rule: 1,
    lenient: "read",
    why: "LF alone ends a line, so there is no preamble.",
  },
  "multipart-busboy-005": { rule: 23, strict: "read", why: "A backslash begins a quoted-pair." },
  "multipart-defnull-018": {
    rule: UTF_8_OR_ISOMORPHIC,
    strict: "read",
    why: "Octets that are not UTF-8 are obs-text (RFC 9110 §5.5) and stay readable.",
  },
  "multipart-defnull-057": {
    rule: 25,
    strict: "malformed-parameter",
    lenient: "read",
    why: 'A parameter without "=" is broken: an error, or skipped.',
  },
  "multipart-cpython-024": {
    rule: RAW_BODIES,
    lenient: "read",
    why: "The mail's body is a close-delimiter; Python's model has no part there and calls that empty.",
  },
  "multipart-fastify-busboy-002": {
    rule: SOURCES_OWN_VIEW,
    strict: "read",
    lenient: "read",
    why: "isPartAFile makes a field of a part with a file name.",
  },
  "multipart-fastify-busboy-003": {
    rule: SOURCES_OWN_VIEW,
    strict: "read",
    lenient: "read",
    why: "isPartAFile makes a field of a part with a file name, and the test lists only the fields.",
  },

  "dos-busboy-001": { rule: LIMITS, lenient: "limit-exceeded", why: "Nothing is truncated." },
  "dos-busboy-002": { rule: LIMITS, lenient: "limit-exceeded", why: "Nothing is left out." },
  "dos-busboy-004": { rule: LIMITS, lenient: "limit-exceeded", why: "Nothing is left out." },
  "dos-busboy-005": { rule: LIMITS, lenient: "limit-exceeded", why: "Nothing is left out." },
  "dos-defnull-005": {
    rule: 39,
    strict: "read",
    why: "A Content-Length among the part headers frames nothing.",
  },
};

/** Vectors that want an error of a layer above the codec, and that layer: here they are read. */
export const aboveTheCodec: Readonly<Record<string, string>> = {
  "multipart-defnull-024": "form",
  "multipart-wpt-033": "form",
  "multipart-wpt-034": "form",
  "batch-openui5-016": "batch-semantics",
  "batch-openui5-020": "text",
  "batch-odata-net-003": "batch",
  "batch-odata-net-004": "batch",
  "batch-odata-net-005": "batch",
  "batch-odata-net-010": "batch",
  "batch-odata-net-011": "batch",
};

/** What a source has switched on in every test and what is an option here, so that no vector names it. */
export const optionsOfTheSource: Readonly<Record<string, { basename?: boolean; percentDecode?: boolean }>> = {
  "params-defnull-003": { basename: true },
  "params-defnull-016": { percentDecode: true },
  "multipart-formidable-013": { basename: true },
};
