import type { HeaderList } from "../grammar/header-list.ts";
import type { IdKey } from "../batch/content-id.ts";
import type { OperationPlace, OperationRead, RequestRead } from "../batch/operation.ts";
import { isReference, referenceEnd, referenceId } from "../batch/target.ts";

/** What has become of an operation or a group, for those that refer to it. */
export interface Outcome {
  succeeded: boolean;
  /**
   * Where what it is about is: the Location that it was answered, else the URL of its request; without
   * a query, for segments may be added to its path (OData Protocol 4.01 §11.7.3.1). None if it has
   * failed, or if that is longer than a target may be.
   */
  url?: string | undefined;
  etag?: string | undefined;
}

/** Outcomes by id or name of a group, as an {@link IdKey} has them. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Fields whose value may be the ETag that another operation was answered: `If-Match: $1`. */
const ETAG_FIELDS = ["if-match", "if-none-match"] as const;

const NONE: ReadonlySet<string> = /* @__PURE__ */ new Set();

/** Keys of all that an operation must wait for. */
export function dependencies(
  operation: OperationRead<"request">,
  references: boolean,
  key: IdKey,
): ReadonlySet<string> {
  const isFree = operation.dependsOn.length === 0 && operation.condition === undefined && !references;
  if (isFree) return NONE;
  const names = new Set(operation.dependsOn.map((name) => key(name)));
  const condition = operation.condition === undefined ? undefined : conditionOf(operation.condition);
  if (condition !== undefined) names.add(key(condition.id));
  if (!references || operation.message === undefined) return names;
  const { target, headers } = operation.message;
  if (isReference(target)) names.add(key(referenceId(target)));
  for (const field of ETAG_FIELDS) {
    const value = headers.get(field);
    if (value?.startsWith("$") === true) names.add(key(value.slice(1)));
  }
  return names;
}

/** Whether an operation's condition holds; `undefined` if it is of a form that is not known here. */
export function conditionHolds(
  { condition }: OperationPlace,
  outcomes: Outcomes,
  key: IdKey,
): boolean | undefined {
  const parsed = conditionOf(condition ?? "");
  if (parsed === undefined) return undefined;
  return outcomes.get(key(parsed.id))?.succeeded === parsed.succeeded;
}

/** `$1/$succeeded` or `not $1/$succeeded` (OData JSON Format 4.01 §19.1); there are others. */
function conditionOf(condition: string): { id: string; succeeded: boolean } | undefined {
  const isNegated = condition.startsWith("not ");
  const text = isNegated ? condition.slice(4) : condition;
  const suffix = "/$succeeded";
  if (!text.startsWith("$") || !text.endsWith(suffix)) return undefined;
  return { id: text.slice(1, -suffix.length), succeeded: !isNegated };
}

/** Whether a target begins with a reference that stands for nothing: what it names has failed, or is a group. */
export function refersToNothing({ target }: RequestRead, outcomes: Outcomes, key: IdKey): boolean {
  return isReference(target) && outcomes.get(key(referenceId(target)))?.url === undefined;
}

/** The message with its references replaced by what the operations that they name were answered. */
export function resolveReferences(message: RequestRead, outcomes: Outcomes, key: IdKey): RequestRead {
  const { target, headers } = message;
  const url = isReference(target) ? outcomes.get(key(referenceId(target)))?.url : undefined;
  resolveETags(headers, outcomes, key);
  if (url === undefined) return message;
  const at = target.startsWith("/") ? 1 : 0;
  const rest = target.slice(referenceEnd(target, at));
  return { ...message, target: url + rest };
}

function resolveETags(headers: HeaderList, outcomes: Outcomes, key: IdKey): void {
  for (const field of ETAG_FIELDS) {
    const value = headers.get(field);
    if (value?.startsWith("$") !== true) continue;
    const etag = outcomes.get(key(value.slice(1)))?.etag;
    if (etag !== undefined) headers.set(field, etag);
  }
}
