import { assemble } from "./assembly.ts";
import type { Assembly } from "./assembly.ts";
import { AnswerReading } from "./answer-reading.ts";
import { answerDialect, wholeAnswer } from "./batch-answer.ts";
import type { WholeAnswer } from "./batch-answer.ts";
import type { BatchAbort } from "./batch-abort.ts";
import { BatchError } from "./batch-error.ts";
import { failed } from "./call.ts";
import type { Call, Settlement } from "./call.ts";
import { createCorrelator } from "./correlation.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { operationStream } from "../batch/operation-stream.ts";

/**
 * Sends one batch, and settles its calls as their answers arrive: each when it is asked for. Ends
 * with an answer to the whole batch, if there is one; then the calls that have not been settled are
 * its recipients.
 */
export async function* exchange(
  calls: readonly Call[],
  options: ExchangeOptions,
  abort: BatchAbort,
): AsyncGenerator<Settlement, WholeAnswer | undefined> {
  const { dialect } = options;
  const batch = assemble(calls, dialect);
  let executed: "no" | "unknown" = "no";
  let response: Response;
  try {
    const request = await createRequest(batch, options, abort.signal);
    executed = "unknown";
    const answer = Promise.resolve(options.fetch(request));
    response = await abort.race(answer, (late) => void late.body?.cancel().catch(() => {}));
    if (response.status === 0) throw new TypeError(`Response of type "${response.type}" tells nothing`);
  } catch (cause) {
    for (const call of calls) {
      const error = new BatchError("batch-unreachable", { executed, cause });
      yield failed(call, error);
    }
    return undefined;
  }
  const answered = answerDialect(dialect, response.headers.get("content-type"));
  if (!response.ok || answered === undefined) {
    return await wholeAnswer(response, response, options.limits, abort.signal);
  }
  const correlator = createCorrelator(batch.entries, dialect, answered, options.onUnexpected);
  return yield* new AnswerReading(calls, options, abort, correlator).settle(response, answered);
}

/** The batch in one piece with its length, which some servers need, or as a stream where that is asked for. */
async function createRequest(
  { operations, isAtomic }: Assembly,
  { url, dialect, headers, members, stream }: ExchangeOptions,
  signal: AbortSignal | undefined,
): Promise<Request> {
  const all = isAtomic ? [...members, [dialect.atomicMember!, true] as const] : members;
  const { body, contentType } = operationStream(operations, { dialect, kind: "request", members: all });
  const fields = headers.copy();
  fields.set("Content-Type", contentType);
  const { envelope } = dialect;
  const accepted = envelope.format === "json" ? "application/json" : `multipart/${envelope.subtype}`;
  if (!fields.has("accept")) fields.set("Accept", accepted);
  const init: RequestInit & { duplex?: "half" } = { method: "POST", headers: fields };
  if (signal !== undefined) init.signal = signal;
  if (stream) {
    init.body = body;
    init.duplex = "half";
  } else {
    init.body = new Uint8Array(await new Response(body).arrayBuffer());
  }
  return new Request(url, init);
}
