import { KernelMemory } from "../kernels/kernel-memory.ts";
import type { AxisTaps } from "./axis-taps.ts";

/** Bytes of source lines that are copied in at once: what a picture takes here does not grow with its height. */
const blockBytes = 2 ** 20;

/**
 * Resamples rows, then columns.
 *
 * @param data bytes, lines of `width * channels`
 * @param columns what each output column mixes
 * @param rows what each output row mixes
 * @returns bytes, a line of as many pixels as there are columns for each row
 */
export function resample(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  channels: 1 | 3 | 4,
  columns: AxisTaps,
  rows: AxisTaps,
): Uint8Array {
  const [first, last] = linesOf(rows);
  const stride = width * channels;
  const height = rows.starts.length;
  const length = columns.starts.length * channels;
  const block = Math.max(1, Math.min(last - first, Math.floor(blockBytes / stride)));
  const groups = columns.counts.map((count) => Math.ceil(count / 4));
  const pairs = rows.counts.map((count) => Math.ceil(count / 2));
  return KernelMemory.use((memory) => {
    const { resampleRows, resampleColumns } = memory.kernels;
    const source = memory.reserve(block * stride);
    const between = memory.reserve((last - first + 1) * length * 2);
    const target = memory.reserve(height * length);
    const columnStarts = memory.store(columns.starts.map((start) => start * channels));
    const columnGroups = memory.store(groups);
    const columnWeights = memory.store(fourByFour(columns, groups));
    const rowStarts = memory.store(rows.starts.map((start) => start - first));
    const rowPairs = memory.store(pairs);
    const rowWeights = memory.store(twoByTwo(rows, pairs));
    for (let line = first; line < last; line += block) {
      const count = Math.min(block, last - line);
      const bytes = data.subarray(line * stride, (line + count) * stride);
      memory.bytes(source, bytes.length).set(bytes);
      const to = between + (line - first) * length * 2;
      resampleRows(
        source,
        stride,
        count,
        channels,
        to,
        columns.starts.length,
        columnStarts,
        columnGroups,
        columnWeights,
      );
    }
    resampleColumns(between, length, target, height, rowStarts, rowPairs, rowWeights);
    return memory.bytes(target, height * length).slice();
  });
}

/** The source lines that any output row takes: from, and before. */
function linesOf({ starts, counts }: AxisTaps): [first: number, last: number] {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const [row, start] of starts.entries()) {
    first = Math.min(first, start);
    last = Math.max(last, start + (counts[row] ?? 0));
  }
  return [first, last];
}

/** Weights as `resampleRows` takes them. */
function fourByFour({ weights, most }: AxisTaps, groups: Int32Array): Int16Array {
  const all = new Int16Array(16 * groups.reduce((sum, count) => sum + count, 0));
  let offset = 0;
  for (let column = 0; column < groups.length; column++) {
    const from = column * most;
    const end = offset + 16 * (groups[column] ?? 0);
    for (let tap = 0; offset < end; tap += 2) {
      const even = tap < most ? (weights[from + tap] ?? 0) : 0;
      const odd = tap + 1 < most ? (weights[from + tap + 1] ?? 0) : 0;
      for (let pair = 0; pair < 4; pair++) {
        all[offset++] = even;
        all[offset++] = odd;
      }
    }
  }
  return all;
}

/** Weights as `resampleColumns` takes them. */
function twoByTwo({ weights, counts, most }: AxisTaps, pairs: Int32Array): Int16Array {
  const all = new Int16Array(2 * pairs.reduce((sum, count) => sum + count, 0));
  let offset = 0;
  for (let row = 0; row < pairs.length; row++) {
    all.set(weights.subarray(row * most, row * most + (counts[row] ?? 0)), offset);
    offset += 2 * (pairs[row] ?? 0);
  }
  return all;
}
