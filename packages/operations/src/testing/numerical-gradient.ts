import { RandomStream, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { registerGradients } from "../gradients/register-gradients.ts";

/** A function of tensors, to be differentiated by each of them. */
export type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor;

export interface CheckOptions {
  /** Half of the distance between the two inner points; kinks and jumps must be further than twice this away. */
  readonly step?: number;
  /** Largest difference, relative to the derivative or to 1. */
  readonly tolerance?: number;
}

/**
 * Compares `tf.grads` with differences, element by element, and tells where they disagree; disposes the inputs.
 *
 * The loss is the sum of the outputs with fixed random weights. Its slope by each element comes from four points,
 * `(8 (L(h) - L(-h)) - (L(2h) - L(-2h))) / 12h`, whose error is of fourth order: the step can be wide enough for
 * float32, where a difference loses `1e-7 / h`.
 */
export function gradientMismatches(
  f: TensorFunction,
  inputs: readonly tf.Tensor[],
  options: CheckOptions = {},
): string[] {
  registerGradients();
  try {
    return tf.tidy(() => {
      const weights = randomWeights(f(...inputs).shape);
      const loss = (...values: tf.Tensor[]): number => dot(f(...values).dataSync(), weights.dataSync());
      const gradients = tf.grads((...values: tf.Tensor[]) => f(...values))([...inputs], weights);
      return mismatches(gradients, inputs, loss, options);
    });
  } finally {
    tf.dispose([...inputs]);
  }
}

/**
 * The same for variables, which `f` reads from where they are: a layer's weights, say. They keep their values.
 *
 * @returns where they disagree; what is not trained is left out
 */
export function variableGradientMismatches(
  f: () => tf.Tensor,
  variables: readonly tf.Variable[],
  options: CheckOptions = {},
): string[] {
  const starts = variables.map((variable) => tf.clone(variable));
  const put = (values: readonly tf.Tensor[]): void =>
    variables.forEach((variable, index) => variable.assign(values[index] ?? variable));
  registerGradients();
  try {
    return tf.tidy(() => {
      const weights = randomWeights(f().shape);
      const { grads } = tf.variableGrads(() => tf.sum(tf.mul(f(), weights)), [...variables]);
      return mismatches(
        variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable)),
        starts,
        (...values) => {
          put(values);
          return dot(f().dataSync(), weights.dataSync());
        },
        options,
      );
    });
  } finally {
    put(starts);
    tf.dispose(starts);
  }
}

/** Distinct values at equal distances in random order, none closer to zero or to another than half of a distance. */
export function distinctValues(shape: readonly number[], low = -2, high = 2, seed = 1): tf.Tensor {
  const count = sizeOf([...shape]);
  const order = new RandomStream(seed).permutation(count);
  // An even number of steps keeps zero, in the middle, between two values.
  const steps = count + (count % 2);
  const values = Float32Array.from(order, (place) => low + ((place + 0.5) * (high - low)) / steps);
  return tf.tensor(values, [...shape], "float32");
}

/** Registers gradients that note that they were used, and gives the names of those that never were. */
export function watchGradients(gradients: readonly tf.GradConfig[]): () => string[] {
  const unused = new Set(gradients.map(({ kernelName }) => kernelName));
  for (const gradient of gradients) {
    const original = gradient.gradFunc;
    gradient.gradFunc = (...args) => {
      unused.delete(gradient.kernelName);
      return original(...args);
    };
  }
  return () => [...unused];
}

/** Compares gradients of a loss with its slope by each element of each input. */
function mismatches(
  gradients: readonly tf.Tensor[],
  inputs: readonly tf.Tensor[],
  loss: (...values: tf.Tensor[]) => number,
  { step = 0.01, tolerance = 2e-3 }: CheckOptions,
): string[] {
  return gradients.flatMap((gradient, which) => {
    const at = (index: number, change: number): number =>
      tf.tidy(() => loss(...inputs.map((input, other) => (other === which ? moved(input, index, change) : input))));
    return [...gradient.dataSync()].flatMap((received, index) => {
      const expected =
        (8 * (at(index, step) - at(index, -step)) - (at(index, 2 * step) - at(index, -2 * step))) / (12 * step);
      const close = Math.abs(received - expected) <= tolerance * Math.max(1, Math.abs(expected));
      return close ? [] : [`input ${which}, element ${index}: ${received}, by differences ${expected}`];
    });
  });
}

function randomWeights(shape: readonly number[]): tf.Tensor {
  const stream = new RandomStream(7);
  return tf.tensor(
    Float32Array.from(
      { length: sizeOf([...shape]) },
      () => stream.uniform(0.5, 1.5) * (stream.integer(2) === 0 ? -1 : 1),
    ),
    [...shape],
  );
}

function dot(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
}

/** The same values but for one element. */
function moved(input: tf.Tensor, index: number, change: number): tf.Tensor {
  const values = Float32Array.from(input.dataSync());
  values[index] = (values[index] ?? 0) + change;
  return tf.tensor(values, input.shape, "float32");
}
