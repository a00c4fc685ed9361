import { utf8Encode } from "../octets/text.ts";
import { endIteration, isThenable } from "../stream/chunk-source.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import type { OctetWriter, Steps } from "../stream/octet-writer.ts";
import { discardBody, dropBody, endAll } from "../stream/outgoing-body.ts";
import type { Dialect, JsonEnvelope } from "./dialect.ts";
import { IdGiver, withId } from "./id-giver.ts";
import { bodyOf, elementText } from "./json-elements.ts";
import type { Operation, OperationKind } from "./operation.ts";
import type { PullIterator } from "./pull-iterator.ts";

/** Members of a JSON envelope, in order. */
export type EnvelopeMembers = Iterable<readonly [name: string, value: unknown]>;

export interface ElementStepsOptions {
  kind: OperationKind;
  members?: EnvelopeMembers | undefined;
  lastMembers?: (() => EnvelopeMembers) | undefined;
}

/** Writes a JSON envelope, an operation a step. */
export class ElementSteps implements Steps {
  ended = false;
  readonly #operations: PullIterator<Operation>;
  /** The operations of an array that are yet to come. */
  readonly #known: Iterable<Operation>;
  readonly #dialect: Dialect;
  readonly #envelope: JsonEnvelope;
  readonly #options: ElementStepsOptions;
  readonly #output: OctetWriter;
  readonly #ids: IdGiver;
  #isFirst = true;
  #awaitsOperation = false;
  /** What the body that is being gathered comes from. */
  #source: ChunkSource | undefined;
  readonly #onOpen = (source: ChunkSource): void => void (this.#source = source);

  constructor(
    operations: Operation[] | PullIterator<Operation>,
    dialect: Dialect,
    envelope: JsonEnvelope,
    options: ElementStepsOptions,
    output: OctetWriter,
  ) {
    const known = Array.isArray(operations) ? operations.values() : undefined;
    this.#operations = known ?? (operations as PullIterator<Operation>);
    this.#known = known ?? [];
    this.#dialect = dialect;
    this.#envelope = envelope;
    this.#options = options;
    this.#output = output;
    this.#ids = new IdGiver(dialect, Array.isArray(operations) ? operations : []);
    this.#write(openingText(envelope, options));
  }

  step(): Promise<void> | undefined {
    const next = this.#operations.next();
    if (!isThenable(next)) return this.#writeNext(next);
    this.#awaitsOperation = true;
    return Promise.resolve(next.then((result) => this.#writeNext(result)));
  }

  #writeNext({ done, value }: IteratorResult<Operation, undefined>): Promise<void> | undefined {
    this.#awaitsOperation = false;
    if (this.ended) {
      // The stream was cancelled while this operation was on its way.
      if (done !== true) dropBody(bodyOf(value.message));
      return undefined;
    }
    if (done !== true) {
      const text = elementText(withId(value, this.#ids), this.#dialect, this.#envelope, this.#onOpen);
      if (isThenable(text)) return text.then((later) => this.#writeElement(later));
      this.#writeElement(text);
      return undefined;
    }
    this.#write(closingText(this.#options));
    this.ended = true;
    return undefined;
  }

  #writeElement(text: string): void {
    if (this.ended) return;
    this.#source = undefined;
    this.#write(this.#isFirst ? text : `,${text}`);
    this.#isFirst = false;
  }

  /** Cancels the body being gathered and those to come, and ends the iteration. */
  async cancel(reason: unknown): Promise<void> {
    this.ended = true;
    // An array's operations are all known, and nobody else will cancel their bodies.
    const others = [...this.#known].map(
      ({ message }) =>
        () =>
          discardBody(bodyOf(message), reason),
    );
    const end = (): unknown => endIteration(this.#operations, this.#awaitsOperation);
    await endAll([() => this.#source?.cancel(reason), end, ...others]);
  }

  #write(text: string): void {
    this.#output.write(utf8Encode(text));
  }
}

/** A JSON envelope in front of its operations. */
export function openingText({ key }: JsonEnvelope, { kind, members = [] }: ElementStepsOptions): string {
  const texts = memberTexts(members).map((member) => `${member},`);
  return `{${texts.join("")}${JSON.stringify(key[kind])}:[`;
}

/** A JSON envelope behind its operations. */
export function closingText({ lastMembers }: ElementStepsOptions): string {
  const texts = memberTexts(lastMembers?.() ?? []).map((member) => `,${member}`);
  return `]${texts.join("")}}`;
}

/** Without those whose value is none in JSON, such as `undefined`. */
function memberTexts(members: EnvelopeMembers): string[] {
  return [...members].flatMap(([name, value]) => {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
}
