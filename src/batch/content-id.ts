import type { HeaderList } from "../grammar/header-list.ts";
import { trimWhiteSpace } from "../grammar/field-section.ts";
import { foreignCharacter } from "../grammar/field.ts";
import { toIsomorphic } from "../octets/text.ts";
import type { ContentIdForm, Dialect } from "./dialect.ts";
import type { OperationKind } from "./operation.ts";

/** Name of the field that holds the id. */
export function idField(form: ContentIdForm, kind: OperationKind): string {
  return form.fields?.[kind] ?? "Content-ID";
}

/** The id in a header section, the part's or the message's. That of a response is answered as its request had it. */
export function idIn(form: ContentIdForm, kind: OperationKind, headers: HeaderList): string | undefined {
  const value = headers.get(idField(form, kind));
  if (value === undefined) return undefined;
  const id = kind === "response" ? withoutPrefix(value, form.responsePrefix ?? "") : value;
  return id === "" ? undefined : id;
}

/** The id as the answer to it has it. */
export function responseId(form: ContentIdForm, id: string): string {
  const prefix = form.responsePrefix ?? "";
  return id.startsWith("<") ? `<${prefix}${id.slice(1)}` : prefix + id;
}

/** Google has answered `<response-x>`, `response-x`, `response- <x>` and `response-` alone. */
function withoutPrefix(value: string, prefix: string): string {
  if (prefix === "") return value;
  const bracket = value.startsWith("<") ? "<" : "";
  if (!value.startsWith(bracket + prefix)) return value;
  return bracket + trimWhiteSpace(value.slice(bracket.length + prefix.length));
}

/** The id of the operation at `index`, which has none of its own. */
export function createId(form: ContentIdForm, index: number): string {
  const [before, after] = form.around ?? ["", ""];
  return `${before}${index + (form.first ?? 1)}${after}`;
}

/** Whether a field may have the id, which in JSON is any text. */
export function mayStandInField(id: string): boolean {
  return foreignCharacter(toIsomorphic(id)) < 0;
}

/** What an id or the name of a group is compared by. */
export type IdKey = (id: string) => string;

/** By what the ids of a dialect, or those of a batch and of its answer, are compared. */
export function idKeyOf(...dialects: readonly Dialect[]): IdKey {
  const isField = dialects.some(({ envelope }) => envelope.format === "multipart");
  const ignoreCase = dialects.some(({ envelope }) => envelope.format === "json" && envelope.idsIgnoreCase);
  return (id) => {
    const bare = isField ? withoutBrackets(id) : id;
    return ignoreCase ? bare.toLowerCase() : bare;
  };
}

/** In a field the angle brackets do not count, which some answers lack. In JSON they are part of the id. */
function withoutBrackets(id: string): string {
  const trimmed = trimWhiteSpace(id);
  return trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1) : trimmed;
}
