import { type FixedShape, HostArray, RandomStream, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { CallContext, Layer } from "../layer/layer.ts";
import { deserializeLayer } from "../saving/serialization.ts";
import type { Weight } from "../layer/weight.ts";

interface ContractOptions {
  /** With the batch axis. */
  readonly inputShape: FixedShape;
}

const predicting: CallContext = { training: false };

/** The tests that every layer passes: shapes, config, weights, tensors, gradients. The parity suite holds it to Keras's numbers. */
export function checkLayerContract(make: () => Layer, { inputShape }: ContractOptions): void {
  const built = (): Layer => {
    const layer = make();
    layer.build([null, ...inputShape.slice(1)], new RandomStream(1));
    return layer;
  };

  test("gives the shape it promises", () => {
    const layer = built();
    const input = randomTensor(inputShape, 2);
    const output = tf.tidy(() => layer.call(input, predicting));
    expect(output.shape).toEqual(layer.outputShape(inputShape));
    expect(layer.computeOutputShape([null, ...inputShape.slice(1)])).toEqual([null, ...output.shape.slice(1)]);
    tf.dispose([input, output]);
    layer.dispose();
  });

  test("comes back from its own config", () => {
    const layer = built();
    const json: unknown = JSON.parse(JSON.stringify(layer.serialize()));
    const copy = deserializeLayer(json, "test");
    expect(copy).toBeInstanceOf(layer.constructor);
    copy.build([null, ...inputShape.slice(1)]);
    expect(JSON.parse(JSON.stringify(copy.serialize()))).toEqual(json);
    layer.dispose();
    copy.dispose();
  });

  test("computes the same once its weights are another's", async () => {
    const [layer, copy] = [built(), built()];
    const input = randomTensor(inputShape, 3);
    layer.setWeights(layer.weights.map((weight, index) => randomValues(weight, 10 + index)));
    copy.setWeights(await layer.getWeights());
    const [expected, actual] = tf.tidy(() => [layer.call(input, predicting), copy.call(input, predicting)]);
    expect(actual.dataSync()).toEqual(expected.dataSync());
    tf.dispose([input, expected, actual]);
    layer.dispose();
    copy.dispose();
  });

  test.each([false, true])("leaves no tensors behind, training: %s", (training) => {
    const before = tf.memory().numTensors;
    const layer = built();
    const input = randomTensor(inputShape, 4);
    tf.dispose(tf.tidy(() => layer.call(input, { training })));
    input.dispose();
    layer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("has the gradients that small steps show", () => {
    const layer = built();
    layer.setWeights(layer.weights.map((weight, index) => randomValues(weight, 20 + index)));
    checkGradients(layer, inputShape);
    layer.dispose();
  });
}

/** Gradients of `sum(output * upstream)`: for the input first, then for each weight. */
function lossGradients(layer: Layer, input: tf.Variable, upstream: tf.Tensor): tf.Tensor[] {
  const variables = [input, ...layer.weights.map(({ variable }) => variable)];
  const loss = (): tf.Scalar => tf.sum(tf.mul(layer.call(input, predicting), upstream));
  const { value, grads } = tf.variableGrads(loss, variables);
  value.dispose();
  return variables.map(({ name }) => grads[name] ?? tf.zeros([0]));
}

/** Compares each gradient with central differences, at a few elements of the input and of each weight that trains. */
function checkGradients(layer: Layer, inputShape: FixedShape): void {
  tf.tidy(() => {
    const input = tf.variable(randomTensor(inputShape, 5));
    const upstream = randomTensor(layer.outputShape(inputShape) as FixedShape, 6);
    const gradients = lossGradients(layer, input, upstream);
    const variables = [input, ...layer.weights.map(({ variable }) => variable)];
    variables.forEach((variable, index) => {
      // tf.variableGrads leaves these out.
      if (!variable.trainable) return;
      const gradient = gradients[index]?.dataSync() ?? new Float32Array();
      const picks = new RandomStream(7);
      for (let count = 0; count < 12; count++) {
        const element = picks.integer(variable.size);
        const slope = slopeAt(layer, input, upstream, variable, element);
        const scale = Math.max(1, Math.abs(slope));
        expect(Math.abs((gradient[element] ?? Number.NaN) - slope) / scale).toBeLessThan(1e-2);
      }
    });
    input.dispose();
  });
}

/** How the loss changes with one element; differences of outputs are summed in float64, as sums would cancel. */
function slopeAt(layer: Layer, input: tf.Variable, upstream: tf.Tensor, variable: tf.Variable, element: number) {
  const step = 1e-2;
  const start = variable.dataSync<"float32">().slice();
  const outputAt = (offset: number) => {
    const moved = start.slice();
    moved[element] = (start[element] ?? 0) + offset;
    variable.assign(tf.tensor(moved, variable.shape));
    return layer.call(input, predicting).dataSync<"float32">().slice();
  };
  const [above, below] = [outputAt(step), outputAt(-step)];
  variable.assign(tf.tensor(start, variable.shape));
  const weights = upstream.dataSync();
  return (
    above.reduce((sum, value, index) => sum + (value - (below[index] ?? 0)) * (weights[index] ?? 0), 0) / (2 * step)
  );
}

/** Values for a weight; a variance's are far enough from zero that no small step brings them there. */
function randomValues({ name, shape }: Weight, seed: number): HostArray<Float32Array> {
  const values = randomArray(shape, seed);
  return name.endsWith("variance")
    ? new HostArray(
        values.data.map((value) => Math.abs(value) + 0.5),
        shape,
      )
    : values;
}

function randomArray(shape: FixedShape, seed: number): HostArray<Float32Array> {
  const random = new RandomStream(seed);
  return new HostArray(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    shape,
  );
}

function randomTensor(shape: FixedShape, seed: number): tf.Tensor {
  return tf.tensor(randomArray(shape, seed).data, [...shape]);
}
