/** How a picture is brought to another size; Keras's and `tf.image.resize`'s names. */
export type Interpolation =
  | "nearest"
  | "bilinear"
  | "bicubic"
  | "area"
  | "lanczos3"
  | "lanczos5"
  | "gaussian"
  | "mitchellcubic";

/** What each output line along an axis mixes: `counts[line]` source lines from `starts[line]` on. */
export interface AxisTaps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** `most` for each line, of which the first `counts[line]` say something: integers whose sum is 2^14. */
  readonly weights: Int16Array;
  /** The largest of the counts. */
  readonly most: number;
}

interface Kernel {
  /** Whether antialiasing widens it. */
  readonly stretches: boolean;
  /** Source lines on each side that count, before a reduced picture widens it. */
  readonly radius: number;
  /** Whether weights go from one value to another at once. */
  readonly jumps?: boolean;
  weight(distance: number): number;
}

const kernels: Readonly<Record<Exclude<Interpolation, "nearest" | "area">, Kernel>> = {
  bilinear: { stretches: true, radius: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys, 1981, with a = -1/2.
  bicubic: { stretches: true, radius: 2, weight: (x) => cubic(Math.abs(x), 0, 0.5) },
  // Mitchell and Netravali, 1988, with B = C = 1/3.
  mitchellcubic: { stretches: true, radius: 2, weight: (x) => cubic(Math.abs(x), 1 / 3, 1 / 3) },
  lanczos3: { stretches: true, radius: 3, weight: (x) => lanczos(x, 3) },
  lanczos5: { stretches: true, radius: 5, weight: (x) => lanczos(x, 5) },
  gaussian: {
    stretches: true,
    radius: 1.5,
    jumps: true,
    weight: (x) => (Math.abs(x) < 1.5 ? Math.exp(-2 * x * x) : 0),
  },
};

/**
 * The taps of each output line along one axis, as `tf.image.resize` takes them: centres at half pixels, no tap outside
 * the source, weights that sum to one.
 *
 * @param source how many lines there are
 * @param antialias whether a reduced picture's lines mix all the source lines that they stand for
 * @param mirrored whether the output's lines come in reverse
 */
export function axisTaps(
  source: number,
  length: number,
  interpolation: Interpolation,
  { antialias, mirrored }: { readonly antialias: boolean; readonly mirrored: boolean },
): AxisTaps {
  const scale = source / length;
  const kernel = kernelOf(interpolation, scale);
  // Where weights jump, TensorFlow's float32 decides on which side of the jump a line lies.
  const round = kernel.jumps ? Math.fround : exactly;
  const step = interpolation === "nearest" ? round(scale) : round(1 / round(length / source));
  const stretch = antialias && kernel.stretches ? Math.max(1, step) : 1;
  const shrink = round(1 / stretch);
  const reach = round(kernel.radius * stretch);
  const most = Math.min(source, Math.floor(2 * reach) + 2);
  const starts = new Int32Array(length);
  const counts = new Int32Array(length);
  const weights = new Int16Array(length * most);
  const exact = new Float64Array(most);
  for (let index = 0; index < length; index++) {
    const line = mirrored ? length - 1 - index : index;
    const center = round((index + 0.5) * step);
    const first = clamp(Math.ceil(round(center - reach) - 0.5), source);
    const last = Math.max(first, clamp(Math.floor(round(center + reach) - 0.5), source));
    const count = last - first + 1;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      const weight = kernel.weight(round(round(first + tap + 0.5 - center) * shrink));
      exact[tap] = weight;
      sum += weight;
    }
    starts[line] = first;
    counts[line] = count;
    roundWeights(exact, count, sum, weights, line * most);
  }
  return { starts, counts, weights, most };
}

const exactly = (value: number): number => value;

function clamp(line: number, length: number): number {
  return Math.min(Math.max(line, 0), length - 1);
}

function kernelOf(interpolation: Interpolation, scale: number): Kernel {
  if (interpolation === "nearest")
    return { stretches: false, radius: 0.5, jumps: true, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
  if (interpolation !== "area") return kernels[interpolation];
  // How much of a source line lies within what the output line stands for.
  const half = scale / 2;
  return {
    stretches: false,
    radius: half + 0.5,
    weight: (x) => Math.max(0, Math.min(x + 0.5, half) - Math.max(x - 0.5, -half)),
  };
}

const one = 2 ** 14;

/** Rounds so that the sum stays exact: each weight takes what rounding those before it left. */
function roundWeights(exact: Float64Array, count: number, sum: number, weights: Int16Array, offset: number): void {
  let wanted = 0;
  let given = 0;
  for (let tap = 0; tap < count; tap++) {
    wanted += ((exact[tap] ?? 0) / sum) * one;
    const whole = Math.round(wanted) - given;
    given += whole;
    weights[offset + tap] = whole;
  }
}

function cubic(x: number, b: number, c: number): number {
  if (x < 1) return ((12 - 9 * b - 6 * c) * x ** 3 + (-18 + 12 * b + 6 * c) * x ** 2 + (6 - 2 * b)) / 6;
  if (x >= 2) return 0;
  return ((-b - 6 * c) * x ** 3 + (6 * b + 30 * c) * x ** 2 + (-12 * b - 48 * c) * x + (8 * b + 24 * c)) / 6;
}

function lanczos(x: number, radius: number): number {
  if (Math.abs(x) < 1e-8) return 1;
  if (Math.abs(x) >= radius) return 0;
  const angle = Math.PI * x;
  return (radius * Math.sin(angle) * Math.sin(angle / radius)) / (angle * angle);
}
