import { encodeTfjs, loadTfjs } from "@featuremap/formats/tfjs";
import {
  Add,
  BatchNormalization,
  Concatenate,
  Conv2D,
  Dense,
  GlobalAveragePooling2D,
  Input,
  Model,
  ReLU,
  Rescaling,
  Sequential,
  registerGradients,
} from "@featuremap/layers";
import { HostArray, sizeOf } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { fileKeeper, handlerOf } from "@featuremap/testing/tfjs-handlers";
import {
  Adadelta,
  Adagrad,
  Adam,
  Adamax,
  type Optimizer,
  RMSprop,
  SGD,
  Trainer,
  readKerasTraining,
  trainerFromKeras,
} from "@featuremap/training";
import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";
import { describe, expect, test } from "vitest";

useBackend(() => {
  registerGradients();
  allowSavedTensors();
});

const shape = [6, 8, 8, 3];

function picturesOf(step: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, index) => (((index + 1) * 37 + step * 11) % 101) / 101);
}

const labelsOf = (step: number): Int32Array => Int32Array.from({ length: 6 }, (_, index) => (index * 3 + step) % 5);

async function stepsHere(trainer: Trainer, first: number, count = 3): Promise<number[]> {
  const losses: number[] = [];
  for (let step = first; step < first + count; step++) {
    trainer.resetMetrics();
    const logs = await trainer.trainOnBatch(new HostArray(picturesOf(step), shape), new HostArray(labelsOf(step), [6]));
    losses.push(logs["loss"] ?? Number.NaN);
  }
  return losses;
}

async function stepsThere(model: LayersModel, first: number, count = 3): Promise<number[]> {
  const losses: number[] = [];
  for (let step = first; step < first + count; step++) {
    const [x, y] = [tf.tensor4d(picturesOf(step), [6, 8, 8, 3]), tf.tensor2d(labelsOf(step), [6, 1], "float32")];
    const found = await model.trainOnBatch(x, y);
    losses.push(Array.isArray(found) ? (found[0] ?? Number.NaN) : found);
    tf.dispose([x, y]);
  }
  return losses;
}

/** Momentum of TensorFlow.js forgets its learning rate. */
function disposeOptimizer({ optimizer }: LayersModel): void {
  const rate: unknown = "c" in optimizer ? optimizer.c : undefined;
  optimizer.dispose();
  if (rate instanceof tf.Tensor && !rate.isDisposed) rate.dispose();
}

/** Branches of unlike lengths with weights, a model within the model, a frozen layer, and one that TensorFlow.js has otherwise. */
function network(): Model {
  const input = Input({ shape: [8, 8, 3] });
  const scaled = new Rescaling({ scale: 2, offset: -0.5 }).apply(input);
  const short = new Conv2D({ filters: 4, kernelSize: 3, padding: "same", name: "short" }).apply(input);
  const inner = new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 1, inputShape: [8, 8, 3], name: "first" }),
      new BatchNormalization({ name: "normal" }),
      new ReLU({ maxValue: 6, name: "limited" }),
    ],
    { name: "inner" },
  );
  const frozen = new Conv2D({ filters: 4, kernelSize: 1, trainable: false, name: "frozen" });
  const long = new Conv2D({ filters: 4, kernelSize: 3, padding: "same", activation: "silu", name: "last" }).apply(
    frozen.apply(inner.apply(scaled)),
  );
  const sum = new Add({}).apply([short, long]);
  const both = new Concatenate({}).apply([sum, short]);
  const pooled = new GlobalAveragePooling2D({}).apply(both);
  const output = new Dense({ units: 5, activation: "softmax", name: "answer" }).apply(pooled);
  return new Model({ inputs: input, outputs: output });
}

/** Weights that depend on their places alone. */
function stir(model: Model): Model {
  for (const [index, weight] of model.weights.entries()) {
    const data = Float32Array.from(
      { length: weight.size },
      (_, place) => (((place + 3 * index) * 29) % 17) / 40 - 0.1 + (weight.shape.length === 1 ? 0.3 : 0),
    );
    weight.assign(new HostArray(data, weight.shape));
  }
  return model;
}

const optimizers: readonly (readonly [string, () => Optimizer])[] = [
  ["SGD", () => new SGD({ learningRate: 0.05 })],
  ["SGD with momentum", () => new SGD({ learningRate: 0.05, momentum: 0.9 })],
  ["SGD with Nesterov's momentum", () => new SGD({ learningRate: 0.05, momentum: 0.9, nesterov: true })],
  ["Adam", () => new Adam({ learningRate: 0.01 })],
  ["Adagrad", () => new Adagrad({ learningRate: 0.05 })],
  ["RMSprop", () => new RMSprop({ learningRate: 0.005 })],
  ["RMSprop with momentum", () => new RMSprop({ learningRate: 0.002, momentum: 0.5 })],
];

describe("training goes on", () => {
  test.for(optimizers)("in TensorFlow.js and back here: %s", async ([, makeOptimizer]) => {
    const model = stir(network());
    const trainer = new Trainer(model, {
      optimizer: makeOptimizer(),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    await stepsHere(trainer, 0);
    const notes: string[] = [];
    const files = await encodeTfjs(model, { training: await readKerasTraining(trainer), onNote: (n) => notes.push(n) });
    expect(notes.filter((note) => note.includes("optimizer"))).toEqual([]);
    const theirs = await loadLayersModel(handlerOf(files));
    const here = await stepsHere(trainer, 3);
    const there = await stepsThere(theirs, 3);
    for (const [index, loss] of there.entries()) expect(loss).toBeCloseTo(here[index] ?? Number.NaN, 4);

    const kept = fileKeeper(1000);
    // TensorFlow.js forgets the count of steps that it makes there.
    tf.engine().startScope();
    await theirs.save(kept.handler, { includeOptimizer: true });
    tf.engine().endScope();
    const again = await loadTfjs(kept.files);
    expect(again.notes).toEqual([]);
    const other = trainerFromKeras(again.model, again.training);
    const [last, theirLast] = [await stepsHere(other, 6), await stepsThere(theirs, 6)];
    for (const [index, loss] of last.entries()) expect(loss).toBeCloseTo(theirLast[index] ?? Number.NaN, 4);
    for (const each of [trainer, other, model, again.model]) each.dispose();
    disposeOptimizer(theirs);
    tf.disposeVariables();
  });

  test.for<[string, () => Optimizer]>([
    ["TensorFlow.js takes none for Adamax", () => new Adamax({ learningRate: 0.01 })],
    ["How the model was compiled is left out", () => new Adadelta({ learningRate: 0.01 })],
    ["How the model was compiled is left out", () => new RMSprop({ learningRate: 0.01, centered: true })],
  ])("not for what TensorFlow.js does not give back: %s", async ([message, makeOptimizer]) => {
    const model = stir(network());
    const trainer = new Trainer(model, { optimizer: makeOptimizer(), loss: "sparseCategoricalCrossentropy" });
    await stepsHere(trainer, 0, 1);
    const notes: string[] = [];
    const files = await encodeTfjs(model, { training: await readKerasTraining(trainer), onNote: (n) => notes.push(n) });
    expect(notes.join(" ")).toContain(message);
    const theirs = await loadLayersModel(handlerOf(files));
    // Without a trainingConfig it has none.
    if ("optimizer" in theirs && theirs.optimizer !== undefined) theirs.optimizer.dispose();
    for (const each of [trainer, model]) each.dispose();
    tf.disposeVariables();
  });
});
