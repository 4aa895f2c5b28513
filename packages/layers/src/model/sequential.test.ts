import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { Conv2D } from "../layers/convolutional/conv2d.ts";
import { Dense } from "../layers/core/dense.ts";
import { Dropout } from "../layers/regularization/dropout.ts";
import { Flatten } from "../layers/reshaping/flatten.ts";
import { Input } from "./input-layer.ts";
import { MaxPooling2D } from "../layers/pooling/max-pooling2d.ts";
import { Model } from "./model.ts";
import { Sequential } from "./sequential.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

const relu = { kernelSize: 3, activation: "relu" } as const;

/** N3: colour images of 32 x 32 pixels in 10 classes. */
function cifarLayers() {
  return [
    new Conv2D({ filters: 32, ...relu, inputShape: [32, 32, 3] }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, ...relu }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, ...relu }),
    new Flatten(),
    new Dense({ units: 64, activation: "relu" }),
    new Dense({ units: 10 }),
  ];
}

describe("Sequential", () => {
  test.for([
    ["an Input", () => new Sequential([Input({ shape: [4], name: "given" }), new Dense({ units: 1 })])],
    ["a layer's inputShape", () => new Sequential([new Dense({ units: 1, inputShape: [4] })])],
    ["a layer's batchInputShape", () => new Sequential([new Dense({ units: 1, batchInputShape: [null, 4] })])],
    ["a model as first layer", () => new Sequential([new Sequential([new Dense({ units: 1, inputShape: [4] })])])],
  ] as const)("takes its input shape from %s", ([, make]) => {
    const model = make();
    expect(model.built).toBe(true);
    expect(model.inputShape).toEqual([null, 4]);
    expect(model.countParams()).toBe(5);
    expect(model.layers).toHaveLength(1);
  });

  test("waits for its input shape until built or called", () => {
    const model = new Sequential([new Dense({ units: 1 })]);
    expect(model.built).toBe(false);
    expect(model.weights).toEqual([]);
    expect(model.computeOutputShape([null, 7])).toEqual([null, 1]);
    expect(() => model.inputShape).toThrow(
      /: the shape of its input is not known yet\. Give the first layer inputShape/,
    );
    const input = tf.ones([2, 7]);
    const output = model.predict(input);
    expect(model.inputShape).toEqual([null, 7]);
    expect(output.shape).toEqual([2, 1]);
    expect(() => model.build([null, 8])).toThrow(expect.objectContaining({ code: "SHAPE_MISMATCH" }));
    tf.dispose([input, output]);
    model.dispose();
  });

  test("starts alike from one seed however it was put together", async () => {
    const listed = new Sequential(cifarLayers(), { seed: 4 });
    const added = new Sequential([], { seed: 4 });
    for (const layer of cifarLayers()) added.add(layer);
    const late = new Sequential([Input({ shape: [32, 32, 3] })], { seed: 4 });
    for (const layer of cifarLayers()) late.add(layer);
    const functional = new Model({ inputs: late.inputs, outputs: late.outputs, seed: 4 });
    for (const model of [added, late, functional]) expect(await model.getWeights()).toEqual(await listed.getWeights());
  });

  test("grows and shrinks, and uses each layer once", () => {
    const model = new Sequential([new Dense({ units: 3, inputShape: [4] })]);
    model.add(new Dense({ units: 2 }));
    model.add(new Dense({ units: 1 }));
    expect(model.layers.map(({ name, nodes }) => [name, nodes.length])).toEqual([
      ["dense", 1],
      ["dense_1", 1],
      ["dense_2", 1],
    ]);
    const [, second, top] = model.layers;
    expect(model.pop()).toBe(top);
    expect(model.outputs).toEqual([second?.output]);
    expect(model.countParams()).toBe(15 + 8);
  });

  test("freezes layers that come later too", () => {
    const model = new Sequential([new Dense({ units: 3, inputShape: [4], trainable: false }), new Dense({ units: 2 })]);
    expect(model.trainableWeights).toEqual(model.layers[1]?.weights);
  });

  test("freezes all its layers before it is built", () => {
    const model = new Sequential([new Dense({ units: 3 })]);
    model.trainable = false;
    model.build([null, 4]);
    expect(model.layers.map(({ trainable }) => trainable)).toEqual([false]);
    expect(model.nonTrainableWeights).toHaveLength(2);
  });

  test("drops with masks of the model's seed", () => {
    const outputs = [1, 1, 2].map((seed) => {
      const model = new Sequential([new Dropout({ rate: 0.5, inputShape: [50] })], { seed });
      const output = tf.tidy(() => model.call(tf.ones([1, 50]), { training: true }));
      const values = [...output.dataSync()];
      output.dispose();
      return values;
    });
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).not.toEqual(outputs[0]);
  });

  test.for([
    ["the same layer twice", () => new Sequential([twice, twice])],
    ["an input after layers", () => new Sequential([new Flatten(), Input({ shape: [3] })])],
    [
      "two names alike",
      () => new Sequential([new Flatten({ name: "a", inputShape: [1] }), new Flatten({ name: "a" })]),
    ],
    ["taking off what is not there", () => new Sequential().pop()],
    ["building without layers", () => new Sequential().build([null, 1])],
  ] as const)("rejects %s", ([, make]) => {
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
  });

  test("rejects layers that do not fit each other, naming the second", () => {
    const layers = [new Dense({ units: 3, inputShape: [4] }), new Conv2D({ filters: 1, kernelSize: 3, name: "late" })];
    expect(() => new Sequential(layers)).toThrow(/^late: input must be \(batch, height, width, channels\)/);
  });
});

const twice = new Flatten();
