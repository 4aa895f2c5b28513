/** How images are resized; the names are Keras's. */
export type Interpolation = "bilinear" | "nearest" | "bicubic" | "area" | "lanczos3" | "lanczos5";

/** Which inputs an output is made of, each with its weight. */
type Taps = readonly (readonly [position: number, weight: number])[];

/** A function of the distance from the sample, and how far it reaches. */
interface Kernel {
  readonly radius: number;
  at(distance: number): number;
}

/**
 * How much each input counts in each output when one axis is resized: a matrix `[output, input]`, row-major.
 *
 * Pixels are squares: the first output's middle lies over the first input's start plus half an output.
 * Source: TensorFlow's `ResizeBicubic`, `ResizeArea` and `ScaleAndTranslate`.
 */
export function resamplingWeights(
  input: number,
  output: number,
  interpolation: Exclude<Interpolation, "nearest">,
  antialias: boolean,
): Float32Array {
  const taps = tapsFunction(input, output, interpolation, antialias);
  const weights = new Float32Array(output * input);
  for (let row = 0; row < output; row++) {
    for (const [position, weight] of taps(row)) {
      const index = row * input + position;
      weights[index] = (weights[index] ?? 0) + weight;
    }
  }
  return weights;
}

function tapsFunction(
  input: number,
  output: number,
  interpolation: Exclude<Interpolation, "nearest">,
  antialias: boolean,
): (row: number) => Taps {
  if (interpolation === "area") return (row) => areaTaps(row, input, output);
  if (interpolation === "bicubic" && !antialias) return (row) => cubicTableTaps(row, input, output);
  return (row) => kernelTaps(row, input, output, kernels[interpolation], antialias);
}

const kernels: Readonly<Record<"bilinear" | "bicubic" | "lanczos3" | "lanczos5", Kernel>> = {
  bilinear: { radius: 1, at: (distance) => Math.max(0, 1 - distance) },
  bicubic: { radius: 2, at: keysCubic },
  lanczos3: { radius: 3, at: (distance) => lanczos(distance, 3) },
  lanczos5: { radius: 5, at: (distance) => lanczos(distance, 5) },
};

/** Source: R. Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -1/2. */
function keysCubic(x: number): number {
  if (x >= 2) return 0;
  return x >= 1 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : (1.5 * x - 2.5) * x * x + 1;
}

function lanczos(x: number, radius: number): number {
  if (x > radius) return 0;
  if (x <= 1e-3) return 1;
  const angle = Math.PI * x;
  return (radius * Math.sin(angle) * Math.sin(angle / radius)) / (angle * angle);
}

/** A kernel laid over the input, widened where that is smoothed to fewer pixels. */
function kernelTaps(row: number, input: number, output: number, kernel: Kernel, antialias: boolean): Taps {
  const step = input / output;
  const widened = antialias ? Math.max(step, 1) : 1;
  const sample = (row + 0.5) * step;
  const reach = kernel.radius * widened;
  const start = Math.max(0, Math.ceil(sample - reach - 0.5));
  const end = Math.min(input - 1, Math.floor(sample + reach - 0.5));
  const taps = Array.from({ length: end - start + 1 }, (_, index): [number, number] => {
    const position = start + index;
    return [position, kernel.at(Math.abs(position + 0.5 - sample) / widened)];
  });
  return normalized(taps);
}

/** Each output is the mean of the part of the input that it covers. */
function areaTaps(row: number, input: number, output: number): Taps {
  const step = input / output;
  const [from, to] = [row * step, (row + 1) * step];
  const taps: [number, number][] = [];
  for (let position = Math.floor(from); position < Math.min(input, Math.ceil(to)); position++) {
    taps.push([position, Math.min(position + 1, to) - Math.max(position, from)]);
  }
  return normalized(taps);
}

/** TensorFlow looks the cubic kernel up at distances of 1 / 1024, in float32; so does this, for equal numbers. */
function cubicTableTaps(row: number, input: number, output: number): Taps {
  const step = Math.fround(input / output);
  const sample = Math.fround(Math.fround((row + 0.5) * step) - 0.5);
  const first = Math.floor(sample);
  const offset = roundHalfToEven(Math.fround(sample - first) * 1024) / 1024;
  const taps = [1 + offset, offset, 1 - offset, 2 - offset].map((distance, index): [number, number] => [
    first - 1 + index,
    keysCubic(distance),
  ]);
  return normalized(taps.filter(([position]) => position >= 0 && position < input));
}

function normalized(taps: Taps): Taps {
  const sum = taps.reduce((total, [, weight]) => total + weight, 0);
  return taps.map(([position, weight]) => [position, weight / sum] as const);
}

function roundHalfToEven(value: number): number {
  const lower = Math.floor(value);
  if (value - lower !== 0.5) return Math.round(value);
  return lower % 2 === 0 ? lower : lower + 1;
}
