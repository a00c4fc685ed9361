/**
 * Marks, by its high bit, the first octet of a little-endian word that cannot be copied unseen:
 * below 0x20, "=", or above 0x7E. An octet behind it may be marked without reason, since borrows run upwards.
 */
export function markSpecial(word: number): number {
  return ((word - 0x20202020) | ((word ^ 0x3d3d3d3d) - 0x01010101) | (word + 0x01010101) | word) & 0x80808080;
}
