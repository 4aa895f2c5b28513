import { deserializeModel } from "@featuremap/layers";
import { type FixedShape, HostArray, sizeOf } from "@featuremap/tensor";
import type { NumberArray } from "@featuremap/testing/closeness";
import * as tf from "@tensorflow/tfjs-core";
import { type ExpectedArray, expected, gradientsOf, read } from "./arrays.ts";

/** What Keras gave for a network whose weights and inputs are counted out, so that no file need hold them. */
export interface GoldenNetwork {
  readonly name: string;
  /** Keras's JSON. */
  readonly json: string;
  readonly output: NumberArray;
  /** Categorical cross-entropy with labels 3 and 7. */
  readonly loss: NumberArray;
  /** Of each weight: its Euclidean norm, and its first elements. */
  readonly gradients: readonly { readonly norm: NumberArray; readonly first: NumberArray }[];
}

export function expectedOfNetwork({ output, loss, gradients }: GoldenNetwork): ExpectedArray[] {
  return [
    expected("output", output, "steps"),
    expected("loss", loss, "steps"),
    ...gradients.flatMap(({ norm, first }, index) => [
      expected(`norm of the gradient of weight ${index}`, norm, "steps"),
      expected(`first elements of the gradient of weight ${index}`, first, "steps"),
    ]),
  ];
}

export async function measureNetwork(golden: GoldenNetwork): Promise<NumberArray[]> {
  const model = deserializeModel(JSON.parse(golden.json));
  model.setWeights(
    model.weights.map(({ shape }, salt) => {
      const fanIn = shape.length > 1 ? sizeOf(shape.slice(0, -1)) : 100;
      return counted(shape, salt, 4 / Math.sqrt(fanIn));
    }),
  );
  const arrays = await read(() => {
    const shape = [2, ...(model.inputShape.slice(1) as FixedShape)];
    const input = tf.tensor(counted(shape, 99, 2).data, shape);
    const labels = tf.oneHot(tf.tensor1d([3, 7], "int32"), 10);
    const lossOf = (output: tf.Tensor): tf.Scalar => {
      const logProbabilities = golden.name === "cifar" ? tf.logSoftmax(output) : tf.log(output);
      return tf.neg(tf.mean(tf.sum(tf.mul(labels, logProbabilities), 1)));
    };
    const output = model.predict(input);
    const variables = model.weights.map(({ variable }) => variable);
    const gradients = gradientsOf(() => lossOf(model.call(input, { training: true })), variables);
    return [
      output,
      lossOf(output),
      ...gradients.flatMap((gradient) => [tf.norm(gradient), tf.slice(tf.reshape(gradient, [-1]), 0, 5)]),
    ];
  });
  model.dispose();
  return arrays;
}

/** The numbers that `counted` of `tooling/fixtures/layers/models.py` makes. */
function counted(shape: FixedShape, salt: number, scale: number): HostArray<Float32Array> {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
    const hashed = Math.imul(index + salt * 1_000_003, 2_654_435_761) >>> 0;
    return (hashed / 2 ** 32 - 0.5) * scale;
  });
  return new HostArray(values, shape);
}
