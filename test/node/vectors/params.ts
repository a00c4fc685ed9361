/** Area `params`: Content-Type and Content-Disposition, read and written. */
import {
  formatContentDisposition,
  parseContentDisposition,
} from "../../../src/grammar/content-disposition.ts";
import type { ContentDispositionOptions } from "../../../src/grammar/content-disposition.ts";
import { BatchwireError } from "../../../src/errors.ts";
import { formatMediaType, parseMediaType } from "../../../src/grammar/media-type.ts";
import type { Profile } from "../../../src/grammar/parameters.ts";
import { asText } from "../corpus.ts";
import type { Vector } from "../corpus.ts";
import { optionsOfTheSource } from "./overruled.ts";
import { refusal } from "./reading.ts";
import type { Reader, Reading } from "./suite.ts";

interface Parsed {
  type: string;
  subtype: string | null;
  params: Record<string, string>;
}

/** `subtype` is null where there is none; parameters that could not be decoded keep their "*" and are left out. */
function parse(text: string, isDisposition: boolean, options: ContentDispositionOptions): Parsed {
  const { type, parameters, ...rest } = isDisposition
    ? parseContentDisposition(text, options)
    : parseMediaType(text, options);
  const decoded = [...parameters].filter(([name]) => !name.includes("*"));
  const subtype = "subtype" in rest ? rest.subtype : "";
  return { type, subtype: subtype === "" ? null : subtype, params: Object.fromEntries(decoded) };
}

export const readParamsVector: Reader = (vector, tolerance) => {
  if (vector.op === "format") return writeParams(vector);
  const { id, input, header, options = {}, expect } = vector;
  const profile = options["profile"] as Profile | undefined;
  const parsed = refusal(() =>
    parse(asText(input), header === "content-disposition", { tolerance, profile, ...optionsOfTheSource[id] }),
  );
  if (parsed instanceof BatchwireError) return { refused: parsed.code };
  return {
    found: parsed,
    expected: { type: expect.type, subtype: expect.subtype, params: expect.params },
  };
};

/** The text is the serializer's own choice; it must be read back as what was written. */
function writeParams({ input }: Vector): Reading {
  const { type, params } = JSON.parse(asText(input)) as { type: string; params: Record<string, string> };
  const parameters = Object.entries(params);
  const [mainType = "", subtype] = type.split("/");
  const isDisposition = subtype === undefined;
  let text: string;
  try {
    text = isDisposition
      ? formatContentDisposition({ type, parameters })
      : formatMediaType({ type: mainType, subtype, parameters });
  } catch (error) {
    if (error instanceof TypeError) return { refused: "TypeError" };
    throw error;
  }
  return {
    found: parse(text, isDisposition, { tolerance: "strict" }),
    expected: {
      type: mainType.toLowerCase(),
      subtype: subtype === undefined ? null : subtype.toLowerCase(),
      params,
    },
  };
}
