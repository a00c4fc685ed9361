import { BatchwireError } from "../errors.ts";
import { defaultLimits } from "../limits.ts";
import type { Limits } from "../limits.ts";
import { AnswerSource, isNoBatch } from "./answer-source.ts";
import { createController } from "./batch-abort.ts";
import type { BatchAbort } from "./batch-abort.ts";
import {
  answerDialect,
  maxBuffered,
  settlementOf,
  wholeAnswer,
  wholeOfPart,
  withoutLongBody,
} from "./batch-answer.ts";
import type { WholeAnswer } from "./batch-answer.ts";
import { BatchError } from "./batch-error.ts";
import { failed } from "./call.ts";
import type { Call, Settlement } from "./call.ts";
import { isFailure } from "./correlator.ts";
import type { Answer, Correlator, Match } from "./correlator.ts";
import type { Dialect } from "../batch/dialect.ts";
import type { ExchangeOptions } from "./exchange-options.ts";
import { OperationReader } from "../batch/operation-reader.ts";
import { openSource } from "../stream/chunk-source.ts";
import { fetchedContentType } from "../stream/multipart-reader-options.ts";

/** A response that carries answers, and the dialect that they are in. */
interface Page {
  readonly response: Response;
  readonly dialect: Dialect;
}

/** The reading of the answers to one batch. */
export class AnswerReading {
  readonly #waiting: Set<Call>;
  readonly #options: ExchangeOptions;
  readonly #abort: BatchAbort;
  readonly #correlator: Correlator;
  /** What all pages may have together. */
  readonly #limits: Readonly<Pick<Limits, "maxParts" | "maxTotalBytes">>;
  /** Answers so far, and whether the last one is a failure. */
  #count = 0;
  #hasFailed = false;
  /** What ended the reading early. */
  #cause: unknown;
  /** The octets of the pages before this one. */
  #octets = 0;
  /** Links that have been followed. */
  readonly #links: Set<unknown> = new Set();
  /** The page that is being read. */
  #source: AnswerSource | undefined;

