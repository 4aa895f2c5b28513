import { openDevice } from "@featuremap/devices";
import { BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D, Sequential } from "@featuremap/layers";
import { HostArray, RandomStream } from "@featuremap/tensor";
import { useBackend } from "@featuremap/testing/backend";
import { Adam, CosineDecay, LambdaCallback, Trainer, fineTune } from "@featuremap/training";
import { expect, test } from "vitest";
import { FreezeBase } from "./freeze-base.ts";

useBackend(() => openDevice("cpu"));

const random = new RandomStream(5);
const x = new HostArray(
  Float32Array.from({ length: 12 * 25 }, () => random.uniform(-1, 1)),
  [12, 5, 5, 1],
);
const y = new HostArray(
  Int32Array.from({ length: 12 }, (_, index) => index % 3),
  [12],
);
const fit = { batchSize: 4, shuffle: false } as const;
const loss = "sparseCategoricalCrossentropy";

function makeModel(): Sequential {
  const layers = [
    new Conv2D({ filters: 2, kernelSize: 3, inputShape: [5, 5, 1] }),
    new BatchNormalization(),
    new GlobalAveragePooling2D(),
    new Dense({ units: 3, activation: "softmax" }),
  ];
  return new Sequential(layers, { seed: 4 });
}

const wholly = { trainBatchNormalization: true, learningRatePerDepth: 1 };
const schedule = (): CosineDecay => new CosineDecay({ initialLearningRate: 0.01, decaySteps: 6 });

test("is what freezing, and compiling again after it, comes to in Keras", async () => {
  const byHand = makeModel();
  for (const layer of byHand.layers.slice(0, -1)) layer.trainable = false;
  const first = new Trainer(byHand, { optimizer: new Adam({ learningRate: 0.1 }), loss });
  await first.fit(x, y, { ...fit, epochs: 2 });
  for (const layer of byHand.layers) layer.trainable = true;
  const second = new Trainer(byHand, { optimizer: new Adam({ learningRate: schedule() }), loss });
  await second.fit(x, y, { ...fit, epochs: 2 });

  const model = makeModel();
  const trainer = new Trainer(model, { optimizer: new Adam({ learningRate: 0.1 }), loss });
  const freezing = new FreezeBase({ epochs: 2, learningRate: schedule(), ...wholly });
  const seen: boolean[][] = [];
  const look = new LambdaCallback({
    onTrainBatchBegin: () => void seen.push(model.layers.map((each) => each.trainable)),
  });
  await trainer.fit(x, y, { ...fit, epochs: 4, callbacks: [freezing, look] });

  expect(await model.getWeights()).toEqual(await byHand.getWeights());
  expect(freezing.stepsBefore).toBe(6);
  expect(trainer.optimizer.iterations).toBe(6);
  expect(seen.map((flags) => flags.join(" "))).toEqual([
    ...new Array<string>(6).fill("false false false true"),
    ...new Array<string>(6).fill("true true true true"),
  ]);
  for (const each of [first, second, trainer]) each.dispose();
  byHand.dispose();
  model.dispose();
});

test.for([
  [false, 1],
  [false, 0.5],
  [true, 0.5],
] as const)(
  "is what fineTune does, with normalization that learns: %s, and rates by depth: %s",
  async ([trains, perDepth]) => {
    const rates = { learningRate: 0.01, trainBatchNormalization: trains, learningRatePerDepth: perDepth };
    const tuned = makeModel();
    const parts = { freezeEpochs: 2, epochs: 4, headLearningRate: 0.1, cacheFeatures: false };
    await fineTune(tuned, { x, y }, { ...fit, ...parts, ...rates });

    const model = makeModel();
    const trainer = new Trainer(model, { optimizer: new Adam({ learningRate: 0.1 }), loss });
    const notes: string[] = [];
    const freezing = new FreezeBase({ epochs: 2, ...rates, onNote: (note) => notes.push(note) });
    await trainer.fit(x, y, { ...fit, epochs: 4, callbacks: [freezing] });

    expect(await model.getWeights()).toEqual(await tuned.getWeights());
    expect(model.layers.every((layer) => layer.trainable)).toBe(true);
    expect(notes).toEqual([
      trains
        ? "From epoch 3 on also trained: 2 layers of the base"
        : "From epoch 3 on also trained: 1 layer of the base, but not the 1 of batch normalization (--train-batch-normalization)",
    ]);
    trainer.dispose();
    for (const each of [tuned, model]) each.dispose();
  },
);

test("layers that were frozen before stay so, and an error leaves the others as they were", async () => {
  const model = makeModel();
  model.getLayer(0).trainable = false;
  const trainer = new Trainer(model, { loss });
  const fail = new LambdaCallback({
    onTrainBatchBegin: () => {
      throw new Error("the power is off");
    },
  });
  const callbacks = [new FreezeBase({ epochs: 1, learningRate: 0.1, ...wholly }), fail];
  await expect(trainer.fit(x, y, { ...fit, callbacks })).rejects.toThrow("the power is off");
  expect(model.layers.map((each) => each.trainable)).toEqual([false, true, true, true]);
  trainer.dispose();
  model.dispose();
});
