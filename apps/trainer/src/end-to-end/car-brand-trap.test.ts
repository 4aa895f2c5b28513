import { type ImageDataset, carBrands } from "@featuremap/datasets";
import { openDevice } from "@featuremap/devices";
import { randomFlipLeftRight } from "@featuremap/images";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { useBackend } from "@featuremap/testing/backend";
import { Adam, Trainer } from "@featuremap/training";
import { describe, expect, test } from "vitest";

useBackend(() => openDevice("wasm", { threads: 1 }));

const { train, test: judged, mirrored } = carBrands({ seed: 1 });

/** Accuracy on cars as they were while learning, and on the same cars facing the other way. */
async function accuracies(seed: number, flips: boolean): Promise<{ asLearned: number; turned: number }> {
  const model = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [8, 12, 1] }),
      new MaxPooling2D(),
      new Flatten(),
      new Dense({ units: 2, activation: "softmax" }),
    ],
    { seed },
  );
  const trainer = new Trainer(model, {
    optimizer: new Adam({ learningRate: 0.01 }),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  await trainer.fit(train.batch(16, { seed, augment: flips ? [randomFlipLeftRight()] : [] }), { epochs: 12 });
  const judge = async (dataset: ImageDataset): Promise<number> =>
    (await trainer.evaluate(dataset.batch(50)))["accuracy"] ?? Number.NaN;
  const result = { asLearned: await judge(judged), turned: await judge(mirrored) };
  trainer.dispose();
  model.dispose();
  return result;
}

describe("brands that always face one way while a network learns", () => {
  test.for([1, 2, 3])("are told by their direction without flips, by their badge with them; seed %d", async (seed) => {
    const trapped = await accuracies(seed, false);
    expect(trapped.asLearned).toBeGreaterThan(0.95);
    expect(trapped.turned).toBeLessThan(0.05);
    const freed = await accuracies(seed, true);
    expect(freed.asLearned).toBeGreaterThan(0.95);
    expect(freed.turned).toBeGreaterThan(0.95);
  });
});
