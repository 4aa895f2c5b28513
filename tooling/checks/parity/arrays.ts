import { HostArray, type NestedNumbers } from "@featuremap/tensor";
import type { NumberArray, Origin } from "@featuremap/testing/closeness";
import type { Precision } from "@featuremap/testing/tolerances";
import * as tf from "@tensorflow/tfjs-core";

/** What Keras gave, under the name that a failing test tells. */
export interface ExpectedArray extends NumberArray, Origin {
  readonly name: string;
  readonly precision: Precision;
}

export function expected(name: string, array: NumberArray, precision: Precision = "operation"): ExpectedArray {
  return { name, precision, shape: array.shape, values: array.values };
}

/** The same for each of a list. */
export function expectedEach(
  name: string,
  arrays: readonly NumberArray[],
  precision: Precision = "operation",
): ExpectedArray[] {
  return arrays.map((array, index) => expected(`${name} ${index}`, array, precision));
}

/** Weights that have moved from where they started. */
export function expectedMoves(
  name: string,
  weights: readonly NestedNumbers[],
  starts: readonly NestedNumbers[],
  precision: Precision = "operation",
): ExpectedArray[] {
  return expectedEach(name, weights.map(arrayOf), precision).map((array, index) => ({
    ...array,
    start: arrayOf(starts[index] ?? Number.NaN),
  }));
}

/** Nested numbers as an array. */
export function arrayOf(nested: NestedNumbers): NumberArray {
  const { data, shape } = HostArray.from(nested);
  return { shape, values: Array.from(data) };
}

export function hostArrayOf({ values, shape }: NumberArray): HostArray<Float32Array> {
  return new HostArray(Float32Array.from(values), shape);
}

/** Labels stay integers where they were integers in Keras. */
export function labelsOf(nested: NestedNumbers, integers: boolean): HostArray {
  const { data, shape } = HostArray.from(nested);
  return new HostArray(integers ? Int32Array.from(data) : data, shape);
}

export function tensorOf({ values, shape }: NumberArray): tf.Tensor {
  return tf.tensor(Float32Array.from(values), [...shape], "float32");
}

/** Values and shapes of tensors, which are disposed with all that was made on the way. */
export async function read(make: () => readonly tf.Tensor[]): Promise<NumberArray[]> {
  // A layer may give its input itself, or one tensor twice, or a weight.
  const tensors = tf.tidy(() => make().map((tensor) => tf.clone(tensor)));
  // A page reads WebGPU's tensors asynchronously.
  const arrays = await Promise.all(
    tensors.map(async (tensor) => ({ shape: tensor.shape, values: Array.from(await tensor.data<"float32">()) })),
  );
  tf.dispose(tensors);
  return arrays;
}

/** Gradients of a scalar by variables, in their order; zeros for those that it does not depend on. */
export function gradientsOf(loss: () => tf.Scalar, variables: readonly tf.Variable[]): tf.Tensor[] {
  const { grads } = tf.variableGrads(loss, [...variables]);
  return variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
}
