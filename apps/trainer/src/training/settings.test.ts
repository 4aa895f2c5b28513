import { n1, n5, small } from "@featuremap/applications";
import { describe, expect, test } from "vitest";
import { type LearningOptions, decideLearning } from "./settings.ts";

const plain = { mixup: 0, cutmix: 0, erasing: 0, classWeight: "none", seed: 1 } as const;
const decide = (options: LearningOptions, network = small): ReturnType<typeof decideLearning> =>
  decideLearning("train", { ...plain, ...options }, network.defaults, network);

describe("decideLearning", () => {
  test("takes the network's own settings where nothing is said", () => {
    expect(decide({})).toMatchObject({
      epochs: 10,
      optimizer: "sgd",
      momentum: 0.9,
      nesterov: true,
      learningRate: 0.05,
      schedule: "one-cycle",
      weightDecay: 0.005,
      loss: "sparseCategoricalCrossentropy",
      augment: "light",
    });
    expect(decide({}, n1)).toMatchObject({
      optimizer: "rmsprop",
      learningRate: 0.001,
      schedule: "constant",
      epochs: 2,
    });
  });

  test("takes nothing of them that belongs to another optimizer", () => {
    const { learningRate, schedule, weightDecay } = decide({ optimizer: "adamw" });
    expect([learningRate, schedule, weightDecay]).toEqual([0.001, "constant", undefined]);
    expect(decide({ optimizer: "sgd" }, n1)).toMatchObject({ learningRate: 0.01, momentum: 0.9 });
    expect(decide({ optimizer: "sgd", learningRate: 0.2, weightDecay: 0 })).toMatchObject({
      learningRate: 0.2,
      weightDecay: 0,
      nesterov: true,
    });
  });

  test("takes a loss that mixed and smoothed labels have a meaning for", () => {
    expect(decide({ mixup: 0.2 }).loss).toBe("categoricalCrossentropy");
    expect(decide({ labelSmoothing: 0.1 }).loss).toBe("categoricalCrossentropy");
    expect(decide({ cutmix: 1 }, n5).loss).toBe("binaryCrossentropy");
    expect(decide({ loss: "categoricalFocalCrossentropy" }).loss).toBe("categoricalFocalCrossentropy");
  });

  test.for([
    [{ loss: "binaryCrossentropy" }, small, "for the outputs of small"],
    [{ loss: "categoricalCrossentropy" }, n5, "for the outputs of n5"],
    [{ loss: "sparseCategoricalCrossentropy", mixup: 1 }, small, "with mixed or smoothed labels"],
    [{ epochs: 3, warmupEpochs: 4 }, small, "--warmup-epochs must be in [0, 3], the epochs of all, received 4"],
  ] as const)("refuses %j", ([options, network, why]) => {
    expect(() => decide(options, network)).toThrow(why);
  });
});
