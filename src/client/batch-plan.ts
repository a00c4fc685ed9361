import { BatchwireError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { createBoundary } from "../grammar/boundary.ts";
import { utf8Encode } from "../octets/text.ts";
import { groupOf } from "./assembly.ts";
import type { Stop } from "./batch-abort.ts";
import { BatchError } from "./batch-error.ts";
import { dropped, readBody } from "./call.ts";
import type { Call, Settlement } from "./call.ts";
import { idKeyOf } from "../batch/content-id.ts";
import type { IdKey } from "../batch/content-id.ts";
import type { Dialect } from "../batch/dialect.ts";
import { closingText, openingText } from "../batch/element-steps.ts";
import type { EnvelopeMembers } from "../batch/element-steps.ts";
import { elementText } from "../batch/json-elements.ts";
import { bundlesOf } from "./links.ts";
import type { Bundle } from "./links.ts";
import { operationStream } from "../batch/operation-stream.ts";

export interface BatchLimits {
  readonly maxOperations: number;
  /** Octets of a body. */
  readonly maxBytes: number;
  /** Octets of a batch without operations, where they are not counted with each of them. */
  readonly emptyBytes: number;
  /** Whether bodies of operations that are streams stay streams, which JSON has no place for. */
  readonly stream: boolean;
}

/** Calls that go out in one batch, and those that cannot be sent at all. */
export interface PlannedBatch {
  readonly calls: readonly Call[];
  readonly failures: readonly Settlement[];
}

/** Room for an id that is given later, and for what separates operations. */
const SLACK = 32;

/** Divides calls among batches, reading the bodies of one batch at a time. */
export async function* planBatches(
  calls: readonly Call[],
  dialect: Dialect,
  limits: BatchLimits,
  stop: Stop,
): AsyncGenerator<PlannedBatch> {
  let open = new OpenBatch(dialect, limits);
  const boundary = boundaryFor(dialect);
  const failures: Settlement[] = [];
  for (const bundle of bundlesOf(calls, dialect)) {
    if (stop.isStopped) return;
    const measured = await measure(bundle, dialect, limits, boundary, stop);
    if (typeof measured !== "number") {
      failures.push(...measured);
      continue;
    }
    if (!open.hasRoom(bundle, measured)) {
      yield { calls: open.calls, failures: failures.splice(0) };
      open = new OpenBatch(dialect, limits);
    }
    open.add(bundle, measured);
    // It need not wait for the next body.
    if (open.isFull) {
      yield { calls: open.calls, failures: failures.splice(0) };
      open = new OpenBatch(dialect, limits);
    }
  }
  yield { calls: open.calls, failures };
}

class OpenBatch {
  readonly calls: Call[] = [];
  readonly #dialect: Dialect;
  readonly #key: IdKey;
  readonly #limits: BatchLimits;
  readonly #names: Set<string> = new Set();
  #size: number;
  #isAlone = false;

  constructor(dialect: Dialect, limits: BatchLimits) {
    this.#dialect = dialect;
    this.#key = idKeyOf(dialect);
    this.#limits = limits;
    this.#size = limits.emptyBytes;
  }

  get isFull(): boolean {
    return this.#isAlone || this.calls.length >= this.#limits.maxOperations;
  }

  hasRoom({ calls }: Bundle, size: number): boolean {
    if (this.calls.length === 0) return true;
    const { maxOperations, maxBytes } = this.#limits;
    return (
      !this.#needsOwnBatch(calls) &&
      this.calls.length + calls.length <= maxOperations &&
      this.#size + size <= maxBytes &&
      // Operations that have nothing to do with each other may have got the same id.
      !calls.some((call) => this.#namesOf(call).some((name) => this.#names.has(name)))
    );
  }

  add({ calls }: Bundle, size: number): void {
    this.calls.push(...calls);
    this.#size += size;
    this.#isAlone = this.#needsOwnBatch(calls);
    for (const call of calls) for (const name of this.#namesOf(call)) this.#names.add(name);
  }

  /** Whether the group is the whole batch. */
  #needsOwnBatch(calls: readonly Call[]): boolean {
    const { oneGroup, atomicMember } = this.#dialect;
    return (
      oneGroup === true ||
      (atomicMember !== undefined && calls.some(({ links }) => links.group !== undefined))
    );
  }

  #namesOf({ links: { id, group } }: Call): string[] {
    const key = id === undefined ? [] : [this.#key(id)];
    return group === undefined ? key : [...key, group];
  }
}

/** At most how many octets the bundle adds to a batch, or what becomes of its calls instead. */
async function measure(
  bundle: Bundle,
  dialect: Dialect,
  limits: BatchLimits,
  boundary: string,
  stop: Stop,
): Promise<number | Settlement[]> {
  const { calls, error } = bundle;
  if (error !== undefined) return calls.map((call) => dropped(call, error));
  const culprits = new Map<Call, BatchError>();
  let size = 0;
  for (const call of calls) {
    try {
      if (!limits.stream || call.message.body instanceof Request) await readBody(call, limits.maxBytes, stop);
    } catch (cause) {
      culprits.set(call, unsent("operation-not-executed", cause));
      continue;
    }
    try {
      size += await sizeOf(call, dialect, boundary);
    } catch (cause) {
      // A TypeError is of something that may not be written, such as a line end in a target.
      culprits.set(call, unsent("inexpressible-operation", cause));
    }
  }
  const [culprit] = culprits.values();
  if (culprit !== undefined) {
    const detail = "An operation that must be in the same batch cannot be sent";
    const companion = new BatchError("operation-not-executed", { executed: "no", detail, cause: culprit });
    return calls.map((call) => dropped(call, culprits.get(call) ?? companion));
  }
  const { maxOperations, maxBytes, emptyBytes } = limits;
  if (calls.length <= maxOperations && emptyBytes + size <= maxBytes) return size;
  const detail =
    calls.length > maxOperations
      ? `${calls.length} operations must be in one batch, which may hold ${maxOperations}`
      : `${emptyBytes + size} octets must be in one batch, which may hold ${maxBytes}`;
  return calls.map((call) => dropped(call, new BatchError("batch-too-large", { executed: "no", detail })));
}

/** The error of a call that cannot be sent because of `cause`. */
export function unsent(code: ErrorCode, cause: unknown): BatchError {
  const detail = cause instanceof Error ? cause.message : undefined;
  return new BatchError(cause instanceof BatchwireError ? cause.code : code, {
    executed: "no",
    detail,
    cause,
  });
}

/** Octets of a batch without operations. One in multipart is measured with each operation, which is an envelope of it. */
export function emptySize({ envelope, atomicMember }: Dialect, members: EnvelopeMembers): number {
  if (envelope.format === "multipart") return 0;
  const atomic = atomicMember === undefined ? [] : [[atomicMember, true] as const];
  const options = { kind: "request", members: [...members, ...atomic] } as const;
  return utf8Encode(openingText(envelope, options) + closingText(options)).length;
}

/**
 * At most how many octets the operation takes. A body that stays a stream is not counted.
 *
 * @throws {BatchwireError} The dialect cannot express the operation.
 * @throws {TypeError} Something of it may not be written.
 */
async function sizeOf(call: Call, dialect: Dialect, boundary: string): Promise<number> {
  const { message, links } = call;
  const { envelope } = dialect;
  const operation = { ...links, group: groupOf(call, dialect, call.index), message };
  if (envelope.format === "json") {
    return utf8Encode(await elementText(operation, dialect, envelope)).length + SLACK;
  }
  const { contentLength = 0 } = operationStream([operation], { dialect, kind: "request", boundary });
  return contentLength + SLACK;
}

/** As long as those that are written. To make one for each operation would cost as much as all else that is measured. */
function boundaryFor({ envelope }: Dialect): string {
  return createBoundary(envelope.format === "multipart" ? envelope.boundaryPrefix?.request[0] : undefined);
}
