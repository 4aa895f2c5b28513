import { layerNorm, layerNormGrad, tolerance } from "../contract/layer-normalization.ts";
import { type HostTensor, floats } from "./host-tensor.ts";
import { type Reference, reference } from "./reference.ts";

export const layerNormalizationReferences: readonly Reference[] = [
  reference<typeof layerNorm>(layerNorm, tolerance, ({ x, scale, offset }, { epsilon }) => {
    const [mean, variance] = momentsOf(x);
    const normalized = normalizedBy(x, mean, variance, epsilon);
    const length = x.shape[1] ?? 1;
    const y = Float64Array.from(x.values, (_, index) => {
      const column = index % length;
      return normalized(index) * (scale.values[column] ?? 0) + (offset.values[column] ?? 0);
    });
    return [floats(y, x.shape), mean, variance];
  }),
  reference<typeof layerNormGrad>(layerNormGrad, tolerance, ({ dy, x, scale, mean, variance }, { epsilon }) => {
    const normalized = normalizedBy(x, mean, variance, epsilon);
    const [rows = 0, length = 0] = x.shape;
    const dx = new Float64Array(x.values.length);
    const [towardsScale, towardsOffset] = [new Float64Array(length), new Float64Array(length)];
    for (let row = 0; row < rows; row++) {
      const columns = Array.from({ length }, (_, column) => row * length + column);
      const g = columns.map((index, column) => (dy.values[index] ?? 0) * (scale.values[column] ?? 0));
      const average = g.reduce((sum, value) => sum + value, 0) / length;
      const product = g.reduce((sum, value, column) => sum + value * normalized(row * length + column), 0) / length;
      for (const [column, index] of columns.entries()) {
        const slope = (g[column] ?? 0) - average - normalized(index) * product;
        dx[index] = slope / Math.sqrt((variance.values[row] ?? 0) + epsilon);
        towardsScale[column] = (towardsScale[column] ?? 0) + (dy.values[index] ?? 0) * normalized(index);
        towardsOffset[column] = (towardsOffset[column] ?? 0) + (dy.values[index] ?? 0);
      }
    }
    return [floats(dx, x.shape), floats(towardsScale), floats(towardsOffset)];
  }),
];

/** Mean and variance of each row. */
export function momentsOf({ shape, values }: HostTensor): [mean: HostTensor, variance: HostTensor] {
  const [rows = 0, length = 0] = shape;
  const [mean, variance] = [new Float64Array(rows), new Float64Array(rows)];
  for (let row = 0; row < rows; row++) {
    const part = Array.from(values.subarray(row * length, (row + 1) * length));
    const center = part.reduce((sum, value) => sum + value, 0) / length;
    mean[row] = center;
    variance[row] = part.reduce((sum, value) => sum + (value - center) ** 2, 0) / length;
  }
  return [floats(mean), floats(variance)];
}

/** `(x - mean) / sqrt(variance + epsilon)`, element by element. */
function normalizedBy(
  x: HostTensor,
  mean: HostTensor,
  variance: HostTensor,
  epsilon: number,
): (index: number) => number {
  const length = x.shape[1] ?? 1;
  return (index) => {
    const row = Math.floor(index / length);
    return ((x.values[index] ?? 0) - (mean.values[row] ?? 0)) / Math.sqrt((variance.values[row] ?? 0) + epsilon);
  };
}
