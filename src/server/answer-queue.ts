import type { PullIterator } from "../batch/pull-iterator.ts";

/** Where the answers of one unit go. */
interface Place<Answer> {
  answers: readonly Answer[] | undefined;
  /** Operations that are answered here. */
  readonly size: number;
}

interface ReadyAnswer<Answer> {
  readonly answer: Answer;
  /** Operations that are done with when it is taken: none before the last answer of its place. */
  readonly frees: number;
}

export interface AnswerQueueOptions<Answer> {
  /** Whether answers are handed out in the order of their places, or as they come. */
  inOrder: boolean;
  /** Whether a place may be filled with no answer. Default `false`. */
  mayOmit?: boolean;
  /** So many operations have had all of their answers taken. */
  onTaken: (operations: number) => void;
  /** All answers have been taken, or nobody will take the rest. */
  onEnd: (completed: boolean) => void;
  /** An answer that nobody takes any more: what it holds can be let go. */
  onDropped: (answer: Answer) => void;
}

/**
 * Answers in the order in which they may be written, whenever they come: each place is reserved
 * when its request arrives.
 */
export class AnswerQueue<Answer> implements PullIterator<Answer> {
  readonly #options: AnswerQueueOptions<Answer>;
  #inOrder: boolean;
  /** Places in order, the first being the next to be written if the order counts. */
  readonly #places: Place<Answer>[] = [];
  #first = 0;
  /** Answers that may be written. */
  readonly #ready: ReadyAnswer<Answer>[] = [];
  #taken = 0;
  #unanswered = 0;
  #closed = false;
  /** Whether what comes now is nobody's. */
  #isAbandoned = false;
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: AnswerQueueOptions<Answer>) {
    this.#options = options;
    this.#inOrder = options.inOrder;
  }

  /** Says that the answers to what comes from here on stand in its order. */
  keepOrder(): void {
    this.#inOrder = true;
  }

  /**
   * Reserves the next place, for the answers to so many operations; the function that is returned
   * fills it, with no answer or several.
   */
  reserve(size: number): (answers: readonly Answer[]) => void {
    const place: Place<Answer> = { answers: undefined, size };
    this.#unanswered++;
    const isOrdered = this.#inOrder;
    if (isOrdered) this.#places.push(place);
    return (answers) => {
      if (place.answers !== undefined) return;
      this.#unanswered--;
      if (this.#isAbandoned || this.#failure !== undefined) {
        place.answers = [];
        for (const answer of answers) this.#options.onDropped(answer);
        return;
      }
      place.answers = answers;
      if (isOrdered) this.#advance();
      else this.#makeReady(place);
      this.#notify();
    };
  }

  /** No place will be reserved any more. */
  close(): void {
    this.#closed = true;
    this.#notify();
  }

  /** Ends the answers with an error, behind those that are there; what comes later is dropped. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#notify();
  }

  /** Settles when the first answer is there, or the end; rejects if the batch has failed by then. */
  async started(): Promise<void> {
    try {
      await this.#untilReady();
    } catch {
      // It is thrown below.
    }
    if (this.#failure === undefined) return;
    this.#abandon();
    throw this.#failure.error;
  }

  /** The next answer: at once if it is there. */
  next(): IteratorResult<Answer, undefined> | Promise<IteratorResult<Answer, undefined>> {
    return this.#isReady ? this.#take() : this.#takeLater();
  }

  return(): void {
    this.#closed = true;
    this.#abandon();
    this.#options.onEnd(false);
  }

  /** Whether another answer is sure to come: there is a place that none has come to. */
  get moreWillCome(): boolean {
    return this.#unanswered > 0 && this.#failure === undefined && this.#options.mayOmit !== true;
  }

  /** Not at its end, if it has failed: a batch that was cut off must not look whole. */
  get #isReady(): boolean {
    if (this.#taken < this.#ready.length) return true;
    return this.#closed && this.#unanswered === 0 && this.#failure === undefined;
  }

  #take(): IteratorResult<Answer, undefined> {
    if (this.#taken === this.#ready.length) {
      this.#options.onEnd(true);
      return { done: true, value: undefined };
    }
    const { answer, frees } = this.#ready[this.#taken]!;
    // Half of the array at least: one by one would be quadratic.
    if (++this.#taken * 2 >= this.#ready.length) {
      this.#ready.splice(0, this.#taken);
      this.#taken = 0;
    }
    if (frees > 0) this.#options.onTaken(frees);
    return { done: false, value: answer };
  }

  async #takeLater(): Promise<IteratorResult<Answer, undefined>> {
    try {
      await this.#untilReady();
    } catch (error) {
      this.#options.onEnd(false);
      throw error;
    }
    return this.#take();
  }

  async #untilReady(): Promise<void> {
    while (!this.#isReady) {
      if (this.#failure !== undefined) throw this.#failure.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #advance(): void {
    for (; this.#first < this.#places.length; this.#first++) {
      const place = this.#places[this.#first]!;
      if (place.answers === undefined) break;
      this.#makeReady(place);
    }
    if (this.#first * 2 >= this.#places.length) {
      this.#places.splice(0, this.#first);
      this.#first = 0;
    }
  }

  #makeReady({ answers = [], size }: Place<Answer>): void {
    for (const [i, answer] of answers.entries()) {
      this.#ready.push({ answer, frees: i === answers.length - 1 ? size : 0 });
    }
    if (answers.length === 0) this.#options.onTaken(size);
  }

  /** Lets go of all that is here and all that will come. */
  #abandon(): void {
    this.#isAbandoned = true;
    const waiting = this.#places.splice(0).slice(this.#first);
    this.#first = 0;
    const left = this.#ready.splice(0).slice(this.#taken);
    this.#taken = 0;
    for (const { answer } of left) this.#options.onDropped(answer);
    for (const { answers } of waiting) for (const answer of answers ?? []) this.#options.onDropped(answer);
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
