import type { PullIterator } from "../batch/pull-iterator.ts";

/**
 * Answers in the order in which they may be written, whenever they come: each place is reserved
 * when its request arrives.
 */
export class AnswerQueue<Answer> implements PullIterator<Answer> {
  readonly #inOrder: boolean;
  readonly #mayOmit: boolean;
  readonly #onTaken: () => void;
  readonly #onEnd: (completed: boolean) => void;
  /** Places in order, the first being the next to be written if the order counts. */
  readonly #places: { answers: readonly Answer[] | undefined }[] = [];
  #first = 0;
  /** Answers that may be written. */
  readonly #ready: Answer[] = [];
  #taken = 0;
  #unanswered = 0;
  #closed = false;
  #failure: { error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /**
   * `mayOmit` says that a place may be filled with no answer. `onTaken` is called when an answer is taken; `onEnd` when all have been, or nobody wants the rest.
   */
  constructor(
    { inOrder, mayOmit = false }: { inOrder: boolean; mayOmit?: boolean },
    onTaken: () => void,
    onEnd: (completed: boolean) => void,
  ) {
    this.#inOrder = inOrder;
    this.#mayOmit = mayOmit;
    this.#onTaken = onTaken;
    this.#onEnd = onEnd;
  }

  /** Reserves the next place; the function that is returned fills it, with no answer or several. */
  reserve(): (answers: readonly Answer[]) => void {
    const place: { answers: readonly Answer[] | undefined } = { answers: undefined };
    this.#unanswered++;
    if (this.#inOrder) this.#places.push(place);
    return (answers) => {
      if (place.answers !== undefined) return;
      place.answers = answers;
      this.#unanswered--;
      if (this.#inOrder) this.#advance();
      else this.#ready.push(...answers);
      this.#notify();
    };
  }

  /** No place will be reserved any more. */
  close(): void {
    this.#closed = true;
    this.#notify();
  }

  /** Ends the answers with an error, behind those that are there. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#notify();
  }

  /** Settles when the first answer is there, or the end; rejects if the batch has failed by then. */
  async started(): Promise<void> {
    await this.#untilReady();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** The next answer: at once if it is there. */
  next(): IteratorResult<Answer, undefined> | Promise<IteratorResult<Answer, undefined>> {
    return this.#isReady ? this.#take() : this.#takeLater();
  }

  return(): void {
    this.#closed = true;
    this.#onEnd(false);
  }

  /** Whether another answer is sure to come: there is a place that none has come to. */
  get moreWillCome(): boolean {
    return this.#unanswered > 0 && this.#failure === undefined && !this.#mayOmit;
  }

  get #isReady(): boolean {
    return this.#taken < this.#ready.length || (this.#closed && this.#unanswered === 0);
  }

  #take(): IteratorResult<Answer, undefined> {
    if (this.#taken === this.#ready.length) {
      this.#onEnd(true);
      return { done: true, value: undefined };
    }
    const value = this.#ready[this.#taken]!;
    // Half of the array at least: one by one would be quadratic.
    if (++this.#taken * 2 >= this.#ready.length) {
      this.#ready.splice(0, this.#taken);
      this.#taken = 0;
    }
    this.#onTaken();
    return { done: false, value };
  }

  async #takeLater(): Promise<IteratorResult<Answer, undefined>> {
    try {
      await this.#untilReady();
    } catch (error) {
      this.#onEnd(false);
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
      const { answers } = this.#places[this.#first]!;
      if (answers === undefined) break;
      this.#ready.push(...answers);
    }
    if (this.#first * 2 >= this.#places.length) {
      this.#places.splice(0, this.#first);
      this.#first = 0;
    }
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
