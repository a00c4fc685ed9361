/** An iterator that answers at once what is at hand: a promise for each operation costs 0.5 µs and a chunk. */
export interface PullIterator<Item> {
  next(): IteratorResult<Item, undefined> | PromiseLike<IteratorResult<Item, undefined>>;
  /** Whether another item is sure to come. */
  readonly moreWillCome?: boolean;
  /** Says that nothing more is wanted. */
  return?(): unknown;
}

/** The iterator of any iterable. */
export function pullIterator<Item>(items: Iterable<Item> | AsyncIterable<Item>): PullIterator<Item> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
