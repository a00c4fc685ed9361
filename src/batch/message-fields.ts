import { lowerCase } from "../grammar/field-section.ts";
import type { HeaderList } from "../grammar/header-list.ts";

/** Fields of one connection (RFC 9110 §7.6.1), which mean nothing in another message. */
const CONNECTION_FIELDS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Names, in lower case, of the fields of the connection: the known ones and those that its Connection field has. */
export function connectionFields(connection: string | null | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === null) return CONNECTION_FIELDS;
  return new Set([...CONNECTION_FIELDS, ...connection.split(",").map((name) => lowerCase(name.trim()))]);
}

/** Removes the fields of the connection. */
export function deleteConnectionFields(headers: HeaderList): void {
  const names = connectionFields(headers.get("connection"));
  const found = [...headers].map(([name]) => name).filter((name) => names.has(lowerCase(name)));
  for (const name of found) headers.delete(name);
}

/**
 * Removes a Content-Length that is not that of the body, which is known: lenient readers let it pass, and a JSON
 * envelope has the body in another form. Who writes the message again would promise what does not come.
 */
export function deleteWrongLength(headers: HeaderList, length: number): void {
  const declared = headers.get("content-length");
  if (declared !== undefined && declared !== String(length)) headers.delete("content-length");
}
