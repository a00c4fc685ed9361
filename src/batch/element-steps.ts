import { utf8Encode } from "../octets/text.ts";
import type { OctetWriter, Steps } from "../stream/octet-writer.ts";
import type { Dialect, JsonEnvelope } from "./dialect.ts";
import { elementText } from "./json-elements.ts";
import type { Operation, OperationKind } from "./operation.ts";

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
  readonly #operations: Iterator<Operation> | AsyncIterator<Operation>;
  readonly #dialect: Dialect;
  readonly #envelope: JsonEnvelope;
  readonly #options: ElementStepsOptions;
  readonly #output: OctetWriter;
  #index = 0;

  constructor(
    operations: Iterable<Operation> | AsyncIterable<Operation>,
    dialect: Dialect,
    envelope: JsonEnvelope,
    options: ElementStepsOptions,
    output: OctetWriter,
  ) {
    this.#operations = iteratorOf(operations);
    this.#dialect = dialect;
    this.#envelope = envelope;
    this.#options = options;
    this.#output = output;
    const { kind, members = [] } = options;
    const first = [...members].map((member) => `${memberText(member)},`).join("");
    this.#write(`{${first}${JSON.stringify(envelope.key[kind])}:[`);
  }

  async step(): Promise<void> {
    const { done, value } = await this.#operations.next();
    if (this.ended) return;
    if (done !== true) {
      const text = await elementText(value, this.#index, this.#dialect, this.#envelope);
      this.#write(this.#index++ === 0 ? text : `,${text}`);
      return;
    }
    const last = [...(this.#options.lastMembers?.() ?? [])]
      .map((member) => `,${memberText(member)}`)
      .join("");
    this.#write(`]${last}}`);
    this.ended = true;
  }

  async cancel(): Promise<void> {
    this.ended = true;
    await this.#operations.return?.();
  }

  #write(text: string): void {
    this.#output.write(utf8Encode(text));
  }
}

function memberText([name, value]: readonly [name: string, value: unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

export function iteratorOf<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
): Iterator<Item> | AsyncIterator<Item> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}
