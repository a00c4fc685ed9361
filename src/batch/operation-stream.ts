import { isThenable } from "../stream/chunk-source.ts";
import { multipartStream } from "../stream/multipart-writer.ts";
import type { PartInit } from "../stream/multipart-writer.ts";
import { OctetWriter, streamOfSteps } from "../stream/octet-writer.ts";
import { discardBody, dropBody, endAll } from "../stream/outgoing-body.ts";
import type { Dialect, MultipartEnvelope } from "./dialect.ts";
import { ElementSteps } from "./element-steps.ts";
import type { EnvelopeMembers } from "./element-steps.ts";
import { IdGiver, withId } from "./id-giver.ts";
import { bodyOf, inexpressible } from "./json-elements.ts";
import { changeSetPart, operationPart } from "./multipart-parts.ts";
import type { ExpressedOperation, Operation, OperationKind } from "./operation.ts";
import { pullIterator } from "./pull-iterator.ts";
import type { PullIterator } from "./pull-iterator.ts";

export interface OperationStreamOptions<Kind extends OperationKind = OperationKind> {
  dialect: Dialect;
  /** What the batch holds. */
  kind: Kind;
  /** Other members of a JSON envelope, in front of the operations. */
  members?: EnvelopeMembers | undefined;
  /** The same behind them, asked for when they have been written. */
  lastMembers?: (() => EnvelopeMembers) | undefined;
  /** Of a multipart envelope. Default: a new one, with the dialect's prefix. */
  boundary?: string | undefined;
}

/** A batch with the fields that describe it. */
export interface OperationStream {
  /** Made as it is read: nothing is read ahead of the operations' bodies. */
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Value of the Content-Type field: the envelope's, of multipart with the boundary. */
  contentType: string;
  /** Exact length of `body`, if `operations` is an array in a multipart envelope and the lengths of all bodies are known. */
  contentLength: number | undefined;
}

/**
 * Writes a batch in any dialect, as a stream: each operation as soon as it comes. Operations of one
 * group that follow each other are written as a change set once all of them have come. An operation
 * that was read in one dialect can be written in another. Cancelling the stream cancels the body being
 * read, those to come of an array, and the iteration.
 *
 * A request without an id gets one where the envelope has ids: one that no operation of an array, or
 * none in front of it, has.
 *
 * @throws {BatchwireError} `inexpressible-operation`, here or when the stream is read: the dialect
 * has no place for something of an operation, such as a group or a body that is not JSON.
 *
 * @example
 * ```ts
 * import { operationStream, ucwa } from "batchwire/batch";
 *
 * const { body, contentType } = operationStream(
 *   ["/me", "/me/phones"].map((target) => ({
 *     message: { kind: "request" as const, method: "GET", target, headers: { Host: "example.com" } },
 *   })),
 *   { dialect: ucwa, kind: "request" },
 * );
 * console.log((await new Response(body).text()).split("\r\n")[4]); // GET /me HTTP/1.1
 * const batch = new Request("https://example.com/batch", { method: "POST", headers: { "Content-Type": contentType } });
 * ```
 */
export function operationStream<Kind extends OperationKind>(
  operations: Iterable<Operation<Kind>> | AsyncIterable<Operation<Kind>>,
  options: OperationStreamOptions<Kind>,
): OperationStream {
  const all = operations as Iterable<Operation> | AsyncIterable<Operation>;
  return pulledOperationStream(Array.isArray(all) ? all : pullIterator(all), options);
}

/** {@link operationStream} of operations that may be at hand. */
export function pulledOperationStream(
  operations: Operation[] | PullIterator<Operation>,
  options: OperationStreamOptions,
): OperationStream {
  const { dialect, kind } = options;
  const { envelope } = dialect;
  const isArray = Array.isArray(operations);
  if (envelope.format === "json") {
    const output = new OctetWriter();
    const body = streamOfSteps(new ElementSteps(operations, dialect, envelope, options, output), output);
    return { body, contentType: "application/json", contentLength: undefined };
  }
  const { subtype, parameters, boundaryPrefix, leadingLineEnd, trailingLineEnd } = envelope;
  return multipartStream(
    isArray ? partsOf(operations, dialect, envelope) : partsAsTheyCome(operations, dialect, envelope),
    {
      subtype,
      parameters: parameters?.[kind],
      boundary: options.boundary,
      boundaryPrefix: boundaryPrefix?.[kind][0],
      leadingLineEnd,
      trailingLineEnd,
    },
  );
}

