import { type AxisTaps, type Interpolation, axisTaps } from "./axis-taps.ts";

/** What the output lines along an axis mix, laid out as a kernel reads it; lines count from the beginning of the span. */
export interface TapWeights {
  /** The first source line of each output line. */
  readonly starts: Int32Array;
  /** How many groups of weights each output line has. */
  readonly groups: Int32Array;
  readonly weights: Int16Array;
  /** Source lines that any output line mixes: from, and before. */
  readonly first: number;
  readonly last: number;
}

/** How an axis is resampled. */
export interface AxisRequest {
  /** Source lines. */
  readonly length: number;
  /** Output lines. */
  readonly target: number;
  readonly interpolation: Interpolation;
  readonly antialias: boolean;
  readonly mirrored: boolean;
}

/** Bytes of weights that stay: those of all parts of pictures of some hundred pixels. */
const mostKept = 2 ** 22;

const kept = new Map<string, TapWeights>();
let bytes = 0;

/** For `resampleRows`: taps in fours, each pair of them written four times. */
export function columnWeights(request: AxisRequest): TapWeights {
  return weightsOf("columns", request, ({ starts, counts, weights, most }) => {
    const groups = counts.map((count) => Math.ceil(count / 4));
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
    return { starts, groups, weights: all, ...ends(starts, counts) };
  });
}

/** For `resampleColumns`: taps in pairs. */
export function rowWeights(request: AxisRequest): TapWeights {
  return weightsOf("rows", request, ({ starts, counts, weights, most }) => {
    const groups = counts.map((count) => Math.ceil(count / 2));
    const all = new Int16Array(2 * groups.reduce((sum, count) => sum + count, 0));
    let offset = 0;
    for (let row = 0; row < groups.length; row++) {
      all.set(weights.subarray(row * most, row * most + (counts[row] ?? 0)), offset);
      offset += 2 * (groups[row] ?? 0);
    }
    return { starts, groups, weights: all, ...ends(starts, counts) };
  });
}

/** Parts cut at random have the same few sizes again and again; the weights of those used last stay. */
function weightsOf(axis: "columns" | "rows", request: AxisRequest, layOut: (taps: AxisTaps) => TapWeights): TapWeights {
  const { length, target, interpolation, antialias, mirrored } = request;
  const key = `${axis} ${length} ${target} ${interpolation} ${antialias} ${mirrored}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const made = layOut(axisTaps(length, target, interpolation, { antialias, mirrored }));
  bytes += bytesOf(made);
  kept.set(key, made);
  for (const [oldest, weights] of kept) {
    if (bytes <= mostKept) break;
    kept.delete(oldest);
    bytes -= bytesOf(weights);
  }
  return made;
}

function bytesOf({ starts, groups, weights }: TapWeights): number {
  return starts.byteLength + groups.byteLength + weights.byteLength;
}

function ends(starts: Int32Array, counts: Int32Array): Pick<TapWeights, "first" | "last"> {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const [line, start] of starts.entries()) {
    first = Math.min(first, start);
    last = Math.max(last, start + (counts[line] ?? 0));
  }
  return { first, last };
}
