import { UnavailableError } from "@featuremap/tensor";

/** Bytes of a WebAssembly page. */
const PAGE = 65_536;
/** Every block begins at a multiple of this, and reading 32 bytes past a tensor stays inside its block. */
const ALIGNMENT = 64;
const SLACK = 32;
/** Blocks up to this size are kept in stacks by exact size and handed out again as they are. */
const SMALL = 16_384;

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
   * @throws {UnavailableError} the memory cannot grow by that much.
   */
  allocate(bytes: number, purpose: string): number {
    const size = Math.max(ALIGNMENT, Math.ceil((bytes + SLACK) / ALIGNMENT) * ALIGNMENT);
    const address =
      (size <= SMALL ? this.#small.get(size)?.pop() : this.#takeLarge(size)) ?? this.#extend(size, purpose);
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
    if (size > SMALL) {
      this.#giveLarge(address, size);
      return;
    }
    const stack = this.#small.get(size);
    if (stack === undefined) this.#small.set(size, [address]);
    else stack.push(address);
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
      if (block.size > size) this.#giveRest(address + size, block.size - size);
    }
    return address;
  }

  /** A rest too small for the list of large blocks serves small ones. */
  #giveRest(address: number, size: number): void {
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

  #extend(size: number, purpose: string): number {
    const last = this.#free.at(-1);
    const fromLast = size > SMALL && last !== undefined && last.address + last.size === this.#end;
    const address = fromLast ? last.address : this.#end;
    const needed = address + size - this.memory.buffer.byteLength;
    if (needed > 0) this.#grow(Math.ceil(needed / PAGE), size, purpose);
    if (fromLast) this.#free.pop();
    this.#end = address + size;
    return address;
  }

  #grow(pages: number, size: number, purpose: string): void {
    // Growing costs a system call: an eighth more than asked keeps the number of calls low.
    const generous = pages + (this.memory.buffer.byteLength >> 19);
    for (const count of [generous, pages]) {
      try {
        this.memory.grow(count);
        return;
      } catch {
        // The next, smaller count is tried; the error below reports the last failure.
      }
    }
    const mebibytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
    throw new UnavailableError(
      `Out of memory: ${purpose} needs ${mebibytes(size)} with ${mebibytes(this.#used)} in use`,
      "Use a smaller batch, or dispose tensors that are no longer needed.",
    );
  }
}
