import type { ErrorCode, SyntaxCode } from "../../src/errors.ts";

export type Tolerance = "strict" | "lenient";

/** Something wrong in an input, and the offset of the octet where it is. */
export interface Finding {
  code: ErrorCode;
  offset: number;
}

/** Ends the reading: the finding is the input's error. */
class Stop extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(`${finding.code} at octet ${finding.offset}`);
    this.finding = finding;
  }
}

/** What a reader has found wrong so far. */
export class Findings {
  readonly tolerance: Tolerance;
  readonly deviations: Finding[] = [];

  constructor(tolerance: Tolerance) {
    this.tolerance = tolerance;
  }

  /** An error in strict mode; reported, and read on, in lenient mode. */
  tolerate(code: SyntaxCode, offset: number): void {
    if (this.tolerance === "strict") this.refuse(code, offset);
    this.deviations.push({ code, offset });
  }

  /** An error in both modes. */
  refuse(code: ErrorCode, offset: number): never {
    throw new Stop({ code, offset });
  }
}

/** Runs `read` until it ends or refuses; returns the error if it refused. */
export function findError(read: () => void): Finding | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.finding;
    throw error;
  }
}
