import type { HeaderList } from "../grammar/header-list.ts";

/** Fields of one connection (RFC 9110 §7.6.1), which mean nothing in another message. */
const CONNECTION_FIELDS = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
] as const;

/** Removes the fields of the connection, and those that its Connection field names. */
export function deleteConnectionFields(headers: Pick<HeaderList, "get" | "delete">): void {
  for (const name of (headers.get("connection") ?? "").split(",")) {
    const trimmed = name.trim();
    if (trimmed !== "") deleteField(headers, trimmed);
  }
  for (const name of CONNECTION_FIELDS) headers.delete(name);
}

/** `Headers` throws of what is no name. */
function deleteField(headers: Pick<HeaderList, "delete">, name: string): void {
  try {
    headers.delete(name);
  } catch {
    // Then there is no such field.
  }
}
