import type { BatchwireError } from "../errors.ts";
import type { HeaderList } from "../grammar/header-list.ts";
import type { ChunkSource } from "../stream/chunk-source.ts";
import type { RequestMessageInit, ResponseMessageInit } from "../stream/http-writer.ts";

/** What a batch holds: the requests that a client sends, or the responses to them. */
export type OperationKind = "request" | "response";

/** How an operation hangs together with the others of its batch. */
export interface OperationLinks {
  /** What a response finds its request by, as it was written: `"1"`, `"<item1@example>"`. */
  id?: string | undefined;
  /** Name of the atomic group that the operation belongs to; the group's operations follow each other. */
  group?: string | undefined;
  /** Ids of the operations, or names of the groups, that must have succeeded before. */
  dependsOn?: readonly string[] | undefined;
  /** Condition under which the operation is run, as OData's `if` has it: `$1/$succeeded`. */
  condition?: string | undefined;
}

/** A request or response of a batch, to be written in any dialect that can express it. */
export interface Operation<Kind extends OperationKind = OperationKind> extends OperationLinks {
  message: Kind extends "request" ? RequestMessageInit : ResponseMessageInit;
  /** Method of the request that a response answers: one to HEAD has no body, whatever its Content-Length. */
  requestMethod?: string | undefined;
}

/** An answer as the server hands it to the writer. */
export interface ExpressedOperation<Kind extends OperationKind = OperationKind> extends Operation<Kind> {
  /** Its body as the JSON text that an envelope has in its place. */
  bodyText?: string | undefined;
  /** Whether no operation of its group follows: the group need not wait for what does. */
  endsGroup?: boolean | undefined;
}

/** What every message that was read from a batch has. */
interface MessageRead {
  version: string;
  headers: HeaderList;
  /**
   * Octets of its own, or, where it is longer than `maxBufferedBytes` of the reader's limits, what
   * they are pulled from: then the operations behind it wait until it has been read or cancelled.
   * `null` if the message has none.
   */
  body: Uint8Array<ArrayBuffer> | ChunkSource | null;
}

/** A request as it was read from a batch. */
export interface RequestRead extends Omit<RequestMessageInit, keyof MessageRead>, MessageRead {}

/** A response as it was read from a batch. */
export interface ResponseRead extends Omit<ResponseMessageInit, keyof MessageRead>, MessageRead {
  reason: string;
}

/** Where an operation that was read stands in its batch. */
export interface OperationPlace extends OperationLinks {
  /** 0-based, groups not counted. */
  index: number;
  id: string | undefined;
  group: string | undefined;
  dependsOn: readonly string[];
}

/** An operation as it was read, or what is wrong with it where the others can be read all the same. */
export type OperationRead<Kind extends OperationKind = OperationKind> = OperationPlace &
  (
    | { message: Kind extends "request" ? RequestRead : ResponseRead; error?: undefined }
    | { message?: undefined; error: BatchwireError }
  );
