import type { Origin, ToleranceOptions } from "../deviation.ts";
import { boundaryOf, isBoundary } from "../grammar/boundary.ts";
import { parseMediaType } from "../grammar/media-type.ts";
import type { Profile } from "../grammar/parameters.ts";
import type { Budget, LimitsInit } from "../limits.ts";

/** How {@link MultipartParser} reads; either `boundary` or `contentType` must be given. */
export interface MultipartParserOptions extends ToleranceOptions {
  /** The boundary, without dashes. */
  boundary?: string | undefined;
  /** The Content-Type of the body, which names the boundary if `boundary` does not. */
  contentType?: string | undefined;
  /** Where `contentType` lies in an input; the default counts offsets from its own start. */
  contentTypeOrigin?: Readonly<Origin> | undefined;
  /**
   * Default: `"form-data"` if `contentType` is `multipart/form-data`, else `"mime"`. A preamble is
   * refused only where `"form-data"` is given: real form bodies have one.
   */
  profile?: Profile | undefined;
  limits?: LimitsInit | undefined;
  /** Whether `preamble` events are wanted. Default `false`. */
  preamble?: boolean | undefined;
  /** Whether `epilogue` events are wanted. Default `false`. */
  epilogue?: boolean | undefined;
  /** Where this body lies in an enclosing one. */
  origin?: Readonly<Origin> | undefined;
  /** What this body and its enclosing one use up together; goes before `limits`. */
  budget?: Budget | undefined;
}

/**
 * Boundary and profile that the options ask for.
 *
 * @throws {BatchwireError} See {@link boundaryOf}.
 * @throws {RangeError} `boundary` is not a boundary.
 * @throws {TypeError} Neither `boundary` nor `contentType` is given.
 */
export function resolveBoundary(options: MultipartParserOptions): { boundary: string; profile: Profile } {
  const { boundary, contentType, tolerance, profile } = options;
  if (profile !== undefined && profile !== "mime" && profile !== "form-data") {
    throw new TypeError(`Option "profile" must be "mime" or "form-data", not ${JSON.stringify(profile)}`);
  }
  if (boundary === undefined && contentType === undefined) {
    throw new TypeError("Either a boundary or a contentType must be given");
  }
  if (boundary !== undefined && !isBoundary(boundary, tolerance)) {
    throw new RangeError(
      `Boundary ${JSON.stringify(boundary)} is not 1 to 70 characters without CTL or trailing space`,
    );
  }
  return {
    boundary: boundary ?? boundaryOf(contentType!, { ...options, origin: options.contentTypeOrigin }),
    profile: profile ?? profileOf(contentType),
  };
}

/** The profile that a Content-Type asks for. */
export function profileOf(contentType: string | undefined): Profile {
  if (contentType === undefined) return "mime";
  return parseMediaType(contentType, { tolerance: "lenient" }).essence === "multipart/form-data"
    ? "form-data"
    : "mime";
}
