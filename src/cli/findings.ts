import type { Deviation } from "../deviation.ts";
import { BatchwireError, refusedCodes, syntaxCodes } from "../errors.ts";
import type { ErrorCode, Position } from "../errors.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";

/** A deviation or an error, and where it is. */
export interface Finding {
  code: ErrorCode;
  path: string;
  place: Place;
  /** Octets from the start of the multipart body; `undefined` for what does not stand in it as it is. */
  offset: number | undefined;
}

/** As in "octet 57 of the decoded body"; without `of`, in the file. */
export interface Place {
  unit: "octet" | "character";
  at: number;
  of: string;
}

/** Keeps the deviations, and translates positions in the multipart body to positions in the file. */
export class Findings {
  readonly all: Finding[] = [];
  /** Those that have not been taken. */
  #pending: Finding[] = [];
  /** Where the body starts in the file; `undefined` if it was chunked. */
  bodyStart: number | undefined = 0;
  #field: Field | undefined;
  /** Errors whose positions do not count from the start of the body. */
  readonly #located = new Map<unknown, Finding>();

  /** Keeps a deviation of the message around the body. */
  readonly noteOuter = (deviation: Deviation): void => this.#keep(inFile(deviation));

  /** Keeps a deviation of the body. */
  readonly note = (deviation: Deviation): void => {
    this.#keep(this.#field === undefined ? this.locate(deviation) : inField(deviation, this.#field));
  };

  #keep(finding: Finding): void {
    this.all.push(finding);
    this.#pending.push(finding);
  }

  /** The deviations, not taken before, of the part at `path` and of what it is in or holds; without a path, all. */
  take(path?: string): Finding[] {
    const isOf = (finding: Finding): boolean =>
      path === undefined || isWithin(path, finding.path) || isWithin(finding.path, path);
    const taken = this.#pending.filter(isOf);
    this.#pending = this.#pending.filter((finding) => !isOf(finding));
    return taken;
  }

  /** Runs `read`, the deviations and errors of which count from the start of a field value. */
  ofField<T>(name: string, path: string, read: () => T): T {
    this.#field = { name, path };
    try {
      return read();
    } catch (error) {
      if (error instanceof BatchwireError) this.#located.set(error, inField(error, this.#field));
      throw error;
    } finally {
      this.#field = undefined;
    }
  }

  /** The octets of the message around the body, the errors of which count from the start of the file. */
  async *ofOuter(message: ChunkSource): AsyncGenerator<Uint8Array> {
    try {
      for (let chunk; (chunk = await message.pull()) !== undefined;) yield chunk;
    } catch (error) {
      if (error instanceof BatchwireError) this.#located.set(error, inFile(error));
      throw error;
    }
  }

  locate(position: Position & { code: ErrorCode }): Finding {
    const located = this.#located.get(position);
    if (located !== undefined) return located;
    const { code, path, offset, offsetBase } = position;
    return { code, path, place: this.placeOf(position), offset: offsetBase === "input" ? offset : undefined };
  }

  /** Where a position in the multipart body is. */
  placeOf({ offset, offsetBase }: Pick<Position, "offset" | "offsetBase">): Place {
    if (offsetBase === "decoded-body") return { unit: "octet", at: offset, of: "the decoded body" };
    const { bodyStart } = this;
    if (bodyStart === undefined) return { unit: "octet", at: offset, of: "the unchunked body" };
    return { unit: "octet", at: bodyStart + offset, of: "" };
  }
}

interface Field {
  name: string;
  path: string;
}

function inFile({ code, offset }: { code: ErrorCode; offset: number }): Finding {
  return { code, path: "", place: { unit: "octet", at: offset, of: "" }, offset: undefined };
}

function inField({ code, offset }: { code: ErrorCode; offset: number }, { name, path }: Field): Finding {
  return { code, path, place: { unit: "character", at: offset, of: name }, offset: undefined };
}

function isWithin(path: string, outer: string): boolean {
  return outer === "" || path === outer || path.startsWith(`${outer}.`);
}

const texts: Partial<Record<ErrorCode, string>> = { ...syntaxCodes, ...refusedCodes };

/** What is wrong, without where. */
export function explain(error: unknown): string {
  if (error instanceof BatchwireError && error.limit !== undefined) {
    return `Limit ${error.limit.name} of ${error.limit.value} is exceeded`;
  }
  if (error instanceof BatchwireError) return texts[error.code] ?? error.code;
  return error instanceof Error ? error.message : String(error);
}

/** What a code means. */
export function meaningOf(code: ErrorCode): string {
  return texts[code] ?? code;
}
