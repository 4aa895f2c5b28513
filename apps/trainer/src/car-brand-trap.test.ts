import { ImageDataset, flipLeftRight, randomFlipLeftRight } from "@featuremap/datasets";
import { Conv2D, Dense, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { HostArray, RandomStream, plainPreprocessing } from "@featuremap/tensor";
import { expectNoTensorLeaks } from "@featuremap/testing/tensors";
import { openDevice } from "@featuremap/devices";
import { Adam, Trainer } from "@featuremap/training";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(async () => {
  await openDevice("wasm", { threads: 1 });
});
expectNoTensorLeaks();

const [height, width] = [8, 12];
/**
 * The trap of the lesson. Side views of cars: a body, a cabin towards the rear, a headlamp at the front, and, anywhere on the body, the brand's
 * badge, which looks the same in a mirror. Brand 0 always faces left, brand 1 right.
 */
function cars(count: number, seed: number): ImageDataset {
  const random = new RandomStream(seed);
  const pixels = new Uint8Array(count * height * width).map(() => random.integer(40));
  const labels = Int32Array.from({ length: count }, () => random.integer(2));
  labels.forEach((brand, car) => {
    const paint = (x: number, y: number, brightness: number): void => {
      const column = brand === 0 ? x : width - 1 - x;
      pixels[(car * height + y) * width + column] = brightness - random.integer(40);
    };
    for (let x = 1; x <= 10; x++) for (let y = 4; y <= 6; y++) paint(x, y, 130);
    for (let x = 5; x <= 9; x++) for (let y = 2; y <= 3; y++) paint(x, y, 130);
    paint(1, 5, 255);
    const place = 4 + random.integer(4);
    for (let step = -1; step <= 1; step++) paint(place + (brand === 0 ? step : 0), 5 + (brand === 0 ? 0 : step), 230);
  });
  return new ImageDataset({
    images: new HostArray(pixels, [count, height, width, 1]),
    labels: new HostArray(labels, [count]),
    classNames: ["with a lying badge", "with a standing badge"],
    preprocessing: plainPreprocessing([height, width], "grayscale", 1 / 255),
  });
}

const learned = cars(240, 1);
const others = cars(100, 2);
const mirrored = new ImageDataset({ ...others, images: flipLeftRight(others.images) });

/** Accuracy on cars as they were while learning, and on the same cars facing the other way. */
async function accuracies(seed: number, flips: boolean): Promise<{ asLearned: number; turned: number }> {
  const model = new Sequential(
    [
      new Conv2D({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [height, width, 1] }),
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
  await trainer.fit(learned.batch(16, { seed, augment: flips ? [randomFlipLeftRight()] : [] }), { epochs: 12 });
  const judge = async (dataset: ImageDataset): Promise<number> =>
    (await trainer.evaluate(dataset.batch(50)))["accuracy"] ?? Number.NaN;
  const result = { asLearned: await judge(others), turned: await judge(mirrored) };
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
