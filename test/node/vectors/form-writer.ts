/** Operation `serialize-form`: entries of a form to octets, as WHATWG's encoding algorithm writes them. */
import { MultipartSerializer } from "../../../src/codec/multipart-serializer.ts";
import { formatContentDisposition } from "../../../src/grammar/content-disposition.ts";
import { HeaderList } from "../../../src/grammar/header-list.ts";
import { concat } from "../../support/outcome.ts";
import { asText } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import { bodyOf } from "./compare.ts";
import type { Reading } from "./suite.ts";

type Entry = { name: string } & ({ value: string } | { filename: string; type: string; content: string });

export function writeForm({ input, expect }: Vector): Reading {
  const { boundary, entries } = JSON.parse(asText(input)) as { boundary: string; entries: Entry[] };
  const serializer = new MultipartSerializer({ boundary });
  const written: Uint8Array[] = [];
  for (const entry of entries) {
    const isFile = "filename" in entry;
    const parameters: [string, string][] = [["name", entry.name]];
    if (isFile) parameters.push(["filename", entry.filename]);
    const headers = new HeaderList([
      ["Content-Disposition", formatContentDisposition({ type: "form-data", parameters })],
    ]);
    // "Constructing the entry list" turns lone CR and LF of a value, not of a file, into CRLF.
    if (isFile) headers.append("Content-Type", entry.type || "application/octet-stream");
    const content = isFile ? entry.content : entry.value.replaceAll(/\r\n|\r|\n/gu, "\r\n");
    written.push(
      serializer.write({ type: "part", headers }),
      serializer.write({ type: "data", data: new TextEncoder().encode(content) }),
      serializer.write({ type: "part-end" }),
    );
  }
  written.push(serializer.write({ type: "end" }));
  return { found: bodyOf(concat(written)), expected: bodyOf(expect.bytesBase64 ?? "") };
}
