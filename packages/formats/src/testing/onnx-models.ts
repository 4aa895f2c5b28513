import type { Layer, Model } from "@featuremap/layers";
import { HostArray, RandomStream, type Shape, sizeOf } from "@featuremap/tensor";

/** Values that differ everywhere, alike in each run. */
export function someValues(shape: readonly number[], seed = 1, scale = 1): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  return new HostArray(
    Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-scale, scale)),
    shape,
  );
}

/** Inputs for a model, of two examples. */
export function someInputs(model: Model, open = 7): readonly HostArray<Float32Array>[] {
  return model.inputs.map(({ shape }: { readonly shape: Shape }, index) =>
    someValues(
      shape.map((length, axis) => length ?? (axis === 0 ? 2 : open)),
      index + 5,
    ),
  );
}

/** Gives every weight values of its own; variances stay above 0. */
export function fillWeights(layer: Layer, seed = 3): void {
  for (const [index, weight] of layer.weights.entries()) {
    const values = someValues(weight.shape, seed + index, 0.5);
    const isVariance = weight.name.includes("variance");
    weight.assign(new HostArray(isVariance ? values.data.map((value) => value + 1) : values.data, values.shape));
  }
}

/** Row-major numbers and their lengths. */
interface Numbers {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** How far two arrays are apart, relative to the largest value. */
export function farthest(a: Numbers, b: Numbers): number {
  if (a.shape.join() !== b.shape.join()) return Number.POSITIVE_INFINITY;
  const values = Array.from(a.data);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  const difference = values.reduce((most, value, index) => Math.max(most, Math.abs(value - (b.data[index] ?? 0))), 0);
  return difference / largest;
}

/** What a model predicts, output by output. */
export async function predictAll(
  model: Model,
  inputs: readonly HostArray<Float32Array>[],
): Promise<readonly HostArray<Float32Array>[]> {
  const outputs = model.predictAll(inputs);
  const arrays: HostArray<Float32Array>[] = [];
  for (const output of outputs) {
    arrays.push(new HostArray(Float32Array.from(await output.data()), output.shape));
    output.dispose();
  }
  return arrays;
}
