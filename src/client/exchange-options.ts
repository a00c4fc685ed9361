import type { Deviation, Tolerance } from "../deviation.ts";
import type { LimitsInit } from "../limits.ts";
import type { BatchHeaders } from "./batch-headers.ts";
import type { OnUnexpected } from "./correlator.ts";
import type { Dialect } from "../batch/dialect.ts";
import type { EnvelopeMembers } from "../batch/element-steps.ts";

/** How batches are sent and their answers read. */
export interface ExchangeOptions {
  readonly url: URL;
  readonly dialect: Dialect;
  readonly fetch: (request: Request) => Response | PromiseLike<Response>;
  readonly headers: BatchHeaders;
  /** Other members of a JSON envelope. */
  readonly members: EnvelopeMembers;
  /** Whether bodies are sent as streams, which the runtime can do. */
  readonly stream: boolean;
  /** Whether an operation that fails ends the batch. */
  readonly stops: boolean;
  readonly limits: LimitsInit | undefined;
  readonly tolerance: Tolerance | undefined;
  readonly onDeviation: ((deviation: Deviation) => void) | undefined;
  readonly onUnexpected: OnUnexpected;
}
