import {
  Activation,
  Average,
  Conv2D,
  Dense,
  Dropout,
  Flatten,
  GlobalAveragePooling2D,
  Input,
  type Layer,
  Model,
  Rescaling,
  Reshape,
  Sequential,
  Softmax,
  deserializeModel,
} from "@featuremap/layers";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { documentOf, modelEnds } from "@featuremap/testing/model-ends";
import { describe, expect, test } from "vitest";
import { smallPictures } from "../testing/small-pictures.ts";
import { type HeadChoice, findHead } from "./find-head.ts";
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

  test("also where it is in a model within", async () => {
    const top = new Sequential(
      [
        new Flatten({ inputShape: [6, 6, 4] }),
        new Dense({ units: 5, activation: "relu", name: "hidden" }),
        new Dropout({ rate: 0.5 }),
        new Dense({ units: 2, name: "old" }),
      ],
      { name: "top" },
    );
    const whole = new Sequential([convolution(), top, new Softmax()], { seed: 1 });
    const hidden = top.getLayer("hidden").weights;
    const { model, notes } = await tuned(whole);
    expect(notes[0]).toContain("its head, from old on, gives way to a new one for 3 classes, and top ends the base");
    expect(model.outputShapes).toEqual([[null, 3]]);
    expect(model.layers.flatMap((layer) => layer.weights)).toEqual(expect.arrayContaining([...hidden]));
    model.dispose();
    whole.dispose();
  });

  test("and leaves a model within that has nothing else", async () => {
    const answer = new Sequential([new Dropout({ rate: 0.5 }), new Dense({ units: 2, activation: "softmax" })]);
    const whole = new Sequential([convolution(), new Flatten({ name: "flat" }), answer, new Rescaling(2)], { seed: 1 });
    const { model, notes } = await tuned(whole);
    expect(notes[0]).toContain("and flat ends the base");
    expect(model.layers.some((layer) => layer instanceof Sequential)).toBe(false);
    model.dispose();
    whole.dispose();
  });

  test("unless nothing shows where it begins", async () => {
    const pooled = new GlobalAveragePooling2D().apply(convolution().apply(Input({ shape: [8, 8, 1] })));
    const heads = [1, 2].map((number) => new Dense({ units: 2, activation: "softmax", name: `head${number}` }));
    const inputs = pooled.node.inputs[0]?.node.inputs[0];
    if (inputs === undefined) throw new Error("no input");
    const outputs = new Average({ name: "mean" }).apply(heads.map((head) => head.apply(pooled)));
    const whole = new Model({ inputs, outputs });
    await expect(tuned(whole)).rejects.toThrow(/model must be a base.*one that ends in mean/);
    whole.dispose();
  });
});

describe("models that end in another way", () => {
  const tune = (layers: Parameters<typeof documentOf>[0]): [Model, Promise<FineTuned>] => {
    const whole = deserializeModel(documentOf(layers), "a model");
    return [whole, fineTune(whole, data, { classes: 3, epochs: 1, freezeEpochs: 1 })];
  };

  test.for(modelEnds.filter(({ becomes }) => becomes !== "refused"))("$end", async (given) => {
    const { layers, becomes, isDoubtful = false } = given;
    const [whole, tuning] = tune(layers);
    const { model, notes } = await tuning;
    expect(model.outputShapes).toEqual([[null, 3]]);
    expect(model.layers.some(({ name }) => name === "last")).toBe(becomes === "kept");
    const note = notes.filter((each) => !/^(The frozen base|From epoch)/.test(each)).join(" ");
    const replaced = "The model is a classifier: its head, from last on, gives way to a new one for 3 classes";
    expect(note.startsWith(replaced)).toBe(becomes === "replaced");
    expect(/ With head: "(keep" it stays|replace" it gives way)\.$/.test(note)).toBe(isDoubtful);
    expect(note === "").toBe(becomes === "kept" && !isDoubtful);
    model.dispose();
    whole.dispose();
  });

  test.for(modelEnds.filter(({ becomes }) => becomes === "refused"))("$end", async ({ layers }) => {
    const [whole, tuning] = tune(layers);
    await expect(tuning).rejects.toThrow(/model must be a base.*without layers before seeing/);
    whole.dispose();
  });
});

describe("who knows better", () => {
  const scores = (): Model =>
    new Sequential([convolution(), new Flatten(), new Dense({ units: 4, name: "last" })], { seed: 1 });

  test.for([
    ["keep", true],
    ["replace", false],
  ] as const)("may say what becomes of the last layer: %s", async ([head, isThere]) => {
    const whole = scores();
    const { model, notes } = await fineTune(whole, data, { classes: 3, head, epochs: 1, freezeEpochs: 1 });
    expect(model.layers.some(({ name }) => name === "last")).toBe(isThere);
    expect(notes.join(" ")).not.toContain("With head");
    model.dispose();
    whole.dispose();
  });

  test("hears what can't be", async () => {
    const whole = scores();
    await expect(fineTune(whole, data, { head: "keep" })).rejects.toThrow("head must be given with classes");
    const odd: object = { classes: 3, head: "cut" };
    await expect(fineTune(whole, data, odd)).rejects.toThrow('head must be "replace" or "keep", received "cut"');
    const choice = "cut" as string as HeadChoice;
    expect(() => findHead(whole, choice)).toThrow('choice must be "replace", "keep" or left out');
    expect(findHead(whole, "keep")).toEqual({ head: undefined, doubt: undefined });
    whole.dispose();
  });
});
