import { BatchNormalization, Conv2D, Dense, Dropout, Flatten, MaxPooling2D, Sequential } from "@featuremap/layers";
import { HostArray, OutOfMemoryError, RandomStream, sizeOf } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { type KernelBackend, backend, memory } from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import { findBatchSize } from "./search/find-batch-size.ts";
import { findLearningRate } from "./search/find-learning-rate.ts";
import { Adam } from "../optimizers/adam.ts";
import { Trainer } from "./trainer.ts";

useBackend(allowSavedTensors);
afterEach(() => {
  vi.restoreAllMocks();
});

type Device = KernelBackend & { makeTensorInfo(shape: number[], ...more: unknown[]): unknown };

/** Where the device has no room for what a kernel makes. */
function refuseWhere(isTooLarge: (elements: number) => boolean): void {
  const device = backend() as Device;
  const make = device.makeTensorInfo.bind(device);
  vi.spyOn(device, "makeTensorInfo").mockImplementation((shape, ...more) => {
    if (isTooLarge(sizeOf(shape)))
      throw new OutOfMemoryError("The test has no memory", 4 * sizeOf(shape), 0, "Use less.");
    return make(shape, ...more);
  });
}

const random = new RandomStream(2);
const images = 48;
const x = new HostArray(
  Float32Array.from({ length: images * 36 }, () => random.uniform()),
  [images, 6, 6, 1],
);
const y = new HostArray(
  Int32Array.from({ length: images }, (_, index) => index % 3),
  [images],
);

function network(inputShape: readonly number[] | undefined = [6, 6, 1]): Sequential {
  return new Sequential(
    [
      new Conv2D({ filters: 4, kernelSize: 3, activation: "relu", ...(inputShape ? { inputShape } : {}) }),
      new BatchNormalization(),
      new MaxPooling2D({ poolSize: 2 }),
      new Dropout({ rate: 0.3 }),
      new Flatten(),
      new Dense({ units: 3, activation: "softmax" }),
    ],
    { seed: 1 },
  );
}

