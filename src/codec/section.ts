/** What `FieldSectionParser.read()` came upon; its `next` says from where to go on. */
export const Section = {
  /** The chunk is used up. */
  CHUNK_END: -1,
  /** The empty line has been read. */
  END: -2,
  /** A delimiter line stands where a field line should; it has been read. */
  DELIMITER: -3,
  /** A close-delimiter stands where a field line should; it has been read. */
  CLOSE_DELIMITER: -4,
} as const;
export type Section = (typeof Section)[keyof typeof Section];
