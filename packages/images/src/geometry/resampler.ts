import { KernelMemory } from "../kernels/kernel-memory.ts";
import type { TapWeights } from "./tap-weights.ts";

/** Bytes of source lines that are copied in at once: what a picture takes here does not grow with its height. */
const blockBytes = 2 ** 20;

/** What is resampled. */
export interface ResampleSource {
  /** Bytes, lines of `width * channels`. */
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  /** Where the span of the columns begins, and that of the rows. */
  readonly left: number;
  readonly top: number;
}

/**
 * Resamples rows, then columns.
 *
 * @param columns what each output column mixes
 * @param rows what each output row mixes
 * @returns bytes, a line of as many pixels as there are columns for each row
 */
export function resample(
  { data, width, channels, left, top }: ResampleSource,
  columns: TapWeights,
  rows: TapWeights,
): Uint8Array {
  const stride = width * channels;
  const lines = rows.last - rows.first;
  const height = rows.starts.length;
  const length = columns.starts.length * channels;
  const block = Math.max(1, Math.min(lines, Math.floor(blockBytes / stride)));
  return KernelMemory.use((memory) => {
    const { resampleRows, resampleColumns } = memory.kernels;
    const source = memory.reserve(block * stride);
    const between = memory.reserve((lines + 1) * length * 2);
    const target = memory.reserve(height * length);
    const columnStarts = memory.store(columns.starts.map((start) => (left + start) * channels));
    const columnGroups = memory.store(columns.groups);
    const columnWeights = memory.store(columns.weights);
    const rowStarts = memory.store(rows.starts.map((start) => start - rows.first));
    const rowGroups = memory.store(rows.groups);
    const rowWeights = memory.store(rows.weights);
    for (let line = 0; line < lines; line += block) {
      const count = Math.min(block, lines - line);
      const from = (top + rows.first + line) * stride;
      memory.bytes(source, count * stride).set(data.subarray(from, from + count * stride));
      const to = between + line * length * 2;
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
    resampleColumns(between, length, target, height, rowStarts, rowGroups, rowWeights);
    return memory.bytes(target, height * length).slice();
  });
}
