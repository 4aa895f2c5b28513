import { Dense, L2, MaxNorm, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { Tensor, memory } from "@tensorflow/tfjs-core";
import { describe, expect, test, vi } from "vitest";
import { LambdaCallback } from "../callbacks/lambda-callback.ts";
import { SparseCategoricalCrossentropy } from "../losses/crossentropy/sparse-categorical-crossentropy.ts";
import { Adam } from "../optimizers/adam.ts";
import { SGD } from "../optimizers/sgd.ts";
import { expectCloseNumbers } from "../testing/close.ts";
import { Listener } from "../testing/listener.ts";
import { sectorModel, sectors } from "../testing/tiny-problem.ts";
import { config, withTrainer } from "../testing/with-trainer.ts";
import { Trainer } from "./trainer.ts";

useBackend(allowSavedTensors);

describe("fit", () => {
  test("learns", async () => {
    await withTrainer(
      async (trainer) => {
        const { history } = await trainer.fit(sectors(300, { seed: 1 }), { epochs: 30 });
        expect(history["accuracy"]?.at(-1)).toBeGreaterThan(0.9);
        expect(history["loss"]?.at(-1)).toBeLessThan(history["loss"]?.[0] ?? 0);
        expect((await trainer.evaluate(sectors(300)))["accuracy"]).toBeGreaterThan(0.9);
      },
      { optimizer: new Adam({ learningRate: 0.02 }) },
    );
  });

  test("gives identical losses for identical seeds, and others for others", async () => {
    const losses = async (seed: number, order: number) =>
      withTrainer(
        async (trainer) => (await trainer.fit(sectors(100, { seed: order }), { epochs: 3 })).history["loss"],
        {},
        sectorModel(seed),
      );
    const first = await losses(1, 1);
    expect(await losses(1, 1)).toEqual(first);
    expect(await losses(2, 1)).not.toEqual(first);
    expect(await losses(1, 2)).not.toEqual(first);
  });

  test("shuffles arrays as Keras does, by their seed, else by the model's, unless asked not to", async () => {
    const first = async (options: Parameters<Trainer["fit"]>[1], data = {}, seed: number | undefined = 1) => {
      const batches: number[] = [];
      const layer = new Dense({ units: 3, activation: "softmax", inputShape: [2] });
      const model = new Sequential([layer], seed === undefined ? {} : { seed });
      await withTrainer(
        async (trainer) => {
          model.setWeights([
            HostArray.from([
              [1, 2, 3],
              [3, 1, 2],
            ]),
            HostArray.from([0, 0, 0]),
          ]);
          const listener = new LambdaCallback({ onTrainBatchEnd: (_batch, { loss = 0 }) => void batches.push(loss) });
          await trainer.fit(sectors(16, data), { batchSize: 4, callbacks: [listener], ...options });
        },
        { optimizer: new SGD({ learningRate: 0 }) },
        model,
      );
      return batches;
    };
    const inOrder = await first({ shuffle: false });
    expect(await first({}, { shuffle: false })).toEqual(inOrder);
    expect(await first({})).not.toEqual(inOrder);
    expect(await first({})).toEqual(await first({}));
    expect(await first({}, { seed: 7 })).toEqual(await first({ shuffle: true }, { seed: 7 }, 2));
    expect(await first({}, { seed: 7 })).not.toEqual(await first({}));
    // Every order has all examples, so the mean over the epoch is the same.
    expect((await first({})).at(-1)).toBeCloseTo(inOrder.at(-1) ?? Number.NaN, 6);
  });

  test("leaves no tensor but weights and the optimizer's slots", async () => {
    const before = memory().numTensors;
    const model = sectorModel();
    const trainer = new Trainer(model, config);
    const fit = () => trainer.fit(sectors(70), { epochs: 2, validation: sectors(40) });
    await fit();
    // Kernels and biases of two layers, and for each of them Adam's two slots.
    expect(memory().numTensors - before).toBe(4 * 3);
    await fit();
    await trainer.evaluate(sectors(40));
    await trainer.predict(sectors(40).x);
    expect(memory().numTensors - before).toBe(4 * 3);
    trainer.dispose();
    expect(memory().numTensors - before).toBe(4);
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test("never reads synchronously, and far fewer times than it steps", async () => {
    const [synchronous, asynchronous] = [vi.spyOn(Tensor.prototype, "dataSync"), vi.spyOn(Tensor.prototype, "data")];
    await withTrainer(async (trainer) => {
      await trainer.fit(sectors(400, { batchSize: 1 }), { epochs: 1 });
      expect(synchronous).not.toHaveBeenCalled();
      expect(asynchronous.mock.calls.length).toBeLessThan(100);
    });
    vi.restoreAllMocks();
  });

  test("tells callbacks all there is to tell", async () => {
    await withTrainer(async (trainer) => {
      const listener = new Listener();
      await trainer.fit(sectors(70), { epochs: 5, initialEpoch: 3, validation: sectors(40), callbacks: [listener] });
      const logs = "loss accuracy val_loss val_accuracy";
      expect(listener.heard).toEqual([
        "begin of 3 steps",
        "epoch 3",
        `epoch 3 has ${logs}`,
        "epoch 4",
        `epoch 4 has ${logs}`,
        "end after 2",
      ]);
      const last = listener.progress.at(-1);
      expect(last).toMatchObject({ epoch: 4, epochs: 5, step: 3, steps: 3, secondsLeft: 0 });
      expect(last?.imagesPerSecond).toBeGreaterThan(0);
      expect(last?.metrics).toHaveProperty("accuracy");
      expect(listener.evaluation.at(-1)).toMatchObject({ step: 2, steps: 2 });
    });
  });

  test("builds a model that waits for the shape of its input", async () => {
    const model = new Sequential([new Dense({ units: 3, activation: "softmax" })], { seed: 1 });
    await withTrainer(
      async (trainer) => {
        await trainer.fit(sectors(10), { epochs: 1 });
        expect(model.inputShape).toEqual([null, 2]);
      },
      {},
      model,
    );
  });

  test("goes on where an earlier call ended", async () => {
    const data = sectors(64, { seed: 3 });
    const dense = () => new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2] })], { seed: 1 });
    const atOnce = await withTrainer(async (trainer) => trainer.fit(data, { epochs: 4 }), {}, dense());
    await withTrainer(
      async (trainer) => {
        const first = await trainer.fit(data, { epochs: 2 });
        const second = await trainer.fit(data, { epochs: 4, initialEpoch: 2 });
        expect(second.epoch).toEqual([2, 3]);
        expect([...(first.history["loss"] ?? []), ...(second.history["loss"] ?? [])]).toEqual(atOnce.history["loss"]);
      },
      {},
      dense(),
    );
  });

  test("adds regularizers to the loss and holds weights to their constraints", async () => {
    const layer = new Dense({
      units: 3,
      inputShape: [2],
      kernelRegularizer: new L2({ l2: 10 }),
      kernelConstraint: new MaxNorm({ maxValue: 0.5 }),
    });
    const loss = new SparseCategoricalCrossentropy({ fromLogits: true });
    await withTrainer(
      async (trainer, model) => {
        const [kernel] = await model.getWeights();
        const square = (kernel?.data ?? new Float32Array()).reduce((sum, value) => sum + value * value, 0);
        const plain = await withTrainer(
          async (other) => {
            other.model.setWeights(await model.getWeights());
            return other.evaluate(sectors(32));
          },
          { loss },
          new Sequential([new Dense({ units: 3, inputShape: [2] })]),
        );
        const regularized = await trainer.evaluate(sectors(32));
        expectCloseNumbers([regularized["loss"] ?? 0], [(plain["loss"] ?? 0) + 10 * square], 1e-5);
        await trainer.fit(sectors(32), { epochs: 1 });
        const [after] = await model.getWeights();
        for (let unit = 0; unit < 3; unit++) {
          expect(Math.hypot(after?.at(0, unit) ?? 9, after?.at(1, unit) ?? 9)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      },
      { loss, optimizer: new SGD({ learningRate: 0 }) },
      new Sequential([layer], { seed: 1 }),
    );
  });

  test("leaves frozen weights as they are", async () => {
    await withTrainer(async (trainer, model) => {
      const [first] = model.layers;
      if (first) first.trainable = false;
      const before = await model.getWeights();
      await trainer.fit(sectors(32), { epochs: 1 });
      const after = await model.getWeights();
      expect(after.map((weight, index) => weight.data.every((value, at) => value === before[index]?.data[at]))).toEqual(
        [true, true, false, false],
      );
    });
  });
});
