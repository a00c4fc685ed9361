/** What `MultipartMachine.step()` came upon. */
export const Step = {
  /** The chunk is used up, or nothing is left. */
  NONE: 0,
  /** `octets` belong to the part. */
  DATA: 1,
  /** A part, whose header section is `section`. */
  PART: 2,
  PART_END: 3,
  /** The close-delimiter. */
  END: 4,
  /** `octets` belong to the preamble, which was asked for. */
  PREAMBLE: 5,
  /** `octets` belong to the epilogue, which was asked for. */
  EPILOGUE: 6,
} as const;
export type Step = (typeof Step)[keyof typeof Step];