  constructor(calls: readonly Call[], options: ExchangeOptions, abort: BatchAbort, correlator: Correlator) {
    this.#waiting = new Set(calls);
    this.#options = options;
    this.#abort = abort;
    this.#correlator = correlator;
    const { dialect, limits = {} } = options;
    this.#limits = {
      // More answers than calls are told to `onUnexpected`, in reason.
      maxParts: limits.maxParts ?? Math.max(dialect.maxOperations, 2 * calls.length),
      // A dialect's `maxBytes` bounds what is sent.
      maxTotalBytes: limits.maxTotalBytes ?? defaultLimits.maxTotalBytes,
    };
  }

  /** Settles each call when its answer has arrived, and in the end those that have got none. */
  async *settle(response: Response, dialect: Dialect): AsyncGenerator<Settlement, WholeAnswer | undefined> {
    let page: Page | undefined = { response, dialect };
    while (page !== undefined) {
      const { size } = this.#waiting;
      const count = this.#count;
      const reader = this.#open(page);
      let hasEnded = false;
      try {
        for (let answer = await this.#read(reader); answer !== undefined; answer = await this.#read(reader)) {
          yield* this.#settled(this.#correlator.take(answer));
        }
        hasEnded = this.#cause === undefined;
      } finally {
        // What follows the last answer is read on, but holds nobody up.
        if (hasEnded) this.#source?.hurry();
        else reader?.return().catch(() => {});
      }
      if (this.#count === 0 && isNoBatch(this.#cause)) return await this.#whole(response);
      const isEmpty = this.#count === count;
      // A page that settles no call could link to itself for ever.
      const mayGoOn = isEmpty || this.#waiting.size < size;
      page = mayGoOn && reader !== undefined ? await this.#nextPage(page, reader, isEmpty) : undefined;
    }
    const { matches, isAmbiguous, whole } = this.#correlator.end(this.#cause === undefined);
    yield* this.#settled(matches);
    const answer = whole?.message === undefined ? undefined : wholeOfPart(whole.message);
    if (answer !== undefined) return answer;
    for (const call of this.#waiting)
      yield failed(call, this.#errorOfNone(isAmbiguous || whole !== undefined));
    return undefined;
  }

  #open({ response, dialect }: Page): OperationReader<"response"> | undefined {
    const { limits, tolerance = dialect.tolerance ?? "lenient", onDeviation } = this.#options;
    this.#octets += this.#source?.length ?? 0;
    const maxParts = this.#limits.maxParts - this.#count;
    const maxTotalBytes = this.#limits.maxTotalBytes - this.#octets;
    try {
      this.#source = this.#sourceOf(response, dialect);
      return new OperationReader(this.#source, {
        dialect,
        kind: "response",
        contentType: fetchedContentType(response.headers),
        limits: { ...limits, maxParts, maxTotalBytes },
        tolerance,
        onDeviation,
        signal: this.#abort.signal,
        requestMethod: (place) => this.#correlator.expected(place)?.message.method,
      });
    } catch (error) {
      this.#cause = error;
      this.#source?.cancel(error).catch(() => {});
      return undefined;
    }
  }

  /** JSON may turn out to be no batch, as long as it has not had an answer. */
  #sourceOf(response: Response, { envelope }: Dialect): AnswerSource {
    const source = new AnswerSource(openSource(response), maxBuffered(this.#options.limits));
    if (envelope.format === "multipart" || this.#count > 0) source.forget();
    return source;
  }

  /** An answer that is JSON, but no batch: what it says is the caller's to see. */
  async #whole(response: Response): Promise<WholeAnswer> {
    const content = this.#source?.again() ?? null;
    const whole = await wholeAnswer(response, content, this.#options.limits, this.#abort.signal);
    return { ...whole, cause: this.#cause };
  }

  /** The next answer; `undefined` at the end, which may be an early one. */
  async #read(reader: OperationReader<"response"> | undefined): Promise<Answer | undefined> {
    if (reader === undefined) return undefined;
    try {
      this.#abort.hurry();
      const next = reader.next();
      // A reader that has no signal cannot be told.
      const { value } = await (this.#abort.signal === undefined ? this.#abort.race(next) : next);
      if (value === undefined) return undefined;
      this.#count++;
      this.#source?.forget();
      // What could not be read may have succeeded.
      this.#hasFailed = value.message !== undefined && isFailure(value);
      return await withoutLongBody(value, this.#options.limits);
    } catch (error) {
      this.#cause = this.#ofAllPages(error);
      return undefined;
    }
  }

  /** The error: of a limit it names all, where its reader knew what was left for the page. */
  #ofAllPages(error: unknown): unknown {
    if (!(error instanceof BatchwireError)) return error;
    const { code, limit } = error;
    if (limit?.name !== "maxParts" && limit?.name !== "maxTotalBytes") return error;
    return new BatchwireError(code, error, { limit: { name: limit.name, value: this.#limits[limit.name] } });
  }

  *#settled(matches: readonly Match[]): Generator<Settlement> {
    for (const { call, answer } of matches) {
      this.#waiting.delete(call);
      this.#abort.answered(call);
      yield settlementOf(call, answer);
    }
  }

  /** The rest of the answers, where the envelope links to it and somebody waits for it. */
  async #nextPage(
    { response, dialect }: Page,
    { members }: OperationReader<"response">,
    isEmpty: boolean,
  ): Promise<Page | undefined> {
    const { envelope } = dialect;
    const names = envelope.format === "json" ? (envelope.nextLink ?? []) : [];
    const link = names.map((name) => members.get(name)).find((value) => typeof value === "string");
    if (link === undefined || this.#cause !== undefined || !this.#abort.isWanted) return undefined;
    // One without answers has a link that is new, and counts as an answer.
    if (isEmpty && (this.#links.has(link) || ++this.#count >= this.#limits.maxParts)) return undefined;
    this.#links.add(link);
    try {
      const next = await this.#get(link as string, response.url);
      const answered = answerDialect(dialect, next.headers.get("content-type"));
      if (next.ok && answered !== undefined) return { response: next, dialect: answered };
      next.body?.cancel().catch(() => {});
      throw new TypeError(`The rest of the answers was answered ${next.status}`);
    } catch (error) {
      this.#cause = error;
      return undefined;
    }
  }

  async #get(link: string, base: string): Promise<Response> {
    const { url, headers, fetch } = this.#options;
    const next = new URL(link, base === "" ? url : base);
    // The fields of the batch, such as its Authorization, are nobody else's business.
    if (next.origin !== url.origin) throw new TypeError(`The rest of the answers is at ${next.origin}`);
    const fields = headers.copy();
    fields.delete("content-type");
    // A request listens to its signal until it is collected: pages that had one for all would be too many.
    const controller = createController();
    const unlisten = this.#abort.listen((reason) => controller?.abort(reason));
    try {
      const init = controller === undefined ? {} : { signal: controller.signal };
      const answer = Promise.resolve(fetch(new Request(next, { headers: fields, ...init })));
      return await this.#abort.race(answer, (late) => void late.body?.cancel().catch(() => {}));
    } finally {
      unlisten();
    }
  }

  /** Why a call has no answer. */
  #errorOfNone(isAmbiguous: boolean): BatchError {
    const cause = this.#cause;
    if (cause !== undefined) {
      const detail =
        cause instanceof BatchwireError ? `No answer to the operation: ${cause.message}` : undefined;
      return new BatchError("operation-unanswered", { executed: "unknown", detail, cause });
    }
    if (isAmbiguous) return new BatchError("ambiguous-answer", { executed: "unknown" });
    if (!this.#options.stops || !this.#hasFailed)
      return new BatchError("operation-unanswered", { executed: "unknown" });
    const detail = "Operation was not executed, for one before it failed";
    return new BatchError("operation-not-executed", { executed: "no", detail });
  }
}
