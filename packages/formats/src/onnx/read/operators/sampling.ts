import type { NodeUse } from "../node-use.ts";

/** How ONNX's Resize computes one axis. Source: its text, and onnx's reference of it. */
export interface Sampling {
  readonly mode: string;
  /** `coordinate_transformation_mode`. */
  readonly where: string;
  /** `nearest_mode`. */
  readonly rounding: string;
  /** `cubic_coeff_a`. */
  readonly bend: number;
  readonly excludesOutside: boolean;
  readonly antialiases: boolean;
}

export interface AxisLengths {
  readonly from: number;
  readonly to: number;
  /** Output elements for each one of the input. */
  readonly scale: number;
}

/** Weights `[from][to]` whose product with an axis is that axis resized. */
export function samplingMatrix(use: NodeUse, sampling: Sampling, lengths: AxisLengths): readonly (readonly number[])[] {
  const { from, to } = lengths;
  const rows = Array.from({ length: from }, () => new Array<number>(to).fill(0));
  for (let output = 0; output < to; output++) {
    for (const [input, weight] of tapsOf(use, sampling, lengths, output)) {
      const row = rows[Math.min(Math.max(input, 0), from - 1)];
      if (row !== undefined) row[output] = (row[output] ?? 0) + weight;
    }
  }
  // As many digits as float32 tells apart.
  return rows.map((row) => row.map((weight) => Number(weight.toPrecision(9))));
}

function tapsOf(
  use: NodeUse,
  sampling: Sampling,
  lengths: AxisLengths,
  output: number,
): readonly (readonly [number, number])[] {
  const x = coordinate(use, sampling.where, lengths, output);
  if (sampling.mode === "nearest") return [[nearest(use, sampling.rounding, x), 1]];
  // What lies on an element belongs to the stretch that ends there.
  const base = Math.ceil(x) - 1;
  const weights = weightsAround(use, sampling, lengths.scale, x - base);
  const taps = weights.map(([offset, weight]): [number, number] => [base + offset, weight]);
  const inside = sampling.excludesOutside ? taps.filter(([place]) => place >= 0 && place < lengths.from) : taps;
  const sum = inside.reduce((total, [, weight]) => total + weight, 0);
  return inside.map(([place, weight]) => [place, weight / sum]);
}

function coordinate(use: NodeUse, where: string, { from, to, scale }: AxisLengths, output: number): number {
  const isExact = Math.abs(from * scale - to) < 1e-4;
  const back = (place: number): number => (isExact ? (place * from) / to : place / scale);
  if (where === "half_pixel") return back(output + 0.5) - 0.5;
  if (where === "pytorch_half_pixel") return to > 1 ? back(output + 0.5) - 0.5 : 0;
  if (where === "half_pixel_symmetric") return (from / 2) * (1 - to / (from * scale)) + back(output + 0.5) - 0.5;
  if (where === "asymmetric") return back(output);
  if (where !== "align_corners") return use.refuse(`coordinate_transformation_mode ${where}`);
  // onnx takes the length before it is made whole, onnxruntime and PyTorch the one after.
  if (!isExact) return use.refuse("align_corners by a scale that gives no whole length");
  return to === 1 ? 0 : (output * (from - 1)) / (to - 1);
}

function nearest(use: NodeUse, rounding: string, x: number): number {
  if (rounding === "round_prefer_floor") return Math.ceil(x - 0.5);
  if (rounding === "round_prefer_ceil") return Math.floor(x + 0.5);
  if (rounding === "floor") return Math.floor(x);
  return rounding === "ceil" ? Math.ceil(x) : use.refuse(`nearest_mode ${rounding}`);
}

/** Weights of the elements around, by their distance from the one before; they need not add up to 1. */
function weightsAround(
  use: NodeUse,
  { mode, bend, antialiases }: Sampling,
  scale: number,
  ratio: number,
): readonly (readonly [number, number])[] {
  const curves: Readonly<Record<string, readonly [number, (distance: number) => number]>> = {
    linear: [1, (distance) => Math.max(0, 1 - distance)],
    cubic: [2, (distance) => cubic(distance, bend)],
  };
  const [reach, curve] = curves[mode] ?? use.refuse(`mode ${mode}`);
  const narrowed = antialiases ? Math.min(scale, 1) : 1;
  const first = Math.floor(-reach / narrowed) + 1;
  return Array.from({ length: 2 - 2 * first }, (_, index) => {
    const offset = first + index;
    return [offset, curve(Math.abs(offset - ratio) * narrowed)];
  });
}

/** Source: Keys, IEEE Transactions on Acoustics, Speech, and Signal Processing 29(6), 1981. */
function cubic(distance: number, a: number): number {
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance ** 2 + 1;
  return distance < 2 ? a * (((distance - 5) * distance + 8) * distance - 4) : 0;
}
