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

const sparse = "sparse_categorical_crossentropy";

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
      /GroupNormalization "groups", Dense "sparse" \(activation "sparsemax"\), UpSampling2D "smooth" \(bilinear, which TensorFlow.js interpolates otherwise than Keras\).*"wide" \(dilation/,
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
    expect(notes).toEqual([
      'How the model was compiled is left out: TensorFlow.js has nothing that does the same as the optimizer "Lion".',
    ]);
    for (const each of [model, loaded.model]) each.dispose();
    theirs.optimizer.dispose();
  });

  const kerasObject = (className: string, config: object = {}, module = "keras.losses"): object => ({
    module,
    class_name: className,
    config: { name: "loss", reduction: "sum_over_batch_size", ...config },
    registered_name: null,
  });
  const kerasFunction = (name: string): object => ({ module: "builtins", class_name: "function", config: name });
  const adam = { class_name: "Adam", config: { learning_rate: 0.01 } };

  /** What TensorFlow.js compiles the model with, and what is told of the rest. */
  async function written(compile: object): Promise<{ config: Record<string, unknown> | undefined; notes: string[] }> {
    const model = new Sequential([new Dense({ units: 2, activation: "softmax", inputShape: [2], name: "answer" })]);
    const notes: string[] = [];
    const training = { compile: { optimizer: adam, ...compile } };
    const files = await encodeTfjs(model, { training, onNote: (note) => notes.push(note) });
    const document = JSON.parse(new TextDecoder().decode(files.get("model.json"))) as Record<string, unknown>;
    const config = document["trainingConfig"] as Record<string, unknown> | undefined;
    // TensorFlow.js refuses names that it does not know.
    if (config !== undefined) {
      const theirs = await loadLayersModel(handlerOf(files));
      theirs.optimizer.dispose();
    }
    model.dispose();
    return { config, notes };
  }

  test.for<[unknown, string]>([
    ["mse", "mean_squared_error"],
    ["MSE", "mean_squared_error"],
    ["meanSquaredError", "mean_squared_error"],
    ["MeanSquaredError", "mean_squared_error"],
    ["mae", "mean_absolute_error"],
    ["log_cosh", "logcosh"],
    ["KLDivergence", "kullback_leibler_divergence"],
    [kerasObject("SparseCategoricalCrossentropy", { from_logits: false, ignore_class: null, axis: -1 }), sparse],
    [kerasObject("CosineSimilarity", { reduction: "mean", axis: -1 }), "cosine_proximity"],
    [kerasFunction("mean_absolute_percentage_error"), "mean_absolute_percentage_error"],
    [["bce"], "binary_crossentropy"],
    [{ answer: "msle" }, "mean_squared_logarithmic_error"],
  ])("writes the loss %j by its name", async ([loss, name]) => {
    expect(await written({ loss, loss_weights: [1] })).toMatchObject({ config: { loss: name }, notes: [] });
  });

  test("reads its name of the cosine back as Keras's", async () => {
    const model = new Sequential([new Dense({ units: 2, inputShape: [2] })]);
    const files = await encodeTfjs(model, { training: { compile: { optimizer: adam, loss: "cosine_similarity" } } });
    const loaded = await loadTfjs(files);
    expect(loaded.training?.compile["loss"]).toBe("cosine_similarity");
    for (const each of [model, loaded.model]) each.dispose();
  });

  test("writes a loss for each output, in their order", async () => {
    const entry = Input({ shape: [2] });
    const ends = ["first", "second"].map((name) => new Dense({ units: 2, name }).apply(entry));
    const model = new Model({ inputs: entry, outputs: ends });
    for (const loss of [["mse", "mae"], { second: "mae", first: "mse" }]) {
      const notes: string[] = [];
      const files = await encodeTfjs(model, {
        training: { compile: { optimizer: adam, loss, metrics: [["mae"], ["mse"]] } },
        onNote: (note) => notes.push(note),
      });
      const theirs = await loadLayersModel(handlerOf(files));
      expect(theirs.loss).toEqual(["meanSquaredError", "meanAbsoluteError"]);
      expect(notes).toEqual(["Metrics are left out: TensorFlow.js loads no lists of them for several outputs."]);
      theirs.optimizer.dispose();
    }
    model.dispose();
  });

  test.for<[object, string]>([
    [
      { loss: kerasObject("BinaryCrossentropy", { from_logits: true }) },
      'loss "BinaryCrossentropy" with from_logits true',
    ],
    [{ loss: kerasObject("MeanSquaredError", { reduction: "sum" }) }, 'loss "MeanSquaredError" with reduction "sum"'],
    [{ loss: kerasObject("MeanSquaredError", {}, "own") }, 'the loss "own.MeanSquaredError"'],
    [{ loss: "huber" }, 'the loss "huber"'],
    [{ loss: null }, "an output without a loss"],
    [{ loss: { other: "mse" } }, "an output without a loss"],
    [{ loss: ["mse", "mse"] }, "losses that are not as many as the outputs"],
    [{ loss: kerasObject("Huber", { delta: 2 }) }, 'the loss "Huber"'],
    [{ loss: "mse", loss_weights: [2] }, "weights of losses"],
    [
      { loss: "huber", optimizer: { class_name: "Adam", config: { learning_rate: 0.1, amsgrad: true } } },
      'the optimizer "Adam" with amsgrad true, and the loss "huber"',
    ],
    [
      { loss: "mse", optimizer: { class_name: "SGD", config: { learning_rate: { class_name: "CosineDecay" } } } },
      'the optimizer "SGD" with learning_rate "CosineDecay"',
    ],
  ])("tells what of %j TensorFlow.js lacks", async ([compile, lacking]) => {
    const { config, notes } = await written(compile);
    expect(config).toBeUndefined();
    expect(notes).toEqual([
      expect.stringMatching(/^How the model was compiled is left out: TensorFlow\.js has nothing/),
    ]);
    expect(notes[0]).toContain(`${lacking}.`);
  });

  test("keeps metrics that TensorFlow.js finds by name, and tells the others", async () => {
    const { config, notes } = await written({
      loss: "mse",
      metrics: [
        "Accuracy",
        "MeanSquaredError",
        kerasObject("MeanAbsoluteError", { dtype: "float32" }),
        kerasFunction("categorical_accuracy"),
        kerasObject("Accuracy"),
        "auc",
        kerasObject("BinaryAccuracy", { threshold: 0.7 }),
      ],
      weighted_metrics: ["mse"],
    });
    expect(config?.["metrics"]).toEqual(["accuracy", "mse", "mae", "categorical_accuracy"]);
    expect(notes).toEqual([
      'Metrics are left out for which TensorFlow.js has no name: "Accuracy", "auc", "BinaryAccuracy" with threshold 0.7.',
      "Weighted metrics are left out: TensorFlow.js loads none.",
    ]);
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
