import type { HostTensor } from "./draw.ts";
import { type KernelCase, type RunOnCpu, inputOf } from "./operation.ts";

/** The first of a kernel's results. */
export function first(results: readonly HostTensor[]): HostTensor {
  const [result] = results;
  if (result === undefined) throw new RangeError("The kernel gave no result.");
  return result;
}

function zeros(shape: number[]): HostTensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, dtype: "float32", values: new Float32Array(size) };
}

/** Visits a filter `[height, width, ...rest]` beside the same filter with `dilations - 1` zeros between its taps. */
function eachTap(
  shape: readonly number[],
  dilations: number,
  visit: (compact: number, spread: number) => void,
): number[] {
  const [height = 0, width = 0, ...rest] = shape;
  const tap = rest.reduce((product, length) => product * length, 1);
  const spreadWidth = (width - 1) * dilations + 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (let at = 0; at < tap; at++) {
        visit((row * width + column) * tap + at, (row * spreadWidth + column) * dilations * tap + at);
      }
    }
  }
  return [(height - 1) * dilations + 1, spreadWidth, ...rest];
}

/**
 * A convolution's gradient by a CPU kernel that knows no dilation: the filter gets its zeros, or the filter's gradient
 * loses what stands in their places.
 */
export function gradientWithoutDilation(call: KernelCase, kernel: string, runOnCpu: RunOnCpu): HostTensor {
  const dilations = call.attrs["dilations"] as number;
  const filterShape = (call.attrs["filterShape"] as number[] | undefined) ?? inputOf(call, "filter").shape;
  const spreadShape = eachTap(filterShape, dilations, () => {});
  const attrs = { ...call.attrs, dilations: 1, filterShape: spreadShape };
  if (call.attrs["filterShape"] === undefined) {
    const filter = inputOf(call, "filter");
    const spread = zeros(spreadShape);
    eachTap(filterShape, dilations, (from, to) => (spread.values[to] = filter.values[from] ?? 0));
    return first(runOnCpu({ kernel, inputs: { dy: inputOf(call, "dy"), filter: spread }, attrs }));
  }
  const gradient = first(runOnCpu({ kernel, inputs: call.inputs, attrs }));
  const compact = zeros([...filterShape]);
  eachTap(filterShape, dilations, (to, from) => (compact.values[to] = gradient.values[from] ?? 0));
  return compact;
}

/** `dy` where the activation let its output `y` through, 0 elsewhere. */
export function throughActivation(dy: HostTensor, y: HostTensor, activation: unknown): HostTensor {
  const limit = activation === "relu6" ? 6 : Number.POSITIVE_INFINITY;
  const passes = (value: number): boolean => activation === "linear" || (value > 0 && value < limit);
  const values = Float32Array.from(dy.values, (value, index) => (passes(y.values[index] ?? 0) ? value : 0));
  return { ...dy, values };
}

/** Sums over all axes but the last. */
export function sumOverPositions({ shape, values }: HostTensor): HostTensor {
  const sums = zeros(shape.slice(-1));
  const channels = sums.values.length;
  for (const [index, value] of values.entries())
    sums.values[index % channels] = (sums.values[index % channels] ?? 0) + value;
  return sums;
}

/**
 * The gradient of a linear kernel that treats every image and channel alike: the forward kernel's answers to the unit
 * images, one batch, weighted with `dy`.
 */
export function gradientByUnitImages(
  dy: HostTensor,
  inputShape: readonly number[],
  forward: (images: HostTensor) => HostTensor,
): HostTensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = inputShape;
  const pixels = height * width;
  const units = zeros([pixels, height, width, 1]);
  for (let pixel = 0; pixel < pixels; pixel++) units.values[pixel * pixels + pixel] = 1;
  const answers = forward(units).values;
  const positions = answers.length / pixels;
  const gradient = zeros([...inputShape]);
  for (let image = 0; image < batch; image++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let position = 0; position < positions; position++) {
          const answer = answers[pixel * positions + position] ?? 0;
          sum += answer * (dy.values[(image * positions + position) * channels + channel] ?? 0);
        }
        gradient.values[(image * pixels + pixel) * channels + channel] = sum;
      }
    }
  }
  return gradient;
}
