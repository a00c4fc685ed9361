import { BatchwireError } from "./errors.ts";
import type { ErrorCode, Position, SyntaxCode } from "./errors.ts";
import type { Limits } from "./limits.ts";

/** How a reader takes input that breaks a rule of the grammar. */
export type Tolerance = "strict" | "lenient";

/** One rule that an input broke and a lenient reader let pass. */
export interface Deviation extends Position {
  /** The code of the error that strict mode throws at the same octet. */
  code: SyntaxCode;
}

/** Options that every reader takes. */
export interface ToleranceOptions {
  /** `"strict"` (default) refuses what the RFCs forbid; `"lenient"` accepts and reports it. */
  tolerance?: Tolerance | undefined;
  /** Called in lenient mode with each deviation, in the order of the input. */
  onDeviation?: ((deviation: Deviation) => void) | undefined;
}

/** Where a nested input lies in the outermost one; the default is the outermost itself. */
export interface Origin extends Position {
  /** Multipart bodies around this one. */
  depth: number;
}

export const topLevel: Readonly<Origin> = /* @__PURE__ */ Object.freeze({
  offset: 0,
  offsetBase: "input",
  path: "",
  depth: 0,
});

/** The place of the part `number` of a body at `path`. */
export function partPath(path: string, number: number): string {
  return path === "" ? String(number) : `${path}.${number}`;
}

/**
 * The one place that decides what becomes of a broken rule: an error in strict mode, a report in
 * lenient mode. Offsets given to it count from the start of the reader's own input.
 */
export class Verdict {
  readonly lenient: boolean;
  origin: Readonly<Origin>;
  /** Part of the reader's own body that is being read, 1-based; 0 for none. */
  part = 0;
  readonly #onDeviation: ((deviation: Deviation) => void) | undefined;

  constructor({ tolerance = "strict", onDeviation }: ToleranceOptions, origin: Readonly<Origin> = topLevel) {
    if (tolerance !== "strict" && tolerance !== "lenient") {
      throw new TypeError(`Tolerance must be "strict" or "lenient", not ${JSON.stringify(tolerance)}`);
    }
    this.lenient = tolerance === "lenient";
    this.origin = origin;
    this.#onDeviation = onDeviation;
  }

  get path(): string {
    return this.part === 0 ? this.origin.path : partPath(this.origin.path, this.part);
  }

  position(offset: number): Position {
    return { offset: this.origin.offset + offset, offsetBase: this.origin.offsetBase, path: this.path };
  }

  /** The error `code` at `offset`, for the caller to throw. */
  error(code: ErrorCode, offset: number, detail?: string): BatchwireError {
    return new BatchwireError(code, this.position(offset), detail === undefined ? {} : { detail });
  }

  /** The error that `name` is exceeded by the octet or item at `offset`, for the caller to throw. */
  exceeded(name: keyof Limits, value: number, offset: number): BatchwireError {
    return new BatchwireError("limit-exceeded", this.position(offset), { limit: { name, value } });
  }

  /** Reports a deviation in lenient mode, throws it in strict mode. */
  tolerate(code: SyntaxCode, offset: number, detail?: string): void {
    if (!this.lenient) throw this.error(code, offset, detail);
    this.#onDeviation?.({ code, ...this.position(offset) });
  }
}
