/**
 * Upper bounds that a reader enforces before it buffers anything. All are cumulative over the whole
 * input or the whole section that they name, however it is cut into chunks. `Infinity` is legal.
 */
export interface Limits {
  /** Body parts of one multipart body, nested bodies included, or elements of a JSON batch. Default 1,000. */
  maxParts: number;
  /** Field lines of one header section, or members of one operation of a JSON batch. Default 100. */
  maxHeaderCount: number;
  /** Octets of one header section, start-line, line ends and the empty line included, or of the members that stand for it in JSON. Default 16 KiB. */
  maxHeaderBytes: number;
  /** Octets of all header sections of one input together. Default 4 MiB. */
  maxTotalHeaderBytes: number;
  /** Octets of one body. Default 100 MiB. */
  maxPartBytes: number;
  /** Octets of the whole input. Default 1 GiB. */
  maxTotalBytes: number;
  /** Octets before the first delimiter. Default 64 KiB. */
  maxPreambleBytes: number;
  /** Octets after the close-delimiter. Default 64 KiB. */
  maxEpilogueBytes: number;
  /** Octets of transport padding after one delimiter (RFC 2046 §5.1.1). Default 256. */
  maxPaddingBytes: number;
  /** Octets of the chunk extensions of one chunked body (RFC 9112 §7.1.1). Default 4 KiB. */
  maxChunkExtensionBytes: number;
  /** Multipart bodies nested in each other, the outermost being 1. Default 4. */
  maxDepth: number;
  /** Octets that `bytes()`, `text()` and `json()` gather, of one element of a JSON batch or of one whole part. Default 16 MiB. */
  maxBufferedBytes: number;
  /** Octets of a batch's operations that wait to be run. Default 64 MiB. */
  maxQueuedBytes: number;
}

/** The limits that are given; the defaults stand for what is left out or `undefined`. */
export type LimitsInit = { [Name in keyof Limits]?: number | undefined };

const KiB = 1024;
const MiB = 1024 * KiB;

/** The limits in force where a caller gives none. */
export const defaultLimits: Readonly<Limits> = /* @__PURE__ */ Object.freeze({
  maxParts: 1_000,
  maxHeaderCount: 100,
  maxHeaderBytes: 16 * KiB,
  maxTotalHeaderBytes: 4 * MiB,
  maxPartBytes: 100 * MiB,
  maxTotalBytes: 1024 * MiB,
  maxPreambleBytes: 64 * KiB,
  maxEpilogueBytes: 64 * KiB,
  maxPaddingBytes: 256,
  maxChunkExtensionBytes: 4 * KiB,
  maxDepth: 4,
  maxBufferedBytes: 16 * MiB,
  maxQueuedBytes: 64 * MiB,
});

/**
 * Completes `limits` with the defaults.
 *
 * @throws {RangeError} A limit is negative or not a number.
 * @throws {TypeError} A name is not a limit: a misspelt limit would protect nothing.
 */
export function resolveLimits(limits: LimitsInit = {}): Readonly<Limits> {
  const resolved: Limits = { ...defaultLimits };
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new TypeError(`Unknown limit "${name}"`);
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0)) {
      throw new RangeError(`Limit "${name}" must be a number of at least 0, not ${String(value)}`);
    }
    resolved[name as keyof Limits] = value;
  }
  return resolved;
}

/**
 * What a reader and the readers nested in it have used up together.
 *
 * @example
 * ```ts
 * import { Budget, MultipartParser } from "batchwire/codec";
 *
 * const budget = new Budget({ maxParts: 10 });
 * const outer = new MultipartParser({ boundary: "a", budget });
 * outer.push(new TextEncoder().encode("--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"));
 * const event = outer.read();
 * const contentType = event?.type === "part" ? event.headers.get("content-type") : undefined;
 * const inner = new MultipartParser({ contentType, budget });
 * inner.push(new TextEncoder().encode("--b\r\n\r\n"));
 * inner.read();
 * console.log(budget.parts); // 2
 * ```
 */
export class Budget {
  readonly limits: Readonly<Limits>;
  parts = 0;
  headerBytes = 0;

  constructor(limits?: LimitsInit) {
    this.limits = resolveLimits(limits);
  }
}
