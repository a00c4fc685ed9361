import type { Tolerance } from "../deviation.ts";
import type { OperationKind } from "./operation.ts";

/** Two values of the same sort, for the batch that is sent and for the one that answers it. */
export type PerKind<Value> = Readonly<Record<OperationKind, Value>>;

/** Where an operation's id stands in a multipart envelope. */
export interface ContentIdForm {
  /** Field that holds it. Default `Content-ID` in both. */
  fields?: PerKind<string> | undefined;
  /**
   * Section that it is written to: the part's, the embedded message's, or both. It is read from
   * either. Default `"part"`.
   */
  place?: "part" | "message" | "both" | undefined;
  /** Operations without an id of their own are numbered from here. Default 1. */
  first?: number | undefined;
  /** What such a number is put between, as `["<item", "@example>"]`. */
  around?: readonly [before: string, after: string] | undefined;
  /** What the id of a response begins with beside that of its request, as Google's `response-`. */
  responsePrefix?: string | undefined;
}

/** Operations as parts of a multipart body (RFC 2046), each an `application/http` message. */
export interface MultipartEnvelope {
  readonly format: "multipart";
  /** The media type's subtype as it is written. */
  readonly subtype: string;
  /** Other parameters that are written. */
  readonly parameters?: PerKind<readonly (readonly [name: string, value: string])[]> | undefined;
  /** Of the boundaries of the body and of the change sets in it. Default none. */
  readonly boundaryPrefix?: PerKind<readonly [batch: string, changeSet: string]> | undefined;
  /** Parameter of the parts' `application/http`. Default none, which most readers take. */
  readonly partParameter?: "msgtype" | "version" | undefined;
  /** Whether parts have `Content-Transfer-Encoding: binary`. Default `true`. */
  readonly transferEncoding?: boolean | undefined;
  /** Default: operations have no id in the envelope. */
  readonly contentId?: ContentIdForm | undefined;
  /** Whether atomic groups are nested multipart bodies. Default: the envelope has no groups. */
  readonly changeSets?: boolean | undefined;
  /** Whether the body begins with a line end. Default `false`. */
  readonly leadingLineEnd?: boolean | undefined;
  /** Whether the close-delimiter's line ends. Default `true`. */
  readonly trailingLineEnd?: boolean | undefined;
}

/** Names of the members of one operation in a JSON envelope; what is left out is not expressed. */
export interface JsonRequestMembers {
  readonly id?: string | undefined;
  readonly method: string;
  readonly target: string;
  readonly headers?: string | undefined;
  readonly body?: string | undefined;
  readonly group?: string | undefined;
  readonly dependsOn?: string | undefined;
  /** A condition on other operations (OData's `if`). */
  readonly condition?: string | undefined;
}

export interface JsonResponseMembers {
  readonly id?: string | undefined;
  readonly status: string;
  readonly headers?: string | undefined;
  readonly body?: string | undefined;
  readonly group?: string | undefined;
}

/** Operations as elements of an array of a JSON text. */
export interface JsonEnvelope {
  readonly format: "json";
  /** Member that holds the array. */
  readonly key: PerKind<string>;
  readonly members: { readonly request: JsonRequestMembers; readonly response: JsonResponseMembers };
  /**
   * `"value"`: a body is a JSON value, or a string for `text/*`. `"typed"`: base64url, too, for what
   * is neither by its Content-Type (OData JSON Format 4.01 §19).
   */
  readonly body: "value" | "typed";
  /** Whether requests without a body have an empty object for one. Default `false`. */
  readonly bodyRequired?: boolean | undefined;
  /**
   * Whether names of fields are written in lower case, as OData has them (OData JSON Format 4.01
   * §19.1). Default `false`: as in any message, which is how Graph's client looks for `Content-Type`.
   */
  readonly lowerCaseFields?: boolean | undefined;
  /** Whether ids are compared without case. Default `false`. */
  readonly idsIgnoreCase?: boolean | undefined;
  /** Operations without an id of their own are numbered from here. Default 1. */
  readonly firstId?: number | undefined;
  /** Member of the answer that tells whether an operation failed, as Salesforce's `hasErrors`. */
  readonly failureMember?: string | undefined;
  /**
   * Members of an answer that link to the rest of it, which is asked for where operations are unanswered:
   * behind answers of which one is awaited, or behind none, if the link has not been followed before.
   */
  readonly nextLink?: readonly string[] | undefined;
}

