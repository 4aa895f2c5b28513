import { type FixedShape, RandomStream, sizeOf } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import type { CallContext, Layer } from "../layer/layer.ts";
import { Input } from "../model/input-layer.ts";
import { Model } from "../model/model.ts";
import { deserializeLayer, deserializeModel } from "../saving/serialization.ts";

const predicting: CallContext = { training: false };

/** The tests that every layer of several inputs passes: shapes, config, tensors, gradients, models. */
export function checkMergingContract(
  make: () => Layer,
  { inputShapes }: { readonly inputShapes: readonly FixedShape[] },
): void {
  const open = inputShapes.map((shape) => [null, ...shape.slice(1)]);
  const call = (layer: Layer, inputs: readonly tf.Tensor[]): tf.Tensor => {
    const [output = tf.zeros([0])] = layer.callAll(inputs, predicting);
    return output;
  };

  test("gives the shape it promises, and leaves no tensors behind", () => {
    const before = tf.memory().numTensors;
    const layer = make();
    layer.buildAll(open);
    const output = tf.tidy(() => call(layer, inputShapes.map(randomTensor)));
    expect(layer.inferShapes(inputShapes)).toEqual([output.shape]);
    expect(layer.inferShapes(open)).toEqual([[null, ...output.shape.slice(1)]]);
    output.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test("comes back from its own config", () => {
    const layer = make();
    layer.buildAll(open);
    const json: unknown = JSON.parse(JSON.stringify(layer.serialize()));
    const copy = deserializeLayer(json, "test");
    expect(copy).toBeInstanceOf(layer.constructor);
    copy.buildAll(open);
    expect(JSON.parse(JSON.stringify(copy.serialize()))).toEqual(json);
  });

  test("stands in a model that is saved and loaded", () => {
    const ends = inputShapes.map((shape) => Input({ shape: shape.slice(1) }));
    const model = new Model({ inputs: ends, outputs: make().apply(ends) });
    const json: unknown = JSON.parse(JSON.stringify(model.serialize()));
    const copy = deserializeModel(json);
    expect(JSON.parse(JSON.stringify(copy.serialize()))).toEqual(json);
    tf.tidy(() => {
      const inputs = inputShapes.map(randomTensor);
      const [expected, actual] = [model.predictAll(inputs)[0], copy.predictAll(inputs)[0]];
      expect(actual?.dataSync()).toEqual(expected?.dataSync());
    });
  });

  test("has the gradients that small steps show", () => {
    tf.tidy(() => {
      const layer = make();
      const inputs = inputShapes.map(randomTensor);
      const upstream = randomTensor(layer.inferShapes(inputShapes)[0] as FixedShape, 9);
      const lossOf = (tensors: readonly tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(call(layer, tensors), upstream));
      const gradients = tf.grads((...tensors: tf.Tensor[]) => lossOf(tensors))(inputs);
      inputs.forEach((input, place) => {
        const [values, slopes] = [input.dataSync<"float32">(), gradients[place]?.dataSync() ?? []];
        for (let element = 0; element < input.size; element += Math.ceil(input.size / 6)) {
          const at = (offset: number): number => {
            const moved = values.slice();
            moved[element] = (values[element] ?? 0) + offset;
            const all = inputs.map((other, index) => (index === place ? tf.tensor(moved, input.shape) : other));
            return lossOf(all).dataSync()[0] ?? Number.NaN;
          };
          const slope = (at(1e-2) - at(-1e-2)) / 2e-2;
          expect(Math.abs((slopes[element] ?? Number.NaN) - slope) / Math.max(1, Math.abs(slope))).toBeLessThan(1e-2);
        }
      });
    });
  });
}

function randomTensor(shape: FixedShape, seed: number): tf.Tensor {
  const random = new RandomStream(100 + seed);
  return tf.tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
    [...shape],
  );
}
