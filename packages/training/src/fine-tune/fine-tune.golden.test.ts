import { BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D, Input, Model, ReLU } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { expect, test } from "vitest";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers, stepsTolerance } from "../testing/close.ts";
import golden from "./fine-tune.golden.json" with { type: "json" };
import { fineTune } from "./fine-tune.ts";
import type { Unfreeze } from "./unfreeze-options.ts";

useBackend(allowSavedTensors);

const x = HostArray.from(golden.x);
const y = new HostArray(Int32Array.from(golden.labels), [golden.labels.length]);

function network(): Model {
  const input = Input({ shape: [6, 6, 2] });
  let features = new Conv2D({ filters: 4, kernelSize: 3, useBias: false, name: "conv1" }).apply(input);
  features = new BatchNormalization({ name: "bn1", momentum: 0.8 }).apply(features);
  features = new ReLU({ name: "relu1" }).apply(features);
  features = new Conv2D({ filters: 5, kernelSize: 3, name: "conv2" }).apply(features);
  features = new BatchNormalization({ name: "bn2", momentum: 0.8 }).apply(features);
  features = new ReLU({ name: "relu2" }).apply(features);
  const pooled = new GlobalAveragePooling2D({ name: "pool" }).apply(features);
  const outputs = new Dense({ units: 3, activation: "softmax", name: "answer" }).apply(pooled);
  const model = new Model({ inputs: input, outputs });
  model.setWeights(golden.start.map((values) => HostArray.from(values)));
  return model;
}

const cases = golden.cases.flatMap((each) => [true, false].map((cacheFeatures) => ({ ...each, cacheFeatures })));

test.for(cases)("as Keras, $name, features kept: $cacheFeatures", async (each) => {
  const { model, history } = await fineTune(
    network(),
    { x, y },
    {
      epochs: 6,
      freezeEpochs: 3,
      batchSize: 4,
      shuffle: false,
      validationData: { x: x.slice(0, 4), y: y.slice(0, 4) },
      learningRate: 0.1,
      headLearningRate: 0.5,
      unfreeze: each.unfreeze as Unfreeze,
      trainBatchNormalization: each.trainBatchNormalization ?? false,
      optimizer: (learningRate) => new SGD({ learningRate, momentum: 0.9 }),
      cacheFeatures: each.cacheFeatures,
    },
  );
  expect(history.epoch).toEqual([0, 1, 2, 3, 4, 5]);
  for (const [name, values] of Object.entries(each.history)) {
    expectCloseNumbers(history.history[name] ?? [], values, stepsTolerance);
  }
  for (const [index, weight] of (await model.getWeights()).entries()) {
    const expected = HostArray.from(each.weights[index] ?? []);
    expectCloseNumbers([...weight.data], [...expected.data], stepsTolerance);
  }
  model.dispose();
});
