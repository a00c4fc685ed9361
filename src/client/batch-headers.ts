/** What `Headers` is made from, whose name `@types/node` does not have. */
export type FieldsInit = ConstructorParameters<typeof Headers>[0];

/** Answers new fields, such as another token, when a batch was refused with 401. */
export type OnUnauthorized = (response: Response) => FieldsInit | Promise<FieldsInit>;

/** The fields of all batches of a client, some of which may be renewed. */
export class BatchHeaders {
  readonly #headers: Headers;
  readonly #onUnauthorized: OnUnauthorized | undefined;
  #version = 0;
  #renewal: Promise<boolean> | undefined;

  constructor(init: FieldsInit, onUnauthorized: OnUnauthorized | undefined) {
    this.#headers = new Headers(init);
    this.#onUnauthorized = onUnauthorized;
  }

  /** Grows each time that the fields change. */
  get version(): number {
    return this.#version;
  }

  /** A copy. */
  copy(): Headers {
    return new Headers(this.#headers);
  }

  /**
   * Renews the fields after a batch that had those of `version` was refused; batches that are
   * refused at the same time share one renewal. Answers whether there are other fields now.
   */
  async renew(version: number, createResponse: () => Response): Promise<boolean> {
    if (this.#version > version) return true;
    if (this.#onUnauthorized === undefined) return false;
    this.#renewal ??= this.#renew(this.#onUnauthorized, createResponse()).finally(() => {
      this.#renewal = undefined;
    });
    return await this.#renewal;
  }

  async #renew(onUnauthorized: OnUnauthorized, response: Response): Promise<boolean> {
    const init = await onUnauthorized(response);
    if (init === undefined) return false;
    new Headers(init).forEach((value, name) => this.#headers.set(name, value));
    this.#version++;
    return true;
  }
}
