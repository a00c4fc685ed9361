/** Body parts and what is nested in them, against what a vector expects of them. */
import { createTransferDecoder } from "../../../src/codec/transfer-encoding.ts";
import type { Tolerance } from "../../../src/deviation.ts";
import { BatchwireError } from "../../../src/errors.ts";
import type { ErrorCode } from "../../../src/errors.ts";
import type { HeaderList } from "../../../src/grammar/header-list.ts";
import { parseMediaType } from "../../../src/grammar/media-type.ts";
import { concat } from "../../support/outcome.ts";
import { isomorphic } from "../corpus.ts";
import type { ExpectedPart } from "../corpus.ts";
import { bodyOf, compareMessages, fieldsOf } from "./compare.ts";
import type { Relaxations } from "./compare.ts";
import { readEveryWay, readMessage, readMultipart } from "./reading.ts";
import type { MultipartOutcome } from "./reading.ts";

export interface Context {
  tolerance: Tolerance;
  compare: Relaxations;
  /** Whether parts are opened by their Content-Type, even where the vector says nothing of their contents. */
  opensByType: boolean;
}

type Part = Pick<MultipartOutcome["parts"][number], "headers" | "body">;
type NestedKind = NonNullable<ExpectedPart["nested"]>["kind"] | "http";
interface Compared {
  found: unknown;
  expected: unknown;
}

/** An error anywhere in an input is the input's: the suite sees the vector refused. */
export function assertRead({ error }: { error: { code: ErrorCode } | undefined }): void {
  if (error !== undefined) throw new BatchwireError(error.code);
}

export function compareParts(
  { parts }: MultipartOutcome,
  expected: readonly ExpectedPart[] | undefined,
  context: Context,
): { found: unknown[]; expected: unknown[] } {
  const { compare, tolerance } = context;
  const found: unknown[] = [];
  const wanted: unknown[] = (expected ?? []).map(({ headers }) => ({ headers: fieldsOf(headers, compare) }));
  for (const [index, part] of parts.entries()) {
    const { bodyBase64, decodedBase64, nested } = expected?.[index] ?? { headers: [] };
    const kind = nested?.kind ?? (context.opensByType ? kindOf(part.headers, tolerance) : undefined);
    const inner = kind && compareNested(part, kind, nested, context);
    found.push({
      headers: fieldsOf(part.headers, compare),
      complete: part.complete,
      body: bodyBase64 !== undefined && bodyOf(part.body, compare),
      decoded: decodedBase64 !== undefined && bodyOf(decodePart(part, tolerance)),
      nested: nested && inner?.found,
    });
    if (index >= wanted.length) continue;
    wanted[index] = {
      ...(wanted[index] as object),
      complete: true,
      body: bodyBase64 !== undefined && bodyOf(bodyBase64, compare),
      decoded: decodedBase64 !== undefined && bodyOf(decodedBase64),
      nested: nested && inner?.expected,
    };
  }
  return { found, expected: wanted };
}

function kindOf(headers: HeaderList, tolerance: Tolerance): NestedKind | undefined {
  const contentType = headers.get("content-type");
  if (contentType === undefined) return undefined;
  const { type, essence } = parseMediaType(contentType, { tolerance });
  if (type === "multipart") return "multipart";
  return essence === "application/http" ? "http" : undefined;
}

function compareNested(
  part: Part,
  kind: NestedKind,
  expected: ExpectedPart["nested"],
  context: Context,
): Compared {
  const { tolerance, compare } = context;
  if (kind === "multipart" || kind === "message") {
    const outcome = kind === "message" ? openMessage(part, tolerance) : openMultipart(part, tolerance);
    assertRead(outcome);
    return compareParts(outcome, expected && "parts" in expected ? expected.parts : undefined, context);
  }
  const outcome = readEveryWay({ input: decodePart(part, tolerance), generated: false }, (chunks) =>
    readMessage(chunks, { tolerance, within: "part" }),
  );
  assertRead(outcome);
  if (expected === undefined || "parts" in expected) return { found: undefined, expected: undefined };
  const compared = compareMessages(outcome, expected, compare);
  return {
    found: [outcome.head?.kind, compared.found],
    expected: [kind.slice("http-".length), compared.expected],
  };
}

function openMultipart({ headers, body }: Part, tolerance: Tolerance): MultipartOutcome {
  const contentType = headers.get("content-type") ?? "";
  return readEveryWay({ input: body, generated: false }, (chunks) =>
    readMultipart(chunks, { tolerance, contentType }),
  );
}

/** A delivery status (RFC 3464) is more than one header section: what follows the first is read as a message too. */
function openMessage({ headers, body }: Part, tolerance: Tolerance): MultipartOutcome {
  const outcome = readEveryWay({ input: enclose(body, tolerance), generated: false }, (chunks) =>
    readMultipart(chunks, { tolerance, boundary: "enclosing" }),
  );
  const isStatus = headers.get("content-type")?.toLowerCase() === "message/delivery-status";
  const first = outcome.parts[0];
  if (!isStatus || first === undefined || first.body.length === 0) return outcome;
  const rest = openMessage({ headers, body: first.body }, tolerance);
  return { ...outcome, parts: [{ ...first, body: new Uint8Array(0) }, ...rest.parts] };
}

/**
 * A mail message, or a header section alone, as the one part of a multipart body: that too is a
 * header section, an empty line and a body. A lenient reader takes LF for the line end if the
 * framing uses it, so the framing is made to match.
 */
export function enclose(message: Uint8Array, tolerance: Tolerance): Uint8Array {
  const usesLf = tolerance === "lenient" && /(?<!\r)\n/u.test(isomorphic(message));
  const lineEnd = usesLf ? "\n" : "\r\n";
  const before = Buffer.from(`--enclosing${lineEnd}`);
  return concat([before, message, Buffer.from(`${lineEnd}--enclosing--${lineEnd}`)]);
}

/** A part's body after its transfer encoding. */
export function decodePart({ headers, body }: Part, tolerance: Tolerance): Uint8Array {
  return createTransferDecoder(headers.get("content-transfer-encoding"), { tolerance })?.decode(body) ?? body;
}
