import { InvalidConfigError, isTypedArray } from "@featuremap/tensor";
import { KernelMemory } from "./kernel-memory.ts";

/** Levels that are scaled at once. */
const block = 2 ** 16;

/**
 * Writes levels times a factor: each as `level * factor` in JavaScript, rounded to float32.
 *
 * @param target has room for as many numbers from `offset` on
 * @throws {InvalidConfigError} an argument is something else, or there is no room.
 */
export function scaleLevels(
  levels: Uint8Array | Uint8ClampedArray,
  factor: number,
  target: Float32Array,
  offset: number,
): void {
  const refuse = (option: string, expected: string, found: unknown): never => {
    throw new InvalidConfigError("scaleLevels", option, expected, found);
  };
  if (!isTypedArray(levels, "Uint8Array", "Uint8ClampedArray")) refuse("levels", "bytes", levels);
  if (typeof factor !== "number") refuse("factor", "a number", factor);
  if (!isTypedArray(target, "Float32Array")) refuse("target", "a Float32Array", target);
  const last = target.length - levels.length;
  if (!(Number.isInteger(offset) && offset >= 0 && offset <= last)) {
    refuse("offset", `an integer in [0, ${last}], for ${levels.length} levels in ${target.length} numbers`, offset);
  }
  if (factor === 1) {
    target.set(levels, offset);
    return;
  }
  KernelMemory.use((memory) => {
    const most = Math.min(block, levels.length);
    const source = memory.reserve(most);
    const place = memory.reserve(most * 4);
    for (let from = 0; from < levels.length; from += block) {
      const count = Math.min(block, levels.length - from);
      memory.bytes(source, count).set(levels.subarray(from, from + count));
      memory.kernels.scaleLevels(source, count, place, factor);
      const { buffer } = memory.bytes(place, 0);
      target.set(new Float32Array(buffer, place, count), offset + from);
    }
  });
}
