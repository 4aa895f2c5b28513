import { encodeModel, loadModel } from "@featuremap/formats";
import { Dense, Sequential } from "@featuremap/layers";
import { HostArray } from "@featuremap/tensor";
import { allowSavedTensors, useBackend } from "@featuremap/testing/backend";
import { describe, expect, test } from "vitest";
import { sectors } from "../testing/tiny-problem.ts";
import { Trainer } from "../trainer/trainer.ts";
import { Adam } from "./adam.ts";
import { readOptimizer, restoreOptimizer } from "./optimizer-data.ts";
import { SGD } from "./sgd.ts";

useBackend(allowSavedTensors);

const made = (): Sequential =>
  new Sequential([new Dense({ units: 3, activation: "softmax", inputShape: [2] })], { seed: 1 });
const trainerOf = (model: Sequential, optimizer = new Adam({ learningRate: 0.05 })): Trainer =>
  new Trainer(model, { optimizer, loss: "sparseCategoricalCrossentropy" });
const data = sectors(32, { seed: 2 });
const fit = async (trainer: Trainer, epochs: number): Promise<void> =>
  void (await trainer.fit(data, { epochs, shuffle: false }));
const dispose = (...trainers: readonly Trainer[]): void => {
  for (const trainer of trainers) {
    trainer.dispose();
    trainer.model.dispose();
  }
};

describe("what an optimizer has learned", () => {
  test("is saved with its model, and training goes on from both as if nothing had been between", async () => {
    const [whole, first] = [trainerOf(made()), trainerOf(made())];
    await fit(whole, 4);
    await fit(first, 2);
    const files = await encodeModel(first.model, { optimizer: await readOptimizer(first.optimizer, first.model) });

    const saved = await loadModel(files);
    expect(saved.optimizer?.config).toEqual({ className: "Adam", batches: 2, learningRate: 0.05 });
    expect([...(saved.optimizer?.variables.keys() ?? [])].toSorted()).toEqual([
      "dense/bias/momentum",
      "dense/bias/velocity",
      "dense/kernel/momentum",
      "dense/kernel/velocity",
    ]);
    const second = trainerOf(made());
    second.model.setWeights(await saved.model.getWeights());
    restoreOptimizer(second.optimizer, second.model, saved.optimizer ?? { config: {}, variables: new Map() });
    await fit(second, 2);
    expect(await second.model.getWeights()).toEqual(await whole.model.getWeights());
    dispose(whole, first, second);
    saved.model.dispose();
  });

  test.for([
    ["another optimizer", { className: "SGD" }, "config.className must be Adam"],
    ["no steps", { batches: undefined }, "config.batches must be an integer of at least 0"],
    ["half a step", { batches: 0.5 }, "config.batches must be an integer of at least 0"],
    ["a rate of text", { learningRate: "0.1" }, "config.learningRate must be a number"],
    ["a negative rate", { learningRate: -1 }, "learningRate must be"],
    ["means of 1", { holdsMeans: 1 }, "config.holdsMeans must be true or false"],
  ] as const)("is refused with %s", ([, changes, message]) => {
    const trainer = trainerOf(made());
    const config = { className: "Adam", batches: 1, ...changes };
    const restore = (): void => restoreOptimizer(trainer.optimizer, trainer.model, { config, variables: new Map() });
    expect(restore).toThrow(expect.objectContaining({ code: "INVALID_CONFIG" }));
    expect(restore).toThrow(message);
    dispose(trainer);
  });

  test("is refused with what is no number, before any of it is taken", () => {
    const trainer = new Trainer(made(), { optimizer: new SGD({ momentum: 0.9 }), loss: "mse" });
    const variables = new Map([["dense/bias/momentum", HostArray.from([0, Number.NaN, 1])]]);
    expect(() =>
      restoreOptimizer(trainer.optimizer, trainer.model, { config: { className: "SGD", batches: 3 }, variables }),
    ).toThrow("restoreOptimizer: variable dense/bias/momentum must be of finite numbers");
    expect(trainer.optimizer.iterations).toBe(0);
    dispose(trainer);
  });

  test("is refused where it is of other weights", () => {
    const trainer = new Trainer(made(), { optimizer: new SGD({ momentum: 0.9 }), loss: "mse" });
    const variables = new Map([["other/kernel/momentum", HostArray.from([1])]]);
    expect(() =>
      restoreOptimizer(trainer.optimizer, trainer.model, { config: { className: "SGD", batches: 1 }, variables }),
    ).toThrow("slots must be those of this optimizer and its variables");
    dispose(trainer);
  });
});
