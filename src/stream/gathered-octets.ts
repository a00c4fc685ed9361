/** Pieces below this size share a block: an array of their own would take many times their octets. */
const SMALL = 1024;
const BLOCK_SIZE = 16_384;

/** Octets that are gathered piece by piece, each piece copied, for its view will not stay. */
export class GatheredOctets {
  #length = 0;
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  /** The block that small pieces go to, and how full it is. */
  #open: Uint8Array<ArrayBuffer> | undefined;
  #openLength = 0;

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (piece.length >= SMALL) {
      this.#close();
      this.#blocks.push(new Uint8Array(piece));
      return;
    }
    if (this.#openLength + piece.length > BLOCK_SIZE) this.#close();
    this.#open ??= new Uint8Array(BLOCK_SIZE);
    this.#open.set(piece, this.#openLength);
    this.#openLength += piece.length;
  }

  /** All of them in one array of their own. */
  take(): Uint8Array<ArrayBuffer> {
    this.#close();
    const [first] = this.#blocks;
    if (this.#blocks.length === 1 && first!.length === first!.buffer.byteLength) return first!;
    const octets = new Uint8Array(this.#length);
    let at = 0;
    for (const block of this.#blocks) {
      octets.set(block, at);
      at += block.length;
    }
    return octets;
  }

  #close(): void {
    if (this.#open !== undefined) this.#blocks.push(this.#open.subarray(0, this.#openLength));
    this.#open = undefined;
    this.#openLength = 0;
  }
}
