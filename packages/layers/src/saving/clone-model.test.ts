import { useBackend } from "@featuremap/testing/backend";
import { HostArray, type Shape } from "@featuremap/tensor";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Dense } from "../layers/core/dense.ts";
import { Flatten } from "../layers/reshaping/flatten.ts";
import { GlobalAveragePooling2D } from "../layers/pooling/global/global-average-pooling2d.ts";
import { Input } from "../model/input-layer.ts";
import { Layer } from "../layer/layer.ts";
import { Model } from "../model/model.ts";
import { Sequential } from "../model/sequential.ts";
import { cloneModel } from "./clone-model.ts";

useBackend();

const pictures = new HostArray(
  Float32Array.from({ length: 2 * 64 }, (_, index) => Math.sin(index)),
  [2, 8, 8, 1],
);

function functional(shape = [8, 8, 1]): Model {
  const input = Input({ shape });
  const maps = new Conv2D({ filters: 3, kernelSize: 3, activation: "relu" }).apply(input);
  const features = new GlobalAveragePooling2D().apply(maps);
  return new Model({ inputs: input, outputs: new Dense({ units: 2 }).apply(features), seed: 3 });
}

const stack = (inputShape?: readonly number[]): Sequential =>
  new Sequential([new Conv2D({ filters: 2, kernelSize: 3, ...(inputShape && { inputShape }) }), new Flatten()]);

const answers = (model: Model, images = pictures): readonly number[] =>
  tf.tidy(() => [...model.predict(images).dataSync()]);

describe("cloneModel", () => {
  test("gives layers of their own, which compute the same with the same weights", async () => {
    const model = functional();
    const copy = cloneModel(model);
    expect(copy.layers.map(({ name }) => name)).toEqual(model.layers.map(({ name }) => name));
    expect(copy.layers.some((layer) => model.layers.includes(layer))).toBe(false);
    const own = answers(model);
    expect(answers(copy)).not.toEqual(own);
    copy.setWeights(await model.getWeights());
    expect(answers(copy)).toEqual(own);
    for (const used of [model, copy]) used.dispose();
  });

  test("takes the weights over to pictures of another size", async () => {
    const model = functional();
    const copy = cloneModel(model, { inputShape: [5, null, 1] });
    copy.setWeights(await model.getWeights());
    expect(copy.input.shape).toEqual([null, 5, null, 1]);
    expect(model.input.shape).toEqual([null, 8, 8, 1]);
    const part = new HostArray(pictures.data.slice(0, 5 * 8), [1, 5, 8, 1]);
    const built = functional([5, 8, 1]);
    built.setWeights(await model.getWeights());
    expect(answers(copy, part)).toEqual(answers(built, part));
    for (const used of [model, copy, built]) used.dispose();
  });

  test("changes the size of a Sequential, and gives one to a Sequential that has none", () => {
    expect(cloneModel(stack([8, 8, 1]), { inputShape: [5, 4, 1] }).output.shape).toEqual([null, 12]);
    expect(cloneModel(stack(), { inputShape: [5, 4, 1] }).output.shape).toEqual([null, 12]);
    expect(cloneModel(stack()).weights).toEqual([]);
  });

  test.each([
    ["one length less", functional(), [8, 8], "inputShape must be 3 lengths, as the model's own, received [8, 8]"],
    ["words", functional(), "8x8", 'inputShape must be a list of lengths and nulls, received "8x8"'],
    ["a picture too small", functional(), [2, 2, 1], "conv2d"],
    [
      "a model inside",
      new Sequential([functional(), new Dense({ units: 1 })]),
      [9, 9, 1],
      "inputShape must be left out where a model is inside; clone that one",
    ],
    [
      "two inputs",
      (() => {
        const inputs = [Input({ shape: [2] }), Input({ shape: [2] })];
        return new Model({ inputs, outputs: inputs.map((input) => new Dense({ units: 1 }).apply(input)) });
      })(),
      [3],
      "inputShape must be left out for a model of several inputs",
    ],
  ])("refuses %s", (_, model, inputShape, message) => {
    expect(() => cloneModel(model, { inputShape: inputShape as number[] })).toThrow(message);
  });

  test("says where a layer of the user's own is to be registered", () => {
    class Own extends Layer {
      override outputShape(shape: Shape) {
        return shape;
      }
      override call(x: tf.Tensor) {
        return x;
      }
    }
    const model = new Sequential([new Dense({ units: 1, inputShape: [2] }), new Own({})]);
    expect(() => cloneModel(model)).toThrow("registerKerasSerializable");
    expect(() => cloneModel({} as Model)).toThrow("model must be a Model or Sequential");
  });
});
