import type { RandomStream } from "@featuremap/tensor";
import { type Extremes, type HostTensor, between, chance, draw, pick } from "./draw.ts";
import { type KernelCase, type Operation, inputOf } from "./operation.ts";

const EPSILONS = [1e-3, 1e-2];

/** `[rows, length]`, at times with enough rows for several tasks, at times far from zero. */
function drawRows(random: RandomStream, extremes: Extremes): HostTensor {
  const length = pick(random, [1, 2, 3, 4, 5, 7, 8, 31, 64, 257, chance(random, 0.1) ? 9001 : 12]);
  const rows = chance(random, 0.15) ? between(random, 20, 600) : between(random, 1, 9);
  const x = draw(random, [rows, length], "float32", extremes);
  const shift = chance(random, 0.3) ? 100 : 0;
  for (const [index, value] of x.values.entries()) x.values[index] = value + shift;
  return x;
}

interface RowMoments {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** Mean and variance of each row, computed in float64. */
function momentsOf({ shape, values }: HostTensor): RowMoments {
  const [rows = 0, length = 0] = shape;
  const [mean, variance] = [new Float32Array(rows), new Float32Array(rows)];
  for (let row = 0; row < rows; row++) {
    const part = Array.from(values.subarray(row * length, (row + 1) * length));
    const center = part.reduce((sum, value) => sum + value, 0) / length;
    mean[row] = center;
    variance[row] = part.reduce((sum, value) => sum + (value - center) ** 2, 0) / length;
  }
  return { mean, variance };
}

function tensorOf(values: Float32Array, shape: number[] = [values.length]): HostTensor {
  return { shape, dtype: "float32", values };
}

/** `(x - mean) / sqrt(variance + epsilon)`, element by element. */
function normalized(call: KernelCase, { mean, variance }: RowMoments): (index: number) => number {
  const { shape, values } = inputOf(call, "x");
  const epsilon = call.attrs["epsilon"] as number;
  const length = shape[1] ?? 1;
  return (index) => {
    const row = Math.floor(index / length);
    return ((values[index] ?? 0) - (mean[row] ?? 0)) / Math.sqrt((variance[row] ?? 0) + epsilon);
  };
}

/** Normalisation of rows by their own moments, which only this backend has kernels for. */
export const layerNormalization: readonly Operation[] = [
  {
    name: "LayerNorm",
    tolerance: 1e-5,
    generate(random) {
      const x = drawRows(random, "non-finite");
      const vectors = { scale: draw(random, x.shape.slice(1)), offset: draw(random, x.shape.slice(1)) };
      return { kernel: "LayerNorm", inputs: { x, ...vectors }, attrs: { epsilon: pick(random, EPSILONS) } };
    },
    reference: (call) => {
      const [x, scale, offset] = [inputOf(call, "x"), inputOf(call, "scale"), inputOf(call, "offset")];
      const moments = momentsOf(x);
      const at = normalized(call, moments);
      const length = x.shape[1] ?? 1;
      const y = Float32Array.from(x.values, (_, index) => {
        const column = index % length;
        return at(index) * (scale.values[column] ?? 0) + (offset.values[column] ?? 0);
      });
      return [tensorOf(y, x.shape), tensorOf(moments.mean), tensorOf(moments.variance)];
    },
  },
  {
    name: "LayerNormGrad",
    tolerance: 1e-5,
    generate(random) {
      const x = drawRows(random, "finite");
      const { mean, variance } = momentsOf(x);
      const inputs = {
        x,
        dy: draw(random, x.shape),
        scale: draw(random, x.shape.slice(1)),
        mean: tensorOf(mean),
        variance: tensorOf(variance),
      };
      return { kernel: "LayerNormGrad", inputs, attrs: { epsilon: pick(random, EPSILONS) } };
    },
    reference: (call) => {
      const [x, dy, scale] = [inputOf(call, "x"), inputOf(call, "dy"), inputOf(call, "scale")];
      const moments = { mean: inputOf(call, "mean").values, variance: inputOf(call, "variance").values } as RowMoments;
      const at = normalized(call, moments);
      const epsilon = call.attrs["epsilon"] as number;
      const [rows = 0, length = 0] = x.shape;
      const dx = new Float32Array(x.values.length);
      const [towardsScale, towardsOffset] = [new Float64Array(length), new Float64Array(length)];
      for (let row = 0; row < rows; row++) {
        const columns = Array.from({ length }, (_, column) => row * length + column);
        const g = columns.map((index, column) => (dy.values[index] ?? 0) * (scale.values[column] ?? 0));
        const mean = g.reduce((sum, value) => sum + value, 0) / length;
        const product = g.reduce((sum, value, column) => sum + value * at(row * length + column), 0) / length;
        for (const [column, index] of columns.entries()) {
          const slope = (g[column] ?? 0) - mean - at(index) * product;
          dx[index] = slope / Math.sqrt((moments.variance[row] ?? 0) + epsilon);
          towardsScale[column] = (towardsScale[column] ?? 0) + (dy.values[index] ?? 0) * at(index);
          towardsOffset[column] = (towardsOffset[column] ?? 0) + (dy.values[index] ?? 0);
        }
      }
      return [
        tensorOf(dx, x.shape),
        tensorOf(Float32Array.from(towardsScale)),
        tensorOf(Float32Array.from(towardsOffset)),
      ];
    },
  },
];
