import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plainPreprocessing } from "@featuremap/images";
import {
  Add,
  Dense,
  DepthwiseConv2D,
  Dropout,
  Flatten,
  GroupNormalization,
  Input,
  MaxNorm,
  Model,
  Sequential,
  Subtract,
  UpSampling2D,
  registerGradients,
} from "@featuremap/layers";

import { useBackend } from "@featuremap/testing/backend";
import { handlerOf } from "@featuremap/testing/tfjs-handlers";
import * as tf from "@tensorflow/tfjs-core";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterEach, describe, expect, test } from "vitest";
import { encodeTfjs, saveTfjs } from "./encode-tfjs.ts";
import { loadTfjs } from "./load-tfjs.ts";
import { operationGraph } from "../testing/operation-graph.ts";

useBackend(registerGradients);

// TensorFlow.js keeps the weights of models within models.
afterEach(() => tf.disposeVariables());

describe("encodeTfjs", () => {
  test("names all that TensorFlow.js lacks at once", async () => {
    const model = new Sequential([
      new GroupNormalization({ groups: 3, name: "groups", inputShape: [9, 9, 3] }),
      new Dense({ units: 2, activation: "sparsemax", name: "sparse" }),
      new UpSampling2D({ interpolation: "bilinear", name: "smooth" }),
      new DepthwiseConv2D({ kernelSize: 2, dilationRate: 2, name: "wide" }),
    ]);
    await expect(encodeTfjs(model)).rejects.toThrow(
      /GroupNormalization "groups", Dense "sparse" \(activation "sparsemax"\), UpSampling2D "smooth" \(interpolation.*"wide" \(dilation/,
    );
    model.dispose();
    const power = operationGraph("Power", {}, (tensor) => [tensor, 2]);
    await expect(encodeTfjs(power)).rejects.toThrow('Power "it" (an operation as a node of the graph)');
    power.dispose();
    const [left, right] = [Input({ shape: [2] }), Input({ shape: [2] })];
    const difference = new Model({ inputs: [left, right], outputs: new Subtract().apply([left, right]) });
    await expect(encodeTfjs(difference)).rejects.toThrow('Subtract "subtract"');
    difference.dispose();
  });

  test("keeps constraints that weights keep to", async () => {
    const model = new Sequential([
      new Dense({
        units: 2,
        inputShape: [2],
        kernelConstraint: new MaxNorm({ maxValue: 100 }),
        biasConstraint: "nonNeg",
      }),
    ]);
    const document = new TextDecoder().decode((await encodeTfjs(model)).get("model.json"));
    expect(document).toContain('"kernel_constraint":{"class_name":"MaxNorm"');
    expect(document).toContain('"bias_constraint":{"class_name":"NonNeg"');
    model.dispose();
  });

  test("refuses names that TensorFlow.js would confuse or not take", async () => {
    const inner = new Sequential([new Dense({ units: 2, inputShape: [2], name: "same" })]);
    const twice = new Sequential([inner, new Dense({ units: 2, name: "same" })]);
    await expect(encodeTfjs(twice)).rejects.toThrow("of different names");
    const again = new Sequential([inner, new Dense({ units: 2, name: "other" })]);
    const entry = Input({ shape: [2] });
    const shared = new Model({ inputs: entry, outputs: new Add().apply([inner.apply(entry), again.apply(entry)]) });
    await expect(encodeTfjs(shared)).rejects.toThrow("of different names");
    const odd = new Sequential([new Dense({ units: 2, inputShape: [2], name: "größe" })]);
    await expect(encodeTfjs(odd)).rejects.toThrow("letters, digits");
    const member = new Sequential([new Dense({ units: 2, inputShape: [2], name: "constructor" })]);
    await expect(encodeTfjs(member)).rejects.toThrow('must be others, for TensorFlow.js, received "constructor"');
    const both = new Model({ inputs: odd.inputs, outputs: [odd.output, odd.output] });
    await expect(encodeTfjs(both)).rejects.toThrow("outputs must be different ones");
    for (const model of [twice, shared, odd, member]) model.dispose();
  });

  test("keeps labels, preprocessing and how the model was compiled", async () => {
    const model = new Sequential([
      new Flatten({ inputShape: [4, 4, 3] }),
      new Dense({ units: 2, activation: "softmax" }),
    ]);
    const preprocessing = plainPreprocessing([4, 4], "rgb");
    const optimizer = {
      class_name: "Adam",
      config: { name: "adam", learning_rate: 0.01, beta_1: 0.8, amsgrad: false },
    };
    const compile = { optimizer, loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] };
    const notes: string[] = [];
    const onNote = (note: string): void => void notes.push(note);
    const files = await encodeTfjs(model, { labels: ["cat", "dog"], preprocessing, training: { compile }, onNote });
    const loaded = await loadTfjs(files);
    expect(loaded).toMatchObject({ labels: ["cat", "dog"], preprocessing });
    expect(loaded.training?.compile).toMatchObject({
      optimizer: { class_name: "Adam", config: { learning_rate: 0.01, beta_1: 0.8 } },
    });
    const theirs = await loadLayersModel(handlerOf(files));
    expect(theirs.optimizer.getConfig()).toMatchObject({ learningRate: 0.01, beta1: 0.8 });
    expect(notes).toEqual([]);
    const other = { ...compile, optimizer: { class_name: "Lion", config: { learning_rate: 0.01 } } };
    await encodeTfjs(model, { training: { compile: other }, onNote });
    expect(notes).toEqual([expect.stringContaining("compiled")]);
    for (const each of [model, loaded.model]) each.dispose();
    theirs.optimizer.dispose();
  });

  test("writes a folder, in shards of 4 MiB", async () => {
    const model = new Sequential([new Dense({ units: 1200, inputShape: [1000], name: "large" })], { seed: 1 });
    const folder = await mkdtemp(join(tmpdir(), "tfjs-"));
    await saveTfjs(model, folder);
    expect(await readdir(folder)).toEqual(["group1-shard1of2.bin", "group1-shard2of2.bin", "model.json"]);
    const loaded = await loadTfjs(folder);
    const [own, other] = await Promise.all(
      [model, loaded.model].map(async (each) => (await each.namedWeights().get("large/kernel")?.read())?.data),
    );
    // toEqual takes seconds for so many numbers.
    expect(own).toHaveLength(1_200_000);
    expect(own?.every((value: number, index: number) => value === other?.[index])).toBe(true);
    for (const each of [model, loaded.model]) each.dispose();
    await rm(folder, { recursive: true });
  });

  test("writes what Keras 2 calls its own, as TensorFlow.js's converter does", async () => {
    const model = new Sequential([
      new Dropout({ rate: 0.5, inputShape: [9, 9, 3] }),
      new Dense({ units: 2, kernelInitializer: "lecunUniform" }),
    ]);
    const files = await encodeTfjs(model);
    const document = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as Record<string, unknown>;
    const text = JSON.stringify(document["modelTopology"]);
    expect(document).toMatchObject({ format: "layers-model", generatedBy: "featuremap" });
    expect(text).toContain('"batch_input_shape":[null,9,9,3]');
    expect(text).not.toMatch(/registered_name|DTypePolicy|"module"/);
    expect(text).toContain(
      '{"class_name":"VarianceScaling","config":{"scale":1,"mode":"fan_in","distribution":"uniform"}}',
    );
    model.dispose();
  });

  test.for<[string, object, string]>([
    ["labels", { labels: [1] }, "a list of texts"],
    ["training", { training: {} }, "an object with compile"],
    ["onNote", { onNote: "x" }, "a function"],
    ["preprocessing", { preprocessing: {} }, "preprocessing"],
    ["an unknown option", { quantize: true }, "quantize"],
  ])("refuses %s that is not what it may be", async ([, options, words]) => {
    const model = new Sequential([new Dense({ units: 1, inputShape: [1] })]);
    await expect(encodeTfjs(model, options)).rejects.toThrow(words);
    model.dispose();
  });
});
