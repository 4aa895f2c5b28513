import binary from "../../embedded/resample.js";
import type { AxisTaps } from "./axis-taps.ts";

/** The functions of `assembly/resample.ts`. */
interface ResampleKernels {
  readonly resampleRows: (
    source: number,
    stride: number,
    rows: number,
    channels: number,
    target: number,
    columns: number,
    starts: number,
    groups: number,
    weights: number,
  ) => void;
  readonly resampleColumns: (
    source: number,
    length: number,
    target: number,
    rows: number,
    starts: number,
    pairs: number,
    weights: number,
  ) => void;
}

/** Bytes of source lines that are copied in at once: what a picture takes here does not grow with its height. */
const blockBytes = 2 ** 20;

/** Bytes of memory above which a picture's memory is not kept for the next one. */
const mostKept = 2 ** 25;

const page = 2 ** 16;

/** What the kernels read or write beyond an array's end. */
const overrun = 64;

let compiled: WebAssembly.Module | undefined;
let resampler: Resampler | undefined;

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
  resampler ??= new Resampler();
  const result = resampler.run(data, width, channels, columns, rows);
  if (resampler.bytes > mostKept) resampler = undefined;
  return result;
}

/** The kernels with a memory of their own, which grows with what is asked for. */
class Resampler {
  readonly #memory = new WebAssembly.Memory({ initial: 32 });
  readonly #kernels: ResampleKernels;
  #end = 0;

  constructor() {
    compiled ??= new WebAssembly.Module(Uint8Array.from(atob(binary), (letter) => letter.charCodeAt(0)));
    const instance = new WebAssembly.Instance(compiled, { env: { memory: this.#memory } });
    this.#kernels = instance.exports as unknown as ResampleKernels;
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  run(
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

    this.#end = 0;
    const source = this.#reserve(block * stride);
    const between = this.#reserve((last - first + 1) * length * 2);
    const target = this.#reserve(height * length);
    const columnStarts = this.#store(columns.starts.map((start) => start * channels));
    const columnGroups = this.#store(groups);
    const columnWeights = this.#store(fourByFour(columns, groups));
    const rowStarts = this.#store(rows.starts.map((start) => start - first));
    const rowPairs = this.#store(pairs);
    const rowWeights = this.#store(twoByTwo(rows, pairs));

    for (let line = first; line < last; line += block) {
      const count = Math.min(block, last - line);
      const bytes = data.subarray(line * stride, (line + count) * stride);
      new Uint8Array(this.#memory.buffer, source, bytes.length).set(bytes);
      const to = between + (line - first) * length * 2;
      const { resampleRows } = this.#kernels;
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
    this.#kernels.resampleColumns(between, length, target, height, rowStarts, rowPairs, rowWeights);
    return new Uint8Array(this.#memory.buffer, target, height * length).slice();
  }

  #reserve(bytes: number): number {
    const start = this.#end;
    this.#end = (start + bytes + overrun + 15) & ~15;
    const missing = this.#end - this.bytes;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / page));
    return start;
  }

  #store(values: Int32Array | Int16Array): number {
    const start = this.#reserve(values.byteLength);
    new Uint8Array(this.#memory.buffer, start, values.byteLength).set(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    return start;
  }
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
