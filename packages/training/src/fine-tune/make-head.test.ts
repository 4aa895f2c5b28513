import {
  Activation,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  type Layer,
  type Model,
  Reshape,
  Sequential,
  Softmax,
} from "@featuremap/layers";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { smallPictures } from "../testing/small-pictures.ts";
import { type FineTuned, fineTune } from "./fine-tune.ts";

useBackend(allowSavedTensors);

const data = smallPictures(12, 8);

const convolution = (): Conv2D =>
  new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", name: "conv", inputShape: [8, 8, 1] });

const tuned = (model: Model): Promise<FineTuned> =>
  fineTune(model, data, { classes: 3, epochs: 4, freezeEpochs: 2, batchSize: 5, learningRate: 0.01 });

test("gives a base a head for the classes", async () => {
  const given = new Sequential([convolution()], { seed: 1 });
  const { model, history } = await tuned(given);
  expect(model.outputShapes).toEqual([[null, 3]]);
  expect(model.layers.map(({ className }) => className).slice(-3)).toEqual([
    "GlobalAveragePooling2D",
    "Dropout",
    "Dense",
  ]);
  expect(history.epoch).toEqual([0, 1, 2, 3]);
  model.dispose();
});

describe("a new head takes the place of the one that is there", () => {
  test.for<[string, () => Layer[], readonly string[], string]>([
    [
      "Dense with softmax",
      () => [new Flatten(), new Dense({ units: 2, activation: "softmax", name: "old" })],
      ["Conv2D", "Flatten", "Dropout", "Dense"],
      "flatten",
    ],
    [
      "a hidden Dense, Dropout, Dense with sigmoid",
      () => [
        new GlobalAveragePooling2D(),
        new Dense({ units: 6, activation: "relu" }),
        new Dropout({ rate: 0.5 }),
        new Dense({ units: 1, activation: "sigmoid", name: "old" }),
      ],
      ["Conv2D", "GlobalAveragePooling2D", "Dense", "Dropout", "Dense"],
      "dense",
    ],
    [
      "Dense, then Softmax",
      () => [new GlobalAveragePooling2D(), new Dense({ units: 9, name: "old" }), new Softmax()],
      ["Conv2D", "GlobalAveragePooling2D", "Dropout", "Dense"],
      "global_average_pooling2d",
    ],
    [
      "MobileNet's convolution, reshaped, then an Activation",
      () => [
        new GlobalAveragePooling2D({ keepDims: true }),
        new Dropout({ rate: 0.1 }),
        new Conv2D({ filters: 5, kernelSize: 1, name: "old" }),
        new Reshape({ targetShape: [5] }),
        new Activation("softmax"),
      ],
      ["Conv2D", "GlobalAveragePooling2D", "GlobalAveragePooling2D", "Dropout", "Dense"],
      "global_average_pooling2d",
    ],
  ])("%s", async ([, layers, expected, lastOfBase]) => {
    const whole = new Sequential([convolution(), ...layers()], { seed: 1 });
    const { model, notes } = await tuned(whole);
    expect(model.layers.map(({ className }) => className).filter((name) => name !== "InputLayer")).toEqual(expected);
    expect(model.outputShapes).toEqual([[null, 3]]);
    expect(notes[0]).toContain(`its head, from old on, gives way to a new one for 3 classes, and ${lastOfBase} ends`);
    model.dispose();
    whole.dispose();
  });

  test("what gives features keeps its last Dense", async () => {
    const features = new Sequential([convolution(), new Flatten(), new Dense({ units: 4, activation: "relu" })]);
    const { model } = await tuned(features);
    expect(model.layers.filter((layer) => layer instanceof Dense)).toHaveLength(2);
    model.dispose();
  });

  test.for<[string, () => Layer[]]>([
    ["scores of convolutions alone", () => [new GlobalAveragePooling2D(), new Softmax({ name: "end" })]],
    [
      "a classifier inside",
      () => [
        new Sequential([new Flatten({ inputShape: [6, 6, 4] }), new Dense({ units: 2, activation: "softmax" })], {
          name: "end",
        }),
      ],
    ],
  ])("unless nothing shows where it begins: %s", async ([, layers]) => {
    const whole = new Sequential([convolution(), ...layers()]);
    await expect(tuned(whole)).rejects.toThrow(/model must be a base.*one that ends in end/);
    whole.dispose();
  });
});
