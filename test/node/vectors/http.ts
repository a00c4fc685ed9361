/** Areas `http-request` and `http-response`: a message alone, as RFC 9112 has it. */
import type { ExpectedMessage } from "../corpus.ts";
import { compareMessages } from "./compare.ts";
import { readEveryWay, readMessage } from "./reading.ts";
import type { Reader } from "./suite.ts";

export const readHttpVector: Reader = (vector, tolerance) => {
  const { compare = [], options = {} } = vector;
  const outcome = readEveryWay(vector, (chunks) =>
    readMessage(chunks, {
      tolerance,
      within: "message",
      kind: vector.area === "http-request" ? "request" : "response",
      requestMethod: options["requestMethod"] as string | undefined,
    }),
  );
  const { head, error } = outcome;
  if (error !== undefined && !(compare.includes("head-only") && head !== undefined)) {
    return { refused: error.code };
  }
  return compareMessages(outcome, vector.expect as Omit<ExpectedMessage, "kind">, compare);
};
