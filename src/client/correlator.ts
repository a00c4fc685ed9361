import type { Call } from "./call.ts";
import type { OperationPlace, OperationRead } from "../batch/operation.ts";

/** An answer, or what is wrong with it where the others can be read all the same. */
export type Answer = OperationRead<"response">;

/** An answer and whose it is. */
export interface Match {
  readonly call: Call;
  readonly answer: Answer;
}

/** What is known behind the last answer. */
export interface Remainder {
  /** Matches that had to wait for it. */
  readonly matches: readonly Match[];
  /** Whether there are answers that could be those of the calls that have none. */
  readonly isAmbiguous: boolean;
  /** An answer that is one to the whole batch. */
  readonly whole?: Answer;
}

/** Finds out whose answers are. */
export interface Correlator {
  /** The call that an answer at `place` is expected to be of. */
  expected(place: OperationPlace): Call | undefined;
  /** The calls that are settled by an answer: one, none, or all of a group. */
  take(answer: Answer): Match[];
  /** @param isComplete - Whether the envelope has come to its end. */
  end(isComplete: boolean): Remainder;
}

/** Told of answers that are nobody's. */
export type OnUnexpected = ((answer: Answer) => void) | undefined;

export function isFailure({ message }: Answer): boolean {
  return message === undefined || message.status >= 400;
}
