import { OutOfMemoryError } from "@featuremap/tensor";

/** Bytes of a WebAssembly page. */
const PAGE = 65_536;
/** Every block begins at a multiple of this, and reading 32 bytes past a tensor stays inside its block. */
const ALIGNMENT = 64;
const SLACK = 32;
/** Blocks up to this size are kept in stacks by exact size and handed out again as they are. */
const SMALL = 16_384;
/** Where the last page begins that a memory of 4 GiB can have; it stays free, so that no end of a block is address 0. */
const LIMIT = 65_535 * PAGE;

/**
 * Hands out blocks of a WebAssembly memory that only ever grows.
 *
 * Small blocks are reused by exact size; large ones by best fit, split and merged with their free neighbours, so that a
 * loop whose shapes repeat settles on a fixed memory.
 */
export class Allocator {
  readonly memory: WebAssembly.Memory;
  readonly #small = new Map<number, number[]>();
  readonly #sizes = new Map<number, number>();
  /** Free large blocks, sorted by address. */
  readonly #free: { address: number; size: number }[] = [];
  #end: number;
  #used = 0;

  /** @param start first address that may be handed out */
  constructor(memory: WebAssembly.Memory, start: number) {
    this.memory = memory;
    this.#end = start;
  }

  /** Bytes in blocks that are in use. */
  get usedBytes(): number {
    return this.#used;
  }

  /**
   * A block of at least `bytes`, aligned to 64.
   *
   * @param purpose for the error: which tensor or kernel asks
   * @throws {OutOfMemoryError} there is no room for it, also after all that is free was joined.
   */
  allocate(bytes: number, purpose: () => string): number {
    const size = Math.max(ALIGNMENT, Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT);
    const address = this.#take(size) ?? this.#extend(size) ?? this.#takeJoined(size);
    if (address === undefined) {
      const [wanted, used, held] = [bytes, this.#used, this.memory.buffer.byteLength].map(mebibytes);
      throw new OutOfMemoryError(
        `Out of memory: ${purpose()} needs ${bytes} bytes (${wanted}); ${used} of ${held} are in use`,
        bytes,
        this.#used,
        "Dispose tensors that are no longer needed, or use a smaller batch.",
      );
    }
    this.#sizes.set(address, size);
    this.#used += size;
    return address;
  }

  /** Gives a block back. */
  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) return;
    this.#sizes.delete(address);
    this.#used -= size;
    this.#give(address, size);
  }

  #take(size: number): number | undefined {
    return size <= SMALL ? this.#small.get(size)?.pop() : this.#takeLarge(size);
  }

  /** Small blocks are kept apart by size, so memory full of them has no room for a large one until they are joined. */
  #takeJoined(size: number): number | undefined {
    const small = [...this.#small].flatMap(([bytes, addresses]) => addresses.map((address) => ({ address, bytes })));
    this.#small.clear();
    for (const { address, bytes } of small.toSorted((a, b) => a.address - b.address)) this.#giveLarge(address, bytes);
    return this.#takeLarge(size) ?? this.#extend(size);
  }

  #takeLarge(size: number): number | undefined {
    let best: number | undefined;
    let bestSize = Number.POSITIVE_INFINITY;
    for (const [index, block] of this.#free.entries()) {
      if (block.size >= size && block.size < bestSize) {
        best = index;
        bestSize = block.size;
      }
    }
    const block = best === undefined ? undefined : this.#free[best];
    if (best === undefined || block === undefined) return undefined;
    const { address } = block;
    if (block.size - size > SMALL) this.#free[best] = { address: address + size, size: block.size - size };
    else {
      this.#free.splice(best, 1);
      if (block.size > size) this.#give(address + size, block.size - size);
    }
    return address;
  }

  #give(address: number, size: number): void {
    if (size > SMALL) {
      this.#giveLarge(address, size);
      return;
    }
    const stack = this.#small.get(size);
    if (stack === undefined) this.#small.set(size, [address]);
    else stack.push(address);
  }

  #giveLarge(address: number, size: number): void {
    let low = 0;
    let high = this.#free.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#free[middle]?.address ?? 0) < address) low = middle + 1;
      else high = middle;
    }
    const before = this.#free[low - 1];
    const after = this.#free[low];
    const joinsBefore = before !== undefined && before.address + before.size === address;
    const joinsAfter = after !== undefined && address + size === after.address;
    if (joinsBefore) {
      before.size += size + (joinsAfter ? after.size : 0);
      if (joinsAfter) this.#free.splice(low, 1);
    } else if (joinsAfter) {
      after.address = address;
      after.size += size;
    } else this.#free.splice(low, 0, { address, size });
  }

  /** A block at the end, where the memory grows. */
  #extend(size: number): number | undefined {
    const last = this.#free.at(-1);
    const fromLast = size > SMALL && last !== undefined && last.address + last.size === this.#end;
    const address = fromLast ? last.address : this.#end;
    const end = address + size;
    if (end > LIMIT || !this.#growTo(end)) return undefined;
    if (fromLast) this.#free.pop();
    this.#end = end;
    return address;
  }

  #growTo(end: number): boolean {
    const { byteLength } = this.memory.buffer;
    const pages = Math.ceil((end - byteLength) / PAGE);
    if (pages <= 0) return true;
    // Growing costs a system call, or more: by an eighth more than asked, it is seldom done. Near the limit, by less.
    const generous = pages + Math.floor(byteLength / (8 * PAGE));
    for (let count = generous; ; count = Math.max(pages, Math.floor(count / 2))) {
      try {
        this.memory.grow(count);
        return true;
      } catch {
        if (count === pages) return false;
      }
    }
  }
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
