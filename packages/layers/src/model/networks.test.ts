import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import {
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  MaxPooling2D,
  Model,
  Rescaling,
  Sequential,
} from "../index.ts";
import { registerGradients } from "@featuremap/operations";
import { useBackend } from "@featuremap/testing/backend";

useBackend(registerGradients);

/** Each layer's output without the batch axis, and its number of parameters. */
function rows(model: Model): (readonly [shape: readonly (number | null)[], parameters: number])[] {
  return model.layers.map((layer) => [layer.output.shape.slice(1), layer.countParams()]);
}

test("N1 reads handwritten digits, in the functional style", () => {
  const inputs = Input({ shape: [28, 28, 1] });
  let x = new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }).apply(inputs);
  x = new MaxPooling2D({ poolSize: 2 }).apply(x);
  x = new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }).apply(x);
  x = new MaxPooling2D({ poolSize: 2 }).apply(x);
  x = new Conv2D({ filters: 128, kernelSize: 3, activation: "relu" }).apply(x);
  x = new Flatten().apply(x);
  const outputs = new Dense({ units: 10, activation: "softmax" }).apply(x);
  const model = new Model({ inputs, outputs });

  expect(rows(model)).toEqual([
    [[28, 28, 1], 0],
    [[26, 26, 32], 320],
    [[13, 13, 32], 0],
    [[11, 11, 64], 18_496],
    [[5, 5, 64], 0],
    [[3, 3, 128], 73_856],
    [[1152], 0],
    [[10], 11_530],
  ]);
  expect(model.countParams()).toBe(104_202);
  expect(model.computeOutputShape([64, 28, 28, 1])).toEqual([64, 10]);
  model.dispose();
});

test("N2 shows 8 filters of its first layer, and 8 feature maps through a part of itself", async () => {
  const model = new Sequential([
    Input({ shape: [28, 28, 1] }),
    new Conv2D({ filters: 8, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D({ poolSize: 2 }),
    new Flatten(),
    new Dense({ units: 10, activation: "softmax" }),
  ]);
  expect(rows(model)).toEqual([
    [[26, 26, 8], 80],
    [[13, 13, 8], 0],
    [[1352], 0],
    [[10], 13_530],
  ]);
  expect(model.summary()).toContain("Total params: 13,610");

  const [filters] = await model.getLayer(0).getWeights();
  expect(filters?.shape).toEqual([3, 3, 1, 8]);
  const firstLayer = new Model({ inputs: model.inputs, outputs: model.getLayer(0).output });
  const image = tf.ones([1, 28, 28, 1]);
  const maps = firstLayer.predict(image);
  expect(maps.shape).toEqual([1, 26, 26, 8]);
  tf.dispose([image, maps]);
  model.dispose();
});

test("N3 tells ten kinds of small colour images apart, layer added to layer", () => {
  const model = new Sequential();
  model.add(new Conv2D({ filters: 32, kernelSize: [3, 3], activation: "relu", inputShape: [32, 32, 3] }));
  model.add(new MaxPooling2D({ poolSize: [2, 2] }));
  model.add(new Conv2D({ filters: 64, kernelSize: [3, 3], activation: "relu" }));
  model.add(new MaxPooling2D({ poolSize: [2, 2] }));
  model.add(new Conv2D({ filters: 64, kernelSize: [3, 3], activation: "relu" }));
  model.add(new Flatten());
  model.add(new Dense({ units: 64, activation: "relu" }));
  model.add(new Dense({ units: 10 }));

  expect(rows(model)).toEqual([
    [[30, 30, 32], 896],
    [[15, 15, 32], 0],
    [[13, 13, 64], 18_496],
    [[6, 6, 64], 0],
    [[4, 4, 64], 36_928],
    [[1024], 0],
    [[64], 65_600],
    [[10], 650],
  ]);
  expect(model.countParams()).toBe(122_570);
  model.dispose();
});

test("N4 tells flowers apart, and scales their pixels itself", () => {
  const [height, width, classes] = [180, 180, 5];
  const model = new Sequential([
    new Rescaling({ scale: 1 / 255, inputShape: [height, width, 3] }),
    new Conv2D({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 32, kernelSize: 3, padding: "same", activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, kernelSize: 3, padding: "same", activation: "relu" }),
    new MaxPooling2D(),
    new Flatten(),
    new Dense({ units: 128, activation: "relu" }),
    new Dense({ units: classes }),
  ]);
  expect(rows(model)).toEqual([
    [[180, 180, 3], 0],
    [[180, 180, 16], 448],
    [[90, 90, 16], 0],
    [[90, 90, 32], 4640],
    [[45, 45, 32], 0],
    [[45, 45, 64], 18_496],
    [[22, 22, 64], 0],
    [[30_976], 0],
    [[128], 3_965_056],
    [[5], 645],
  ]);
  expect(model.countParams()).toBe(3_989_285);
  model.dispose();
});

test("N5 judges portraits, and knows its shapes before its weights are there", () => {
  const model = new Sequential([
    new Conv2D({ filters: 32, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new Dropout({ rate: 0.5 }),
    new Conv2D({ filters: 64, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new Dropout({ rate: 0.5 }),
    new Conv2D({ filters: 128, kernelSize: [3, 3], padding: "same", activation: "relu" }),
    new MaxPooling2D({ poolSize: [2, 2] }),
    new Conv2D({ filters: 256, kernelSize: [3, 3], padding: "same", activation: "relu" }),
  ]);
  expect(model.computeOutputShape([null, 64, 64, 3])).toEqual([null, 8, 8, 256]);
  model.add(new GlobalAveragePooling2D());
  expect(model.computeOutputShape([null, 64, 64, 3])).toEqual([null, 256]);
  model.add(new Dense({ units: 1, activation: "sigmoid" }));
  expect(model.built).toBe(false);

  model.build([null, 64, 64, 3]);
  expect(rows(model)).toEqual([
    [[64, 64, 32], 896],
    [[32, 32, 32], 0],
    [[32, 32, 32], 0],
    [[32, 32, 64], 18_496],
    [[16, 16, 64], 0],
    [[16, 16, 64], 0],
    [[16, 16, 128], 73_856],
    [[8, 8, 128], 0],
    [[8, 8, 256], 295_168],
    [[256], 0],
    [[1], 257],
  ]);
  expect(model.countParams()).toBe(388_673);
  model.dispose();
});

test("N6 tells dogs from cats, in photographs of any size", () => {
  const model = new Sequential([
    Input({ shape: [null, null, 3] }),
    new Rescaling({ scale: 1 / 255 }),
    new Conv2D({ filters: 32, kernelSize: 3, activation: "relu" }),
    new MaxPooling2D(),
    new Conv2D({ filters: 64, kernelSize: 3, activation: "relu" }),
    new GlobalAveragePooling2D(),
    new Dropout({ rate: 0.5 }),
    new Dense({ units: 1, activation: "sigmoid" }),
  ]);
  expect(rows(model)).toEqual([
    [[null, null, 3], 0],
    [[null, null, 32], 896],
    [[null, null, 32], 0],
    [[null, null, 64], 18_496],
    [[64], 0],
    [[64], 0],
    [[1], 65],
  ]);
  for (const [height, width] of [
    [20, 31],
    [12, 9],
  ] as const) {
    const photo = tf.ones([1, height, width, 3]);
    const output = model.predict(photo);
    expect(output.shape).toEqual([1, 1]);
    expect(output.dataSync()[0]).toBeGreaterThan(0);
    tf.dispose([photo, output]);
  }
  model.dispose();
});
