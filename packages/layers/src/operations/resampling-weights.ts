/** Steps between two pixels at which TensorFlow knows the cubic: other places count as the nearest of them. */
const CUBIC_STEPS = 1024;

/**
 * For each position of the output, how much each of four inputs around it counts: `[output, input]`, row-major.
 *
 * Inputs beyond the borders do not count, and the others make up for them.
 * Source: Keys, "Cubic convolution interpolation", 1981, with a = -1/2; TensorFlow's `ResizeBicubic`.
 */
export function bicubicWeights(input: number, output: number): Float32Array {
  return weightMatrix(input, output, (centre) => {
    const first = Math.floor(centre - 0.5);
    const fraction = roundHalfToEven((centre - 0.5 - first) * CUBIC_STEPS) / CUBIC_STEPS;
    return [-1, 0, 1, 2].map((offset) => ({ source: first + offset, weight: cubic(Math.abs(fraction - offset)) }));
  });
}

/**
 * For each position of the output, how much each input within a radius counts: `[output, input]`, row-major.
 *
 * Source: Duchon, "Lanczos filtering in one and two dimensions", 1979; TensorFlow's `ScaleAndTranslate`.
 */
export function lanczosWeights(input: number, output: number, radius: number): Float32Array {
  return weightMatrix(input, output, (centre) => {
    const first = Math.ceil(centre - radius - 0.5);
    const last = Math.floor(centre + radius - 0.5);
    return Array.from({ length: last - first + 1 }, (_, index) => {
      const source = first + index;
      return { source, weight: lanczos(Math.abs(source + 0.5 - centre), radius) };
    });
  });
}

interface Tap {
  readonly source: number;
  readonly weight: number;
}

/** @param taps the inputs for a place, in inputs from the start of the first */
function weightMatrix(input: number, output: number, taps: (centre: number) => Tap[]): Float32Array {
  const values = new Float32Array(input * output);
  for (let position = 0; position < output; position++) {
    const inside = taps(((position + 0.5) * input) / output).filter(({ source }) => source >= 0 && source < input);
    const total = inside.reduce((sum, { weight }) => sum + weight, 0);
    for (const { source, weight } of inside) values[position * input + source] = weight / total;
  }
  return values;
}

function cubic(distance: number): number {
  const a = -0.5;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
}

function lanczos(distance: number, radius: number): number {
  if (distance > radius) return 0;
  if (distance <= 1e-3) return 1;
  const angle = Math.PI * distance;
  return (radius * Math.sin(angle) * Math.sin(angle / radius)) / (angle * angle);
}

function roundHalfToEven(value: number): number {
  const lower = Math.floor(value);
  if (value - lower === 0.5) return lower % 2 === 0 ? lower : lower + 1;
  return Math.round(value);
}