/** What a batch, or an operation of one, is refused with. */
export interface BatchProblem {
  status: number;
  /** Stable name, such as `"limit-exceeded"`. */
  code: string;
  /** For people. */
  message: string;
}

/**
 * One system's rules for batches, as data. What the runtime needs and a dialect does not say has
 * the default named here.
 *
 * @example
 * ```ts
 * import { createBatchHandler } from "batchwire/batch";
 * import type { Dialect } from "batchwire/batch";
 *
 * const house: Dialect = {
 *   name: "house",
 *   envelope: {
 *     format: "json",
 *     key: { request: "calls", response: "answers" },
 *     members: {
 *       request: { id: "ref", method: "verb", target: "path", body: "payload" },
 *       response: { id: "ref", status: "code", body: "payload" },
 *     },
 *     body: "value",
 *   },
 *   maxOperations: 20,
 * };
 * const handle = createBatchHandler({ dialects: [house], handler: () => Response.json({ ok: true }) });
 * const answer = await handle(
 *   new Request("https://example.com/batch", {
 *     method: "POST",
 *     headers: { "Content-Type": "application/json" },
 *     body: '{"calls":[{"ref":"a","verb":"GET","path":"/me"}]}',
 *   }),
 * );
 * console.log(await answer.text()); // {"answers":[{"ref":"a","code":200,"payload":{"ok":true}}]}
 * ```
 */
export interface Dialect<
  Envelope extends MultipartEnvelope | JsonEnvelope = MultipartEnvelope | JsonEnvelope,
