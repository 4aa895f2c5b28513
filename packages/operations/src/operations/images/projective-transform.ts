import * as tf from "@tensorflow/tfjs-core";

/** What lies outside of an image: its mirror image, its repetition, a number, or its border drawn out. */
export type FillMode = "reflect" | "wrap" | "constant" | "nearest";

/** Where an output pixel `(x, y)` comes from: `(a x + b y + c, d x + e y + f)`, divided by `g x + h y + 1` if there are those. */
export type ProjectiveMatrix = readonly [
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g?: number,
  h?: number,
];

export interface ProjectiveOptions {
  readonly interpolation: "nearest" | "bilinear";
  readonly fillMode: FillMode;
  /** What lies outside with `constant`. */
  readonly fillValue: number;
}

/** For each output pixel one row of the input and how much it counts; what is outside counts for the fill value. */
interface Tap {
  readonly rows: Int32Array;
  readonly weights: Float32Array;
  readonly outside: Float32Array;
}

/**
 * Turns, moves, scales, shears or tilts each image by a matrix of its own.
 *
 * The rows to gather are worked out on the host, so that every device computes it, and its gradient is exact.
 * Shape: `[batch, height, width, channels]` to the same shape.
 * Source: TensorFlow's `ImageProjectiveTransformV3`, in float32 as there.
 */
export function projectiveTransform(
  images: tf.Tensor,
  matrices: readonly ProjectiveMatrix[],
  options: ProjectiveOptions,
): tf.Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = images.shape;
  const pixels = batch * height * width;
  const rows = tf.reshape(images, [pixels, channels]);
  const terms = sampleTaps([batch, height, width], matrices, options).flatMap((tap) => {
    const weights = tf.tensor(tap.weights, [pixels, 1]);
    const inside = tf.mul(tf.gather(rows, tf.tensor(tap.rows, [pixels], "int32")), weights);
    if (options.fillMode !== "constant" || options.fillValue === 0) return [inside];
    return [tf.add(inside, tf.mul(tf.tensor(tap.outside, [pixels, 1]), options.fillValue))];
  });
  return tf.reshape(terms.length === 1 ? (terms[0] ?? rows) : tf.addN(terms), images.shape);
}

function sampleTaps(
  [batch, height, width]: readonly [number, number, number],
  matrices: readonly ProjectiveMatrix[],
  { interpolation, fillMode }: ProjectiveOptions,
): Tap[] {
  const taps = Array.from({ length: interpolation === "nearest" ? 1 : 4 }, () => emptyTap(batch * height * width));
  const [first, second = first, third = first, fourth = first] = taps;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) return taps;
  const intoImage = intoImageBy[fillMode];
  let pixel = 0;
  for (let image = 0; image < batch; image++) {
    const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0] = (matrices[image] ?? identity).map(toFloat32);
    const start = image * height * width;
    const put = (tap: Tap, column: number, row: number, weight: number): void => {
      const inside = column >= 0 && column < width && row >= 0 && row < height;
      tap.rows[pixel] = inside ? start + row * width + column : 0;
      (inside ? tap.weights : tap.outside)[pixel] = weight;
    };
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++, pixel++) {
        const depth = linear(g, h, 1, column, row);
        if (depth === 0) {
          first.outside[pixel] = 1;
          continue;
        }
        const x = intoImage(Math.fround(linear(a, b, c, column, row) / depth), width);
        const y = intoImage(Math.fround(linear(d, e, f, column, row) / depth), height);
        if (interpolation === "nearest") {
          put(first, roundAwayFromZero(x), roundAwayFromZero(y), 1);
          continue;
        }
        const [left, top] = [Math.floor(x), Math.floor(y)];
        const [right, below] = [x - left, y - top];
        put(first, left, top, (1 - right) * (1 - below));
        put(second, left + 1, top, right * (1 - below));
        put(third, left, top + 1, (1 - right) * below);
        put(fourth, left + 1, top + 1, right * below);
      }
    }
  }
  return taps;
}

const identity: ProjectiveMatrix = [1, 0, 0, 0, 1, 0];

function toFloat32(value: number | undefined): number {
  return Math.fround(value ?? 0);
}

function emptyTap(pixels: number): Tap {
  return { rows: new Int32Array(pixels), weights: new Float32Array(pixels), outside: new Float32Array(pixels) };
}

function linear(byColumn: number, byRow: number, constant: number, column: number, row: number): number {
  return Math.fround(Math.fround(Math.fround(byColumn * column) + Math.fround(byRow * row)) + constant);
}

function roundAwayFromZero(value: number): number {
  return Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
}

/** For a position outside of an image, the one inside that stands for it. */
const intoImageBy: Readonly<Record<FillMode, (position: number, length: number) => number>> = {
  constant: (position) => position,
  nearest: clamp,
  reflect: (position, length) => (length <= 1 ? 0 : clamp(reflected(position, length), length)),
  wrap: (position, length) => (length <= 1 ? 0 : clamp(wrapped(position, length), length)),
};

function clamp(position: number, length: number): number {
  return Math.min(Math.max(position, 0), length - 1);
}

/** `abcd` goes on as `dcba|abcd|dcba`. */
function reflected(position: number, length: number): number {
  const period = 2 * length;
  if (position < 0) {
    const near = period * Math.trunc(-position / period) + position;
    return near < -length ? near + period : -near - 1;
  }
  const near = position > length - 1 ? position - period * Math.trunc(position / period) : position;
  return near >= length ? period - near - 1 : near;
}

/** `abcd` goes on as `abcd|abcd|abcd`. */
function wrapped(position: number, length: number): number {
  if (position < 0) return position + length * (Math.trunc(-position / (length - 1)) + 1);
  return position > length - 1 ? position - length * Math.trunc(position / (length - 1)) : position;
}
