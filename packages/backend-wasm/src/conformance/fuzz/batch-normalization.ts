import type { RandomStream } from "@featuremap/tensor";
import { type Extremes, type HostTensor, between, chance, draw, pick } from "./draw.ts";
import { type Operation, inputOf } from "./operation.ts";

/** `[..., channels]`, at times with enough rows for several tasks, at times far from zero. */
function drawRows(random: RandomStream, extremes: Extremes): HostTensor {
  const channels = pick(random, [1, 2, 3, 4, 5, 8, 17, 32, 66, 129]);
  const rows = chance(random, 0.15)
    ? between(random, 2000, Math.floor(40_000 / channels) + 2000)
    : between(random, 1, 60);
  const shape = chance(random, 0.5) ? [rows, channels] : [rows, 1, 2, channels];
  const x = draw(random, shape, "float32", extremes);
  const shift = chance(random, 0.3) ? 300 : 0;
  for (const [index, value] of x.values.entries()) x.values[index] = value + shift;
  return x;
}

/** Sums over the rows of each channel, in float64. */
function sumsOf(x: HostTensor, value: (index: number, channel: number) => number): Float64Array {
  const channels = x.shape.at(-1) ?? 1;
  const sums = new Float64Array(channels);
  for (let index = 0; index < x.values.length; index++) {
    const channel = index % channels;
    sums[channel] = (sums[channel] ?? 0) + value(index, channel);
  }
  return sums;
}

function momentsOf(x: HostTensor): { readonly mean: Float64Array; readonly variance: Float64Array } {
  const rows = x.values.length / (x.shape.at(-1) ?? 1);
  const at = (index: number): number => x.values[index] ?? Number.NaN;
  const mean = sumsOf(x, at).map((sum) => sum / rows);
  const variance = sumsOf(x, (index, channel) => (at(index) - (mean[channel] ?? 0)) ** 2).map((sum) => sum / rows);
  return { mean, variance };
}

function perChannel(values: Float64Array): HostTensor {
  return { shape: [values.length], dtype: "float32", values: Float32Array.from(values) };
}

/** Normalisation by the batch's own moments, which only this backend has kernels for. */
export const batchNormalization: readonly Operation[] = [
  {
    name: "ChannelMoments",
    generate: (random) => ({ kernel: "ChannelMoments", inputs: { x: drawRows(random, "non-finite") }, attrs: {} }),
    reference: (call) => {
      const { mean, variance } = momentsOf(inputOf(call, "x"));
      return [perChannel(mean), perChannel(variance)];
    },
  },
  {
    name: "FusedBatchNormGrad",
    tolerance: 1e-5,
    generate(random) {
      const x = drawRows(random, "finite");
      const { mean, variance } = momentsOf(x);
      const given = { x, dy: draw(random, x.shape), mean: perChannel(mean), variance: perChannel(variance) };
      const scale = chance(random, 0.7) ? { scale: draw(random, x.shape.slice(-1)) } : {};
      const attrs = { varianceEpsilon: pick(random, [1e-3, 1e-2]) };
      return { kernel: "FusedBatchNormGrad", inputs: { ...given, ...scale }, attrs };
    },
    reference: (call) => {
      const [x, dy] = [inputOf(call, "x"), inputOf(call, "dy")];
      const scale = "scale" in call.inputs ? inputOf(call, "scale") : undefined;
      const epsilon = call.attrs["varianceEpsilon"] as number;
      const [mean, variance] = [inputOf(call, "mean").values, inputOf(call, "variance").values];
      const channels = x.shape.at(-1) ?? 1;
      const rows = x.values.length / channels;
      const inverse = Float64Array.from(variance, (value) => 1 / Math.sqrt(value + epsilon));
      const normalized = (index: number, channel: number): number =>
        ((x.values[index] ?? 0) - (mean[channel] ?? 0)) * (inverse[channel] ?? 0);
      const towardsOffset = sumsOf(dy, (index) => dy.values[index] ?? 0);
      const towardsScale = sumsOf(dy, (index, channel) => (dy.values[index] ?? 0) * normalized(index, channel));
      const dx = Float32Array.from(dy.values, (value, index) => {
        const channel = index % channels;
        const factor = (inverse[channel] ?? 0) * (scale?.values[channel] ?? 1);
        const shared = (towardsOffset[channel] ?? 0) + normalized(index, channel) * (towardsScale[channel] ?? 0);
        return factor * (value - shared / rows);
      });
      return [{ shape: x.shape, dtype: "float32", values: dx }, perChannel(towardsScale), perChannel(towardsOffset)];
    },
  },
];