> {
  readonly name: string;
  readonly envelope: Envelope;
  /** How its batches are read. Default `"lenient"`: every real dialect is sent with deviations. */
  readonly tolerance?: Tolerance | undefined;
  /**
   * Tells batches from those of other dialects with the same media type, and from operations: one
   * that has such a URL is refused as a batch in a batch. Default: any URL.
   */
  readonly matches?: ((url: URL) => boolean) | undefined;
  /** Other dialects that its batches may be answered in. */
  readonly alternatives?: (() => readonly Dialect[]) | undefined;

  /** Operations that one batch has at least. Default 0. */
  readonly minOperations?: number | undefined;
  /** Operations of one batch. */
  readonly maxOperations: number;
  /** Octets of the body of one batch. Default: the reader's `maxTotalBytes`. */
  readonly maxBytes?: number | undefined;
  /** Methods that an operation may have. Default any. */
  readonly methods?: readonly string[] | undefined;
  /** Segments of a path whose resources may not be in a batch, in lower case; they are found in any spelling. */
  readonly refusedSegments?: readonly string[] | undefined;
  /** Fields that an operation may not have in strict mode; most clients send all of theirs. */
  readonly refusedFields?: readonly string[] | undefined;

  /**
   * Form in which targets are written, but for those that would be read as others in it. Default
   * `"path"`: path and query. Read are all of them.
   */
  readonly target?: "path" | "absolute" | "relative" | undefined;
  /**
   * What a path is resolved against: the origin, or the batch's URL without its last segment.
   * Relative targets always are against the latter. Default `"origin"`.
   */
  readonly base?: "origin" | "service" | undefined;
  /** How many segments in front of its last one the batch's URL has below the service. Default 0. */
  readonly serviceDepth?: number | undefined;
  /** Whether a request is written with a Host field. Default `true` in multipart, where it may have one. */
  readonly host?: boolean | undefined;
  /**
   * What becomes of an operation's own Authorization and Cookie: they replace the batch's
   * (`"override"`), are refused (`"refuse"`), or are all it has, for nothing is inherited (`"own"`).
   * Default `"override"`.
   */
  readonly credentials?: "override" | "refuse" | "own" | undefined;
  /** Whether the batch's other fields, but for those that describe its body, go to each operation. Default `false`. */
  readonly inheritFields?: boolean | undefined;

  /** What answers are matched to requests by. Default `"id"` where the envelope has ids. */
  readonly correlation?: "id" | "position" | undefined;
  /**
   * Whether answers stand in the order of the requests, or as they come: but from the first operation
   * without an id on in order, for nothing else tells what they answer. Default `"request"`.
   */
  readonly order?: "request" | "any" | undefined;
  /** Whether operations may run side by side. Default `"parallel"`. */
  readonly execution?: "parallel" | "serial" | undefined;
  /**
   * Whether operations start as they arrive, or when the whole batch has: where one refusal must
   * mean that none ran, and for what may follow the operations. Default `"stream"`.
   */
  readonly admission?: "stream" | "whole" | undefined;
  /** Whether what follows a failed operation is run. Default `"continue"`. */
  readonly onFailure?: "continue" | "stop" | undefined;
  /** What overrides it: the preference `continue-on-error` (RFC 7240), or a member of the envelope. */
  readonly onFailureSwitch?:
    | { readonly prefer?: true | undefined; readonly stopMember?: string | undefined }
    | undefined;
  /** How an operation that was not run is answered. Default: not at all. */
  readonly skipped?: BatchProblem | undefined;
  /** How the failure of an atomic group is answered: once for all of it, or in each of its operations. Default `"each"`. */
  readonly groupFailure?: "once" | "each" | undefined;
  /** How those operations of a failed group are answered that did not fail. Default: 424. */
  readonly rolledBack?: BatchProblem | undefined;
  /** Member of the envelope that makes one atomic group of the whole batch. */
  readonly atomicMember?: string | undefined;
  /** Whether all operations are in one atomic group, or none is. Default `false`. */
  readonly oneGroup?: boolean | undefined;
  /** Whether `$id` in targets and in `If-Match` stands for what an operation before has answered. Default `false`. */
  readonly references?: boolean | undefined;
  /** Whether dependencies may name operations that come later. Default `false`. */
  readonly forwardDependencies?: boolean | undefined;

  /**
   * Status of a refusal of the whole batch that says that none of its operations was executed: it
   * may be divided and sent again, whatever the methods. Default: none does.
   */
  readonly refusalStatus?: number | undefined;
  /** Status of the response that carries a batch. Default 200. */
  readonly status?: number | undefined;
  /**
   * Whether a batch that cannot be read is answered with the problem's status, or as if it had one
   * operation without an id. Default `"response"`.
   */
  readonly wholeFailure?: "response" | "operation" | undefined;
  /** Text and media type of what a batch or an operation is refused with. Default: problem details (RFC 9457). */
  readonly problem?: ((problem: BatchProblem) => { contentType: string; body: string }) | undefined;
}

/** The text of a problem in the dialect's shape. */
export function problemBody(dialect: Dialect, problem: BatchProblem): { contentType: string; body: string } {
  if (dialect.problem !== undefined) return dialect.problem(problem);
  const { status, code, message } = problem;
  return {
    contentType: "application/problem+json",
    body: JSON.stringify({ title: message, status, code }),
  };
}

/** Whether answers are matched by id. */
export function correlatesById(dialect: Dialect): boolean {
  if (dialect.correlation !== undefined) return dialect.correlation === "id";
  const { envelope } = dialect;
  return envelope.format === "json"
    ? envelope.members.response.id !== undefined
    : envelope.contentId !== undefined;
}
