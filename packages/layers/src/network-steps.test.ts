import { HostArray, type FixedShape, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, test } from "vitest";
import golden from "./fixtures/network-steps.json" with { type: "json" };
import { deserializeModel } from "./serialization.ts";
import { useCpuBackend } from "./testing/cpu-backend.ts";
import { expectClose } from "./testing/golden.ts";

useCpuBackend();

/** The numbers that `counted` of `tooling/fixtures/layers.py` makes. */
function counted(shape: FixedShape, salt: number, scale: number): HostArray<Float32Array> {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, index) => {
    const hashed = Math.imul(index + salt * 1_000_003, 2_654_435_761) >>> 0;
    return (hashed / 2 ** 32 - 0.5) * scale;
  });
  return new HostArray(values, shape);
}

/** Allowed difference after a whole network. */
const networkTolerance = 1e-4;

describe("whole networks", () => {
  test.each(golden.map((entry) => [entry.name, entry] as const))(
    "give Keras's output, loss and weight gradients: %s",
    (name, expected) => {
      const model = deserializeModel(JSON.parse(expected.json));
      model.setWeights(
        model.weights.map(({ shape }, salt) => {
          const fanIn = shape.length > 1 ? sizeOf(shape.slice(0, -1)) : 100;
          return counted(shape, salt, 4 / Math.sqrt(fanIn));
        }),
      );
      tf.tidy(() => {
        const input = tf.tensor(counted([2, ...(model.inputShape.slice(1) as FixedShape)], 99, 2).data, [
          2,
          ...(model.inputShape.slice(1) as FixedShape),
        ]);
        const labels = tf.oneHot(tf.tensor1d([3, 7], "int32"), 10);
        const lossOf = (output: tf.Tensor): tf.Scalar => {
          const logProbabilities = name === "cifar" ? tf.logSoftmax(output) : tf.log(output);
          return tf.neg(tf.mean(tf.sum(tf.mul(labels, logProbabilities), 1)));
        };
        expectClose(model.predict(input), expected.output, networkTolerance);
        const variables = model.weights.map(({ variable }) => variable);
        const { value, grads } = tf.variableGrads(() => lossOf(model.call(input, { training: true })), variables);
        expectClose(value, expected.loss, networkTolerance);
        variables.forEach((variable, index) => {
          const gradient = grads[variable.name] ?? tf.zeros([0]);
          const { norm, first } = expected.gradients[index] ?? { norm: expected.loss, first: expected.loss };
          expectClose(tf.norm(gradient), norm, networkTolerance);
          expectClose(tf.slice(tf.reshape(gradient, [-1]), 0, 5), first, networkTolerance);
        });
      });
      model.dispose();
    },
    120_000,
  );
});