/** A writer of parts takes what `next()` answers, whether it is a promise or not, as `for await` does. */
function partsAsTheyCome(
  operations: PullIterator<Operation>,
  dialect: Dialect,
  envelope: MultipartEnvelope,
): AsyncIterable<PartInit> {
  const parts = new PartsAsTheyCome(operations, new Grouping(dialect, envelope));
  return { [Symbol.asyncIterator]: () => parts as AsyncIterator<PartInit> };
}

/** Operations that follow each other in one group, as one; the rest one by one. */
class Grouping {
  #open: Operation[] = [];
  readonly #ids: IdGiver;
  readonly #dialect: Dialect;
  readonly #envelope: MultipartEnvelope;

  /** `known` are operations that will come. */
  constructor(dialect: Dialect, envelope: MultipartEnvelope, known: readonly Operation[] = []) {
    this.#ids = new IdGiver(dialect, known);
    this.#dialect = dialect;
    this.#envelope = envelope;
  }

  /** The parts that are complete now that `operation` has come; `undefined` says that none follows. */
  add(operation: ExpressedOperation | undefined): PartInit[] {
    if (operation !== undefined) this.#assertExpressible(operation);
    const named = operation && withId(operation, this.#ids);
    const isAlone = named !== undefined && named.group === undefined;
    const parts = isAlone ? [operationPart(named, this.#envelope)] : [];
    const [first] = this.#open;
    if (first !== undefined && first.group !== operation?.group) parts.unshift(this.#close());
    if (named !== undefined && !isAlone) this.#open.push(named);
    if (operation?.endsGroup === true) parts.push(this.#close());
    return parts;
  }

  #close(): PartInit {
    const part = changeSetPart(this.#open, this.#envelope);
    this.#open = [];
    return part;
  }

  /** Gives up the operations that are in no part yet. */
  takeOpen(): Operation[] {
    const open = this.#open;
    this.#open = [];
    return open;
  }

  #assertExpressible({ group, dependsOn = [], condition }: Operation): void {
    if (group !== undefined && this.#envelope.changeSets !== true)
      throw inexpressible(this.#dialect, "atomic groups");
    if (dependsOn.length > 0) throw inexpressible(this.#dialect, "dependencies");
    if (condition !== undefined) throw inexpressible(this.#dialect, "conditions");
  }
}

function partsOf(
  operations: readonly Operation[],
  dialect: Dialect,
  envelope: MultipartEnvelope,
): PartInit[] {
  const grouping = new Grouping(dialect, envelope, operations);
  return [...operations, undefined].flatMap((operation) => grouping.add(operation));
}

/**
 * The parts of operations that come one by one. No generator: one that waits for an operation could
 * not be ended before that has come.
 */
class PartsAsTheyCome {
  readonly #operations: PullIterator<Operation>;
  readonly #grouping: Grouping;
  #parts: PartInit[] = [];
  #done = false;

  constructor(operations: PullIterator<Operation>, grouping: Grouping) {
    this.#operations = operations;
    this.#grouping = grouping;
  }

  get moreWillCome(): boolean {
    return this.#operations.moreWillCome === true;
  }

  next(): IteratorResult<PartInit, undefined> | Promise<IteratorResult<PartInit, undefined>> {
    for (;;) {
      const part = this.#parts.shift();
      if (part !== undefined) return { done: false, value: part };
      if (this.#done) return { done: true, value: undefined };
      const next = this.#operations.next();
      if (isThenable(next)) return this.#nextOf(next);
      this.#add(next);
    }
  }

  async return(): Promise<IteratorResult<PartInit, undefined>> {
    this.#done = true;
    const bodies = [
      ...this.#parts.map(({ body }) => body),
      ...this.#grouping.takeOpen().map(({ message }) => bodyOf(message)),
    ];
    this.#parts = [];
    const discards = bodies.map((body) => () => discardBody(body, undefined));
    await endAll([() => this.#operations.return?.(), ...discards]);
    return { done: true, value: undefined };
  }

  async #nextOf(
    next: PromiseLike<IteratorResult<Operation, undefined>>,
  ): Promise<IteratorResult<PartInit, undefined>> {
    const result = await next;
    if (!this.#done) this.#add(result);
    else if (result.done !== true) dropBody(bodyOf(result.value.message));
    return this.next();
  }

  #add({ done, value }: IteratorResult<Operation, undefined>): void {
    this.#done = done === true;
    try {
      this.#parts = this.#grouping.add(value);
    } catch (error) {
      if (value !== undefined) dropBody(bodyOf(value.message), error);
      throw error;
    }
  }
}
