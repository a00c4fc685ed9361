/** Runs the machines over an input in every chunking, and keeps what they answered. */
import { expect } from "vitest";
import { HttpMessageParser } from "../../../src/codec/http-message-parser.ts";
import type { HttpMessageParserOptions } from "../../../src/codec/http-message-parser.ts";
import { MultipartParser } from "../../../src/codec/multipart-parser.ts";
import type { MultipartParserOptions } from "../../../src/codec/multipart-options.ts";
import type { RequestHead, ResponseHead } from "../../../src/codec/http-event.ts";
import { BatchwireError } from "../../../src/errors.ts";
import type { ErrorCode } from "../../../src/errors.ts";
import type { HeaderList } from "../../../src/grammar/header-list.ts";
import { chunkings, cut } from "../../support/chunkings.ts";
import { concat, drive } from "../../support/outcome.ts";
import { isomorphic } from "../corpus.ts";
import type { Vector } from "../corpus.ts";

interface Finding {
  code: ErrorCode;
  offset: number;
  path: string;
}

interface Outcome {
  deviations: Finding[];
  error: Finding | undefined;
}

export interface MultipartOutcome extends Outcome {
  parts: { headers: HeaderList; body: Uint8Array; complete: boolean }[];
  preamble: Uint8Array;
  epilogue: Uint8Array;
  ended: boolean;
}

export interface MessageOutcome extends Outcome {
  head: RequestHead | ResponseHead | undefined;
  body: Uint8Array;
  trailers: HeaderList | undefined;
  remainder: Uint8Array;
  ended: boolean;
}

const findingOf = ({ code, offset, path }: Finding): Finding => ({ code, offset, path });

/** What is not a complaint about the input is a crash, and goes on upwards. */
export function refusal<Answer>(read: () => Answer): Answer | BatchwireError {
  try {
    return read();
  } catch (error) {
    if (error instanceof BatchwireError) return error;
    throw error;
  }
}

export function readMultipart(
  chunks: readonly Uint8Array[],
  options: MultipartParserOptions,
): MultipartOutcome {
  const parts: { headers: HeaderList; data: Uint8Array[]; complete: boolean }[] = [];
  const preamble: Uint8Array[] = [];
  const epilogue: Uint8Array[] = [];
  const deviations: Finding[] = [];
  let ended = false;
  const parser = refusal(
    () =>
      new MultipartParser({
        preamble: true,
        epilogue: true,
        ...options,
        onDeviation: (deviation) => deviations.push(findingOf(deviation)),
      }),
  );
  const error =
    parser instanceof BatchwireError
      ? parser
      : drive(parser, chunks, (event) => {
          if (event.type === "part") parts.push({ headers: event.headers, data: [], complete: false });
          else if (event.type === "data") parts.at(-1)!.data.push(event.data);
          else if (event.type === "part-end") parts.at(-1)!.complete = true;
          else if (event.type === "preamble") preamble.push(event.data);
          else if (event.type === "epilogue") epilogue.push(event.data);
          else ended = true;
        });
  return {
    parts: parts.map(({ data, ...part }) => ({ ...part, body: concat(data) })),
    preamble: concat(preamble),
    epilogue: concat(epilogue),
    ended,
    deviations,
    error: error && findingOf(error),
  };
}

export function readMessage(
  chunks: readonly Uint8Array[],
  options: HttpMessageParserOptions,
): MessageOutcome {
  const data: Uint8Array[] = [];
  const remainder: Uint8Array[] = [];
  const deviations: Finding[] = [];
  let head: RequestHead | ResponseHead | undefined;
  let trailers: HeaderList | undefined;
  let ended = false;
  const parser = new HttpMessageParser({
    ...options,
    onDeviation: (deviation) => deviations.push(findingOf(deviation)),
  });
  const error = drive(
    parser,
    chunks,
    (event) => {
      if (event.type === "head") ({ head } = event);
      else if (event.type === "data") data.push(event.data);
      else if (event.type === "trailers") trailers = event.headers;
      else ended = true;
    },
    () => remainder.push(parser.remainder),
  );
  return {
    head,
    body: concat(data),
    trailers,
    remainder: concat(remainder),
    ended,
    deviations,
    error: error && findingOf(error),
  };
}

/** An outcome as text: equal if and only if the outcomes are. Cheaper than a deep comparison. */
function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member instanceof Uint8Array ? isomorphic(member) : member,
  );
}

/** The input cut as the vector's source cut it; one size alone is repeated. */
export function chunksOf(input: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const positions: number[] = [];
  for (let at = 0, n = 0; at < input.length && (n < sizes.length || sizes.length === 1); n++) {
    if (n > 0) positions.push(at);
    at += sizes[sizes.length === 1 ? 0 : n]!;
  }
  return cut(input, positions);
}

function* ways({ input, chunks, generated }: Pick<Vector, "input" | "chunks" | "generated">): Generator<{
  name: string;
  chunks: Uint8Array[];
}> {
  if (generated) {
    yield { name: "whole", chunks: [input] };
    yield { name: "chunks of 64 KiB", chunks: chunksOf(input, [65_536]) };
  } else {
    yield* chunkings(input);
  }
  if (chunks !== undefined) yield { name: "as the source cut it", chunks: chunksOf(input, chunks) };
}

/** Reads `input` in every chunking; they must all give the same outcome, which is answered. */
export function readEveryWay<Answer>(
  input: Pick<Vector, "input" | "chunks" | "generated">,
  read: (chunks: readonly Uint8Array[]) => Answer,
): Answer {
  let first: { outcome: Answer; text: string } | undefined;
  for (const { name, chunks } of ways(input)) {
    const outcome = read(chunks);
    const text = fingerprint(outcome);
    if (first === undefined) first = { outcome, text };
    // The assertion library's own comparison would take most of the time, so it only tells the difference.
    else if (text !== first.text) expect(JSON.parse(text), name).toEqual(JSON.parse(first.text));
  }
  return first!.outcome;
}
