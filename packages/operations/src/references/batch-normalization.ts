import {
  channelMoments,
  fusedBatchNormGrad,
  gradientTolerance,
  momentsTolerance,
} from "../contract/batch-normalization.ts";
import { type HostTensor, floats } from "./host-tensor.ts";
import { type Reference, reference } from "./reference.ts";

export const batchNormalizationReferences: readonly Reference[] = [
  reference(channelMoments, momentsTolerance, ({ x }) => momentsOf(x)),
  reference<typeof fusedBatchNormGrad>(
    fusedBatchNormGrad,
    gradientTolerance,
    ({ dy, x, mean, variance, scale }, { varianceEpsilon }) => {
      const channels = x.shape.at(-1) ?? 1;
      const rows = x.values.length / channels;
      const inverse = Float64Array.from(variance.values, (value) => 1 / Math.sqrt(value + varianceEpsilon));
      const normalized = (index: number, channel: number): number =>
        ((x.values[index] ?? 0) - (mean.values[channel] ?? 0)) * (inverse[channel] ?? 0);
      const towardsOffset = sumsOf(dy, (index) => dy.values[index] ?? 0);
      const towardsScale = sumsOf(dy, (index, channel) => (dy.values[index] ?? 0) * normalized(index, channel));
      const dx = Float64Array.from(dy.values, (value, index) => {
        const channel = index % channels;
        const factor = (inverse[channel] ?? 0) * (scale?.values[channel] ?? 1);
        const shared = (towardsOffset[channel] ?? 0) + normalized(index, channel) * (towardsScale[channel] ?? 0);
        return factor * (value - shared / rows);
      });
      return [floats(dx, x.shape), floats(towardsScale), floats(towardsOffset)];
    },
  ),
];

/** Mean and variance of each channel. */
export function momentsOf(x: HostTensor): [mean: HostTensor, variance: HostTensor] {
  const rows = x.values.length / (x.shape.at(-1) ?? 1);
  const at = (index: number): number => x.values[index] ?? Number.NaN;
  const mean = sumsOf(x, at).map((sum) => sum / rows);
  const variance = sumsOf(x, (index, channel) => (at(index) - (mean[channel] ?? 0)) ** 2).map((sum) => sum / rows);
  return [floats(mean), floats(variance)];
}

/** Sums over the rows of each channel. */
function sumsOf(x: HostTensor, value: (index: number, channel: number) => number): Float64Array {
  const channels = x.shape.at(-1) ?? 1;
  const sums = new Float64Array(channels);
  for (let index = 0; index < x.values.length; index++) {
    const channel = index % channels;
    sums[channel] = (sums[channel] ?? 0) + value(index, channel);
  }
  return sums;
}