async function withTrainer<Result>(work: (trainer: Trainer) => Promise<Result>, model = network()): Promise<Result> {
  const optimizer = new Adam({ learningRate: 0.01, useEma: true });
  const trainer = new Trainer(model, { optimizer, loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  try {
    return await work(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

/** Of the convolution's output an example has 4 x 4 x 4 numbers. */
const outputsOf = (examples: number): number => examples * 64;

describe("a device without room for a batch", () => {
  test("ends fit, evaluate, predict and single batches with what to do, and a smaller batch goes on", async () => {
    await withTrainer(async (trainer) => {
      await trainer.fit({ x, y }, { batchSize: 8 });
      const before = memory().numTensors;
      refuseWhere((elements) => elements > outputsOf(16));
      const message = (where: string): string =>
        `${where} (The test has no memory. Use less). Take a smaller batchSize, or smaller inputs.`;
      const failing: readonly (readonly [Promise<unknown>, string])[] = [
        [
          trainer.fit({ x, y }, { epochs: 3, batchSize: 32 }),
          "Trainer.fit: a batch of 32 does not fit in the device's memory, in epoch 1 of 3",
        ],
        [
          trainer.evaluate({ x, y }, { batchSize: 24 }),
          "Trainer.evaluate: a batch of 24 does not fit in the device's memory, in evaluation",
        ],
        [trainer.predict(x, { batchSize: 40 }), "Trainer.predict: a batch of 40 does not fit in the device's memory"],
      ];
      for (const [call, where] of failing) {
        await expect(call).rejects.toMatchObject({ code: "OUT_OF_MEMORY", message: message(where) });
      }
      const single = "Trainer.trainOnBatch: a batch of 48 does not fit in the device's memory";
      await expect(trainer.trainOnBatch({ x, y })).rejects.toMatchObject({
        code: "OUT_OF_MEMORY",
        message: message(single),
      });
      expect(memory().numTensors).toBe(before);
      const { history } = await trainer.fit({ x, y }, { batchSize: 16, validation: { x, y } });
      expect(history["val_loss"]).toHaveLength(1);
    });
  });

  test("says it once of an evaluation in a callback", async () => {
    await withTrainer(async (trainer) => {
      const looking = new LambdaCallback({
        onEpochEnd: async () => void (await trainer.evaluate({ x, y }, { batchSize: 32 })),
      });
      refuseWhere((elements) => elements > outputsOf(16));
      await expect(trainer.fit({ x, y }, { batchSize: 8, callbacks: [looking] })).rejects.toThrow(
        /^Trainer.evaluate: a batch of 32 does not fit .{0,60}, in evaluation \(The test has no memory/,
      );
    });
  });

  test("leaves nothing behind, wherever in a step the room ends, and the next step is as good as any", async () => {
    await withTrainer(async (trainer) => {
      let calls = 0;
      let failAt = 0;
      refuseWhere(() => ++calls === failAt);
      const batch = { x: x.slice(0, 8), y: y.slice(0, 8) };
      /** How many tensors are left more than before, once for each place where the room ends. */
      const leftAfterFailures = async (): Promise<readonly number[]> => {
        const left: number[] = [];
        const before = memory().numTensors;
        for (failAt = 1; ; failAt++) {
          calls = 0;
          const error: unknown = await trainer.trainOnBatch(batch).then(
            () => undefined,
            (failure: unknown) => failure,
          );
          if (error === undefined) return left;
          left.push(memory().numTensors - before);
        }
      };
      // The first step makes what stays: weights on the device, and the optimizer's memory. The file's end counts them.
      expect((await leftAfterFailures()).length).toBeGreaterThan(40);
      const left = await leftAfterFailures();
      expect(left.length).toBeGreaterThan(40);
      expect(new Set(left)).toEqual(new Set([0]));
    });
  });
});

describe("findBatchSize", () => {
  const dataOf = (): { x: HostArray; y: HostArray } => ({ x, y });

  test("halves until a size fits, and leaves weights, optimizer and random streams as they were", async () => {
    const trained = async (between: (trainer: Trainer) => Promise<unknown>, model?: Sequential) =>
      withTrainer(async (trainer) => {
        await between(trainer);
        await trainer.fit({ x, y }, { batchSize: 8 });
        await between(trainer);
        await trainer.fit({ x, y }, { batchSize: 8, initialEpoch: 1, epochs: 2 });
        return trainer.model.getWeights();
      }, model);
    const tooLarge: number[] = [];
    const found: number[] = [];
    const find = async (trainer: Trainer): Promise<void> => {
      refuseWhere((elements) => elements > outputsOf(16));
      const onTooLarge = (size: number): void => void tooLarge.push(size);
      found.push(await findBatchSize(trainer, dataOf, { largest: 40, onTooLarge }));
      vi.restoreAllMocks();
    };
    const plain = await trained(async () => {});
    expect(await trained(find)).toEqual(plain);
    expect(await trained(find, network(undefined))).toEqual(plain);
    expect(found).toEqual([10, 10, 10, 10]);
    expect(tooLarge).toEqual([40, 20, 40, 20, 40, 20, 40, 20]);
  });

  test("takes the largest where it fits, and batches that are cut already", async () => {
    await withTrainer(async (trainer) => {
      const cut = (size: number) => [{ x: x.slice(0, size), y: y.slice(0, size) }];
      expect(await findBatchSize(trainer, cut, { largest: 48 })).toBe(48);
    });
  });

  test("fails where not even the smallest fits, as does what has nothing to do with memory", async () => {
    await withTrainer(async (trainer) => {
      refuseWhere((elements) => elements > outputsOf(4));
      await expect(findBatchSize(trainer, dataOf, { largest: 32, smallest: 5 })).rejects.toThrow(
        "Trainer.trainOnBatch: a batch of 5 does not fit in the device's memory",
      );
      const wrong = HostArray.from([[1, 2]]);
      await expect(findBatchSize(trainer, () => ({ x: wrong, y }))).rejects.not.toMatchObject({
        code: "OUT_OF_MEMORY",
      });
    });
  });

  test.for([
    ["largest", { largest: 0 }],
    ["smallest", { smallest: 1.5 }],
    ["smallest", { largest: 4, smallest: 8 }],
    ["options", { biggest: 4 }],
  ] as const)("refuses a wrong %s", async ([option, options]) => {
    await withTrainer(async (trainer) => {
      const found = Reflect.apply(findBatchSize, undefined, [trainer, dataOf, options]) as Promise<number>;
      await expect(found).rejects.toMatchObject({ code: "INVALID_CONFIG", option });
    });
  });
});

test("findLearningRate leaves random streams as they were too", async () => {
  const trained = async (searches: boolean): Promise<readonly HostArray[]> =>
    withTrainer(async (trainer) => {
      if (searches) await findLearningRate(trainer, { x, y }, { steps: 5 });
      await trainer.fit({ x, y }, { batchSize: 8 });
      return trainer.model.getWeights();
    });
  expect(await trained(true)).toEqual(await trained(false));
});
