import { RandomStream } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { Allocator } from "./allocator.ts";

const PAGE = 65_536;

describe("Allocator", () => {
  test("never hands out overlapping blocks, and settles on a fixed memory", () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4096 });
    const allocator = new Allocator(memory, 1024);
    const random = new RandomStream(5);
    const blocks = new Map<number, number>();
    for (let round = 0; round < 5000; round++) {
      const held = [...blocks.keys()];
      const victim = held[random.integer(Math.max(1, held.length))];
      if (victim !== undefined && held.length > 20) {
        allocator.free(victim);
        blocks.delete(victim);
      }
      const bytes = random.integer(random.integer(2) === 0 ? 20_000 : 400_000);
      const address = allocator.allocate(bytes, () => "a block");
      expect(address % 64).toBe(0);
      for (const [other, size] of blocks) expect(address + bytes <= other || other + size <= address).toBe(true);
      expect(address + bytes + 32).toBeLessThanOrEqual(memory.buffer.byteLength);
      blocks.set(address, bytes);
    }
    // Twenty-one blocks of 100 KB on average; without reuse these rounds would have taken 500 MB.
    expect(memory.buffer.byteLength).toBeLessThan(20 * 1_048_576);
    for (const address of blocks.keys()) allocator.free(address);
    expect(allocator.usedBytes).toBe(0);
  });

  test("says who needed how much when the memory is full, and goes on afterwards", () => {
    const allocator = new Allocator(new WebAssembly.Memory({ initial: 1, maximum: 16 }), 0);
    const first = allocator.allocate(10 * PAGE, () => "a tensor of shape [10]");
    expect(() => allocator.allocate(10 * PAGE, () => "a tensor of shape [163840]")).toThrow(
      /a tensor of shape \[163840\] needs 655360 bytes \(0\.6 MiB\); 0\.6 MiB of \d\.\d MiB are in use/,
    );
    allocator.free(first);
    expect(allocator.allocate(10 * PAGE, () => "a tensor of shape [163840]")).toBe(first);
  });
});
